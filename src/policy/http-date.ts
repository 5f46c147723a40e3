const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const month = `(?<month>${months.join('|')})`;
const shortDay = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const longDay = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day';
const time = '(?<hour>[01]\\d|2[0-3]):(?<minute>[0-5]\\d):(?<second>[0-5]\\d|60)';

const imfFixdate = new RegExp(`^${shortDay}, (?<day>\\d\\d) ${month} (?<year>\\d{4}) ${time} GMT$`);
const rfc850 = new RegExp(`^${longDay}, (?<day>\\d\\d)-${month}-(?<year>\\d\\d) ${time} GMT$`);
const asctime = new RegExp(`^${shortDay} ${month} (?<day>\\d\\d| \\d) ${time} (?<year>\\d{4})$`);

type Fields = Readonly<Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', string>>;

/**
 * Reads an HTTP-date (RFC 9110 §5.6.7) in any of its three forms: IMF-fixdate, RFC 850, asctime (as
 * UTC). The day name need not fit the date, and second 60 is taken as the next second.
 *
 * @param receivedAt - When the message came, in epoch milliseconds: a two-digit year (RFC 850) is the
 *   latest that is not more than 50 years after it.
 * @returns Epoch milliseconds, or `undefined` when `text` is anything else, or a date that does not
 *   exist.
 */
export function parseHttpDate(text: string, receivedAt: number): number | undefined {
  const full = imfFixdate.exec(text) ?? asctime.exec(text);
  if (full) {
    const fields = full.groups as Fields;
    return toEpoch(Number(fields.year), fields);
  }
  const short = rfc850.exec(text);
  return short ? latestEpoch(short.groups as Fields, receivedAt) : undefined;
}

function latestEpoch(fields: Fields, receivedAt: number): number | undefined {
  const limit = new Date(receivedAt);
  const lastYear = limit.getUTCFullYear() + 50;
  limit.setUTCFullYear(lastYear);
  const century = Math.floor(lastYear / 100) * 100;
  // Back through a whole cycle of leap years, for the sake of 29 February.
  for (let year = century + Number(fields.year); year >= lastYear - 400; year -= 100) {
    const epoch = toEpoch(year, fields);
    if (epoch !== undefined && epoch <= limit.getTime()) return epoch;
  }
  return undefined;
}

function toEpoch(year: number, fields: Fields): number | undefined {
  const day = Number(fields.day);
  const date = new Date(0);
  // Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, months.indexOf(fields.month), day);
  if (date.getUTCDate() !== day) return undefined;
  return date.setUTCHours(Number(fields.hour), Number(fields.minute), Number(fields.second));
}

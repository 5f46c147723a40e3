// Parses an HTTP-date in all three forms of RFC 9110.
const months = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';

const month = `(?<month>${months})`;
const shortDay = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const longDay = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day';
const time = '(?<time>(?:[01]\\d|2[0-3]):[0-5]\\d:(?:[0-5]\\d|60))';

const imfFixdate = /* @__PURE__ */ new RegExp(
  `^${shortDay}, (?<day>\\d\\d) ${month} (?<year>\\d{4}) ${time} GMT$`,
);
const rfc850 = /* @__PURE__ */ new RegExp(
  `^${longDay}, (?<day>\\d\\d)-${month}-(?<year>\\d\\d) ${time} GMT$`,
);
const asctime = /* @__PURE__ */ new RegExp(
  `^${shortDay} ${month} (?<day>\\d\\d| \\d) ${time} (?<year>\\d{4})$`,
);

type Fields = Readonly<Record<'year' | 'month' | 'day' | 'time', string>>;

/**
 * Parses an HTTP-date (RFC 9110 §5.6.7): IMF-fixdate, RFC 850, or asctime (as UTC). A wrong day name
 * is ignored, and second 60 is taken as the next second.
 *
 * @param receivedAt - When the message came, in epoch milliseconds. A two-digit year (RFC 850) is the
 *   latest one that is at most 50 years after it.
 * @returns Epoch milliseconds, or `undefined` if `text` has another form or the date does not exist.
 */
export function parseHttpDate(text: string, receivedAt: number): number | undefined {
  const full = imfFixdate.exec(text) ?? asctime.exec(text);
  const fields = (full ?? rfc850.exec(text))?.groups as Fields | undefined;
  if (fields === undefined) return undefined;
  const year = Number(fields.year);
  if (full) return toEpoch(year, fields);
  const date = new Date(receivedAt);
  const lastYear = date.getUTCFullYear() + 50;
  const limit = date.setUTCFullYear(lastYear);
  // Searches back through a whole cycle of leap years, so that 29 February finds a year.
  for (let near = lastYear - (lastYear % 100) + year; near >= lastYear - 400; near -= 100) {
    const epoch = toEpoch(near, fields);
    if (epoch !== undefined && epoch <= limit) return epoch;
  }
  return undefined;
}

function toEpoch(year: number, fields: Fields): number | undefined {
  const day = Number(fields.day);
  const date = new Date(0);
  // Date.UTC would take the years 0 to 99 as 1900 to 1999.
  date.setUTCFullYear(year, months.split('|').indexOf(fields.month), day);
  if (date.getUTCDate() !== day) return undefined;
  return date.setUTCHours(...(fields.time.split(':').map(Number) as [number, number, number]));
}

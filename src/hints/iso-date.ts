// Parses a date and time as RFC 3339 writes it.
import { parseDecimal, SECOND_NS } from './decimal.js';

const FORM = /* @__PURE__ */ new RegExp(
  '^(?<year>\\d{4})-(?<month>\\d\\d)-(?<day>\\d\\d)' +
    'T(?<hour>[01]\\d|2[0-3]):(?<minute>[0-5]\\d)(?::(?<second>[0-5]\\d|60)(?<fraction>\\.\\d+)?)?' +
    '(?:Z|(?<sign>[+-])(?<offsetHour>[01]\\d|2[0-3]):(?<offsetMinute>[0-5]\\d))$',
  'i',
);

type Fields = Readonly<Record<string, string | undefined>>;

/**
 * Parses a date and time (RFC 3339 §5.6). Second 60 is taken as the next second, and the seconds may be
 * left out, as Jira does.
 *
 * @returns Epoch milliseconds, rounded up, or `undefined` if `text` has another form or the date does
 *   not exist.
 */
export function parseIsoDate(text: string): number | undefined {
  const fields = FORM.exec(text)?.groups as Fields | undefined;
  if (fields === undefined) return undefined;
  const [year, month, day, hour, minute, second, offsetHour, offsetMinute] = [
    ...['year', 'month', 'day', 'hour', 'minute', 'second', 'offsetHour', 'offsetMinute'],
  ].map((name) => Number(fields[name] ?? 0)) as [
    ...[number, number, number, number],
    ...[number, number, number, number],
  ];
  const date = new Date(0);
  // Date.UTC would take the years 0 to 99 as 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const offset = (offsetHour * 60 + offsetMinute) * (fields.sign === '-' ? -1 : 1);
  const epoch = date.setUTCHours(hour, minute - offset, second);
  return epoch + (parseDecimal(`0${fields.fraction ?? ''}`, SECOND_NS) ?? 0);
}

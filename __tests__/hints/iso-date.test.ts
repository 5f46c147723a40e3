import fc from 'fast-check';
import { parseIsoDate } from '../../src/hints/iso-date.js';

const at = (...parts: Parameters<typeof Date.UTC>) => Date.UTC(...parts);

describe('a date and time of RFC 3339', () => {
  it.each([
    ['2026-11-30T12:00:00Z', at(2026, 10, 30, 12)],
    ['2026-11-30t12:00:00z', at(2026, 10, 30, 12)],
    ['2026-11-30T12:00:00.5Z', at(2026, 10, 30, 12, 0, 0, 500)],
    ['2026-11-30T12:00:00.000000001Z', at(2026, 10, 30, 12, 0, 0, 1)],
    ['2026-11-30T12:00:00+01:30', at(2026, 10, 30, 10, 30)],
    ['2026-11-30T12:00:00-08:00', at(2026, 10, 30, 20)],
    ['2026-11-30T12:00:00-00:00', at(2026, 10, 30, 12)],
    ['2028-02-29T00:00:00Z', at(2028, 1, 29)],
    ['2026-12-31T23:59:60Z', at(2027, 0, 1)],
    ['2026-12-31T23:59:60.5Z', at(2027, 0, 1, 0, 0, 0, 500)],
    ['2026-11-30T12:00Z', at(2026, 10, 30, 12)],
    ['0001-01-01T00:00:00Z', Date.parse('0001-01-01T00:00:00Z')],
    ['9999-12-31T23:59:59Z', at(9999, 11, 31, 23, 59, 59)],
  ])('%s is a time', (text, epoch) => {
    expect(parseIsoDate(text)).toBe(epoch);
  });

  it.each([
    ...['2026-02-29T00:00:00Z', '2026-13-01T00:00:00Z', '2026-00-01T00:00:00Z'],
    ...['2026-11-31T00:00:00Z', '2026-11-00T00:00:00Z', '2026-11-30T24:00:00Z'],
    ...['2026-11-30T12:60:00Z', '2026-11-30T12:00:61Z', '2026-11-30T12:00:00+24:00'],
    ...['2026-11-30T12:00:00+01:60', '2026-11-30T12:00:00+0100', '2026-11-30T12:00:00'],
    ...['2026-11-30 12:00:00Z', '2026-11-30', '20261130T120000Z', '26-11-30T12:00:00Z'],
    ...['2026-11-30T12:00:00.Z', '2026-11-30T12:00:00,5Z', '2026-11-30T12:00.5Z', '2026-11-30T12Z'],
    ...['+002026-11-30T12:00:00Z', '2026-11-30T12:00:00Zx', '٢٠٢٦-11-30T12:00:00Z', ''],
    ...['Mon, 30 Nov 2026 12:00:00 GMT', 'Tue Feb 16 2021 09:02:42 GMT+0100'],
  ])('is malformed: %j', (text) => {
    expect(parseIsoDate(text)).toBeUndefined();
  });

  it('is read as JavaScript reads it, in every time zone', () => {
    const time = fc.date({
      min: new Date(at(1, 0)),
      max: new Date(at(9998, 0)),
      noInvalidDate: true,
    });
    const offset = fc.integer({ min: -1439, max: 1439 });
    fc.assert(
      fc.property(time, offset, (date, minutes) => {
        const local = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, -1);
        const [hours, rest] = [Math.abs(minutes) / 60, Math.abs(minutes) % 60];
        const zone = `${minutes < 0 ? '-' : '+'}${pad(hours)}:${pad(rest)}`;
        if (!/^\d{4}-/.test(local)) return;
        expect(parseIsoDate(local + zone)).toBe(date.getTime());
      }),
    );
    function pad(value: number): string {
      return String(Math.floor(value)).padStart(2, '0');
    }
  });

  it('exists in the calendar, or is malformed', () => {
    const two = fc.integer({ min: 0, max: 99 }).map((n) => String(n).padStart(2, '0'));
    const year = fc.integer({ min: 0, max: 9999 }).map((n) => String(n).padStart(4, '0'));
    fc.assert(
      fc.property(year, two, two, (y, month, day) => {
        const text = `${y}-${month}-${day}T00:00:00Z`;
        // JavaScript takes the 31st of a month of 30 days for the 1st of the next.
        const date = new Date(text);
        const exists =
          !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text.slice(0, 10);
        expect(parseIsoDate(text)).toBe(exists ? date.getTime() : undefined);
      }),
      { numRuns: 1000 },
    );
  });
});

import fc from 'fast-check';
import { parseHttpDate } from '../../src/policy/http-date.js';

const receivedAt = Date.UTC(2026, 10, 22);
const example = Date.UTC(1994, 10, 6, 8, 49, 37);
const monthNames = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const dayNames = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

interface Civil {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

const isLeap = (year: number) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** The days since 1970-01-01, counted by years and months, without `Date`. */
function daysOf({ year, month, day }: Civil): number {
  const leapsBefore = (y: number) => Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  const whole = 365 * (year - 1970) + leapsBefore(year - 1) - leapsBefore(1969);
  const lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return whole + lengths.slice(0, month - 1).reduce((sum, length) => sum + length, 0) + day - 1;
}

function epochOf(civil: Civil): number {
  const { hour, minute, second } = civil;
  return (((daysOf(civil) * 24 + hour) * 60 + minute) * 60 + second) * 1000;
}

function exists({ year, month, day }: Civil): boolean {
  if (month === 2) return day <= (isLeap(year) ? 29 : 28);
  return day <= ([4, 6, 9, 11].includes(month) ? 30 : 31);
}

const pad = (number: number, length = 2, filler = '0') => String(number).padStart(length, filler);
const dayOf = (civil: Civil) => dayNames[(((daysOf(civil) + 4) % 7) + 7) % 7] as string;
const monthOf = (civil: Civil) => monthNames[civil.month - 1] as string;
const timeOf = ({ hour, minute, second }: Civil) => `${pad(hour)}:${pad(minute)}:${pad(second)}`;

const imf = (civil: Civil, name = dayOf(civil)) =>
  `${name.slice(0, 3)}, ${pad(civil.day)} ${monthOf(civil)} ${pad(civil.year, 4)} ${timeOf(civil)} GMT`;
const asctime = (civil: Civil, name = dayOf(civil)) =>
  `${name.slice(0, 3)} ${monthOf(civil)} ${pad(civil.day, 2, ' ')} ${timeOf(civil)} ${pad(civil.year, 4)}`;
const rfc850 = (civil: Civil, name = dayOf(civil)) =>
  `${name}, ${pad(civil.day)}-${monthOf(civil)}-${pad(civil.year % 100)} ${timeOf(civil)} GMT`;

const civilIn = (min: number, max: number) =>
  fc
    .record({
      year: fc.integer({ min, max }),
      month: fc.integer({ min: 1, max: 12 }),
      day: fc.integer({ min: 1, max: 31 }),
      hour: fc.integer({ min: 0, max: 23 }),
      minute: fc.integer({ min: 0, max: 59 }),
      second: fc.integer({ min: 0, max: 60 }),
    })
    .filter(exists);

describe('an HTTP-date in any of the three forms', () => {
  it.each([
    ['IMF-fixdate', 'Sun, 06 Nov 1994 08:49:37 GMT'],
    ['RFC 850', 'Sunday, 06-Nov-94 08:49:37 GMT'],
    ['asctime', 'Sun Nov  6 08:49:37 1994'],
  ])('is parsed: the example of the RFC in %s', (_, text) => {
    expect(parseHttpDate(text, receivedAt)).toBe(example);
  });

  it.each([
    ['IMF-fixdate', imf],
    ['asctime', asctime],
  ])('is the time it names, for every year from 0 to 9999: %s', (_, write) => {
    fc.assert(
      fc.property(civilIn(0, 9999), (civil) => {
        expect(parseHttpDate(write(civil), receivedAt)).toBe(epochOf(civil));
      }),
      { numRuns: 500 },
    );
  });

  it('is parsed as Date writes it', () => {
    const min = -62_167_219_200_000;
    fc.assert(
      fc.property(fc.integer({ min: min / 1000, max: 253_402_300_799 }), (seconds) => {
        const date = new Date(seconds * 1000);
        expect(parseHttpDate(date.toUTCString(), receivedAt)).toBe(date.getTime());
      }),
      { numRuns: 500 },
    );
  });

  it('may have the wrong day name', () => {
    fc.assert(
      fc.property(civilIn(2000, 2070), fc.constantFrom(...dayNames), (civil, name) => {
        for (const write of [imf, asctime, rfc850]) {
          expect(parseHttpDate(write(civil, name), receivedAt)).toBe(epochOf(civil));
        }
      }),
    );
  });

  it.each(monthNames)('knows the month %s', (name) => {
    const expected = epochOf({
      year: 2026,
      month: monthNames.indexOf(name) + 1,
      day: 9,
      hour: 1,
      minute: 2,
      second: 3,
    });
    expect(parseHttpDate(`Mon, 09 ${name} 2026 01:02:03 GMT`, receivedAt)).toBe(expected);
    expect(parseHttpDate(`Monday, 09-${name}-26 01:02:03 GMT`, receivedAt)).toBe(expected);
    expect(parseHttpDate(`Mon ${name}  9 01:02:03 2026`, receivedAt)).toBe(expected);
    expect(parseHttpDate(`Mon ${name} 09 01:02:03 2026`, receivedAt)).toBe(expected);
  });

  it('takes second 60 as the next second, even at the end of a year', () => {
    const leap = Date.UTC(2017, 0, 1);
    expect(parseHttpDate('Sat, 31 Dec 2016 23:59:60 GMT', receivedAt)).toBe(leap);
    expect(parseHttpDate('Saturday, 31-Dec-16 23:59:60 GMT', receivedAt)).toBe(leap);
    expect(parseHttpDate('Sat Dec 31 23:59:60 2016', receivedAt)).toBe(leap);
  });

  it('knows the leap years', () => {
    expect(parseHttpDate('Thu, 29 Feb 2024 00:00:00 GMT', receivedAt)).toBe(Date.UTC(2024, 1, 29));
    expect(parseHttpDate('Tue, 29 Feb 2000 00:00:00 GMT', receivedAt)).toBe(Date.UTC(2000, 1, 29));
    expect(parseHttpDate('Mon, 29 Feb 2100 00:00:00 GMT', receivedAt)).toBeUndefined();
    expect(parseHttpDate('Sun, 29 Feb 2026 00:00:00 GMT', receivedAt)).toBeUndefined();
  });
});

describe('a two-digit year (RFC 850)', () => {
  it.each([
    ['26', 2026],
    ['75', 2075],
    ['76', 2076],
    ['77', 1977],
    ['99', 1999],
    ['00', 2000],
  ])('%s is %d in 2026', (digits, year) => {
    const expected = Date.UTC(year, 10, 21, 23, 59, 59);
    expect(parseHttpDate(`Monday, 21-Nov-${digits} 23:59:59 GMT`, receivedAt)).toBe(expected);
  });

  it('is in the past if it would be more than 50 years ahead, to the second', () => {
    expect(parseHttpDate('Sunday, 22-Nov-76 00:00:00 GMT', receivedAt)).toBe(
      Date.UTC(2076, 10, 22),
    );
    expect(parseHttpDate('Sunday, 22-Nov-76 00:00:01 GMT', receivedAt)).toBe(
      Date.UTC(1976, 10, 22, 0, 0, 1),
    );
  });

  it('is the latest year not more than 50 years ahead of the given time', () => {
    const times = fc.integer({ min: -60_000_000_000, max: 250_000_000_000 });
    fc.assert(
      fc.property(times, civilIn(0, 99), (seconds, civil) => {
        const now = new Date(seconds * 1000);
        const ahead = epochOf({
          year: now.getUTCFullYear() + 50,
          month: now.getUTCMonth() + 1,
          day: now.getUTCDate(),
          hour: now.getUTCHours(),
          minute: now.getUTCMinutes(),
          second: now.getUTCSeconds(),
        });
        // Finds the year by trying every century, from the last to the first.
        const centuries = Array.from({ length: 121 }, (_, index) => (110 - index) * 100);
        const candidates = centuries.map((century) => ({ ...civil, year: century + civil.year }));
        const latest = candidates.find((one) => exists(one) && epochOf(one) <= ahead) as Civil;
        expect(parseHttpDate(rfc850(civil, 'Friday'), now.getTime())).toBe(epochOf(latest));
      }),
      { numRuns: 500 },
    );
  });

  it('is a leap year if the day is 29 February', () => {
    const text = 'Tuesday, 29-Feb-00 00:00:00 GMT';
    expect(parseHttpDate(text, Date.UTC(2060, 0, 1))).toBe(Date.UTC(2000, 1, 29));
    expect(parseHttpDate(text, Date.UTC(2340, 0, 1))).toBe(Date.UTC(2000, 1, 29));
    expect(parseHttpDate(text, Date.UTC(1950, 0, 1))).toBe(Date.UTC(1600, 1, 29));
    expect(parseHttpDate(text, Date.UTC(2350, 2, 1))).toBe(Date.UTC(2400, 1, 29));
    expect(parseHttpDate('Friday, 29-Feb-01 00:00:00 GMT', receivedAt)).toBeUndefined();
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 8.64e15])(
    'is not parsed if the given time is invalid: %p',
    (at) => {
      expect(parseHttpDate('Sunday, 06-Nov-94 08:49:37 GMT', at)).toBeUndefined();
    },
  );
});

describe('an invalid HTTP-date', () => {
  it.each([
    '',
    'GMT',
    '2026-11-22T00:00:00Z',
    '1994',
    'sun, 06 nov 1994 08:49:37 gmt',
    'SUN, 06 NOV 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 UTC',
    'Sun, 06 Nov 1994 08:49:37 +0000',
    'Sun, 06 Nov 1994 08:49:37',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 94 08:49:37 GMT',
    'Sun, 06 Nov 11994 08:49:37 GMT',
    'Sun, 06-Nov-1994 08:49:37 GMT',
    'Sun, 06-Nov-94 08:49:37 GMT',
    'Sunday, 06 Nov 1994 08:49:37 GMT',
    'Sunday, 06-Nov-1994 08:49:37 GMT',
    'Sunday Nov  6 08:49:37 1994',
    'Xyz, 06 Nov 1994 08:49:37 GMT',
    'Xyzday, 06-Nov-94 08:49:37 GMT',
    'Xyz Nov  6 08:49:37 1994',
    'Sun, 06 Xyz 1994 08:49:37 GMT',
    'Sunday, 06-Xyz-94 08:49:37 GMT',
    'Sun Xyz  6 08:49:37 1994',
    'Sun Nov 6 08:49:37 1994',
    'Sun Nov   6 08:49:37 1994',
    'Sun Nov  6 08:49:37 1994 GMT',
    'Sun Nov  6 08:49:37 94',
    'Sun,06 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 8:49:37 GMT',
    'Sun, 06 Nov 1994 08:49 GMT',
    '06 Nov 1994 08:49:37 GMT',
  ])('is refused: %p', (text) => {
    expect(parseHttpDate(text, receivedAt)).toBeUndefined();
  });

  it.each([
    ['day 0', { day: 0 }],
    ['day 31 of a month of 30', { month: 4, day: 31 }],
    ['31 February', { month: 2, day: 31 }],
    ['30 February', { month: 2, day: 30 }],
    ['day 32', { month: 1, day: 32 }],
    ['hour 24', { hour: 24, minute: 0, second: 0 }],
    ['minute 60', { minute: 60 }],
    ['second 61', { second: 61 }],
  ])('is refused: a date that does not exist: %s', (_, wrong) => {
    const civil = { year: 2024, month: 11, day: 6, hour: 8, minute: 49, second: 37, ...wrong };
    for (const write of [imf, asctime, rfc850]) {
      expect(parseHttpDate(write(civil, 'Sunday'), receivedAt)).toBeUndefined();
    }
  });

  it('is refused: a date with a character added or changed', () => {
    const noise = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom(' ', '\t', '\n', '\r\n', '\0', ','),
    );
    fc.assert(
      fc.property(civilIn(0, 9999), noise, fc.nat(28), (civil, extra, at) => {
        for (const text of [imf(civil), asctime(civil), rfc850(civil)]) {
          expect(parseHttpDate(extra + text, receivedAt)).toBeUndefined();
          expect(parseHttpDate(text + extra, receivedAt)).toBeUndefined();
          const cut = text.slice(0, at % text.length) + text.slice((at % text.length) + 1);
          expect(parseHttpDate(cut, receivedAt)).toBeUndefined();
        }
      }),
    );
  });

  it('is refused: non-ASCII digits', () => {
    expect(parseHttpDate('Sun, ٠٦ Nov 1994 08:49:37 GMT', receivedAt)).toBeUndefined();
  });

  it('is refused: any other text, even if Date.parse accepts it', () => {
    const pieces = ['Sun', 'Nov', 'GMT', 'Z', 'T', ',', ' ', ':', '-', '06', '1994', '08', '7'];
    const other = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...pieces) }),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.integer().map(String),
    );
    fc.assert(
      fc.property(other, (text) => {
        expect(parseHttpDate(text, receivedAt)).toBeUndefined();
      }),
    );
  });
});

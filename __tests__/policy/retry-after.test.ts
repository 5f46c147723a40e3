import fc from 'fast-check';
import { parseRetryAfter } from '../../src/policy/retry-after.js';
import { cpuTime } from '../support/cpu-time.js';

const receivedAt = Date.UTC(2026, 10, 22, 12);
const most = Number.MAX_SAFE_INTEGER;
const parse = (value: unknown, context: object = {}) =>
  parseRetryAfter(value as string, { receivedAt, ...context });
const httpDate = (delay: number) => new Date(receivedAt + delay).toUTCString();

/** The same moment as an RFC 850 date and as an asctime date. */
function otherForms(delay: number): string[] {
  const [name, day, month, year, time] = httpDate(delay).replace(',', '').split(' ') as [
    string,
    string,
    string,
    string,
    string,
  ];
  return [
    `Friday, ${day}-${month}-${year.slice(2)} ${time} GMT`,
    `${name} ${month} ${day.replace(/^0/, ' ')} ${time} ${year}`,
  ];
}

describe('delay-seconds', () => {
  it.each([
    ['0', 0],
    ['1', 1000],
    ['120', 120_000],
    ['007', 7000],
    ['00', 0],
  ])('%p means %d ms', (value, delay) => {
    expect(parse(value)).toBe(delay);
  });

  it('is its decimal number in milliseconds, at most the largest safe integer', () => {
    const digits = fc.stringMatching(/^[0-9]{1,400}$/);
    fc.assert(
      fc.property(fc.oneof(digits, fc.nat().map(String)), (text) => {
        const exact = BigInt(text) * 1000n;
        expect(parse(text)).toBe(exact < BigInt(most) ? Number(exact) : most);
      }),
    );
    expect(parse('9007199254740')).toBe(9_007_199_254_740_000);
    expect(parse('9007199254741')).toBe(most);
  });

  it.each([
    '-5',
    '+5',
    '1.5',
    '1.',
    '.5',
    '1e3',
    '0x10',
    '1_000',
    '',
    ' ',
    'Infinity',
    'NaN',
    '1 2',
    '1s',
    '"1"',
    '1;2',
    '٣',
    '１２',
    '²',
    'soon',
    'null',
  ])('allows digits only: %p is invalid', (value) => {
    expect(parse(value)).toBeUndefined();
  });

  it('may be surrounded by spaces and tabs only', () => {
    expect(parse(' \t 120 \t ')).toBe(120_000);
    for (const space of ['\n', '\r', '\v', '\f', '\u00a0', '\u2003', '\ufeff', '\0']) {
      expect(parse(`120${space}`)).toBeUndefined();
      expect(parse(`${space}120`)).toBeUndefined();
    }
  });
});

describe('a value that is not a string', () => {
  it.each([
    [0, 0],
    [120, 120_000],
    [1e21, most],
    [Number.MAX_VALUE, most],
  ])('is parsed as its decimal text: the number %p', (value, delay) => {
    expect(parse(value)).toBe(delay);
  });

  it('is never -0', () => {
    expect(Object.is(parse(-0), 0)).toBe(true);
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, null, undefined, true, {}, 5n, [[5]]])(
    'is invalid: %p',
    (value) => {
      expect(parse(value)).toBeUndefined();
    },
  );

  it('never throws, and yields a non-negative integer or undefined', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (value, date, age) => {
        const delay = parse(value, { date, age });
        if (delay !== undefined) expect(Number.isSafeInteger(delay) && delay >= 0).toBe(true);
      }),
    );
  });
});

describe('an HTTP-date', () => {
  // Up to 40 years ahead, so that a two-digit year is unambiguous.
  const seconds = fc.integer({ min: -1_000_000_000, max: 1_200_000_000 });

  it('is the end of the wait, in any of its three forms', () => {
    fc.assert(
      fc.property(seconds, (ahead) => {
        const delay = ahead * 1000;
        for (const text of [httpDate(delay), ...otherForms(delay)]) {
          expect(parse(text)).toBe(Math.max(0, delay));
          expect(parse(` \t${text}\t `)).toBe(Math.max(0, delay));
        }
      }),
    );
  });

  it('means no wait when it is in the past', () => {
    expect(parse(httpDate(-1000))).toBe(0);
    expect(Object.is(parse(httpDate(0)), 0)).toBe(true);
    expect(parse('Thu, 01 Jan 1970 00:00:00 GMT')).toBe(0);
  });

  it('is never reached early: a fraction of a millisecond is rounded up', () => {
    expect(parse(httpDate(1000), { receivedAt: receivedAt + 0.25 })).toBe(1000);
  });

  it('counts from now if no time of receipt is given', () => {
    jest.spyOn(Date, 'now').mockReturnValue(receivedAt);
    expect(parseRetryAfter(httpDate(9000))).toBe(9000);
    expect(parseRetryAfter([httpDate(9000), '3'])).toBe(9000);
    expect(parseRetryAfter(httpDate(9000), {})).toBe(9000);
    expect(parseRetryAfter(httpDate(9000), { receivedAt: undefined })).toBe(9000);
    expect(parseRetryAfter(httpDate(9000), { date: httpDate(-1000) })).toBe(10_000);
    for (const text of ['soon', '-5', '', undefined]) {
      expect(parseRetryAfter(text)).toBeUndefined();
    }
  });

  it('is not parsed if the time of receipt is invalid', () => {
    for (const at of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(parse(httpDate(1000), { receivedAt: at })).toBeUndefined();
    }
    expect(parse('5', { receivedAt: Number.NaN })).toBe(5000);
  });

  it('saturates', () => {
    expect(parse(httpDate(0), { receivedAt: -1e16 })).toBe(most);
  });

  it.each([
    'Sun, 06 Nov 1994 08:49:37',
    'sun, 06 Nov 1994 08:49:37 GMT',
    'Sun, 31 Feb 2094 08:49:37 GMT',
    'Sun, 06 Nov 2094 24:00:00 GMT',
    '2094-11-06T08:49:37Z',
    'Sun,',
    'Sun, 120',
    'Sun',
  ])('must be valid: %p is not', (value) => {
    expect(parse(value)).toBeUndefined();
  });
});

describe("the response's own Date header", () => {
  it('corrects a date for a wrong clock, fast or slow', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e8, max: 1e8 }), fc.integer({ max: 1e5 }), (skew, ahead) => {
        const date = httpDate(skew * 1000);
        const value = httpDate((skew + ahead) * 1000);
        expect(parse(value, { date })).toBe(Math.max(0, ahead * 1000));
      }),
    );
  });

  it('may have any form, and surrounding space', () => {
    const value = httpDate(90_000);
    for (const date of [...otherForms(30_000), ` ${httpDate(30_000)} `]) {
      expect(parse(value, { date })).toBe(60_000);
    }
  });

  it('is subtracted in whole seconds, whatever the time of receipt', () => {
    const context = { date: httpDate(0), receivedAt: receivedAt + 999 };
    expect(parse(httpDate(5000), context)).toBe(5000);
  });

  it.each(['', 'soon', '120', undefined, null, 5, [httpDate(30_000)]])(
    'is ignored if it is not a valid date: %p',
    (date) => {
      expect(parse(httpDate(90_000), { date })).toBe(90_000);
    },
  );

  it.each(['0', '3600', '', 'junk', 0, false])(
    'is ignored if there is an Age, of any value: %p',
    (age) => {
      expect(parse(httpDate(90_000), { date: httpDate(30_000), age })).toBe(90_000);
    },
  );

  it.each([undefined, null])('is used if Age is %p', (age) => {
    expect(parse(httpDate(90_000), { date: httpDate(30_000), age })).toBe(60_000);
  });

  it('does not apply to seconds', () => {
    expect(parse('120', { date: httpDate(30_000) })).toBe(120_000);
  });
});

describe('a repeated header', () => {
  const valid = fc.oneof(
    fc.nat({ max: 1e6 }).map((n): [string, number] => [String(n), n * 1000]),
    fc
      .tuple(fc.integer({ min: -1e6, max: 1e6 }), fc.nat(2))
      .map(([ahead, form]): [string, number] => [
        [httpDate(ahead * 1000), ...otherForms(ahead * 1000)][form] as string,
        Math.max(0, ahead * 1000),
      ]),
  );
  const invalid = fc.constantFrom('', ' ', '-5', '1.5', 'Sun', 'Sun,', 'soon', 'Sun, 06 Nov 1994');
  const separator = fc.constantFrom(',', ', ', ' ,', '\t, \t');

  it('uses the largest of its members, in a list, in an array and in both', () => {
    fc.assert(
      fc.property(fc.array(valid, { minLength: 1 }), separator, (members, comma) => {
        const texts = members.map(([text]) => text);
        const largest = members.map(([, delay]) => delay).sort((a, b) => b - a)[0];
        expect(parse(texts.join(comma))).toBe(largest);
        expect(parse(texts)).toBe(largest);
        expect(parse([texts.join(comma), ...texts])).toBe(largest);
      }),
    );
  });

  it('is invalid if one member is invalid', () => {
    fc.assert(
      fc.property(
        fc.array(valid),
        invalid,
        fc.array(valid, { minLength: 1 }),
        separator,
        (before, wrong, after, comma) => {
          const texts = [...before.map(([text]) => text), wrong, ...after.map(([text]) => text)];
          for (const order of [texts, [...texts].reverse()]) {
            expect(parse(order.join(comma))).toBeUndefined();
            expect(parse(order)).toBeUndefined();
          }
        },
      ),
    );
  });

  it.each([
    ['120, 240', 240_000],
    ['240,120', 240_000],
    ['0, 0', 0],
    [['120', '240'], 240_000],
    [['120, 300', '240'], 300_000],
    [[120, '60'], 120_000],
  ])('%p means %d ms', (value, delay) => {
    expect(parse(value)).toBe(delay);
  });

  it.each([',', '120,', ',120', '120,,240', '120, ,240', '120 240', '120; 240', '120,abc'])(
    'may have no empty or foreign member: %p is invalid',
    (value) => {
      expect(parse(value)).toBeUndefined();
    },
  );

  it.each([[[]], [['']], [['120', '']], [['120', null]], [['120', -1]], [['120', ['60']]]])(
    'may have no empty or foreign member: %j is invalid',
    (value) => {
      expect(parse(value)).toBeUndefined();
    },
  );
});

describe('malicious text', () => {
  it('is refused in linear time', () => {
    const n = 200_000;
    const hostile = [
      `${'9'.repeat(n)}x`,
      `1${' '.repeat(n)}x`,
      `${' '.repeat(n)}x`,
      `${'1,'.repeat(n)}x`,
      `Sun${' a'.repeat(n)}!`,
      `Sun,${' '.repeat(n)}!`,
      `Sun, ${'a'.repeat(n)} ${' '.repeat(n)}!`,
      `S${'u'.repeat(n)}`,
      'Sun, '.repeat(n),
      `${'Sun, 06 Nov 1994 08:49:37 GMT,'.repeat(n / 100)}!`,
    ];
    // Anything slower than linear would exceed the runner's limit.
    for (const value of hostile) expect(parse(value)).toBeUndefined();
  });

  it('takes linear time beside a long Date', () => {
    const list = Array(20_000).fill('Sun, 06 Nov 1994 08:49:37 GMT').join();
    const start = cpuTime();
    expect(parse(list, { date: `${' '.repeat(500_000)}x`, receivedAt: 0 })).toBe(784_111_777_000);
    expect(cpuTime() - start).toBeLessThan(2000);
  });

  it('with digits only means a very long wait', () => {
    expect(parse('9'.repeat(2_000_000))).toBe(most);
    expect(parse(`${'0'.repeat(2_000_000)}5`)).toBe(5000);
  });

  it('never throws', () => {
    const unit = fc.constantFrom(...' \t,;:-+.eGMTSunNov0123456789x\n');
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit })), (text) => {
        const isDigits = text.split(',').every((member) => /^[ \t]*[0-9]+[ \t]*$/.test(member));
        fc.pre(!isDigits);
        expect(parse(text)).toBeUndefined();
        expect(parse([text, '5'])).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });
});

import fc from 'fast-check';
import { parseGoDuration } from '../../src/hints/go-duration.js';

const NS: Record<string, bigint> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

describe('a duration of Go', () => {
  it.each([
    ['0', 0],
    ['0s', 0],
    ['6m0s', 360_000],
    ['12ms', 12],
    ['1h2m3.5s', 3_723_500],
    ['8.64s', 8640],
    ['1h', 3_600_000],
    ['120ms', 120],
    ['1m30s', 90_000],
    ['1.5h', 5_400_000],
    ['.5s', 500],
    ['1.s', 1000],
    ['2s1h', 3_602_000],
    ['1s1s', 2000],
    ['0.1h', 360_000],
    ['1ns', 1],
    ['999999ns', 1],
    ['1000001ns', 2],
    ['1500us', 2],
    ['1500µs', 2],
    ['1500μs', 2],
    ['9999999999999h', Number.MAX_SAFE_INTEGER],
    [`${'9'.repeat(400)}ns`, Number.MAX_SAFE_INTEGER],
  ])('%s is %d ms, rounded up', (text, delay) => {
    expect(parseGoDuration(text)).toBe(delay);
  });

  it('has a µ that arrives as two characters of Latin-1', () => {
    for (const micro of ['µ', 'μ']) {
      const received = Buffer.from(`1500${micro}s`, 'utf8').toString('latin1');
      expect(parseGoDuration(received)).toBe(2);
    }
  });

  it.each(['', '5', '00', '-5s', '+5s', '1d', '1w', 's', '.s', '1s ', ' 1s', '1 s', '1S', '1e3s'])(
    'is malformed: %j',
    (text) => {
      expect(parseGoDuration(text)).toBeUndefined();
    },
  );

  it.each(['1h2', '1..5s', '1.5.5s', '1:30', 'PT6M', '0x1s', '1_0s', '1min', '1sec', '٣s'])(
    'is malformed: %j',
    (text) => {
      expect(parseGoDuration(text)).toBeUndefined();
    },
  );

  it('is the exact sum of its parts', () => {
    const part = fc.record({
      whole: fc.stringMatching(/^[0-9]{1,8}$/),
      fraction: fc.option(fc.stringMatching(/^[0-9]{0,9}$/), { nil: undefined }),
      unit: fc.constantFrom(...Object.keys(NS)),
    });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const text = parts.map(
          ({ whole, fraction, unit }) =>
            `${whole}${fraction === undefined ? '' : `.${fraction}`}${unit}`,
        );
        let ns = 0n;
        for (const { whole, fraction = '', unit } of parts) {
          // Go leaves out what is less than a nanosecond.
          const scale = 10n ** BigInt(fraction.length);
          ns += (BigInt(whole + fraction) * (NS[unit] ?? 0n)) / scale;
        }
        expect(parseGoDuration(text.join(''))).toBe(Number((ns + 999_999n) / 1_000_000n));
      }),
      { numRuns: 500 },
    );
  });

  it('is read exactly where its form is right', () => {
    const form = /^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/;
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9.hmnsuµ-]{0,8}$/), (text) => {
        expect(parseGoDuration(text) !== undefined).toBe(text === '0' || form.test(text));
      }),
      { numRuns: 2000 },
    );
  });
});

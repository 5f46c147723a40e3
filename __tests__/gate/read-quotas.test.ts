import fc from 'fast-check';
import { readQuotas } from '../../src/gate/read-quotas.js';
import type { Quota, QuotaReader } from '../../src/hints/quota.js';
import { anyValue } from '../support/any-value.js';

const ANSWER = { status: 200, headers: {}, receivedAt: 0 };
const NOTHING = {
  remaining: undefined,
  reset: undefined,
  limit: undefined,
  window: undefined,
  unit: undefined,
};
const read = (told: unknown) => readQuotas(() => told as Quota[], ANSWER);

describe('the quotas of an answer', () => {
  it('are those of all readers', () => {
    const readers: QuotaReader[] = [
      () => [{ name: 'a', remaining: 1, reset: 2, limit: 3, window: 4, unit: 'content-bytes' }],
      () => [],
      ({ status }) => [{ name: 'b', remaining: status }],
    ];
    expect(readQuotas(readers, ANSWER)).toEqual([
      { name: 'a', remaining: 1, reset: 2, limit: 3, window: 4, unit: 'content-bytes' },
      { ...NOTHING, name: 'b', remaining: 200 },
    ]);
  });

  it('are none if a reader returns undefined', () => {
    expect(read(undefined)).toEqual([]);
  });

  it.each([null, 5, 'a', {}, () => []])('must be an array, not %p', (told) => {
    expect(() => read(told)).toThrow(TypeError);
    expect(() => read(told)).toThrow(/the result of option "quotas" takes an array of quotas/);
  });

  it('count a number that makes no sense as not told', () => {
    for (const value of [-1, Number.NaN, Number.POSITIVE_INFINITY, 1e300, '5', null, 5n, {}]) {
      const quota = { name: 'a', remaining: value, reset: value, limit: value, window: value };
      expect(read([quota])).toEqual([{ ...NOTHING, name: 'a' }]);
    }
  });

  it('may be as large as a safe integer', () => {
    const most = Number.MAX_SAFE_INTEGER;
    const quota = { name: 'a', remaining: most, reset: most, limit: most, window: most };
    expect(read([quota])).toEqual([{ ...NOTHING, ...quota }]);
  });

  it('know no limit of 0 and no window below a millisecond', () => {
    const quota = { name: 'a', remaining: 0, reset: 0, limit: 0, window: 0.5 };
    expect(read([quota])).toEqual([{ ...NOTHING, name: 'a', remaining: 0, reset: 0 }]);
  });

  it('are at most 16 of each reader', () => {
    const told = Array.from({ length: 10_000 }, (_, i) => ({ name: String(i), remaining: 1 }));
    expect(read(told)).toHaveLength(16);
  });

  it('have a name, whatever the reader gives', () => {
    expect(read([{ name: 5 }, {}, null, 7, 'x']).map(({ name }) => name)).toEqual([
      '5',
      'undefined',
      'undefined',
      'undefined',
      'undefined',
    ]);
  });

  it('are numbers or absent, whatever a reader returns', () => {
    const quota = fc.record({
      name: fc.string(),
      remaining: anyValue,
      reset: anyValue,
      limit: anyValue,
      window: anyValue,
    });
    fc.assert(
      fc.property(fc.array(quota), (told) => {
        for (const { remaining, reset, limit, window } of read(told)) {
          for (const amount of [remaining, reset, limit, window]) {
            expect(amount === undefined || (amount >= 0 && amount < 2 ** 53)).toBe(true);
          }
        }
      }),
    );
  });
});

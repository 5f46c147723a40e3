import fc from 'fast-check';
import type { RemainingResetOptions, TimeFormat } from '../../src/hints/index.js';
import { remainingReset } from '../../src/hints/index.js';
import { answerWith, dateHeader, RECEIVED_AT } from '../support/answer.js';

const headersOf = (limit: unknown, remaining: unknown, reset: unknown) => ({
  'X-RateLimit-Limit': limit,
  'X-RateLimit-Remaining': remaining,
  'X-RateLimit-Reset': reset,
});
const readAs = (
  headers: object,
  reset: TimeFormat = 'seconds',
  options: Partial<RemainingResetOptions> = {},
) => remainingReset('x-ratelimit', { reset, ...options })(answerWith(headers));

describe('remainingReset', () => {
  it('reads three headers with a common start', () => {
    expect(readAs(headersOf('60', '59', '30'))).toEqual([
      { name: 'x-ratelimit', limit: 60, remaining: 59, reset: 30_000 },
    ]);
    const reader = remainingReset('RateLimit', { reset: 'seconds' });
    expect(reader(answerWith({ 'ratelimit-remaining': '0' }))).toEqual([
      { name: 'ratelimit', remaining: 0 },
    ]);
  });

  it.each<[TimeFormat, string]>([
    ['seconds', '60'],
    ['seconds', '60.0'],
    ['milliseconds', '60000'],
    ['milliseconds', '59999.5'],
    ['go-duration', '1m0s'],
    ['epoch-seconds', String(RECEIVED_AT / 1000 + 60)],
    ['epoch-seconds', `${RECEIVED_AT / 1000 + 60}.000`],
    ['epoch-milliseconds', String(RECEIVED_AT + 60_000)],
    ['iso-date', new Date(RECEIVED_AT + 60_000).toISOString()],
  ])('reads the reset as %s: %s', (format, text) => {
    expect(readAs(headersOf('60', '0', text), format)[0]?.reset).toBe(60_000);
  });

  it('corrects a time by `Date`, and takes one that is past for now', () => {
    const reset = String(RECEIVED_AT / 1000 + 60);
    const headers = { ...headersOf('60', '0', reset), ...dateHeader(-5000) };
    expect(readAs(headers, 'epoch-seconds')[0]?.reset).toBe(65_000);
    expect(readAs(headersOf('60', '0', '1'), 'epoch-seconds')[0]?.reset).toBe(0);
  });

  it('ignores a malformed value, not the others', () => {
    expect(readAs(headersOf('-1', '-1', '0'))).toEqual([]);
    expect(readAs(headersOf('many', '5', 'soon'))).toEqual([{ name: 'x-ratelimit', remaining: 5 }]);
    expect(readAs(headersOf('5', '1.5', '1'))).toEqual([
      { name: 'x-ratelimit', limit: 5, reset: 1000 },
    ]);
    expect(readAs(headersOf(undefined, undefined, '60'))).toEqual([]);
  });

  it('of a repeated header, takes what waits longest', () => {
    expect(readAs(headersOf('60, 100', ['5', '3'], '1, 9, 2'))).toEqual([
      { name: 'x-ratelimit', limit: 60, remaining: 3, reset: 9000 },
    ]);
    expect(readAs(headersOf('60', '5, few', '1'))[0]?.remaining).toBeUndefined();
  });

  it('ignores an answer from a cache', () => {
    expect(readAs({ ...headersOf('60', '5', '1'), Age: '1' })).toEqual([]);
    expect(readAs({ ...headersOf('60', '5', '1'), Age: '0' })).toHaveLength(1);
  });

  it('reads a family with a suffix, a unit and a window', () => {
    const reader = remainingReset('x-ratelimit', {
      reset: 'go-duration',
      suffix: 'Tokens',
      unit: 'tokens',
      window: 60_000,
    });
    const headers = {
      'x-ratelimit-limit-tokens': '150000',
      'x-ratelimit-remaining-tokens': '149984',
      'x-ratelimit-reset-tokens': '6m0s',
      'x-ratelimit-remaining': '1',
    };
    expect(reader(answerWith(headers))).toEqual([
      {
        name: 'x-ratelimit-tokens',
        limit: 150_000,
        remaining: 149_984,
        reset: 360_000,
        unit: 'tokens',
        window: 60_000,
      },
    ]);
  });

  it('tells quotas apart by a header', () => {
    const nameIn = (resource: unknown) =>
      readAs({ ...headersOf('60', '5', '1'), 'X-RateLimit-Resource': resource }, 'seconds', {
        bucket: 'x-ratelimit-resource',
      })[0]?.name;
    expect(nameIn('core')).toBe('x-ratelimit;core');
    expect(nameIn('search')).toBe('x-ratelimit;search');
    expect(nameIn(undefined)).toBe('x-ratelimit');
    expect(nameIn('')).toBe('x-ratelimit');
    expect(nameIn('a'.repeat(200))).toBeUndefined();
  });

  it('never throws, and tells only numbers that are 0 or more', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (limit, remaining, reset) => {
        for (const { name: _name, ...numbers } of readAs(headersOf(limit, remaining, reset))) {
          for (const value of [numbers.remaining, numbers.reset, numbers.limit]) {
            expect(value === undefined || (Number.isSafeInteger(value) && value >= 0)).toBe(true);
          }
        }
      }),
    );
  });
});

describe('an argument of remainingReset that is wrong', () => {
  const making = (prefix: unknown, options: unknown) => () =>
    remainingReset(prefix as string, options as RemainingResetOptions);

  it.each<[unknown, unknown, RegExp]>([
    [5, { reset: 'seconds' }, /remainingReset: the prefix takes the name of a header field; got 5/],
    ['x', undefined, /remainingReset takes an object of options; got undefined/],
    [
      'x',
      { reset: 'seconds', resets: 1 },
      /unknown option "resets"; it takes reset, suffix, bucket, /,
    ],
    ['x', { reset: 'seconds', suffix: 5 }, /option "suffix" takes a string/],
    ['x', { reset: 'seconds', bucket: 5 }, /option "bucket" takes a string/],
    ['x', { reset: 'seconds', window: '60' }, /option "window" takes milliseconds, above 0/],
    ['x', { reset: 'seconds', unit: 5 }, /option "unit" takes a string/],
  ])('is a TypeError: %j, %j', (prefix, options, message) => {
    expect(making(prefix, options)).toThrow(TypeError);
    expect(making(prefix, options)).toThrow(message);
  });

  it.each<[unknown, unknown, RegExp]>([
    ['x y', { reset: 'seconds' }, /the prefix/],
    ['x', {}, /option "reset" takes 'seconds', .* or 'iso-date'; got undefined/],
    ['x', { reset: 'minutes' }, /option "reset" takes .*; got "minutes"/],
    ['x', { reset: 'toString' }, /option "reset"/],
    ['x', { reset: 'seconds', suffix: 'a b' }, /option "suffix" takes the name of a header field/],
    ['x', { reset: 'seconds', bucket: '' }, /option "bucket" takes the name of a header field/],
    ['x', { reset: 'seconds', window: 0 }, /option "window" takes milliseconds, above 0; got 0/],
  ])('is a RangeError: %j, %j', (prefix, options, message) => {
    expect(making(prefix, options)).toThrow(RangeError);
    expect(making(prefix, options)).toThrow(message);
  });
});

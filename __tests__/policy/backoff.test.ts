import fc from 'fast-check';
import { exponentialBackoff, platformBackoff } from '../../src/policy/backoff.js';

const notPositiveIntegers = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY];

describe('platformBackoff', () => {
  it('waits 8, 64, 512, 4096, 32768 seconds before retries 1 to 5', () => {
    expect([1, 2, 3, 4, 5].map(platformBackoff)).toEqual([
      8_000, 64_000, 512_000, 4_096_000, 32_768_000,
    ]);
  });

  it('is exactly 2^(3n) seconds, up to the largest safe integer', () => {
    const most = BigInt(Number.MAX_SAFE_INTEGER);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (retryNumber) => {
        const exact = (1n << BigInt(3 * retryNumber)) * 1000n;
        expect(BigInt(platformBackoff(retryNumber))).toBe(exact < most ? exact : most);
      }),
    );
    expect(platformBackoff(14)).toBe(4_398_046_511_104_000);
    expect(platformBackoff(15)).toBe(Number.MAX_SAFE_INTEGER);
    expect(platformBackoff(Number.MAX_VALUE)).toBe(Number.MAX_SAFE_INTEGER);
  });

  it.each(notPositiveIntegers)('throws for %p as the retry number', (retryNumber) => {
    expect(() => platformBackoff(retryNumber)).toThrow(
      new RangeError(
        `axios-status-retry: retryNumber takes 1 (for the first retry), 2, …; got ${retryNumber}`,
      ),
    );
  });
});

describe('exponentialBackoff', () => {
  it('equals platformBackoff with base 8000 and factor 8', () => {
    const backoff = exponentialBackoff({ base: 8000, factor: 8 });
    for (let n = 1; n <= 400; n++) expect(backoff(n)).toBe(platformBackoff(n));
  });

  it('starts at base and multiplies by factor for each later retry', () => {
    const backoff = exponentialBackoff({ base: 100, factor: 1.5 });
    expect([1, 2, 3].map(backoff)).toEqual([100, 150, 225]);
  });

  it('never waits longer than max', () => {
    const backoff = exponentialBackoff({ base: 1000, factor: 2, max: 5000 });
    expect([1, 2, 3, 4, 999].map(backoff)).toEqual([1000, 2000, 4000, 5000, 5000]);
    expect(exponentialBackoff({ base: 1000, factor: 2, max: 0 })(1)).toBe(0);
    expect(exponentialBackoff({ base: 1000, factor: 2, max: undefined })(9)).toBe(256_000);
  });

  it('agrees with repeated multiplication, and is never NaN or infinite', () => {
    const whole = fc.nat({ max: 10_000 });
    fc.assert(
      fc.property(
        whole,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 400 }),
        fc.option(whole, { nil: undefined }),
        (base, factor, retryNumber, max) => {
          let exact = BigInt(base);
          for (let n = 1; n < retryNumber; n++) exact *= BigInt(factor);
          const most = BigInt(max ?? Number.MAX_SAFE_INTEGER);
          const delay = exponentialBackoff({ base, factor, max })(retryNumber);
          expect(delay).toBe(Number(exact < most ? exact : most));
        },
      ),
    );
    const huge = exponentialBackoff({ base: Number.MAX_VALUE, factor: Number.MAX_VALUE });
    expect(huge(1)).toBe(Number.MAX_SAFE_INTEGER);
    expect(huge(Number.MAX_SAFE_INTEGER)).toBe(Number.MAX_SAFE_INTEGER);
    expect(exponentialBackoff({ base: 0, factor: 2 })(5000)).toBe(0);
  });

  it.each(notPositiveIntegers)('throws for %p as the retry number', (retryNumber) => {
    const backoff = exponentialBackoff({ base: 1, factor: 1 });
    expect(() => backoff(retryNumber)).toThrow(RangeError);
  });

  it.each([
    [{ base: -1 }, 'option "base" takes a finite number, 0 or more; got -1'],
    [{ base: Number.NaN }, 'option "base" takes a finite number, 0 or more; got NaN'],
    [
      { base: Number.POSITIVE_INFINITY },
      'option "base" takes a finite number, 0 or more; got Infinity',
    ],
    [{ factor: 0.99 }, 'option "factor" takes a finite number, 1 or more; got 0.99'],
    [{ factor: Number.NaN }, 'option "factor" takes a finite number, 1 or more; got NaN'],
    [
      { factor: Number.POSITIVE_INFINITY },
      'option "factor" takes a finite number, 1 or more; got Infinity',
    ],
    [{ max: -1 }, 'option "max" takes a number, 0 or more; got -1'],
    [{ max: Number.NaN }, 'option "max" takes a number, 0 or more; got NaN'],
  ])('throws for an invalid value at once: %p', (wrong, message) => {
    expect(() => exponentialBackoff({ base: 1, factor: 1, ...wrong })).toThrow(
      new RangeError(`axios-status-retry: exponentialBackoff: ${message}`),
    );
  });

  it.each([
    [{ base: '1' }, 'option "base" takes a finite number, 0 or more; got "1"'],
    [{ base: undefined }, 'option "base" takes a finite number, 0 or more; got undefined'],
    [{ factor: undefined }, 'option "factor" takes a finite number, 1 or more; got undefined'],
    [{ factor: null }, 'option "factor" takes a finite number, 1 or more; got null'],
    [{ max: null }, 'option "max" takes a number, 0 or more; got null'],
    [{ maximum: 5 }, 'unknown option "maximum"; it takes base, factor, max'],
  ])('throws for a wrong type or an unknown name at once: %p', (wrong, message) => {
    const options = { base: 1, factor: 1, ...wrong } as Parameters<typeof exponentialBackoff>[0];
    expect(() => exponentialBackoff(options)).toThrow(
      new TypeError(`axios-status-retry: exponentialBackoff: ${message}`),
    );
  });

  it('accepts the limits of each range', () => {
    const max = Number.POSITIVE_INFINITY;
    expect(exponentialBackoff({ base: 0, factor: 1, max })(1)).toBe(0);
    expect(exponentialBackoff({ base: 7, factor: 1, max })(9)).toBe(7);
  });
});

import { formatValue, rejectUnknownKeys } from '../util/validate.js';

/** The wait before a retry, in milliseconds. `retryNumber` is 1 for the first retry. */
export type Backoff = (retryNumber: number) => number;

/** What {@link exponentialBackoff} takes. */
export interface ExponentialBackoffOptions {
  /** The wait before the first retry, in milliseconds: finite, at least 0. */
  readonly base: number;
  /** By how much each wait is longer than the one before: finite, at least 1. */
  readonly factor: number;
  /** The longest wait, in milliseconds: at least 0. Default: Infinity. */
  readonly max?: number | undefined;
}

/**
 * The platform's schedule: 8^n seconds before retry n.
 *
 * @param retryNumber - 1 for the first retry; an integer, at least 1.
 * @returns The wait in milliseconds: 8000, 64000, 512000, 4096000, 32768000; at most
 *   `Number.MAX_SAFE_INTEGER`.
 * @throws {RangeError} When `retryNumber` is not a positive integer.
 */
export function platformBackoff(retryNumber: number): number {
  checkRetryNumber(retryNumber);
  return Math.min(2 ** (3 * retryNumber) * 1000, Number.MAX_SAFE_INTEGER);
}

/**
 * A schedule that grows by a factor: base × factor^(n-1) milliseconds before retry n, at most `max`.
 * The platform's is base 8000, factor 8.
 *
 * @returns A function that throws a `RangeError` when its `retryNumber` is not a positive integer,
 *   and gives at most `Number.MAX_SAFE_INTEGER`.
 * @throws {TypeError} When an option is not a number, or its name is unknown.
 * @throws {RangeError} When a number is out of range.
 */
export function exponentialBackoff(options: ExponentialBackoffOptions): Backoff {
  rejectUnknownKeys('exponentialBackoff', options, ['base', 'factor', 'max']);
  const { base, factor, max = Infinity } = options;
  checkNumber('base', base, 0, Number.MAX_VALUE);
  checkNumber('factor', factor, 1, Number.MAX_VALUE);
  checkNumber('max', max, 0, Infinity);
  const longest = Math.min(max, Number.MAX_SAFE_INTEGER);
  return (retryNumber) => {
    checkRetryNumber(retryNumber);
    // Kept finite, as a base of 0 times Infinity is not a number.
    const growth = Math.min(factor ** (retryNumber - 1), Number.MAX_VALUE);
    return Math.min(base * growth, longest);
  };
}

function checkNumber(name: string, value: unknown, least: number, most: number): void {
  const accepted = `a ${most === Infinity ? '' : 'finite '}number, at least ${least}`;
  const message = `exponentialBackoff: ${name} must be ${accepted}; got ${formatValue(value)}`;
  if (typeof value !== 'number') throw new TypeError(message);
  if (!(value >= least && value <= most)) throw new RangeError(message);
}

function checkRetryNumber(retryNumber: number): void {
  if (!Number.isInteger(retryNumber) || retryNumber < 1) {
    throw new RangeError(`retryNumber must be a positive integer; got ${formatValue(retryNumber)}`);
  }
}

// How long to wait before each retry.

import { invalidArgument, number, readOptions } from '../util/validate.js';
import type { RetryFailure } from './failure.js';

/**
 * Returns the wait before a retry, in milliseconds. `retryNumber` is 1 for the first retry, and
 * `failure` is the attempt before it.
 */
export type Backoff = (retryNumber: number, failure: RetryFailure) => number;

/** Options of {@link exponentialBackoff}. */
export interface ExponentialBackoffOptions {
  /** The wait before the first retry, in milliseconds: finite, at least 0. */
  readonly base: number;
  /** How many times longer each wait is than the one before: finite, at least 1. */
  readonly factor: number;
  /**
   * The longest wait, in milliseconds: at least 0.
   *
   * @defaultValue Infinity
   */
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
 * The platform's schedule has base 8000 and factor 8.
 *
 * @returns A function that throws a `RangeError` when its `retryNumber` is not a positive integer,
 *   and returns at most `Number.MAX_SAFE_INTEGER`.
 * @throws {TypeError} When an option is not a number, is missing or is unknown.
 * @throws {RangeError} When a number is out of range.
 */
export function exponentialBackoff(
  options: ExponentialBackoffOptions,
): (retryNumber: number) => number {
  const { base, factor, max } = readOptions<Required<ExponentialBackoffOptions>>(
    'exponentialBackoff',
    options,
    {
      base: number('a finite number, 0 or more', (value) => value >= 0 && value < Infinity),
      factor: number('a finite number, 1 or more', (value) => value >= 1 && value < Infinity),
      max: number('a number, 0 or more', (value) => value >= 0),
    },
    { max: Infinity },
    ['base', 'factor'],
  );
  const longest = Math.min(max as number, Number.MAX_SAFE_INTEGER);
  return (retryNumber) => {
    checkRetryNumber(retryNumber);
    // Kept finite, because 0 × Infinity is not a number.
    const growth = Math.min(factor ** (retryNumber - 1), Number.MAX_VALUE);
    return Math.min(base * growth, longest);
  };
}

function checkRetryNumber(retryNumber: number): void {
  if (!Number.isInteger(retryNumber) || retryNumber < 1) throw wrongRetryNumber(retryNumber);
}

export function wrongRetryNumber(given: number): Error {
  return invalidArgument('retryNumber', '1 (for the first retry), 2, …', given, RangeError);
}

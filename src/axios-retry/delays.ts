// The delays of axios-retry.
import type { AxiosError } from 'axios';
import { retryAfterOf } from '../policy/decision.js';

/**
 * What Retry-After says (RFC 9110 §10.2.3).
 *
 * @returns Milliseconds; 0 without a valid Retry-After.
 */
export function retryAfter(error?: AxiosError): number {
  return retryAfterOf({ headers: error?.response?.headers, retryNumber: 1 }) ?? 0;
}

/** No delay, or Retry-After. */
export function noDelay(_retryNumber?: number, error?: AxiosError): number {
  return retryAfter(error);
}

/**
 * 2^n × `delayFactor`, or Retry-After if that is longer, and 0 to 20 % more at random.
 *
 * @param retryNumber - 1 for the first retry.
 * @param delayFactor - Milliseconds.
 * @returns Milliseconds.
 */
export function exponentialDelay(
  retryNumber = 0,
  error: AxiosError | undefined = undefined,
  delayFactor = 100,
): number {
  const delay = Math.max(2 ** retryNumber * delayFactor, retryAfter(error));
  return delay * (1 + 0.2 * Math.random());
}

/**
 * Makes a delay of n × `delayFactor`, or Retry-After if that is longer.
 *
 * @param delayFactor - Milliseconds.
 */
export function linearDelay(
  delayFactor = 100,
): (retryNumber: number, error: AxiosError | undefined) => number {
  return (retryNumber = 0, error = undefined) =>
    Math.max(retryNumber * delayFactor, retryAfter(error));
}

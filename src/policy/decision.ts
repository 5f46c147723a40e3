// Decides after a failed attempt whether to retry, and after how long. Pure.
import { headerOf } from '../util/headers.js';
import { invalidArgument } from '../util/validate.js';
import type { Backoff } from './backoff.js';
import { platformBackoff, wrongRetryNumber } from './backoff.js';
import type { StatusTable } from './define-status-table.js';
import { isIdempotent, isTransient } from './network-error.js';
import { retryBehaviorOf } from './platform-status-table.js';
import { parseRetryAfter } from './retry-after.js';

/** Why a request was not retried, or not retried again. */
export type GiveUpReason =
  | 'status'
  | 'network'
  | 'method'
  | 'no-retry-after'
  | 'max-retries'
  | 'max-delay'
  | 'max-elapsed'
  | 'body'
  | 'decided'
  | 'budget'
  | 'gate'
  | 'canceled'
  | 'deferred';

/** Where a delay comes from. */
export type DelayBasis = 'retry-after' | 'backoff';

/** What to do after a failed attempt; `delay` in milliseconds. */
export type RetryDecision =
  | { readonly retry: true; readonly delay: number; readonly basis: DelayBasis }
  | { readonly retry: false; readonly reason: GiveUpReason };

/** A failed attempt, as far as the decision needs to know it. */
export interface RetryFailure {
  /** Status of the response, if there was one. */
  readonly status?: number | undefined;
  /** Headers of the response: `AxiosHeaders` or a plain object, names in any letter case. */
  readonly headers?: object | undefined;
  /** Code of the error. Without a status, or with a 2xx (a truncated response): a network error. */
  readonly code?: string | undefined;
  /**
   * The method, in either letter case.
   *
   * @defaultValue 'GET'
   */
  readonly method?: string | undefined;
  /** The retry in question, 1 for the first. */
  readonly retryNumber: number;
  /**
   * Milliseconds since the first send.
   *
   * @defaultValue 0
   */
  readonly elapsed?: number | undefined;
  /**
   * When the response came, epoch milliseconds. A date in Retry-After is relative to it.
   *
   * @defaultValue now
   */
  readonly receivedAt?: number | undefined;
  /** Whether the request carries the same idempotency key each time. */
  readonly keyed?: boolean | undefined;
  /** Whether the body can be read only once. */
  readonly oneShotBody?: boolean | undefined;
}

/** The options of `attachRetry` that bear on the decision, with the same defaults. */
export interface RetryPolicy {
  readonly table?: StatusTable | undefined;
  readonly maxRetries?: number | undefined;
  readonly backoff?: Backoff | undefined;
  readonly maxDelay?: number | undefined;
  readonly maxElapsed?: number | undefined;
  readonly methods?: readonly string[] | undefined;
  readonly networkErrors?: boolean | undefined;
}

/** One day, in milliseconds. */
export const DEFAULT_MAX_DELAY = 86_400_000;
export const DEFAULT_MAX_RETRIES = 5;

/** Retry-After in milliseconds; `undefined` without a valid one. */
export function retryAfterOf({ headers, receivedAt }: RetryFailure): number | undefined {
  const value = headerOf(headers, 'retry-after');
  if (value === undefined) return undefined;
  return parseRetryAfter(value as string, {
    receivedAt: receivedAt ?? Date.now(),
    date: headerOf(headers, 'date') as string,
    age: headerOf(headers, 'age') as string,
  });
}

/** The first limit that a retry after `delay` milliseconds would exceed, if any. */
export function exceededLimit(
  delay: number,
  { retryNumber, elapsed = 0, oneShotBody = false }: RetryFailure,
  policy: RetryPolicy,
): GiveUpReason | undefined {
  const { maxRetries = DEFAULT_MAX_RETRIES, maxDelay = DEFAULT_MAX_DELAY } = policy;
  if (retryNumber > maxRetries) return 'max-retries';
  if (delay > maxDelay) return 'max-delay';
  if (elapsed + delay > (policy.maxElapsed ?? Infinity)) return 'max-elapsed';
  return oneShotBody ? 'body' : undefined;
}

/**
 * Decides by the status table, Retry-After and the limits what follows a failed attempt.
 *
 * It neither waits nor sends, and adds no jitter. Reasons not to retry are checked in this order:
 * network or status, method, no-retry-after, max-retries, max-delay, max-elapsed, body.
 *
 * @returns `{ retry: true, delay, basis }`, the delay in milliseconds, or `{ retry: false, reason }`.
 * @throws {RangeError} When `retryNumber` is not a positive integer.
 * @throws {TypeError} When `policy.backoff` returns anything but milliseconds.
 */
export function decideRetry(failure: RetryFailure, policy: RetryPolicy = {}): RetryDecision {
  const { status, code, method = 'GET', retryNumber } = failure;
  if (!Number.isSafeInteger(retryNumber) || retryNumber < 1) throw wrongRetryNumber(retryNumber);
  const network = status === undefined || (code !== undefined && status >= 200 && status < 300);
  const behavior = network ? 'backoff' : retryBehaviorOf(status, policy.table);
  const { methods = [method], backoff = platformBackoff } = policy;
  const retryAfter = retryAfterOf(failure);

  const no = (reason: GiveUpReason): RetryDecision => ({ retry: false, reason });
  if (network && !(policy.networkErrors && isTransient(code, status))) return no('network');
  if (behavior === 'never') return no('status');
  if (network && !isIdempotent(method) && !failure.keyed) return no('method');
  if (!methods.some((one) => one.toUpperCase() === method.toUpperCase())) return no('method');
  if (behavior === 'retry-after' && retryAfter === undefined) return no('no-retry-after');
  const early = exceededLimit(0, failure, policy);
  if (early === 'max-retries') return no(early);

  let delay = retryAfter ?? 0;
  let basis: DelayBasis = 'retry-after';
  if (retryAfter === undefined || behavior === 'backoff') {
    const backedOff: unknown = backoff(retryNumber);
    if (typeof backedOff !== 'number' || !(backedOff >= 0)) {
      throw invalidArgument('the result of option "backoff"', 'milliseconds, 0 or more', backedOff);
    }
    if (backedOff >= delay) basis = 'backoff';
    delay = Math.max(backedOff, delay);
  }
  const limit = exceededLimit(delay, failure, policy);
  return limit === undefined ? { retry: true, delay, basis } : no(limit);
}

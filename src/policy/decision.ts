// Decides after a failed attempt whether to retry, and after how long. Pure.
import { headerOf } from '../util/headers.js';
import { invalidArgument, readOptions } from '../util/validate.js';
import type { Backoff } from './backoff.js';
import { platformBackoff, wrongRetryNumber } from './backoff.js';
import type { StatusTable } from './define-status-table.js';
import type { RetryFailure } from './failure.js';
import { isIdempotent, isTransient } from './network-error.js';
import type { RetryRule } from './platform-status-table.js';
import { rowOf } from './platform-status-table.js';
import { policyRules } from './policy-rules.js';
import { parseRetryAfter } from './retry-after.js';

export type { RetryFailure } from './failure.js';

/** Why a request was not retried, or not retried again. */
export type GiveUpReason =
  | 'status'
  | 'network'
  | 'method'
  | 'no-retry-after'
  | 'max-retries'
  | 'max-delay'
  | 'max-elapsed'
  | 'total-timeout'
  | 'hint'
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

/** The options of `attachRetry` that bear on the decision, with the same defaults. */
export interface RetryPolicy {
  readonly table?: StatusTable | undefined;
  readonly maxRetries?: number | undefined;
  readonly backoff?: Backoff | undefined;
  readonly maxDelay?: number | undefined;
  readonly maxElapsed?: number | undefined;
  readonly totalTimeout?: number | undefined;
  readonly methods?: readonly string[] | undefined;
  readonly networkErrors?: boolean | undefined;
}

/** One day, in milliseconds. */
export const DEFAULT_MAX_DELAY = 86_400_000;
export const DEFAULT_MAX_RETRIES = 5;

/** Retry-After in milliseconds; `undefined` without a valid one. */
export function retryAfterOf({ headers, receivedAt }: RetryFailure): number | undefined {
  return parseRetryAfter(headerOf(headers, 'retry-after'), {
    receivedAt,
    date: headerOf(headers, 'date'),
    age: headerOf(headers, 'age'),
  });
}

/** A decision, with what the core needs besides. */
export interface Evaluation {
  readonly decision: RetryDecision;
  /** The wait in milliseconds, where it is known; also if the decision is not to begin it. */
  readonly delay?: number | undefined;
  /** Whether the hook `decide` itself wanted a retry; absent if it only passed a refusal on. */
  readonly wanted?: boolean;
}

/** Whether no complete response arrived: none at all, or one cut off after a 2xx status. */
export function isNetworkError({ status, code }: RetryFailure): boolean {
  return status === undefined || (code !== undefined && status >= 200 && status < 300);
}

/** How a failure is retried: by the row of its status, or as a network error. */
function ruleOf(failure: RetryFailure, { table }: RetryPolicy): RetryRule {
  if (isNetworkError(failure)) return { retry: 'backoff' };
  return rowOf(failure.status as number, table) ?? { retry: 'never' };
}

/** The first limit that a retry after `delay` milliseconds would exceed, if any. */
export function exceededLimit(
  delay: number,
  failure: RetryFailure,
  policy: RetryPolicy,
): GiveUpReason | undefined {
  const { maxRetries = policy.maxRetries ?? DEFAULT_MAX_RETRIES } = ruleOf(failure, policy);
  const { maxDelay = DEFAULT_MAX_DELAY, maxElapsed = Infinity, totalTimeout = Infinity } = policy;
  const end = (failure.elapsed ?? 0) + delay;
  if (failure.retryNumber > maxRetries) return 'max-retries';
  if (delay > maxDelay) return 'max-delay';
  if (end > maxElapsed) return 'max-elapsed';
  if (end > totalTimeout) return 'total-timeout';
  return failure.oneShotBody ? 'body' : undefined;
}

/** A retry after `delay` milliseconds, or the limit that it would exceed. */
export function evaluateDelay(
  delay: number,
  basis: DelayBasis,
  failure: RetryFailure,
  policy: RetryPolicy,
): Evaluation {
  const reason = exceededLimit(delay, failure, policy);
  if (reason === undefined) return { decision: { retry: true, delay, basis }, delay };
  // There is no backoff of a retry that is one too many.
  const known = reason === 'max-retries' ? retryAfterOf(failure) : delay;
  return { decision: { retry: false, reason }, delay: known };
}

/** {@link decideRetry} with a policy that has been checked, and the wait also where it is not begun. */
export function evaluate(failure: RetryFailure, policy: RetryPolicy): Evaluation {
  const { status, code, method = 'GET', retryNumber } = failure;
  const { methods = [method] } = policy;
  const { retry, backoff = policy.backoff ?? platformBackoff } = ruleOf(failure, policy);
  const isNetwork = isNetworkError(failure);
  const retryAfter = retryAfterOf(failure);

  const no = (reason: GiveUpReason, delay?: number): Evaluation => ({
    decision: { retry: false, reason },
    delay,
  });
  if (isNetwork && !(policy.networkErrors && isTransient(code, status))) return no('network');
  if (retry === 'never') return no('status');
  const isRepeatable = !isNetwork || isIdempotent(method) || failure.keyed;
  if (!isRepeatable || !methods.some((one) => one.toUpperCase() === method.toUpperCase())) {
    return no('method', retryAfter);
  }
  if (retry === 'retry-after' && retryAfter === undefined) return no('no-retry-after');

  let delay = retryAfter ?? 0;
  let basis: DelayBasis = 'retry-after';
  const usesBackoff = retryAfter === undefined || retry === 'backoff';
  if (usesBackoff && exceededLimit(0, failure, policy) !== 'max-retries') {
    const backedOff: unknown = backoff(retryNumber, failure);
    if (typeof backedOff !== 'number' || !(backedOff >= 0)) {
      throw invalidArgument('the result of option "backoff"', 'milliseconds, 0 or more', backedOff);
    }
    if (backedOff >= delay) basis = 'backoff';
    delay = Math.max(backedOff, delay);
  }
  return evaluateDelay(delay, basis, failure, policy);
}

/**
 * Decides by the status table, Retry-After and the limits what follows a failed attempt.
 *
 * It neither waits nor sends, and adds no jitter. Reasons not to retry are checked in this order:
 * network or status, method, no-retry-after, max-retries, max-delay, max-elapsed, total-timeout, body.
 *
 * @returns `{ retry: true, delay, basis }`, the delay in milliseconds, or `{ retry: false, reason }`.
 * @throws {RangeError} When `retryNumber` is not a positive integer, or an option is out of range.
 * @throws {TypeError} When an option is of a wrong kind or unknown, or a backoff returns anything but
 *   milliseconds.
 */
export function decideRetry(failure: RetryFailure, policy: RetryPolicy = {}): RetryDecision {
  const { retryNumber } = failure;
  if (!Number.isSafeInteger(retryNumber) || retryNumber < 1) throw wrongRetryNumber(retryNumber);
  return evaluate(failure, readOptions('decideRetry', policy, policyRules)).decision;
}

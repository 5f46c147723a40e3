// Decides after a failed attempt whether to retry, and after how long. Pure.
import { headerOf } from '../util/headers.js';
import { invalidArgument, isNotNegative, readOptions } from '../util/validate.js';
import type { Backoff } from './backoff.js';
import { wrongRetryNumber } from './backoff.js';
import type { StatusTable } from './define-status-table.js';
import type { RetryFailure } from './failure.js';
import { isIdempotent, isTransient } from './network-error.js';
import type { RetryRule } from './platform-status-table.js';
import { rowOf } from './platform-status-table.js';
import { policyDefaults, policyRules } from './policy-rules.js';
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

/** A policy that has been checked, with the defaults. */
export type CompletePolicy = RetryPolicy & {
  readonly [K in keyof typeof policyDefaults]: NonNullable<RetryPolicy[K]>;
};

/** Retry-After in milliseconds; `undefined` without a valid one. */
export function retryAfterOf({ headers, receivedAt }: RetryFailure): number | undefined {
  const value = headerOf(headers, 'retry-after');
  // Without it, the other two are not looked for: that takes longer than all the rest.
  if (value === undefined) return undefined;
  return parseRetryAfter(value, {
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

/** Whether the retry in question is one too many. */
function exceedsRetries(failure: RetryFailure, policy: CompletePolicy): boolean {
  return failure.retryNumber > (ruleOf(failure, policy).maxRetries ?? policy.maxRetries);
}

function refuse(reason: GiveUpReason, delay?: number): Evaluation {
  return { decision: { retry: false, reason }, delay };
}

/** A retry after `delay` milliseconds, or the first limit that it would exceed. */
export function evaluateDelay(
  delay: number,
  basis: DelayBasis,
  failure: RetryFailure,
  policy: CompletePolicy,
): Evaluation {
  const end = (failure.elapsed ?? 0) + delay;
  // There is no backoff of a retry that is one too many.
  if (exceedsRetries(failure, policy)) return refuse('max-retries', retryAfterOf(failure));
  if (delay > policy.maxDelay) return refuse('max-delay', delay);
  if (end > policy.maxElapsed) return refuse('max-elapsed', delay);
  if (end > policy.totalTimeout) return refuse('total-timeout', delay);
  if (failure.oneShotBody) return refuse('body', delay);
  return { decision: { retry: true, delay, basis }, delay };
}

/** {@link decideRetry} with a complete policy, and the wait also where it is not begun. */
export function evaluate(failure: RetryFailure, policy: CompletePolicy): Evaluation {
  const { status, code, method = 'GET', retryNumber } = failure;
  const { methods = [method], networkErrors } = policy;
  const { retry, backoff = policy.backoff } = ruleOf(failure, policy);
  const isNetwork = isNetworkError(failure);
  const retryAfter = retryAfterOf(failure);

  if (isNetwork && !(networkErrors && isTransient(code, status))) return refuse('network');
  if (retry === 'never') return refuse('status');
  const isRepeatable = !isNetwork || isIdempotent(method) || failure.keyed;
  if (!isRepeatable || !methods.some((one) => one.toUpperCase() === method.toUpperCase())) {
    return refuse('method', retryAfter);
  }
  if (retry === 'retry-after' && retryAfter === undefined) return refuse('no-retry-after');

  let delay = retryAfter ?? 0;
  let basis: DelayBasis = 'retry-after';
  const usesBackoff = retryAfter === undefined || retry === 'backoff';
  if (usesBackoff && !exceedsRetries(failure, policy)) {
    const backedOff: unknown = backoff(retryNumber, failure);
    if (!isNotNegative(backedOff)) {
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
  return evaluate(failure, readOptions('decideRetry', policy, policyRules, policyDefaults))
    .decision;
}

// Decides after a failed attempt whether to retry, and after how long. Pure.
import { headerOf } from '../util/headers.js';
import { invalidResult, isNotNegative, readOptions } from '../util/validate.js';
import type { Backoff } from './backoff.js';
import { wrongRetryNumber } from './backoff.js';
import type { StatusTable } from './define-status-table.js';
import type { HintedFailure, RetryFailure } from './failure.js';
import type { HintReader, ServerAnswer } from './hint.js';
import { readHints } from './hint.js';
import { isIdempotent, isTransient } from './network-error.js';
import type { RetryRule } from './platform-status-table.js';
import { rowOf } from './platform-status-table.js';
import { policyDefaults, policyRules } from './policy-rules.js';
import { parseRetryAfter } from './retry-after.js';

export type { RetryFailure } from './failure.js';

/** Why a request was not retried, or not retried again: docs/reference/reasons.md has an entry for each. */
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
  readonly hints?: HintReader | readonly HintReader[] | undefined;
}

/** A policy that has been checked, with the defaults. */
export type CompletePolicy = RetryPolicy & {
  readonly [K in keyof typeof policyDefaults]: NonNullable<RetryPolicy[K]>;
};

/** What the server asks for in milliseconds: Retry-After, or a hint's delay if that is longer. */
export function retryAfterOf({ headers, receivedAt, hint }: HintedFailure): number | undefined {
  const value = headerOf(headers, 'retry-after');
  // Without it, the other two are not looked for: that takes longer than all the rest.
  const parsed =
    value === undefined
      ? undefined
      : parseRetryAfter(value, {
          receivedAt,
          date: headerOf(headers, 'date'),
          age: headerOf(headers, 'age'),
        });
  return hint && hint.delay > (parsed ?? -1) ? hint.delay : parsed;
}

/** A failure with what the readers of the option `hints` find in its answer, of which it has all parts. */
export function withHint(failure: RetryFailure, { hints }: RetryPolicy): HintedFailure {
  if (!hints || isNetworkError(failure)) return failure;
  return { ...failure, hint: readHints(hints, failure as ServerAnswer) };
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
  failure: HintedFailure,
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
export function evaluate(failure: HintedFailure, policy: CompletePolicy): Evaluation {
  const { status, code, method = 'GET', retryNumber, hint } = failure;
  const { methods = [method], networkErrors } = policy;
  const rule = ruleOf(failure, policy);
  const { backoff = policy.backoff } = rule;
  const isAsked = hint?.retry && rule.retry !== 'backoff';
  const retry = isAsked ? 'retry-after-or-backoff' : rule.retry;
  const isNetwork = isNetworkError(failure);
  const retryAfter = retryAfterOf(failure);

  if (isNetwork && !(networkErrors && isTransient(code, status))) return refuse('network');
  if (retry === 'never') return refuse('status');
  if (hint?.retry === false) return refuse('hint', retryAfter);
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
      throw invalidResult('option "backoff"', 'milliseconds, 0 or more', backedOff);
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
 * network or status (or hint), method, no-retry-after, max-retries, max-delay, max-elapsed,
 * total-timeout, body. The readers of `hints` are not asked about a status from 200 to 299.
 *
 * @returns `{ retry: true, delay, basis }`, the delay in milliseconds, or `{ retry: false, reason }`.
 * @throws {RangeError} When `retryNumber` is not a positive integer, or an option is out of range.
 * @throws {TypeError} When an option is of a wrong kind or unknown, or a backoff returns anything but
 *   milliseconds, or a reader of `hints` anything but a hint.
 */
export function decideRetry(failure: RetryFailure, policy: RetryPolicy = {}): RetryDecision {
  const { retryNumber } = failure;
  if (!Number.isSafeInteger(retryNumber) || retryNumber < 1) throw wrongRetryNumber(retryNumber);
  const complete = readOptions<CompletePolicy>('decideRetry', policy, policyRules, policyDefaults);
  const { status = 0, headers = {}, receivedAt = Date.now() } = failure;
  const isHinted = complete.hints !== undefined && !(status >= 200 && status < 300);
  const answered = isHinted ? withHint({ ...failure, headers, receivedAt }, complete) : failure;
  return evaluate(answered, complete).decision;
}

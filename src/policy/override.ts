import { invalidArgument } from '../util/validate.js';
import type { RetryDecision, RetryFailure, RetryPolicy } from './decision.js';
import { exceededLimit, retryAfterOf } from './decision.js';

/**
 * What the hook `decide` made of a decision, within what it cannot change: Retry-After and the limits.
 *
 * @throws {TypeError} When the hook returned no decision.
 */
export function applyOverride(
  answer: unknown,
  asked: RetryDecision,
  failure: RetryFailure,
  policy: RetryPolicy,
): RetryDecision {
  const { retry, delay } = (answer ?? {}) as { retry?: unknown; delay?: unknown };
  if (retry === false) return asked.retry ? { retry: false, reason: 'decided' } : asked;
  if (retry !== true || typeof delay !== 'number' || !(delay >= 0)) {
    const takes = '{ retry: true, delay: milliseconds } or { retry: false }';
    throw invalidArgument('the result of hook "decide"', takes, retry === true ? delay : answer);
  }
  const obeyed = Math.max(delay, retryAfterOf(failure) ?? 0);
  const limit = exceededLimit(obeyed, failure, policy);
  if (limit !== undefined) return { retry: false, reason: limit };
  const basis = obeyed > delay ? 'retry-after' : asked.retry ? asked.basis : 'backoff';
  return { retry: true, delay: obeyed, basis };
}

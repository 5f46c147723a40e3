// Applies what the hook `decide` returned.
import { invalidArgument } from '../util/validate.js';
import type { RetryDecision, RetryFailure, RetryPolicy } from './decision.js';
import { exceededLimit, retryAfterOf } from './decision.js';

/**
 * Overrides a decision with the hook's answer, within Retry-After and the limits.
 *
 * @throws {TypeError} When the answer is no decision.
 */
export function applyOverride(
  answer: unknown,
  decision: RetryDecision,
  failure: RetryFailure,
  policy: RetryPolicy,
): RetryDecision {
  const { retry, delay } = (answer ?? {}) as { retry?: unknown; delay?: unknown };
  if (retry === false) return decision.retry ? { retry: false, reason: 'decided' } : decision;
  if (retry !== true || typeof delay !== 'number' || !(delay >= 0)) {
    const takes = '{ retry: true, delay: milliseconds } or { retry: false }';
    throw invalidArgument('the result of hook "decide"', takes, retry === true ? delay : answer);
  }
  const atLeast = Math.max(delay, retryAfterOf(failure) ?? 0);
  const limit = exceededLimit(atLeast, failure, policy);
  if (limit !== undefined) return { retry: false, reason: limit };
  const basis = atLeast > delay ? 'retry-after' : decision.retry ? decision.basis : 'backoff';
  return { retry: true, delay: atLeast, basis };
}

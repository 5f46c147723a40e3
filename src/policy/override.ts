// Applies what the hook `decide` returned.
import { invalidArgument, isNotNegative } from '../util/validate.js';
import type { CompletePolicy, Evaluation, RetryDecision } from './decision.js';
import { evaluateDelay, retryAfterOf } from './decision.js';
import type { HintedFailure } from './failure.js';

/** What the hook `decide` may answer: a decision, or as much of one as it takes. */
export type DecideAnswer =
  | RetryDecision
  | { readonly retry: true; readonly delay: number }
  | { readonly retry: false };

/**
 * Overrides a decision with the hook's answer, within Retry-After and the limits.
 *
 * @throws {TypeError} When the answer is no decision.
 */
export function applyOverride(
  answer: unknown,
  evaluation: Evaluation,
  failure: HintedFailure,
  policy: CompletePolicy,
): Evaluation {
  const { decision } = evaluation;
  const { retry, delay, reason } = (answer ?? {}) as Record<string, unknown>;
  if (retry === false) {
    if (decision.retry) {
      return { ...evaluation, decision: { retry, reason: 'decided' }, wanted: false };
    }
    // Its reason stays. An answer with the same reason is that decision.
    return reason === decision.reason ? evaluation : { ...evaluation, wanted: false };
  }
  if (retry !== true || !isNotNegative(delay)) {
    const takes = '{ retry: true, delay: milliseconds } or { retry: false }';
    throw invalidArgument('the result of hook "decide"', takes, retry === true ? delay : answer);
  }
  const atLeast = Math.max(delay, retryAfterOf(failure) ?? 0);
  const basis = atLeast > delay ? 'retry-after' : decision.retry ? decision.basis : 'backoff';
  return { ...evaluateDelay(atLeast, basis, failure, policy), wanted: true };
}

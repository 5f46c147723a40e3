// Applies what the hook `decide` returned.
import { invalidResult, isNotNegative } from '../util/validate.js';
import type { CompletePolicy, Evaluation, RetryDecision } from './decision.js';
import { evaluateDelay, retryAfterOf } from './decision.js';
import type { HintedFailure } from './failure.js';

/** What interceptors and hooks have set since the call began. Not for users' hooks. */
interface HookKnowledge {
  /** In place of the options; a negative `totalTimeout` refuses the retry. */
  readonly limits?: Partial<Pick<CompletePolicy, 'maxRetries' | 'totalTimeout'>>;
  /** In place of the failure's: whether the body of the retry can be sent only once and was. */
  readonly facts?: Partial<Pick<HintedFailure, 'oneShotBody'>>;
}

type Answer = HookKnowledge & Partial<Record<'retry' | 'delay' | 'reason', unknown>>;

/** What the hook `decide` may answer: a decision, or as much of one as it takes. */
export type DecideAnswer =
  | RetryDecision
  | { readonly retry: true; readonly delay: number }
  | { readonly retry: false };

/** The same from the package's own entry for axios-retry, whose options are known only after the hooks. */
export type InformedAnswer = DecideAnswer & HookKnowledge;

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
  const { retry, delay, reason, facts, limits } = (answer ?? {}) as Answer;
  if (retry === false) {
    if (decision.retry) {
      return { ...evaluation, decision: { retry, reason: 'decided' }, wanted: false };
    }
    // Its reason stays. An answer with the same reason is that decision.
    return reason === decision.reason ? evaluation : { ...evaluation, wanted: false };
  }
  if (retry !== true || !isNotNegative(delay)) {
    const takes = '{ retry: true, delay: milliseconds } or { retry: false }';
    throw invalidResult('hook "decide"', takes, retry === true ? delay : answer);
  }
  const atLeast = Math.max(delay, retryAfterOf(failure) ?? 0);
  const basis = atLeast > delay ? 'retry-after' : decision.retry ? decision.basis : 'backoff';
  const [known, limited] = [
    { ...failure, ...facts },
    { ...policy, ...limits },
  ];
  return { ...evaluateDelay(atLeast, basis, known, limited), wanted: true };
}

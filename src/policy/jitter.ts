// Adds random time to a delay.
import { invalidResult, isNotNegative } from '../util/validate.js';
import type { Evaluation, RetryFailure } from './decision.js';

export interface JitterOptions {
  readonly jitter: number;
  readonly maxDelay: number;
  readonly maxElapsed: number;
  readonly totalTimeout: number;
}

/** Adds jitter to the delay of a retry, but no more than its limits allow. */
export function addJitter(
  evaluation: Evaluation,
  { elapsed = 0 }: RetryFailure,
  { jitter, maxDelay, maxElapsed, totalTimeout }: JitterOptions,
  random: () => number,
): Evaluation {
  const { decision } = evaluation;
  if (!decision.retry || jitter === 0 || decision.delay === Infinity) return evaluation;
  const share: unknown = random();
  if (!isNotNegative(share) || share > 1) {
    throw invalidResult('option "random"', 'a number from 0 to 1', share);
  }
  const longest = Math.min(maxDelay, maxElapsed - elapsed, totalTimeout - elapsed);
  const room = Math.max(longest - decision.delay, 0);
  const delay = decision.delay + Math.floor(Math.min(share * jitter * decision.delay, room));
  return { decision: { ...decision, delay }, delay };
}

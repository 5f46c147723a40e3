// Adds random time to a delay.
import { invalidArgument } from '../util/validate.js';
import type { RetryDecision, RetryFailure } from './decision.js';

export interface JitterOptions {
  readonly jitter: number;
  readonly maxDelay: number;
  readonly maxElapsed: number;
}

/** Adds jitter to a decision's delay, but no more than `maxDelay` and `maxElapsed` allow. */
export function addJitter(
  decision: RetryDecision,
  { elapsed = 0 }: RetryFailure,
  { jitter, maxDelay, maxElapsed }: JitterOptions,
  random: () => number,
): RetryDecision {
  if (!decision.retry || jitter === 0 || decision.delay === Infinity) return decision;
  const { delay } = decision;
  const share: unknown = random();
  if (typeof share !== 'number' || !(share >= 0 && share <= 1)) {
    throw invalidArgument('the result of option "random"', 'a number from 0 to 1', share);
  }
  const room = Math.max(Math.min(maxDelay, maxElapsed - elapsed) - delay, 0);
  return { ...decision, delay: delay + Math.floor(Math.min(share * jitter * delay, room)) };
}

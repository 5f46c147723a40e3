import type { RetryFailure } from './decision.js';
import { limitOn, retryAfterOf } from './decision.js';
import { wrong } from './describe.js';
import type { Policy } from './options.js';
import type { RetryDecision } from './types.js';

/** Adds jitter to a delay; never so much that a limit which the delay keeps is overstepped. */
export function withJitter(
  decision: RetryDecision,
  { elapsed = 0 }: RetryFailure,
  { jitter, maxDelay, maxElapsed }: Policy,
  random: () => number,
): RetryDecision {
  if (!decision.retry || jitter === 0 || decision.delay === Infinity) return decision;
  const { delay } = decision;
  const share: unknown = random();
  if (typeof share !== 'number' || !(share >= 0 && share <= 1)) {
    throw wrong('the result of option "random"', 'a number from 0 to 1', share);
  }
  const room = Math.max(Math.min(maxDelay, maxElapsed - elapsed) - delay, 0);
  return { ...decision, delay: delay + Math.floor(Math.min(share * jitter * delay, room)) };
}

/**
 * What the hook `decide` made of a decision, within what it cannot change: Retry-After and the limits.
 *
 * @throws {TypeError} When the hook returned no decision.
 */
export function obey(
  answer: unknown,
  asked: RetryDecision,
  failure: RetryFailure,
  policy: Policy,
): RetryDecision {
  const { retry, delay } = (answer ?? {}) as { retry?: unknown; delay?: unknown };
  if (retry === false) return asked.retry ? { retry: false, reason: 'decided' } : asked;
  if (retry !== true || typeof delay !== 'number' || !(delay >= 0)) {
    const takes = '{ retry: true, delay: milliseconds } or { retry: false }';
    throw wrong('the result of hook "decide"', takes, retry === true ? delay : answer);
  }
  const obeyed = Math.max(delay, retryAfterOf(failure) ?? 0);
  const limit = limitOn(obeyed, failure, policy);
  if (limit !== undefined) return { retry: false, reason: limit };
  const basis = obeyed > delay ? 'retry-after' : asked.retry ? asked.basis : 'backoff';
  return { retry: true, delay: obeyed, basis };
}

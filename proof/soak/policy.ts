// The rules of the retry policy, written anew, so that a fault of the package is not repeated here.
import { BACKOFF, JITTER } from './caller.js';
import type { Sight } from './faults.js';
import type { CallPlan } from './plan.js';

/** How a call goes on after an attempt. */
export type Step =
  | {
      readonly ends:
        | 'well'
        | 'status'
        | 'network'
        | 'method'
        | 'no-retry-after'
        | 'max-retries'
        | 'body';
    }
  /** The shortest and longest wait that may be decided, in milliseconds. */
  | { readonly least: number; readonly most: number };

const RETRIED_BY_BACKOFF = [502, 503, 504];

/**
 * What follows attempt `attempt` (0 is the first) of a call.
 *
 * @param retryAfter - Seconds of the answer's Retry-After.
 */
export function stepAfter(
  plan: CallPlan,
  attempt: number,
  sight: Sight,
  retryAfter: number | undefined,
): Step {
  const { method, key, body, maxRetries } = plan;
  let least = BACKOFF.base * BACKOFF.factor ** attempt;
  least = Math.min(least, BACKOFF.max);
  if (typeof sight === 'number') {
    if (sight < 300) return { ends: 'well' };
    const isBackoff = RETRIED_BY_BACKOFF.includes(sight);
    if (!isBackoff && sight !== 429 && sight !== 529) return { ends: 'status' };
    if (sight === 429 && retryAfter === undefined) return { ends: 'no-retry-after' };
    if (isBackoff) least = Math.max(least, (retryAfter ?? 0) * 1000);
    else if (retryAfter !== undefined) least = retryAfter * 1000;
  } else {
    const isPermanent = sight === 'overflow' || sight === 'too-large';
    if (!plan.networkErrors || isPermanent) return { ends: 'network' };
    const isIdempotent = method !== 'POST' && method !== 'PATCH';
    if (!isIdempotent && key === 'none') return { ends: 'method' };
  }
  if (attempt >= maxRetries) return { ends: 'max-retries' };
  if (body === 'stream') return { ends: 'body' };
  return { least, most: least * (1 + JITTER) };
}

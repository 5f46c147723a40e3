import type { GateOutcome, RetryCall } from '../core/extensions.js';

/** For how many milliseconds an answer closes its gate; undefined where it speaks for itself only. */
export function closureOf(
  call: RetryCall,
  { status, retryAfter }: GateOutcome,
): number | undefined {
  if (status === 429) return retryAfter;
  if (status !== 503 && status !== 529) return undefined;
  const closedFor = retryAfter ?? firstBackoff(call);
  const isTime = typeof closedFor === 'number' && closedFor >= 0 && closedFor < Infinity;
  return isTime ? closedFor : undefined;
}

/** One that throws or returns nonsense is told of by the decision; one for ever is meant for one request. */
function firstBackoff(call: RetryCall): unknown {
  try {
    return call.policy.backoff(1);
  } catch {
    return undefined;
  }
}

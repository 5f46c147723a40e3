// Which answers close a gate, and which show that the server accepts requests.
import type { GateOutcome, RetryCall } from '../core/extensions.js';

/**
 * How long an answer closes its gate.
 *
 * @returns Milliseconds; undefined if the answer concerns only its own request.
 */
export function closureOf(
  call: RetryCall,
  { status, retryAfter }: GateOutcome,
): number | undefined {
  switch (status) {
    case 429:
      return retryAfter;
    case 503:
    case 529:
      return retryAfter ?? firstBackoff(call, status);
    default:
      return undefined;
  }
}

/** Whether the server has accepted a send: not overloaded, whatever it thinks of the request. */
export function isAccepted({ status }: GateOutcome): boolean {
  return status !== undefined && status < 500 && status !== 429;
}

/** The first backoff. The decision reports an invalid one; an infinite one concerns only its own request. */
function firstBackoff({ policy }: RetryCall, status: number): number | undefined {
  try {
    const { backoff = policy.backoff } = policy.table?.get(status) ?? {};
    const delay: unknown = backoff(1, { status, retryNumber: 1 });
    const isDelay = typeof delay === 'number' && delay >= 0 && delay < Infinity;
    return isDelay ? delay : undefined;
  } catch {
    return undefined;
  }
}

// Which answers close a gate, and which show that the server accepts requests.
import type { GateOutcome, RetryCall } from '../core/extensions.js';

/** The statuses that close a key also without a time: the server is overloaded, not the caller too fast. */
const OVERLOAD: readonly (number | undefined)[] = [503, 529];

/** Whether an answer says that the server is overloaded, whatever quota the caller has left. */
export function isOverload({ status }: GateOutcome): boolean {
  return OVERLOAD.includes(status);
}

/**
 * How long an answer closes its gate.
 *
 * @param closes - The statuses that close it.
 * @returns Milliseconds; undefined if the answer concerns only its own request.
 */
export function closureOf(
  call: RetryCall,
  outcome: GateOutcome,
  closes: readonly number[],
): number | undefined {
  const { status = 0, retryAfter } = outcome;
  if (!closes.includes(status)) return undefined;
  return retryAfter ?? (isOverload(outcome) ? firstBackoff(call, status) : undefined);
}

/** Whether the server has accepted a send: not overloaded, whatever it thinks of the request. */
export function isAccepted({ status = 0 }: GateOutcome, closes: readonly number[]): boolean {
  return status > 0 && status < 500 && status !== 429 && !closes.includes(status);
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

// What a gate shows of its keys: for a page, a metric, or an estimate of the time left.
import type { RetryGate } from '../core/extensions.js';
import type { MonotonicTimers } from '../wait/monotonic-timers.js';
import type { Admission, QuotaState } from './admission.js';

/** A quota that answers have told, the one with the least left. */
export interface GateQuota {
  /** The name of its policy, or the prefix of its headers. */
  readonly name: string;
  /** Units that may still be sent in this window, less what is in flight. */
  readonly remaining: number;
  /** Units of a whole window, if that was told. */
  readonly limit?: number;
  /** When the window ends, epoch milliseconds, if that was told. */
  readonly resetAt?: number;
}

/** One key of a gate. */
export interface GateKeyState {
  /** An origin, or what the option `key` returned. */
  readonly key: string;
  /**
   * `'closed'`: nothing is sent before `closedUntil`; `'probing'`: then one request goes first, and the others
   * wait for its answer.
   */
  readonly state: 'open' | 'closed' | 'probing';
  /** Epoch milliseconds, while it is closed. */
  readonly closedUntil?: number;
  /** Sends per second while it is open, once it was throttled. */
  readonly rate?: number;
  /** Requests that were sent and have no answer yet. */
  readonly inFlight: number;
  /** Requests that wait at the gate. */
  readonly queued: number;
  /** The quota with the least left, if answers tell one. */
  readonly quota?: GateQuota;
}

/** The gate of `createGate`. */
export interface Gate extends RetryGate {
  /** The keys that have requests, or whose state is remembered. */
  inspect(): GateKeyState[];
}

/**
 * Writes down the state of a key.
 *
 * @param counts - What the limiter knows itself.
 */
export function stateOf(
  admission: Admission,
  timers: MonotonicTimers,
  counts: Pick<GateKeyState, 'key' | 'inFlight' | 'queued'>,
): GateKeyState {
  const now = timers.now();
  const closedUntil = admission.closedUntil(now);
  const isClosed = closedUntil > now;
  const rate = admission.closed ? undefined : admission.rateAt(now);
  const quota = admission.quotaAt(now);
  return {
    ...counts,
    state: isClosed ? 'closed' : admission.closed ? 'probing' : 'open',
    ...(isClosed && { closedUntil: timers.toWallTime(closedUntil) }),
    ...(rate !== undefined && { rate }),
    ...(quota && { quota: toGateQuota(quota, timers) }),
  };
}

function toGateQuota(
  { name, remaining, limit, resetAt }: QuotaState,
  timers: MonotonicTimers,
): GateQuota {
  return {
    name,
    remaining,
    ...(limit !== undefined && { limit }),
    ...(resetAt !== undefined && { resetAt: timers.toWallTime(resetAt) }),
  };
}

// The interface between the queue of a key and what decides when the next request may go.
import type { Quota } from '../hints/quota.js';

/** A send that was admitted. */
export interface Admitted {
  /** Of the admission when it was admitted, so that results from before a closing are told apart. */
  readonly epoch: number;
  /** When it was admitted, monotonic milliseconds. */
  readonly at: number;
  /** What it takes of the quotas. */
  readonly cost: number;
}

/** The quota with the least room, as it was last told. */
export interface QuotaState extends Pick<Quota, 'name' | 'limit'> {
  readonly remaining: number;
  /** Monotonic milliseconds; `undefined` if no answer said it. */
  readonly resetAt: number | undefined;
}

/** Decides when requests to one key may be sent. All times are monotonic milliseconds. */
export interface Admission {
  /** Increases when the key closes. */
  readonly epoch: number;
  /** True from a throttle until a probe has succeeded. */
  readonly closed: boolean;
  /** True once the key has been throttled, and so until it is forgotten. */
  readonly throttled: boolean;
  /** True while nothing has been learned that is worth keeping. */
  readonly forgettable: boolean;
  /** Until when what was learned holds, whether or not it is used. */
  readonly holdsUntil: number;
  /**
   * Nothing of this cost is sent before this time; in the past if the key is open.
   *
   * @param cost - 1 unless given.
   */
  closedUntil(now: number, cost?: number): number;
  /** Admits a send, if that takes no look at the time. The fast path of `admit`. */
  tryAdmit(): boolean;
  /**
   * Admits a send, if one may go now.
   *
   * @param queued - How many calls wait.
   * @returns 0 if it was admitted, otherwise when to ask again; Infinity means after the next result, or
   *   when the admission reports a change.
   */
  admit(now: number, cost: number, queued: number): number;
  /** One call passed by: a person sent it with `retryNow()`. */
  onBypass(now: number, cost: number): void;
  /** An answer told quotas; called before the result, for each send that has ended. */
  onQuotas(now: number, sent: Admitted, quotas: readonly Quota[]): void;
  /** The server accepted a send. */
  onSuccess(now: number, sent: Admitted): void;
  /** A send ended without evidence: a 5xx, a network error, an abort. */
  onIgnored(now: number, sent: Admitted): void;
  /**
   * An answer closed the key for `closedFor` milliseconds.
   *
   * @param isOverload - The server is overloaded, so no quota explains it.
   */
  onThrottled(now: number, sent: Admitted, closedFor: number, isOverload?: boolean): void;
  /** Sends per second, once the key was throttled. */
  rateAt(now: number): number | undefined;
  quotaAt(now: number): QuotaState | undefined;
}

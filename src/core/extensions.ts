import type { AxiosInstance, InternalAxiosRequestConfig } from 'axios';
import type { Backoff } from '../policy/backoff.js';
import type { Clock } from '../wait/clock.js';
import type { Waiter, WaitList, WaitResult } from '../wait/wait-list.js';
import type { RetryReport } from './report.js';

/** Where a request stands. A deferral puts one on the config of a request that it takes up again. */
export interface RetryProgress {
  /** Retries sent so far. */
  readonly retries: number;
  /** Epoch milliseconds. */
  readonly firstSentAt: number;
  /** What has been tried, for the report. */
  readonly attempts?: RetryReport['attempts'];
  /** What a deferral took it up from; handed on from call to call. */
  readonly resumedFrom?: unknown;
}

/** A call, as the extras see it. */
export interface RetryCall extends Omit<RetryProgress, 'attempts'>, Omit<Waiter, 'call' | 'onEnd'> {
  /** Milliseconds. */
  readonly policy: {
    readonly maxDelay: number;
    readonly maxElapsed: number;
    readonly backoff: Backoff;
  };
  /** What the caller gave under a name of the config; not a copy. */
  get(name: string): unknown;
  /** The request as the caller made it, before any interceptor; a copy. */
  config(): InternalAxiosRequestConfig;
  /** The same with the call on it, so that a report can be had of it. */
  nextConfig(): InternalAxiosRequestConfig;
  /** The report. */
  toJSON(): RetryReport;
}

/** An attached instance, as the extras see it. */
export interface AttachedInstance {
  readonly clock: Clock;
  readonly waits: WaitList;
  /** The option of the instance. */
  readonly maxRetries: number;
  readonly deferral?: RetryDeferral;
  /** True after `handle.detach()`: nothing is retried any more. */
  readonly detached: boolean;
}

/** What came of a send that had a place at the gate; nothing where it was not sent after all. */
export interface GateOutcome {
  /** 200 for a success that an earlier interceptor has made something else of. */
  readonly status?: number | undefined;
  /** Milliseconds, where the answer had a valid Retry-After. */
  readonly retryAfter?: number | undefined;
}

/** A place at the gate, for one send. */
export interface RetryPermit {
  /** Gives it back. Told once. */
  release(outcome: GateOutcome): void;
}

/** Lets many requests share what one answer said. See `createGate`. */
export interface RetryGate {
  /** Told by each `attachRetry`; the first clock is the gate's. */
  attach?(host: AttachedInstance): void;
  /** A place, if there is one now: then the call is sent. */
  tryAcquire(call: RetryCall): RetryPermit | undefined;
  /**
   * Stands in line until the call has a place, as a wait with `basis: 'gate'`.
   *
   * @returns The place, or how the wait ended without one.
   * @throws What the request fails with when it is refused; its `reason` goes into the report.
   */
  acquire(call: RetryCall, host: AttachedInstance): Promise<RetryPermit | WaitResult>;
}

/** Limits how many retries there may be beside the requests that succeed. See `createRetryBudget`. */
export interface RetryBudget {
  /** Pays for one retry; false when there is too little left. */
  withdraw(call: RetryCall): boolean;
  /** A call succeeded, at its first send or after retries. */
  deposit(call: RetryCall): void;
}

/** Why and until when a call is handed over. */
export interface DeferralRequest {
  /** Epoch milliseconds. */
  readonly notBefore: number;
  readonly status: number | undefined;
  /** The HTTP error. */
  readonly cause: unknown;
}

/** Takes over waits that are too long for this process. See `createDeferral`. */
export interface RetryDeferral {
  /** Told once by `attachRetry`; throws when it serves an instance already. */
  attach(instance: Pick<AxiosInstance, 'request'>, host: AttachedInstance): void;
  /**
   * Takes over a call whose wait is longer than its `maxDelay`.
   *
   * @returns What the request rejects with; undefined where it cannot be written down: then it ends
   *   with its outcome and the reason `'body'`.
   */
  defer(call: RetryCall, deferment: DeferralRequest): Promise<Error | undefined>;
}

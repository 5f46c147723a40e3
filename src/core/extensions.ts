// The interfaces that gates, budgets and deferrals plug in through.
import type { AxiosInstance, InternalAxiosRequestConfig } from 'axios';
import type { Backoff } from '../policy/backoff.js';
import type { StatusTable } from '../policy/define-status-table.js';
import type { RetryFailure } from '../policy/failure.js';
import type { Clock } from '../wait/clock.js';
import type { Waiter, WaitList, WaitResult } from '../wait/wait-list.js';
import type { RetryReport } from './report.js';

/** How far a request has come. A deferral puts it on the config of a request that it resumes. */
export interface RetryProgress {
  /** Retries sent so far. */
  readonly retries: number;
  /** Epoch milliseconds. */
  readonly firstSentAt: number;
  /** The attempts so far, for the report. */
  readonly attempts?: RetryReport['attempts'];
  /** What a deferral resumed the request from, a ticket say; kept when the request is sent again. */
  readonly resumedFrom?: unknown;
}

/** A call, as the extensions see it. */
export interface RetryCall extends RetryProgress, Omit<Waiter, 'call' | 'onEnd'> {
  /** The attempts whose outcome is known, also those before it was resumed or sent again. */
  readonly attempts: RetryReport['attempts'];
  /** The options of the call; limits in milliseconds. */
  readonly policy: {
    readonly maxDelay: number;
    readonly maxElapsed: number;
    readonly totalTimeout: number;
    readonly backoff: Backoff;
    readonly table?: StatusTable | undefined;
  };
  /** The caller's value of a config key; not a copy. */
  get(name: string): unknown;
  /** A copy of the request as the caller made it, before any interceptor. */
  config(): InternalAxiosRequestConfig;
  /**
   * For an error of this request, with the call attached, so that `retryReport` works on it: the config
   * of the last attempt, as Axios would show it; before the first, the request as the caller made it.
   */
  lastConfig(): InternalAxiosRequestConfig;
  /** The report. */
  toJSON(): RetryReport;
}

/** An attached instance, as the extensions see it. */
export interface AttachedInstance {
  /** The instance's option. */
  readonly clock: Clock;
  /** The waits under way. */
  readonly waits: WaitList;
  /** The instance's option. */
  readonly maxRetries: number;
  /** The instance's option. */
  readonly deferral?: RetryDeferral;
  /** True after `handle.detach()`: nothing is retried any more. */
  readonly detached: boolean;
}

/** Outcome of a send that held a permit; empty if the request was never sent. */
export interface GateOutcome {
  /** 200 for a success that an earlier interceptor has turned into another value. */
  readonly status?: number | undefined;
  /** Milliseconds, if the response had a valid Retry-After or a hint: the longer one. */
  readonly retryAfter?: number | undefined;
}

/** Permission for one send. */
export interface RetryPermit {
  /**
   * Called once, after the send, or without one.
   *
   * @param headers - Of the response, if there was one.
   */
  release(outcome: GateOutcome, headers?: object): void;
  /** Whether the gate has closed since, so that nothing may be sent with it any more. */
  isExpired?(): boolean;
}

/** Lets many requests share what one response said. See `createGate`. */
export interface RetryGate {
  /** Called by each `attachRetry`. The gate runs on the clock of the first. */
  attach?(instance: AttachedInstance): void;
  /** Returns a permit if the call may be sent now. */
  tryAcquire(call: RetryCall): RetryPermit | undefined;
  /**
   * Waits for a permit, shown as a wait with `basis: 'gate'`.
   *
   * @returns The permit, or how the wait ended without one.
   * @throws The error that a refused request fails with; its `reason` goes into the report.
   */
  acquire(call: RetryCall, instance: AttachedInstance): Promise<RetryPermit | WaitResult>;
}

/** Limits retries in proportion to successes. See `createRetryBudget` and `createRetryThrottle`. */
export interface RetryBudget {
  /**
   * Pays for one retry; returns false if there is too little left.
   *
   * @param failure - The failed attempt that the retry follows.
   */
  withdraw(call: RetryCall, failure: RetryFailure): boolean;
  /** Called when a call succeeds, at its first send or after retries. */
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
  /** Called by `attachRetry`. Throws if the deferral already serves another instance. */
  attach(axios: Pick<AxiosInstance, 'request'>, instance: AttachedInstance): void;
  /**
   * Takes over a call whose wait is longer than its `maxDelay`.
   *
   * @returns The error that the request rejects with; `undefined` if the request cannot be written
   *   down: then it ends with its last outcome and the reason `'body'`.
   */
  defer(call: RetryCall, request: DeferralRequest): Promise<Error | undefined>;
}

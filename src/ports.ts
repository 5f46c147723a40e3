import type { AxiosInstance, InternalAxiosRequestConfig } from 'axios';
import type { Clock } from './clock.js';
import type { WaitEnd, Waiter, Waits } from './wait.js';

/** Where a request stands. A deferral puts one on the config of a request that it takes up again. */
export interface Progress {
  /** Retries sent so far. */
  readonly retries: number;
  /** Epoch milliseconds. */
  readonly firstSentAt: number;
}

/** A call, as the extras see it. */
export interface RetryCall extends Progress, Omit<Waiter, 'waited'> {
  /** Milliseconds. */
  readonly limits: { readonly maxDelay: number; readonly maxElapsed: number };
  /** The request as the caller made it, before any interceptor; a copy. */
  config(): InternalAxiosRequestConfig;
}

/** An attached instance, as the extras see it. */
export interface RetryHost {
  readonly clock: Clock;
  readonly waits: Waits;
}

/** What came of a send that had a place at the gate; nothing where it was not sent after all. */
export interface GateOutcome {
  readonly status?: number | undefined;
  /** Milliseconds, where the answer had a valid Retry-After. */
  readonly retryAfter?: number | undefined;
}

/** Lets many requests share what one answer said. See `createGate`. */
export interface RetryGate {
  /** Told by each `attachRetry`; the first clock is the gate's. */
  attach?(host: RetryHost): void;
  /** Takes a place for one send, if there is one now: then the call is sent and `leave` told. */
  ready(call: RetryCall): boolean;
  /**
   * Stands in line until the call has a place, as a wait with `basis: 'gate'`.
   *
   * @returns How the wait ended; the call has its place after `'due'` and `'hurried'` only.
   * @throws What the request fails with when it is refused; its `reason` goes into the report.
   */
  wait(call: RetryCall, host: RetryHost): Promise<WaitEnd>;
  /** Gives the place back. Told once for each send that had one. */
  leave(call: RetryCall, outcome: GateOutcome): void;
}

/** Limits how many retries there may be beside the requests that succeed. See `createRetryBudget`. */
export interface RetryBudget {
  /** Pays for one retry; false when there is too little left. */
  withdraw(call: RetryCall): boolean;
  /** A call succeeded, at its first send or after retries. */
  deposit(call: RetryCall): void;
}

/** Why and until when a call is handed over. */
export interface Deferment {
  /** Epoch milliseconds. */
  readonly notBefore: number;
  readonly status: number | undefined;
  /** The HTTP error. */
  readonly cause: unknown;
}

/** Takes over waits that are too long for this process. See `createDeferral`. */
export interface RetryDeferral {
  /** Told once by `attachRetry`; throws when it serves an instance already. */
  attach(instance: Pick<AxiosInstance, 'request'>, host: RetryHost): void;
  /**
   * Takes over a call whose wait is longer than its `maxDelay`.
   *
   * @returns What the request rejects with; undefined where it cannot be written down: then it ends
   *   with its outcome and the reason `'body'`.
   */
  defer(call: RetryCall, deferment: Deferment): Promise<Error | undefined>;
}

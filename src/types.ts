import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';

/** Why a request was not retried, or not again. */
export type GiveUpReason =
  | 'status'
  | 'network'
  | 'method'
  | 'no-retry-after'
  | 'max-retries'
  | 'max-delay'
  | 'max-elapsed'
  | 'body'
  | 'decided'
  | 'budget'
  | 'gate'
  | 'canceled'
  | 'deferred';

/** What a delay comes from. */
export type DelayBasis = 'retry-after' | 'backoff';

/** What is done after a failed attempt; `delay` in milliseconds. */
export type RetryDecision =
  | { readonly retry: true; readonly delay: number; readonly basis: DelayBasis }
  | { readonly retry: false; readonly reason: GiveUpReason };

/** A request that waits, as `handle.waits` and `onRetry` show it. Frozen; a change makes a new one. */
export interface RetryWait {
  /** Unique within its handle; later waits have higher ids. */
  readonly id: number;
  /** In capitals. */
  readonly method: string;
  /** As the caller gave it, without user info. */
  readonly url: string;
  /** Of the attempt that failed; absent after a network error and for a first send at a gate. */
  readonly status: number | undefined;
  /** The retry that follows, from 1; 0 for a first send at a gate. */
  readonly retryNumber: number;
  readonly maxRetries: number;
  /** Milliseconds, from when the failed attempt ended. */
  readonly delay: number;
  /** Epoch milliseconds. */
  readonly dueAt: number;
  readonly basis: DelayBasis | 'gate';
  /** Sends now, sooner than the server asked for; not through a closed gate. */
  retryNow(): void;
  /** Ends the wait; the request settles with its last outcome, without its body. */
  cancel(): void;
}

/** One send of a request, and what came of it. */
export interface RetryAttempt {
  /**
   * Epoch milliseconds.
   *
   * @minimum 0
   * @maximum 8640000000000000
   */
  readonly sentAt: number;
  /**
   * @minimum 100
   * @maximum 999
   * @asType integer
   */
  readonly status?: number;
  /**
   * The error's code where there was no answer: `ECONNREFUSED`, `ETIMEDOUT`, …
   *
   * @pattern ^[A-Za-z0-9_.-]{1,64}$
   */
  readonly code?: string;
  /**
   * The wait decided after it, in milliseconds.
   *
   * @minimum 0
   */
  readonly delay?: number;
}

/** What was tried, and why it ended. Plain JSON without header, body, URL or credential. */
export interface RetryReport {
  /** Oldest first. Of more than 100, the first and the last 99. */
  readonly attempts: readonly RetryAttempt[];
  readonly gaveUp?: GiveUpReason;
}

/** What a hook is told beside its subject. */
export interface RetryContext {
  /** The failed attempt's config, as Axios shows it. */
  readonly config: InternalAxiosRequestConfig;
  readonly response?: AxiosResponse;
  /** After a wait it is made anew from status and headers; bodies are not kept through waits. */
  readonly error?: unknown;
  /** The retry in question, from 1. */
  readonly retryNumber: number;
  /** Milliseconds since the first send. */
  readonly elapsed: number;
}

// A failed attempt, as the decision and the backoffs see it.
import type { CombinedHint } from './hint.js';

/** A failed attempt, as far as the decision needs to know it. */
export interface RetryFailure {
  /** Status of the response, if there was one. */
  readonly status?: number | undefined;
  /**
   * Headers of the response: `AxiosHeaders`, a fetch `Headers`, a plain object with names in any letter
   * case, or Node's `rawHeaders`.
   */
  readonly headers?: object | undefined;
  /** The parsed body of the response, for the readers of `hints`. */
  readonly data?: unknown;
  /** Code of the error. Without a status, or with a 2xx (a truncated response): a network error. */
  readonly code?: string | undefined;
  /**
   * The method, in either letter case.
   *
   * @defaultValue 'GET'
   */
  readonly method?: string | undefined;
  /** The retry in question, 1 for the first. */
  readonly retryNumber: number;
  /** The wait before this attempt, in milliseconds; none before the first send. */
  readonly previousDelay?: number | undefined;
  /**
   * Milliseconds since the first send.
   *
   * @defaultValue 0
   */
  readonly elapsed?: number | undefined;
  /**
   * When the response came, epoch milliseconds. A date in Retry-After is relative to it.
   *
   * @defaultValue now
   */
  readonly receivedAt?: number | undefined;
  /** Whether the request carries the same idempotency key each time. */
  readonly keyed?: boolean | undefined;
  /** Whether the body can be read only once. */
  readonly oneShotBody?: boolean | undefined;
}

/** A failed attempt with what the readers of `hints` found in its answer. */
export interface HintedFailure extends RetryFailure {
  readonly hint?: CombinedHint;
}

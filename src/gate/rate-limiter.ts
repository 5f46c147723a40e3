// The interface of a rate limiter: it is asked for grants, and results are reported to it.

/** Permission to send, granted by a rate limiter. */
export interface Grant {
  /** How many requests may be sent; with 0, `at` says when to ask again. */
  readonly sends: number;
  /** When the first of them may be sent. */
  readonly at: number;
  /** Milliseconds from one send to the next. */
  readonly interval: number;
  /** Returned with each result, so that results of an earlier epoch are ignored. */
  readonly epoch: number;
}

/** An answer that closes the key. */
export interface Throttle {
  /** Of the send that was answered; 0 if it was sent before the first throttle. */
  readonly epoch: number;
  /** Nothing may be sent for this many milliseconds from now. */
  readonly closedFor: number;
  /** With the first throttle: the sends accepted in the second before it, over `span` milliseconds. */
  readonly burst?: number;
  readonly span?: number;
}

/** Decides when requests may be sent, within one process. All times are monotonic milliseconds. */
export interface RateLimiter {
  /** Increases when the key closes. */
  readonly epoch: number;
  /** Nothing is sent before this time. */
  readonly closedUntil: number;
  /** True from a throttle until a probe has succeeded. */
  readonly closed: boolean;
  /** Grants up to `wanted` sends. */
  acquire(now: number, wanted: number): Grant;
  /** One call bypassed the limiter: a person sent it with `retryNow()`. */
  onBypass?(): void;
  /** The server accepted a send. */
  onSuccess(now: number, epoch: number): void;
  /** A send ended without evidence: a 5xx, a network error, an abort. */
  onIgnored(now: number, epoch: number): void;
  /** An answer closed the key. */
  onThrottled(now: number, throttle: Throttle): void;
}

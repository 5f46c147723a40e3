/** Leave to send that a pace gives. */
export interface Grant {
  /** How many may be sent; with 0, `at` says when to ask again. */
  readonly sends: number;
  /** Milliseconds, on the clock of who asked: when the first may be sent. */
  readonly at: number;
  /** Milliseconds from one to the next. */
  readonly interval: number;
  /** To be told with what came of each send: whether it speaks of the pace as it is now. */
  readonly epoch: number;
}

/** What a refusal is told with. */
export interface Throttle {
  /** Of the send; 0 where it was sent before anything was refused. */
  readonly epoch: number;
  /** Milliseconds from now that nothing may be sent. */
  readonly closedFor: number;
  /** Before the first refusal: how many were accepted in the last second, and within how many ms. */
  readonly burst?: number;
  readonly span?: number;
}

/** What says when a key may send. Its times are steady milliseconds. */
export interface RateLimiter {
  /** Goes up with each closing. */
  readonly epoch: number;
  /** Nothing is sent before. */
  readonly closedUntil: number;
  /** True until a probe has been answered. */
  readonly closed: boolean;
  /** Leave for so many sends, or fewer. */
  acquire(now: number, wanted: number): Grant | Promise<Grant>;
  /** A person has let one more in. */
  onBypass?(): void;
  /** A send was answered, and not refused. */
  onSuccess(now: number, epoch: number): void;
  /** A send has told nothing. */
  onIgnored(now: number, epoch: number): void;
  onThrottled(now: number, refusal: Throttle): void;
}

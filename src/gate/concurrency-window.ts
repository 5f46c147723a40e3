// Limits how many requests are in flight to a key that was never throttled.
import type { Grant, RateLimiter, Throttle } from './rate-limiter.js';

/** Above this size, the window grows by one per four successes, to overrun a quota less. */
const LINEAR_UP_TO = 48;
const GROWTH_ABOVE = 1 / 4;

/** Without an answer for this long, sends in flight count as lost: Axios does not report each one. */
const STALL_TIMEOUT_MS = 30_000;

/** Sends that were accepted within this time are one burst. */
const BURST_WINDOW_MS = 1000;

/** Admits one request for each that ends, and one more for each success. */
export class ConcurrencyWindow implements RateLimiter {
  readonly epoch = 0;
  readonly closedUntil = -Infinity;
  readonly closed = false;
  #size: number;
  #linearUpTo = LINEAR_UP_TO;
  #inFlight = 0;
  /** Since when it has been full without an answer. */
  #fullSince: number | undefined;
  #burst = 0;
  #burstStart = -Infinity;

  constructor(size: number) {
    this.#size = size;
  }

  get size(): number {
    return this.#size;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** True if more than half of it is in use. */
  get busy(): boolean {
    return 2 * this.#inFlight > this.#size;
  }

  /** Sets the size to a part of a window that processes share. */
  resize(size: number, share: number): void {
    this.#size = size;
    this.#linearUpTo = LINEAR_UP_TO * share;
  }

  /** Fast path of `acquire` while the window is not full. */
  tryAcquire(): boolean {
    if (this.#inFlight >= this.#size) return false;
    this.#inFlight += 1;
    return true;
  }

  acquire(now: number): Grant {
    this.#fullSince ??= now;
    const stalledAt = this.#fullSince + STALL_TIMEOUT_MS;
    if (this.#inFlight >= this.#size && now >= stalledAt) this.#inFlight = 0;
    if (!this.tryAcquire()) return { sends: 0, at: stalledAt, interval: 0, epoch: 0 };
    this.#fullSince = undefined;
    return { sends: 1, at: now, interval: 0, epoch: 0 };
  }

  onBypass(): void {
    this.#inFlight += 1;
  }

  onSuccess(now: number): void {
    this.#size += this.#size < this.#linearUpTo ? 1 : GROWTH_ABOVE;
    if (now - this.#burstStart > BURST_WINDOW_MS) {
      this.#burstStart = now;
      this.#burst = 0;
    }
    this.#burst += 1;
    this.onIgnored();
  }

  onIgnored(): void {
    this.#fullSince = undefined;
    this.#inFlight = Math.max(this.#inFlight - 1, 0);
  }

  onThrottled(): void {
    this.onIgnored();
  }

  /** The burst before the first throttle; empty if it was long ago. */
  burst(now: number): Pick<Throttle, 'burst' | 'span'> {
    const span = now - this.#burstStart;
    return span <= 2 * BURST_WINDOW_MS ? { burst: this.#burst, span } : {};
  }
}

// Limits how many requests are in flight to a key that was never throttled.
import type { Grant, RateLimiter, Throttle } from './rate-limiter.js';

/** The window grows by this for each success. Faster growth would overrun a quota by more. */
const GROWTH = 1 / 4;

/** Without an answer for this long, sends in flight count as lost: Axios does not report each one. */
const STALL_TIMEOUT_MS = 30_000;

/** Sends that were accepted within this time are one burst. */
const BURST_WINDOW_MS = 1000;

/** Admits one request for each that ends, and one more for every fourth success. */
export class ConcurrencyWindow implements RateLimiter {
  readonly epoch = 0;
  readonly closedUntil = -Infinity;
  readonly closed = false;
  #size: number;
  #inFlight = 0;
  /** Since when it has been full without an answer. */
  #fullSince: number | undefined;
  #burst = 0;
  #burstStart = -Infinity;

  constructor(size: number) {
    this.#size = size;
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
    this.#size += GROWTH;
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

import type { Grant, RateLimiter, Throttle } from './rate-limiter.js';

/** From so many in flight on it grows by one for each eighth success only, or a quota is far overrun. */
const LINEAR_UP_TO = 256;
const GROWTH_ABOVE = 1 / 8;

/** Without any answer for so long (ms), places are taken for lost: Axios does not tell of each. */
const STALL_TIMEOUT_MS = 30_000;

/** A burst is what was accepted within this time (ms). */
const BURST_WINDOW_MS = 1000;

/** Paces a key that was never refused: so many in flight at most, and one more for each success. */
export class ConcurrencyWindow implements RateLimiter {
  readonly epoch = 0;
  readonly closedUntil = Number.NEGATIVE_INFINITY;
  readonly closed = false;
  #size: number;
  #inFlight = 0;
  /** Since when it has been full without an answer. */
  #fullSince: number | undefined;
  #burst = 0;
  #burstFrom = Number.NEGATIVE_INFINITY;

  constructor(size: number) {
    this.#size = size;
  }

  /** A place, where there is one: as `take`, which costs more. */
  tryAcquire(): boolean {
    if (this.#inFlight >= this.#size) return false;
    this.#inFlight += 1;
    return true;
  }

  acquire(now: number): Grant {
    this.#fullSince ??= now;
    const at = this.#fullSince + STALL_TIMEOUT_MS;
    if (this.#inFlight >= this.#size && now >= at) this.#inFlight = 0;
    const sends = this.tryAcquire() ? 1 : 0;
    if (sends > 0) this.#fullSince = undefined;
    return { sends, at: sends > 0 ? now : at, interval: 0, epoch: 0 };
  }

  onBypass(): void {
    this.#inFlight += 1;
  }

  onSuccess(now: number): void {
    this.#size += this.#size < LINEAR_UP_TO ? 1 : GROWTH_ABOVE;
    if (now - this.#burstFrom > BURST_WINDOW_MS) {
      this.#burstFrom = now;
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

  /** How many were accepted just before the first refusal. */
  burst(now: number): Pick<Throttle, 'burst' | 'span'> {
    const span = now - this.#burstFrom;
    return span <= 2 * BURST_WINDOW_MS ? { burst: this.#burst, span } : {};
  }
}

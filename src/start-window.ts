import type { Grant, Pacer, Refusal } from './pace.js';

/** From so many in flight on it grows by one for each eighth success only, or a quota is far overrun. */
const WIDE = 256;
const WIDE_GROWTH = 1 / 8;

/** Without any answer for so long (ms), places are taken for lost: Axios does not tell of each. */
const PATIENCE = 30_000;

/** A burst is what was accepted within this time (ms). */
const BURST = 1000;

/** Paces a key that was never refused: so many in flight at most, and one more for each success. */
export class StartWindow implements Pacer {
  readonly epoch = 0;
  readonly closedUntil = Number.NEGATIVE_INFINITY;
  readonly closed = false;
  #size: number;
  #inFlight = 0;
  #movedAt = 0;
  #burst = 0;
  #burstFrom = Number.NEGATIVE_INFINITY;

  constructor(size: number) {
    this.#size = size;
  }

  take(now: number): Grant {
    if (this.#inFlight >= this.#size) {
      const at = this.#movedAt + PATIENCE;
      if (now < at) return { sends: 0, at, interval: 0, epoch: 0 };
      this.#inFlight = 0;
    }
    this.#movedAt = now;
    this.#inFlight += 1;
    return { sends: 1, at: now, interval: 0, epoch: 0 };
  }

  hurried(): void {
    this.#inFlight += 1;
  }

  passed(now: number): void {
    this.#size += this.#size < WIDE ? 1 : WIDE_GROWTH;
    if (now - this.#burstFrom > BURST) {
      this.#burstFrom = now;
      this.#burst = 0;
    }
    this.#burst += 1;
    this.lost(now);
  }

  lost(now: number): void {
    this.#movedAt = now;
    this.#inFlight = Math.max(this.#inFlight - 1, 0);
  }

  refused(now: number): void {
    this.lost(now);
  }

  /** How many were accepted just before the first refusal. */
  burst(now: number): Pick<Refusal, 'burst' | 'span'> {
    const span = now - this.#burstFrom;
    return span <= 2 * BURST ? { burst: this.#burst, span } : {};
  }
}

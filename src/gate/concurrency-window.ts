import type { Grant, Pacer, Refusal } from './rate-limiter.js';

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
  /** Since when it has been full without an answer. */
  #fullSince: number | undefined;
  #burst = 0;
  #burstFrom = Number.NEGATIVE_INFINITY;

  constructor(size: number) {
    this.#size = size;
  }

  /** A place, where there is one: as `take`, which costs more. */
  enter(): boolean {
    if (this.#inFlight >= this.#size) return false;
    this.#inFlight += 1;
    return true;
  }

  take(now: number): Grant {
    this.#fullSince ??= now;
    const at = this.#fullSince + PATIENCE;
    if (this.#inFlight >= this.#size && now >= at) this.#inFlight = 0;
    const sends = this.enter() ? 1 : 0;
    if (sends > 0) this.#fullSince = undefined;
    return { sends, at: sends > 0 ? now : at, interval: 0, epoch: 0 };
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
    this.lost();
  }

  lost(): void {
    this.#fullSince = undefined;
    this.#inFlight = Math.max(this.#inFlight - 1, 0);
  }

  refused(): void {
    this.lost();
  }

  /** How many were accepted just before the first refusal. */
  burst(now: number): Pick<Refusal, 'burst' | 'span'> {
    const span = now - this.#burstFrom;
    return span <= 2 * BURST ? { burst: this.#burst, span } : {};
  }
}

// Estimates the rate that a server accepts from the sends it accepted before a throttle.
import type { Throttle } from './rate-limiter.js';

/** Results this long after the first throttle still count as the first burst; later ones are of refilled tokens. */
const BURST_WINDOW_MS = 25;

/** The first burst counts as at least this many sends when slow start begins. */
const MIN_BURST = 30;

/** The first closing counts as at least this long. */
const MIN_CLOSING_MS = 1000;

/** Accepted sends are counted in this many slots of this length. */
const SLOTS = 80;
const SLOT_MS = 50;

/** The shortest time that a rate is measured over. */
const MIN_SPAN_MS = 200;

/** For the same estimate in Lua. */
export const ESTIMATOR = {
  BURST_WINDOW_MS,
  MIN_BURST,
  MIN_CLOSING_MS,
  SLOTS,
  SLOT_MS,
  MIN_SPAN_MS,
} as const;

/**
 * Takes the server's limit for a token bucket: it accepts a first burst at once if it was full, and
 * then its rate. Pure: the caller says what time it is.
 */
export class RateEstimator {
  /** The sends accepted before the first throttle, from when on, and over how many milliseconds. */
  #burst = 0;
  #burstStart = Infinity;
  #burstSpan = 0;
  #firstThrottleAt = Infinity;
  #closingMs: number = MIN_CLOSING_MS;
  /** A ring of counts: the sends accepted in each slot of time, up to `#lastSlot`. */
  readonly #counts: number[] = new Array(SLOTS).fill(0);
  #lastSlot = 0;

  /** Learns from a throttle before the key has ever opened. */
  learnThrottle(now: number, { closedFor, burst = 0, span = 0 }: Throttle): void {
    this.#burstStart = Math.min(this.#burstStart, now - span);
    this.#firstThrottleAt = Math.min(this.#firstThrottleAt, now);
    this.#closingMs = Math.max(closedFor, MIN_CLOSING_MS);
    this.learnBurst(now, burst);
  }

  /** Adds accepted sends to the first burst. */
  learnBurst(now: number, accepted: number): void {
    // Later bursts found the bucket partly refilled, so they tell nothing about its size.
    if (accepted === 0 || now > this.#firstThrottleAt + BURST_WINDOW_MS) return;
    this.#burst += accepted;
    this.#burstSpan = Math.max(this.#burstSpan, now - this.#burstStart);
  }

  /** Sends per second that were accepted from the first burst until the end of the first closing. */
  burstRate(): number {
    return (Math.max(this.#burst, MIN_BURST) * 1000) / (this.#closingMs + this.#burstSpan);
  }

  /** Discards the counts: the key opens. */
  reset(): void {
    this.#counts.fill(0);
  }

  /** Counts accepted sends; first empties the slots of the time since the last count. */
  count(now: number, accepted: number): void {
    const last = Math.floor(now / SLOT_MS);
    const firstNew = Math.max(this.#lastSlot + 1, last - SLOTS + 1);
    for (let i = firstNew; i <= last; i += 1) this.#counts[i % SLOTS] = 0;
    this.#lastSlot = last;
    this.#counts[last % SLOTS] = (this.#counts[last % SLOTS] as number) + accepted;
  }

  /**
   * The server's rate in sends per second, measured at a throttle, when its bucket is empty.
   *
   * In the time t before that, the server accepted at most burst + rate × t sends, and exactly that many
   * since its bucket was last full. So its rate is the largest (accepted − burst) / t of all t.
   *
   * A throttle within `MIN_SPAN_MS` of the opening leaves too little to measure, so the rate is at most halved.
   *
   * @param openedAt - Counts from before are not used.
   * @param rate - The rate that was throttled.
   */
  estimate(now: number, openedAt: number, rate: number): number {
    this.count(now, 0);
    /** The sends accepted in the newest slot, in the newest two, and so on. */
    const sums: number[] = [];
    let sum = 0;
    for (let i = 0; i < SLOTS && (this.#lastSlot - i + 1) * SLOT_MS > openedAt; i += 1) {
      sum += this.#counts[(this.#lastSlot - i) % SLOTS] as number;
      sums.push(sum);
    }
    const lastSecond = sums[Math.min(1000 / SLOT_MS, sums.length) - 1] ?? 0;
    const lowest = now < openedAt + MIN_SPAN_MS ? rate / 2 : 0;
    const measure = (refillRate: number): number => {
      // Subtract what was refilled during the first burst, but assume that at least a quarter was there.
      const refilled = (refillRate * this.#burstSpan) / 1000;
      const burst = Math.min(Math.max(this.#burst - refilled, this.#burst / 4), lastSecond / 2);
      let best = lowest;
      sums.forEach((accepted, i) => {
        const time = now - (this.#lastSlot - i) * SLOT_MS;
        if (time >= MIN_SPAN_MS || i === sums.length - 1) {
          best = Math.max(best, ((accepted + 0.5 - burst) * 1000) / Math.max(time, MIN_SPAN_MS));
        }
      });
      return best;
    };
    // What was refilled depends on the rate, so it is measured twice.
    return measure(measure(lastSecond));
  }

  /** How many sends the bucket refills in this time at this rate: at most the first burst. */
  refill(rate: number, ms: number): number {
    return Math.min(this.#burst, (rate * ms) / 1000);
  }
}

import type { Grant, RateLimiter, Throttle } from './rate-limiter.js';

// Milliseconds, and sends per second. `redis-script.ts` follows the same rule with the same numbers.
export const RATE = {
  /** How long the others wait for a probe's answer. */
  lease: 5000,
  /** Slow start begins with this rate, or what was accepted until then per second where that is more. */
  slowStart: 10,
  /** In slow start the rate doubles in this time. */
  doubling: 350,
  /** And in this once a held rate is over: slower, as that tells the limit more exactly. */
  probeDoubling: 1000,
  /** By this share it rises while it is held: a little low is found out so, and a full bucket forgives it. */
  holdGrowth: 0.04,
  /** A rate seen to work is held for this many closings: closed a tenth of the time at most. */
  holdClosings: 10,
  /** Less than so many times a rate that was held may as well be noise: half of the difference counts. */
  noiseFactor: 1.2,
  /** What is left of a held rate that was refused. */
  backoffFactor: 0.95,
  minHold: 1000,
  maxHold: 60_000,
  /** Late sends are made up for within this time. */
  catchUp: 50,
  /** What is told later than this after the first refusal is no part of the first burst. */
  burstWindow: 100,
  /** Successes are counted in so many buckets of so long. */
  bucket: 50,
  buckets: 80,
  /** The shortest time that a rate is measured over. */
  minSpan: 200,
  minRate: 1,
} as const;

/**
 * At what times one key may send after it has been refused. A pure rule: it is told what time it is.
 *
 * Closed until Retry-After is over; then one probe; then slow start until the next refusal. A refusal
 * tells the rate that the server takes: what was accepted since the bucket began to empty, less what
 * the first burst had found in it. That rate is held, and then doubled again to see whether it is still
 * the limit.
 */
export class AdaptiveRate implements RateLimiter {
  epoch = 0;
  closedUntil = 0;
  #probeUntil = 0;
  #open = false;
  /** Whether it was ever open. */
  #known = false;
  /** Sends per second, from `#since` for `#hold`, then doubling. */
  #rate: number = RATE.slowStart;
  #since = 0;
  #hold = 0;
  #nextAt = 0;
  /** What was accepted before the first refusal, from when on, and in how many milliseconds. */
  #burst = 0;
  #firstAt = Number.POSITIVE_INFINITY;
  #span = 0;
  /** When it was first refused. */
  #refusedAt = Number.POSITIVE_INFINITY;
  /** For how long it was closed then, a second at least. */
  #closing = 1000;
  readonly #counts: number[] = new Array(RATE.buckets).fill(0);
  #counted = 0;

  get closed(): boolean {
    return !this.#open;
  }

  /** Sends per second. */
  rateAt(now: number): number {
    const over = now - this.#since - this.#hold;
    if (this.#hold === 0) return this.#rate * 2 ** (over / RATE.doubling);
    const held = 1 + RATE.holdGrowth * Math.min(1 + over / this.#hold, 1);
    return this.#rate * held * 2 ** (Math.max(over, 0) / RATE.probeDoubling);
  }

  acquire(now: number): Grant {
    const { epoch } = this;
    if (this.#open) {
      const at = Math.max(this.#nextAt, now - RATE.catchUp);
      if (at > now) return { sends: 0, at, interval: 0, epoch };
      const interval = 1000 / this.rateAt(now);
      this.#nextAt = at + interval;
      return { sends: 1, at: now, interval, epoch };
    }
    const at = Math.max(this.closedUntil, this.#probeUntil);
    if (at > now) return { sends: 0, at, interval: 0, epoch };
    this.#probeUntil = now + RATE.lease;
    return { sends: 1, at: now, interval: 0, epoch };
  }

  onSuccess(now: number, epoch: number, count = 1): void {
    if (epoch === 0 && !this.#known) this.#learnBurst(now, count);
    if (epoch !== this.epoch) return;
    if (!this.#open) {
      this.#probeUntil = 0;
      if (now < this.closedUntil) return;
      if (!this.#known)
        this.#rate = Math.max(RATE.slowStart, (this.#burst * 1000) / (this.#closing + this.#span));
      this.#open = this.#known = true;
      this.#since = now;
      this.#nextAt = now + 1000 / this.#rate;
      this.#counts.fill(0);
    }
    this.#count(now, count);
  }

  /** Goes on with a rate that is known from elsewhere. */
  resume(
    now: number,
    { rate, closed, until }: { rate: number; closed: boolean; until: number },
  ): void {
    this.epoch += 1;
    this.#known = true;
    this.#open = !closed;
    this.closedUntil = until;
    this.#rate = Math.max(rate, RATE.minRate);
    this.#hold = RATE.minHold;
    this.#since = this.#nextAt = now;
  }

  /** Nobody waits any longer for it as a probe. */
  onIgnored(_now: number, epoch: number): void {
    if (epoch === this.epoch) this.#probeUntil = 0;
  }

  onThrottled(now: number, { epoch, closedFor, burst = 0, span = 0 }: Throttle): void {
    this.closedUntil = Math.max(this.closedUntil, now + closedFor);
    if (!this.#known) {
      this.#firstAt = Math.min(this.#firstAt, now - span);
      this.#refusedAt = Math.min(this.#refusedAt, now);
      this.#closing = Math.max(closedFor, 1000);
      this.#learnBurst(now, burst);
    }
    if (this.#open && epoch === this.epoch) this.#reduce(now, closedFor);
    // One sent before the last closing says nothing of the rate; still nothing may be sent.
    else if (this.#open && this.#hold === 0) this.#rate = this.rateAt(now);
    if (this.#open || epoch === this.epoch) {
      this.#open = false;
      this.#probeUntil = 0;
      this.epoch += 1;
    }
  }

  /** More of what a full bucket accepted at once. */
  #learnBurst(now: number, burst: number): void {
    // Of a later start of others' the bucket was filled again, who knows how far.
    if (burst === 0 || now > this.#refusedAt + RATE.burstWindow) return;
    this.#burst += burst;
    this.#span = Math.max(this.#span, now - this.#firstAt);
  }

  #reduce(now: number, closedFor: number): void {
    const { backoffFactor, minRate, holdClosings, minHold, maxHold, noiseFactor, holdGrowth } =
      RATE;
    const isHeld = now <= this.#since + this.#hold;
    const most = this.rateAt(now) * (isHeld ? backoffFactor : 1);
    // A rate that was held to its end is good; only what came after it was too much.
    const least = isHeld || this.#hold === 0 ? minRate : this.#rate * (1 + holdGrowth);
    const seen = this.#estimate(now);
    const isNear = seen < least * noiseFactor;
    this.#rate = Math.max(Math.min(most, isNear ? (seen + least) / 2 : seen), least);
    this.#hold = Math.min(Math.max(holdClosings * closedFor, minHold), maxHold);
  }

  /** Makes room for the time since the last count, and counts. */
  #count(now: number, count: number): void {
    const last = Math.floor(now / RATE.bucket);
    const first = Math.max(this.#counted + 1, last - RATE.buckets + 1);
    for (let i = first; i <= last; i += 1) this.#counts[i % RATE.buckets] = 0;
    this.#counted = last;
    this.#counts[last % RATE.buckets] = (this.#counts[last % RATE.buckets] as number) + count;
  }

  /**
   * Sends per second that were accepted while the bucket was emptying: over the time t before a
   * refusal, burst + rate × t of them at most, and just as many since it was last full. So the largest
   * such rate of all t is the one. At most half of the last second's is taken for the burst.
   */
  #estimate(now: number): number {
    this.#count(now, 0);
    const { bucket, buckets, minSpan } = RATE;
    const sums: number[] = [];
    let sum = 0;
    for (let i = 0; i < buckets && (this.#counted - i + 1) * bucket > this.#since; i += 1) {
      sum += this.#counts[(this.#counted - i) % buckets] as number;
      sums.push(sum);
    }
    const second = sums[Math.min(1000 / bucket, sums.length) - 1] ?? 0;
    // What came into the bucket during the first burst was not in it; but a quarter was, say.
    const full = Math.max(this.#burst - (second * this.#span) / 1000, this.#burst / 4);
    const burst = Math.min(full, second / 2);
    let best = 0;
    sums.forEach((sum, i) => {
      const time = now - (this.#counted - i) * bucket;
      if (time >= minSpan || i === sums.length - 1) {
        best = Math.max(best, ((sum + 0.5 - burst) * 1000) / Math.max(time, minSpan));
      }
    });
    return best;
  }
}

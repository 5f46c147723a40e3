import type { Grant, Throttle } from '../../src/gate/rate-limiter.js';
import type { LocalPacer } from './paced-line.js';

/** How fast to send while the gate is open: sends per second, at so many ms since it opened. */
export interface RateLaw {
  /** Before the first refusal of an open gate. */
  slowStart(open: number): number;
  /** @param seen - Sends per second that were seen to work. */
  after(seen: number): (open: number) => number;
}

/** How long the others wait for a probe's answer (ms). */
const LEASE = 5000;
/** Late sends are made up for within this time (ms). */
const LAG = 50;
/** Successes are counted over the last so many ms of open time, and over no less than the least. */
const SPAN = 1000;
const LEAST_SPAN = 100;
const MIN_RATE = 1;

/** Closed for Retry-After; then one probe; then the rate of a law, cut by the next refusal. */
export class Probing implements LocalPacer {
  epoch = 0;
  closedUntil = 0;
  closed = true;
  #probeUntil = 0;
  #openedAt = 0;
  #nextAt = 0;
  #rate: (open: number) => number;
  #successes: number[] = [];

  constructor(readonly law: RateLaw) {
    this.#rate = law.slowStart;
  }

  acquire(now: number): Grant {
    const { epoch } = this;
    const at = this.closed
      ? Math.max(this.closedUntil, this.#probeUntil)
      : Math.max(this.#nextAt, now - LAG);
    if (at > now) return { sends: 0, at, interval: 0, epoch };
    if (this.closed) this.#probeUntil = now + LEASE;
    else this.#nextAt = at + 1000 / this.#rate(now - this.#openedAt);
    return { sends: 1, at: now, interval: 0, epoch };
  }

  onSuccess(now: number, epoch: number): void {
    if (epoch !== this.epoch) return;
    if (this.closed) {
      this.#probeUntil = 0;
      if (now < this.closedUntil) return;
      this.closed = false;
      this.#openedAt = now;
      this.#nextAt = now + 1000 / this.#rate(0);
      this.#successes = [];
    }
    this.#successes.push(now);
  }

  onIgnored(_now: number, epoch: number): void {
    if (epoch === this.epoch) this.#probeUntil = 0;
  }

  onThrottled(now: number, { epoch, closedFor }: Throttle): void {
    this.closedUntil = Math.max(this.closedUntil, now + closedFor);
    if (!this.closed && epoch === this.epoch) {
      const rate = this.#rate(now - this.#openedAt);
      this.#rate = this.law.after(Math.max(Math.min(rate, this.#seen(now)), MIN_RATE));
    }
    if (this.closed && epoch !== this.epoch) return;
    this.closed = true;
    this.#probeUntil = 0;
    this.epoch += 1;
  }

  /** Successes per second of late. */
  #seen(now: number): number {
    const span = Math.min(Math.max(now - this.#openedAt, LEAST_SPAN), SPAN);
    return (this.#successes.filter((at) => at > now - span).length * 1000) / span;
  }
}

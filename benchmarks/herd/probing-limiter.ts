// A rate limiter that probes when Retry-After is over and then follows a published growth law.
import type { Grant, Throttle } from '../../src/gate/rate-limiter.js';
import type { LocalRateLimiter } from './rule.js';

/** Sends per second, by the milliseconds since the limiter opened. */
type Rate = (openMs: number) => number;

export interface GrowthLaw {
  /** Until the first 429 of an open limiter. */
  readonly slowStart: Rate;
  /** @param accepted - Sends per second that the server was seen to accept. */
  after(accepted: number): Rate;
}

/** How long other requests wait for the answer to a probe. */
const LEASE_MS = 5000;
/** Late sends are made up for within this time. */
const CATCH_UP_MS = 50;
/** Successes are counted over this much of the open time, and over at least `MIN_SPAN_MS`. */
const SPAN_MS = 1000;
const MIN_SPAN_MS = 100;
const MIN_RATE = 1;

export class ProbingLimiter implements LocalRateLimiter {
  epoch = 0;
  closedUntil = 0;
  closed = true;
  #probeUntil = 0;
  #openedAt = 0;
  #nextAt = 0;
  #rate: Rate;
  #successes: number[] = [];

  constructor(readonly law: GrowthLaw) {
    this.#rate = law.slowStart;
  }

  acquire(now: number): Grant {
    const { epoch } = this;
    const at = this.closed
      ? Math.max(this.closedUntil, this.#probeUntil)
      : Math.max(this.#nextAt, now - CATCH_UP_MS);
    if (at > now) return { sends: 0, at, interval: 0, epoch };
    if (this.closed) this.#probeUntil = now + LEASE_MS;
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
      this.#rate = this.law.after(Math.max(Math.min(rate, this.#acceptedRate(now)), MIN_RATE));
    }
    if (this.closed && epoch !== this.epoch) return;
    this.closed = true;
    this.#probeUntil = 0;
    this.epoch += 1;
  }

  /** Recent successes per second. */
  #acceptedRate(now: number): number {
    const span = Math.min(Math.max(now - this.#openedAt, MIN_SPAN_MS), SPAN_MS);
    return (this.#successes.filter((at) => at > now - span).length * 1000) / span;
  }
}

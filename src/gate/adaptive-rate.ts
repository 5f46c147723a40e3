// Decides when one key may send after it was throttled. The states of a key:
//
//   never throttled     `initialConcurrency` in flight, growing with each success (concurrency-window.ts)
//         │
//         │ throttled (closure.ts)
//         ▼
//      closed ◄──────────────────┐  nothing is sent until Retry-After is over
//         │                      │
//         │ time is up           │
//         ▼                      │
//      probing ─── throttled ───►┤  one request is sent; another one if that ends without evidence or takes
//         │                      │  longer than 5 s
//         │ success              │
//         ▼                      │
//       open ───── throttled ────┘  slow start: the rate doubles every 350 ms until it is throttled;
//                                   later: the measured rate is held, and then doubles every second
//
// The rule of the open state, in short. It aims at few closings, because each one costs a Retry-After:
//
// 1. Slow start begins at 30 sends over the first closing (10 per second at least) and doubles until throttled.
// 2. A throttle shows that the server's bucket is empty, so what it has accepted is its rate: measured.
// 3. 0.98 of the measured rate is held, for 20 closings after slow start and for 10 later, and grows by 4 %.
//    Half of the tokens that refilled while it was closed are spent on top.
// 4. After the hold the rate doubles every second until it is throttled. Measured again, it does not fall.
// 5. A throttle during the hold means that the rate was too high, or that the limit has fallen: it falls to
//    the measured rate, by 5 % at least.
//
// A key without requests for 60 s is forgotten and begins again as never throttled (limiter.ts).

import { RateEstimator } from './rate-estimator.js';
import type { Grant, RateLimiter, Throttle } from './rate-limiter.js';

/** If a probe is not answered within this time, another one is sent. */
const PROBE_LEASE_MS = 5000;

/** Slow start begins at this rate in sends per second, or at the rate of the first burst if that is higher. */
const INITIAL_RATE = 10;
const MIN_RATE = 1;

/** During slow start the rate doubles in this time. */
const SLOW_START_DOUBLING_MS = 350;

/** After a hold it doubles in this time: slower, because that measures the limit more exactly. */
const SEARCH_DOUBLING_MS = 1000;

/**
 * A measured rate is held this many times as long as the closing, so that searching costs a tenth of the
 * time. After slow start it is held for twice as long, because slow start was a search already.
 */
const HOLD_CLOSINGS = 10;
const FIRST_HOLD_CLOSINGS = 20;
const MIN_HOLD_MS = 1000;
const MAX_HOLD_MS = 60_000;

/** This share of the measured rate is held, because a rate just above the limit is throttled again. */
const HELD_SHARE = 0.98;

/** While held, the rate grows by this share, so that a low estimate corrects itself. */
const HOLD_GROWTH = 0.04;

/** This share of the tokens that refill during the closing is spent over the hold. The rest absorbs jitter. */
const REFILL_SHARE = 0.5;

/** A rate that is throttled falls to at most this share of itself, whatever was measured. */
const BACKOFF_FACTOR = 0.95;

/** Sends that are late by up to this time are made up for. */
const CATCH_UP_MS = 50;

/** For the same rules in Lua. */
export const RATE = {
  PROBE_LEASE_MS,
  INITIAL_RATE,
  MIN_RATE,
  SLOW_START_DOUBLING_MS,
  SEARCH_DOUBLING_MS,
  HOLD_CLOSINGS,
  FIRST_HOLD_CLOSINGS,
  MIN_HOLD_MS,
  MAX_HOLD_MS,
  HELD_SHARE,
  HOLD_GROWTH,
  REFILL_SHARE,
  BACKOFF_FACTOR,
  CATCH_UP_MS,
} as const;

/**
 * The states from `closed` on. A throttle while it is open measures the server's rate. That rate is held,
 * and then doubles in search of a higher limit.
 *
 * Pure: the caller says what time it is. `redis/adaptive-rate.lua.ts` has the same functions.
 */
export class AdaptiveRate implements RateLimiter {
  epoch = 0;
  closedUntil = 0;
  #open = false;
  /** True once it has been open. */
  #known = false;
  /** No other probe is sent before this time. */
  #probeUntil = 0;
  /** Sends per second: held from `#openedAt` for `#holdMs`, then doubling. Slow start holds for 0 ms. */
  #rate: number = INITIAL_RATE;
  #openedAt = 0;
  #holdMs = 0;
  #nextAt = 0;
  readonly #estimator = new RateEstimator();

  get closed(): boolean {
    return !this.#open;
  }

  /** Sends per second while it is open. */
  rateAt(now: number): number {
    const sinceHold = now - this.#openedAt - this.#holdMs;
    if (this.#holdMs === 0) return this.#rate * 2 ** (sinceHold / SLOW_START_DOUBLING_MS);
    const growth = 1 + HOLD_GROWTH * Math.min(1 + sinceHold / this.#holdMs, 1);
    return this.#rate * growth * 2 ** (Math.max(sinceHold, 0) / SEARCH_DOUBLING_MS);
  }

  acquire(now: number): Grant {
    return this.#open ? this.#acquireOpen(now) : this.#acquireProbe(now);
  }

  #acquireOpen(now: number): Grant {
    const at = Math.max(this.#nextAt, now - CATCH_UP_MS);
    if (at > now) return { sends: 0, at, interval: 0, epoch: this.epoch };
    const interval = 1000 / this.rateAt(now);
    this.#nextAt = at + interval;
    return { sends: 1, at: now, interval, epoch: this.epoch };
  }

  #acquireProbe(now: number): Grant {
    const at = Math.max(this.closedUntil, this.#probeUntil);
    if (at > now) return { sends: 0, at, interval: 0, epoch: this.epoch };
    this.#probeUntil = now + PROBE_LEASE_MS;
    return { sends: 1, at: now, interval: 0, epoch: this.epoch };
  }

  /** @param count - How many sends were accepted. */
  onSuccess(now: number, epoch: number, count = 1): void {
    if (epoch === 0 && !this.#known) this.#estimator.learnBurst(now, count);
    if (epoch !== this.epoch) return;
    if (!this.#open) this.#onProbeSuccess(now);
    if (this.#open) this.#estimator.count(now, count);
  }

  /** Opens the key, unless a late throttle has closed it for longer. */
  #onProbeSuccess(now: number): void {
    this.#probeUntil = 0;
    if (now < this.closedUntil) return;
    if (!this.#known) this.#rate = Math.max(INITIAL_RATE, this.#estimator.burstRate());
    this.#open = this.#known = true;
    this.#openedAt = now;
    this.#nextAt = now + 1000 / this.#rate;
    this.#estimator.reset();
  }

  /** If it was the probe, another one may be sent. */
  onIgnored(_now: number, epoch: number): void {
    if (epoch === this.epoch) this.#probeUntil = 0;
  }

  onThrottled(now: number, throttle: Throttle): void {
    const { epoch, closedFor } = throttle;
    this.closedUntil = Math.max(this.closedUntil, now + closedFor);
    if (!this.#known) this.#estimator.learnThrottle(now, throttle);
    if (this.#open && epoch === this.epoch) this.#reduce(now, closedFor);
    // A throttle of an earlier epoch is no evidence about the rate, so slow start keeps what it has reached.
    else if (this.#open && this.#holdMs === 0) this.#rate = this.rateAt(now);
    if (this.#open || epoch === this.epoch) this.#close();
  }

  #close(): void {
    this.#open = false;
    this.#probeUntil = 0;
    this.epoch += 1;
  }

  /** Sets the rate to the measured one, and how long to hold it. */
  #reduce(now: number, closedFor: number): void {
    const isSlowStart = this.#holdMs === 0;
    const isHeld = now <= this.#openedAt + this.#holdMs;
    const highest = this.rateAt(now);
    // A rate that was held to its end is good; only what came after it was too much.
    const lowest = isHeld || isSlowStart ? MIN_RATE : this.#rate;
    const measured = this.#estimator.estimate(now, this.#openedAt, highest);
    const closings = isSlowStart ? FIRST_HOLD_CLOSINGS : HOLD_CLOSINGS;
    this.#holdMs = Math.min(Math.max(closings * closedFor, MIN_HOLD_MS), MAX_HOLD_MS);
    const refill = this.#estimator.refill(measured, closedFor);
    const extra = (REFILL_SHARE * refill * 1000) / this.#holdMs;
    const rate = Math.min(HELD_SHARE * measured + extra, BACKOFF_FACTOR * highest);
    this.#rate = Math.max(rate, lowest);
  }

  /** Continues from a state known from elsewhere; its rate is held for a second. */
  resume(
    now: number,
    { rate, closed, until }: { rate: number; closed: boolean; until: number },
  ): void {
    this.epoch += 1;
    this.#known = true;
    this.#open = !closed;
    this.closedUntil = until;
    this.#rate = Math.max(rate, MIN_RATE);
    this.#holdMs = MIN_HOLD_MS;
    this.#openedAt = this.#nextAt = now;
  }
}

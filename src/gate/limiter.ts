import type { AttachedInstance, GateOutcome, RetryCall, RetryPermit } from '../core/extensions.js';
import type { MonotonicTimer, MonotonicTimers } from '../wait/monotonic-timers.js';
import type { WaitResult } from '../wait/wait-list.js';
import { closureOf } from './closure.js';
import { ConcurrencyWindow } from './concurrency-window.js';
import { RetryGateError } from './error.js';
import { Queue } from './queue.js';
import type { QueueOwner } from './queued-call.js';
import { QueuedCall } from './queued-call.js';
import type { Grant, RateLimiter } from './rate-limiter.js';

/** What a key needs of its gate. */
export interface LimiterOptions {
  readonly timers: MonotonicTimers;
  readonly initialConcurrency: number;
  readonly maxQueued: number;
  /** What paces the key once it has been refused. */
  createRateLimiter(changed: () => void): RateLimiter;
}

/** A key that was refused and has no requests is remembered for so long (ms). */
const KEY_TTL_MS = 60_000;

/** Leave to send that was not used for so long (ms) is not good any more. */
const GRANT_TTL_MS = 1000;

/** Closings that differ by less (ms) are shown as one: to show one goes through the whole line. */
const DISPLAY_STEP_MS = 100;

/** The requests to one key: how many are in flight, and the line of those that wait. */
export class Limiter implements QueueOwner {
  readonly #queue = new Queue<QueuedCall>();
  readonly #window: ConcurrencyWindow;
  #rateLimiter: RateLimiter;
  #grant: Grant | undefined;
  #awaitingGrant = false;
  #timer: MonotonicTimer | undefined;
  #inFlight = 0;
  #usedAt = 0;
  #shownUntil = Number.NEGATIVE_INFINITY;

  constructor(readonly host: LimiterOptions) {
    this.#window = new ConcurrencyWindow(host.initialConcurrency);
    this.#rateLimiter = this.#window;
  }

  /** Whether it has nothing to do and nothing to remember. */
  get idle(): boolean {
    if (this.#inFlight > 0 || this.#queue.size > 0) return false;
    return this.#rateLimiter === this.#window || this.stale;
  }

  /** Whether what it has learned is too old to go by. */
  get stale(): boolean {
    if (this.#rateLimiter === this.#window || this.#inFlight > 0 || this.#queue.size > 0)
      return false;
    return (
      this.host.timers.now() - Math.max(this.#usedAt, this.#rateLimiter.closedUntil) > KEY_TTL_MS
    );
  }

  get canSkip(): boolean {
    return !this.#rateLimiter.closed;
  }

  /** A place, if there is one now and nobody waits for it. */
  tryAcquire(call: RetryCall): RetryPermit | undefined {
    if (this.#queue.size > 0) return undefined;
    const isFree = this.#rateLimiter === this.#window ? this.#window.tryAcquire() : this.#acquire();
    return isFree ? this.#permit(call) : undefined;
  }

  acquireNow(call: RetryCall): RetryPermit {
    this.#rateLimiter.onBypass?.();
    return this.#permit(call);
  }

  /** @throws {RetryGateError} When too many wait already. */
  enqueue(call: RetryCall, host: AttachedInstance): Promise<RetryPermit | WaitResult> {
    const { timers, maxQueued } = this.host;
    if (this.#queue.size >= maxQueued) {
      const message = `the gate takes maxQueued (${maxQueued}) waiting requests of a key, and has them`;
      throw new RetryGateError('ERR_GATE_FULL', message, call.nextConfig());
    }
    return new Promise((settle) => {
      const standing = new QueuedCall(call, host, this, settle);
      const now = timers.now();
      const at = Math.max(this.#rateLimiter.closedUntil, now);
      this.#queue.add(standing);
      standing.begin(timers.toWallTime(at), at - now);
      if (at > now && !standing.removed) standing.gateClosed(timers.toWallTime(at), at - now);
      this.#drain();
    });
  }

  dequeued(): void {
    this.#queue.itemRemoved();
    if (this.#queue.size === 0) this.#drain();
  }

  /** A send has come back, or never went. */
  release(epoch: number, call: RetryCall, outcome: GateOutcome): void {
    const now = this.host.timers.now();
    this.#inFlight -= 1;
    this.#usedAt = now;
    const { status } = outcome;
    const closedFor = closureOf(call, outcome);
    if (closedFor !== undefined) this.#onThrottled(now, epoch, closedFor);
    else if (status !== undefined && status < 500 && status !== 429)
      this.#rateLimiter.onSuccess(now, epoch);
    else this.#rateLimiter.onIgnored(now, epoch);
    if (this.#rateLimiter === this.#window) this.#admitNext(now);
    else this.#drain();
  }

  /** Shows anew when it opens; the clock on the wall may have been set. */
  updateWaits(): void {
    const { timers } = this.host;
    const { closedUntil } = this.#rateLimiter;
    const closedFor = closedUntil - timers.now();
    this.#shownUntil = closedUntil;
    if (closedFor <= 0) return;
    for (const standing of this.#queue.all())
      standing.gateClosed(timers.toWallTime(closedUntil), closedFor);
  }

  #onThrottled(now: number, epoch: number, closedFor: number): void {
    const refusal = { epoch, closedFor };
    if (this.#rateLimiter === this.#window) {
      this.#rateLimiter = this.host.createRateLimiter(() => this.#onRateChange());
      this.#rateLimiter.onThrottled(now, { ...refusal, ...this.#window.burst(now) });
    } else this.#rateLimiter.onThrottled(now, refusal);
    this.#grant = undefined;
    this.#showClosing();
  }

  #showClosing(): void {
    if (this.#rateLimiter.closedUntil - this.#shownUntil >= DISPLAY_STEP_MS) this.updateWaits();
  }

  /** The pacer may have been told of a closing elsewhere, or of an opening. */
  #onRateChange(): void {
    this.#showClosing();
    this.#drain();
  }

  /** Another goes in its place; who may go beside that waits for the answers that are here already. */
  #admitNext(now: number): void {
    if (this.#queue.size === 0) return;
    const next = this.#queue.first();
    if (next && this.#acquire()) {
      this.#queue.shift();
      next.admit(this.#permit(next.call));
    }
    if (this.#queue.size > 0) this.#wakeAt(now);
    else this.host.timers.clear(this.#timer);
  }

  /** Lets in whoever may go now, and sees to it that somebody looks when the next one may. */
  #drain(): void {
    this.host.timers.clear(this.#timer);
    this.#timer = undefined;
    for (let next = this.#queue.first(); next; next = this.#queue.first()) {
      if (!this.#acquire()) return;
      this.#queue.shift();
      next.admit(this.#permit(next.call));
    }
  }

  /** Takes leave for one send; else the line is looked at again when there may be some. */
  #acquire(): boolean {
    const now = this.host.timers.now();
    let grant = this.#grant;
    if (!grant || grant.at < now - GRANT_TTL_MS || grant.epoch !== this.#rateLimiter.epoch) {
      if (this.#awaitingGrant) return false;
      const asked = this.#rateLimiter.acquire(now, Math.max(this.#queue.size, 1));
      if (asked instanceof Promise) {
        this.#awaitGrant(asked);
        return false;
      }
      grant = asked;
    }
    const { sends, at, interval, epoch } = grant;
    if (sends === 0 || at > now) {
      this.#grant = sends === 0 ? undefined : grant;
      if (this.#queue.size > 0) this.#wakeAt(at);
      return false;
    }
    this.#grant =
      sends === 1 ? undefined : { sends: sends - 1, at: at + interval, interval, epoch };
    return true;
  }

  #wakeAt(at: number): void {
    if (this.#timer && !this.#timer.canceled && this.#timer.at <= at) return;
    this.host.timers.clear(this.#timer);
    this.#timer = this.host.timers.set(at, () => this.#drain());
  }

  #awaitGrant(asked: Promise<Grant>): void {
    this.#awaitingGrant = true;
    void asked.then((grant) => {
      this.#awaitingGrant = false;
      this.#grant = grant;
      this.#onRateChange();
    });
  }

  #permit(call: RetryCall): RetryPermit {
    const { epoch } = this.#rateLimiter;
    this.#inFlight += 1;
    return { release: (outcome) => this.release(epoch, call, outcome) };
  }
}

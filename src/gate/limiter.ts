// The requests to one key of a gate: a queue, and a rate limiter that says when the next call may go. The
// states of a key are shown in adaptive-rate.ts.
import type { AttachedInstance, GateOutcome, RetryCall, RetryPermit } from '../core/extensions.js';
import type { MonotonicTimer, MonotonicTimers } from '../wait/monotonic-timers.js';
import type { WaitResult } from '../wait/wait-list.js';
import { closureOf, isAccepted } from './closure.js';
import { ConcurrencyWindow } from './concurrency-window.js';
import { fullError } from './error.js';
import { Queue } from './queue.js';
import type { QueueOwner } from './queued-call.js';
import { QueuedCall } from './queued-call.js';
import type { Grant, RateLimiter } from './rate-limiter.js';

export interface LimiterOptions {
  readonly timers: MonotonicTimers;
  readonly initialConcurrency: number;
  readonly maxQueued: number;
  /**
   * Called at the first throttle.
   *
   * @param onChange - To be called when more may be sent, or less, than the rate limiter last said.
   */
  createRateLimiter(onChange: () => void): RateLimiter;
}

/** What a key without requests has learned is forgotten this long after its last use and closing. */
const KEY_TTL_MS = 60_000;

/** A grant is dropped when its next send is this late. */
const GRANT_TTL_MS = 1000;

/** A closing must end later by this much to be shown again, because that loops over all queued calls. */
const DISPLAY_STEP_MS = 100;

export class Limiter implements QueueOwner {
  readonly #queue = new Queue<QueuedCall>();
  readonly #window: ConcurrencyWindow;
  /** The window, or what `createRateLimiter` has returned at the first throttle. */
  #rateLimiter: RateLimiter;
  #grant: Grant | undefined;
  #awaitingGrant = false;
  #timer: MonotonicTimer | undefined;
  #inFlight = 0;
  #usedAt = 0;
  #shownUntil = -Infinity;

  constructor(readonly options: LimiterOptions) {
    this.#window = new ConcurrencyWindow(options.initialConcurrency);
    this.#rateLimiter = this.#window;
  }

  get #neverThrottled(): boolean {
    return this.#rateLimiter === this.#window;
  }

  get #inUse(): boolean {
    return this.#inFlight > 0 || this.#queue.size > 0;
  }

  /** True if nothing is lost when it is forgotten. */
  get idle(): boolean {
    return !this.#inUse && (this.#neverThrottled || this.stale);
  }

  /** True if what it has learned from throttles is too old. */
  get stale(): boolean {
    if (this.#neverThrottled || this.#inUse) return false;
    const usedAt = Math.max(this.#usedAt, this.#rateLimiter.closedUntil);
    return this.options.timers.now() - usedAt > KEY_TTL_MS;
  }

  get canSkip(): boolean {
    return !this.#rateLimiter.closed;
  }

  /** A permit, if the call may be sent now and no other call waits. */
  tryAcquire(call: RetryCall): RetryPermit | undefined {
    if (this.#queue.size > 0) return undefined;
    const isFree = this.#neverThrottled ? this.#window.tryAcquire() : this.#acquire();
    return isFree ? this.#permit(call) : undefined;
  }

  /**
   * Puts the call into the queue.
   *
   * @returns A permit when its turn has come, or how its wait ended without one.
   * @throws {RetryGateError} When the queue is full.
   */
  enqueue(call: RetryCall, instance: AttachedInstance): Promise<RetryPermit | WaitResult> {
    const { timers, maxQueued } = this.options;
    if (this.#queue.size >= maxQueued) throw fullError(maxQueued, call.lastConfig());
    return new Promise((settle) => {
      const queued = new QueuedCall(call, instance, this, settle);
      const now = timers.now();
      const opensAt = Math.max(this.#rateLimiter.closedUntil, now);
      this.#queue.add(queued);
      queued.begin(timers.toWallTime(opensAt), opensAt - now);
      if (opensAt > now && !queued.removed) {
        queued.gateClosed(timers.toWallTime(opensAt), opensAt - now);
      }
      this.#drain();
    });
  }

  acquireNow(call: RetryCall): RetryPermit {
    this.#rateLimiter.onBypass?.();
    return this.#permit(call);
  }

  dequeued(): void {
    this.#queue.itemRemoved();
    if (this.#queue.size === 0) this.#drain();
  }

  /** Tells the queued calls when the key opens. Called again when the wall clock was set back. */
  updateWaits(): void {
    const { timers } = this.options;
    const { closedUntil } = this.#rateLimiter;
    const closedFor = closedUntil - timers.now();
    this.#shownUntil = closedUntil;
    if (closedFor <= 0) return;
    const opensAt = timers.toWallTime(closedUntil);
    for (const queued of this.#queue.all()) queued.gateClosed(opensAt, closedFor);
  }

  #permit(call: RetryCall): RetryPermit {
    const { epoch } = this.#rateLimiter;
    this.#inFlight += 1;
    return {
      release: (outcome) => this.#release(epoch, call, outcome),
      isExpired: () => this.#rateLimiter.closed && this.#rateLimiter.epoch !== epoch,
    };
  }

  /** Learns from the outcome of a send, then admits who may go in its place. */
  #release(epoch: number, call: RetryCall, outcome: GateOutcome): void {
    const now = this.options.timers.now();
    this.#inFlight -= 1;
    this.#usedAt = now;
    const closedFor = closureOf(call, outcome);
    if (closedFor !== undefined) this.#onThrottled(now, epoch, closedFor);
    else if (isAccepted(outcome)) this.#rateLimiter.onSuccess(now, epoch);
    else this.#rateLimiter.onIgnored(now, epoch);
    if (this.#neverThrottled) this.#admitNext(now);
    else this.#drain();
  }

  #onThrottled(now: number, epoch: number, closedFor: number): void {
    const burst = this.#neverThrottled ? this.#window.burst(now) : {};
    if (this.#neverThrottled) {
      this.#rateLimiter = this.options.createRateLimiter(() => this.#onRateChange());
    }
    this.#rateLimiter.onThrottled(now, { epoch, closedFor, ...burst });
    this.#grant = undefined;
    this.#showClosing();
  }

  /** A grant has arrived, or another process has closed or opened the key. */
  #onRateChange(): void {
    this.#showClosing();
    this.#drain();
  }

  #showClosing(): void {
    if (this.#rateLimiter.closedUntil - this.#shownUntil >= DISPLAY_STEP_MS) this.updateWaits();
  }

  /**
   * Admits one queued call for the one that finished. A further slot is filled on the next turn, after
   * answers already received: one of them may be a 429.
   */
  #admitNext(now: number): void {
    if (this.#queue.size === 0) return;
    this.#admitFirst();
    if (this.#queue.size > 0) this.#wakeAt(now);
    else this.options.timers.clear(this.#timer);
  }

  /** Admits every queued call that may go now and schedules the next check. */
  #drain(): void {
    this.options.timers.clear(this.#timer);
    this.#timer = undefined;
    while (this.#admitFirst());
  }

  /** Admits the first queued call, if there is one and it may go now. */
  #admitFirst(): boolean {
    const next = this.#queue.first();
    if (next === undefined || !this.#acquire()) return false;
    this.#queue.shift();
    next.admit(this.#permit(next.call));
    return true;
  }

  /** Acquires a grant for one send; otherwise schedules the next check. */
  #acquire(): boolean {
    const now = this.options.timers.now();
    const grant = this.#currentGrant(now);
    if (grant === undefined) return false;
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

  /** The rest of the last grant, or a new one; `undefined` while a new one is being fetched. */
  #currentGrant(now: number): Grant | undefined {
    const left = this.#grant;
    const { epoch } = this.#rateLimiter;
    if (left && left.at >= now - GRANT_TTL_MS && left.epoch === epoch) return left;
    if (this.#awaitingGrant) return undefined;
    const grant = this.#rateLimiter.acquire(now, Math.max(this.#queue.size, 1));
    if (!(grant instanceof Promise)) return grant;
    void this.#awaitGrant(grant);
    return undefined;
  }

  async #awaitGrant(grant: Promise<Grant>): Promise<void> {
    this.#awaitingGrant = true;
    this.#grant = await grant;
    this.#awaitingGrant = false;
    this.#onRateChange();
  }

  #wakeAt(at: number): void {
    if (this.#timer && !this.#timer.canceled && this.#timer.at <= at) return;
    this.options.timers.clear(this.#timer);
    this.#timer = this.options.timers.set(at, () => this.#drain());
  }
}

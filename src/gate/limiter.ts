// The requests to one key of a gate: a queue, the limits that its options set, and an admission that says
// when the next call may go. The states of a key are shown in adaptive-rate.ts.
import type { AttachedInstance, GateOutcome, RetryCall, RetryPermit } from '../core/extensions.js';
import type { Quota } from '../hints/quota.js';
import type { MonotonicTimer, MonotonicTimers } from '../wait/monotonic-timers.js';
import type { WaitResult } from '../wait/wait-list.js';
import type { Admission } from './admission.js';
import { closureOf, isAccepted, isOverload } from './closure.js';
import { costOf, priorityOf } from './cost.js';
import { fullError } from './error.js';
import type { GateKeyState } from './inspect.js';
import { stateOf } from './inspect.js';
import type { GateSettings } from './options.js';
import { PriorityQueue } from './priority-queue.js';
import { Queue } from './queue.js';
import type { QueueOwner } from './queued-call.js';
import { QueuedCall } from './queued-call.js';
import { readQuotas } from './read-quotas.js';
import type { SendOwner } from './send.js';
import { Send } from './send.js';
import { SentLog } from './sent-log.js';

/** What a key without requests has learned is forgotten this long after its last use and closing. */
const KEY_TTL_MS = 60_000;

/** A closing must end later by this much to be shown again, because that loops over all queued calls. */
const DISPLAY_STEP_MS = 100;

/** Without an answer for this long, sends in flight count as lost: Axios does not report each one. */
const STALL_TIMEOUT_MS = 300_000;

/** @typeParam A - What limits the key. */
export class Limiter<A extends Admission = Admission> implements QueueOwner, SendOwner {
  readonly #queue: Queue<QueuedCall> | PriorityQueue<QueuedCall>;
  readonly admission: A;
  /** The sends that count towards `maxRate`. */
  readonly #sentLog: SentLog | undefined;
  #timer: MonotonicTimer | undefined;
  #leavingTimer: MonotonicTimer | undefined;
  #inFlight = 0;
  /** Of those, how many count towards `maxConcurrency`, and when the last one was sent. */
  #running = 0;
  #sentAt = 0;
  /** Earlier sends do not count towards `maxConcurrency` any more. */
  #lostAt = -Infinity;
  /** When an answer last closed the key. */
  #refusedAt = -Infinity;
  #usedAt = 0;
  #shownUntil = -Infinity;

  /**
   * @param createAdmission - Takes what is to be called when more may be sent, or less, than the admission
   *   last said.
   */
  constructor(
    readonly settings: GateSettings,
    readonly timers: MonotonicTimers,
    createAdmission: (onChange: () => void) => A,
  ) {
    this.#queue = settings.priority ? new PriorityQueue() : new Queue();
    this.#sentLog = settings.maxRate && new SentLog(settings.maxRate);
    this.admission = createAdmission(() => this.#onChange());
  }

  get #inUse(): boolean {
    return this.#inFlight > 0 || this.#queue.size > 0;
  }

  /** True if nothing is lost when it is forgotten. */
  get idle(): boolean {
    return !this.#inUse && (this.stale || (this.admission.forgettable && !this.#sentLog));
  }

  /** True if what it has learned is too old. */
  get stale(): boolean {
    const { forgettable, holdsUntil } = this.admission;
    if (this.#inUse || (forgettable && !this.#sentLog)) return false;
    const { per = 0 } = this.settings.maxRate ?? {};
    return this.timers.now() - Math.max(this.#usedAt + per, holdsUntil) > KEY_TTL_MS;
  }

  get canSkip(): boolean {
    return !this.admission.closed && !this.#isClosed();
  }

  /**
   * A permit, if the call may be sent now and no other call waits.
   *
   * @throws {TypeError} When the option `cost` returns anything but a number.
   */
  tryAcquire(call: RetryCall): RetryPermit | undefined {
    if (this.#queue.size > 0) return undefined;
    const cost = costOf(call, this.settings);
    return this.#admit(cost) ? this.#send(call, cost) : undefined;
  }

  /**
   * Puts the call into the queue.
   *
   * @returns A permit when its turn has come, or how its wait ended without one.
   * @throws {RetryGateError} When the queue is full.
   * @throws {TypeError} When an option returns anything but a number.
   */
  enqueue(call: RetryCall, instance: AttachedInstance): Promise<RetryPermit | WaitResult> {
    const { maxQueued } = this.settings;
    if (this.#queue.size >= maxQueued) throw fullError(maxQueued, call.lastConfig());
    const priority = priorityOf(call, this.settings);
    const cost = costOf(call, this.settings);
    return new Promise((settle) => {
      const now = this.timers.now();
      const queued = new QueuedCall(call, instance, this, settle, {
        cost,
        priority,
        queuedAt: now,
      });
      const opensAt = Math.max(this.admission.closedUntil(now, cost), now);
      this.#queue.add(queued);
      queued.begin(this.timers.toWallTime(opensAt), opensAt - now);
      this.#showClosingTo(queued, now);
      this.#drain();
    });
  }

  acquireNow({ call, cost }: QueuedCall): RetryPermit {
    this.admission.onBypass(this.timers.now(), cost);
    return this.#send(call, cost);
  }

  dequeued(): void {
    this.#queue.itemRemoved();
    if (this.#queue.size === 0) this.#drain();
    // The next one may cost less.
    else if (this.settings.cost) this.#wakeAt(this.timers.now());
  }

  /** Tells the queued calls when the key opens. Called again when the wall clock was set back. */
  updateWaits(): void {
    const now = this.timers.now();
    this.#shownUntil = this.admission.closedUntil(now);
    const opensAt = this.settings.cost ? undefined : this.#shownUntil;
    for (const queued of this.#queue.all()) this.#showClosingTo(queued, now, opensAt);
  }

  #showClosingTo(
    queued: QueuedCall,
    now: number,
    opensAt = this.admission.closedUntil(now, queued.cost),
  ): void {
    if (opensAt > now && !queued.removed) {
      queued.gateClosed(this.timers.toWallTime(opensAt), opensAt - now);
    }
  }

  inspect(key: string): GateKeyState {
    const counts = { key, inFlight: this.#inFlight, queued: this.#queue.size };
    return stateOf(this.admission, this.timers, counts);
  }

  #isClosed(): boolean {
    const now = this.timers.now();
    return this.admission.closedUntil(now) > now;
  }

  #send(call: RetryCall, cost: number): Send {
    const { quotas, maxConcurrency } = this.settings;
    const log = this.#sentLog;
    // Otherwise nobody needs the time.
    const now = quotas || log || maxConcurrency < Infinity ? this.timers.now() : 0;
    this.#sentAt = now;
    if (log) this.#awaitLeaving(log, now);
    this.#inFlight += 1;
    this.#running += 1;
    return new Send(this, call, this.admission.epoch, now, cost, log?.take(now, cost));
  }

  /** Tells the log when the present task is over. */
  #awaitLeaving(log: SentLog, now: number): void {
    if (this.#leavingTimer && !this.#leavingTimer.canceled) return;
    this.#leavingTimer = this.timers.set(now, () => {
      log.left(this.timers.now());
      this.#drain();
    });
  }

  /** Learns from the outcome of a send, then admits who may go in its place. */
  ended(send: Send, outcome: GateOutcome, headers: object | undefined): void {
    const now = this.timers.now();
    const { quotas: readers } = this.settings;
    send.answered?.(now);
    this.#inFlight -= 1;
    if (send.at >= this.#lostAt) this.#running -= 1;
    this.#usedAt = now;
    let quotas: readonly Quota[] = [];
    try {
      if (readers && headers) {
        const receivedAt = this.timers.clock.now();
        quotas = readQuotas(readers, { status: outcome.status ?? 0, headers, receivedAt });
      }
    } finally {
      this.#learn(now, send, quotas, outcome);
      if (this.admission.throttled) this.#drain();
      else this.#admitNext(now);
    }
  }

  #learn(now: number, send: Send, quotas: readonly Quota[], outcome: GateOutcome): void {
    const { closes } = this.settings;
    const closedFor = closureOf(send.call, outcome, closes);
    this.admission.onQuotas(now, send, quotas);
    if (closedFor !== undefined) {
      this.#refusedAt = now;
      this.admission.onThrottled(now, send, closedFor, isOverload(outcome));
    } else if (isAccepted(outcome, closes)) this.admission.onSuccess(now, send);
    else this.admission.onIgnored(now, send);
    if (closedFor !== undefined || quotas.length > 0) this.#showClosing();
  }

  /** More or less may be sent: a grant has arrived, or another process has closed or opened the key. */
  #onChange(): void {
    this.#showClosing();
    this.#drain();
  }

  #showClosing(): void {
    const now = this.timers.now();
    const closedUntil = this.admission.closedUntil(now);
    if (closedUntil <= now) this.#shownUntil = -Infinity;
    else if (closedUntil - this.#shownUntil >= DISPLAY_STEP_MS) this.updateWaits();
  }

  /**
   * Admits one queued call for the one that finished. A further slot is filled on the next turn, after
   * answers already received: one of them may be a 429.
   */
  #admitNext(now: number): void {
    if (this.#queue.size === 0) return;
    this.#admitFirst();
    if (this.#queue.size > 0) this.#wakeAt(now);
    else this.#drain();
  }

  /** Admits every queued call that may go now and schedules the next check. */
  #drain(): void {
    this.timers.clear(this.#timer);
    this.#timer = undefined;
    while (this.#admitFirst());
  }

  /** Admits the first queued call, if there is one and it may go now. */
  #admitFirst(): boolean {
    const now = this.timers.now();
    const next = this.#queue.first(now);
    if (next === undefined) return false;
    if (!this.#admit(next.cost)) {
      // Others may cost little enough to go, and this one may not.
      if (this.settings.cost) this.#showClosingTo(next, now);
      return false;
    }
    next.admit(this.#send(next.call, next.cost));
    this.#queue.took();
    return true;
  }

  /** Admits one send; otherwise schedules the next check. */
  #admit(cost: number): boolean {
    const isCapped = this.#running >= this.settings.maxConcurrency;
    if (!isCapped && !this.#sentLog && this.admission.tryAdmit()) return true;
    const now = this.timers.now();
    const at = isCapped ? this.#stalledAt(now) : this.#freeAt(now, cost);
    if (at <= now) return true;
    if (this.#queue.size > 0 && at < Infinity) this.#wakeAt(at);
    return false;
  }

  /** When a send may go; `now` or earlier if it has been admitted. */
  #freeAt(now: number, cost: number): number {
    const loggedAt = this.#sentLog?.freeAt(now, cost) ?? now;
    return loggedAt > now ? loggedAt : this.admission.admit(now, cost, this.#queue.size);
  }

  /** When `maxConcurrency` forgets the sends that never came back. */
  #stalledAt(now: number): number {
    const at = Math.max(this.#usedAt, this.#sentAt) + STALL_TIMEOUT_MS;
    if (now >= at) {
      this.#running = 0;
      this.#lostAt = now;
    }
    return Math.max(at, now + 1);
  }

  isOutdated({ at }: Send): boolean {
    if (at < this.#lostAt) return true;
    // A refusal that a quota explains closes the key, and begins no epoch.
    return this.settings.quotas !== undefined && at <= this.#refusedAt && this.#isClosed();
  }

  #wakeAt(at: number): void {
    if (this.#timer && this.#timer.at <= at) return;
    this.timers.clear(this.#timer);
    this.#timer = this.timers.set(at, () => this.#drain());
  }
}

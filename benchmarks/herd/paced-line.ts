import { ConcurrencyWindow } from '../../src/gate/concurrency-window.js';
import type { Grant, RateLimiter } from '../../src/gate/rate-limiter.js';
import type { Random } from './random.js';
import type { Answer, Caller, Client } from './simulation.js';
import type { VirtualTime } from './virtual-time.js';

/** A pacer of one process, which answers at once. */
export interface LocalPacer extends RateLimiter {
  acquire(now: number, wanted: number): Grant;
}

/** A timer is late by as much at most (ms). */
const LATE = 1;

/** A line before a start window and, from the first refusal on, a pacing rule: what the gate does. */
export class PacedLine implements Client {
  readonly #start: ConcurrencyWindow;
  #pacer: LocalPacer;
  #waiting: Caller[] = [];
  #head = 0;
  #timer = 0;

  constructor(
    readonly time: VirtualTime,
    readonly random: Random,
    readonly make: () => LocalPacer,
    initialConcurrency: number,
  ) {
    this.#start = new ConcurrencyWindow(initialConcurrency);
    // It gives one leave at a time, at once.
    this.#pacer = this.#start as ConcurrencyWindow & LocalPacer;
  }

  add(caller: Caller): void {
    this.#waiting.push(caller);
    this.#pump();
  }

  #pump(): void {
    const { now } = this.time;
    for (let next = this.#waiting[this.#head]; next; next = this.#waiting[this.#head]) {
      const { sends, at, epoch } = this.#pacer.acquire(now, this.#waiting.length - this.#head);
      if (sends === 0) {
        this.#lookAgain(at);
        return;
      }
      this.#head += 1;
      next.send((answer) => this.#answered(next, epoch, answer));
    }
    this.#waiting = [];
    this.#head = 0;
  }

  /** One timer, for the soonest time that was asked for. */
  #lookAgain(at: number): void {
    const { time } = this;
    if (this.#timer > time.now && this.#timer <= at) return;
    const set = Math.max(at, time.now);
    this.#timer = set;
    time.after(set - time.now + this.random() * LATE, () => {
      if (this.#timer !== set) return;
      this.#timer = 0;
      this.#pump();
    });
  }

  #answered(caller: Caller, epoch: number, { retryAfter }: Answer): void {
    const { now } = this.time;
    if (retryAfter === 0) this.#pacer.onSuccess(now, epoch);
    else {
      this.#refused(epoch, retryAfter);
      if (caller.mayRetry()) this.time.after(retryAfter, () => this.add(caller));
    }
    this.#pump();
  }

  #refused(epoch: number, closedFor: number): void {
    const { now } = this.time;
    if (this.#pacer === this.#start) {
      this.#pacer = this.make();
      this.#pacer.onThrottled(now, { epoch, closedFor, ...this.#start.burst(now) });
    } else this.#pacer.onThrottled(now, { epoch, closedFor });
  }
}

// Runs any number of entries on a single timer of the clock.
import type { Clock } from './clock.js';
import { MAX_TIMEOUT_MS } from './clock.js';
import type { HeapItem } from './heap.js';
import { Heap } from './heap.js';
import { onWake } from './wake.js';

/** Something to do at a time of the wall clock. */
export interface TimerEntry extends HeapItem {
  dueAt: number;
  /** True once the entry is done or no longer wanted. */
  readonly canceled: boolean;
  /** Called once, when the time has come. */
  fire(): void;
}

/** Timers fire a little early, so a clock that is behind by no more than this proves nothing. */
const EARLY_MS = 5;

/** A clock that is behind by more was set back. Coarse clocks, with steps of 100 ms, are behind by less. */
const CLOCK_STEP_MS = 128;

/**
 * A queue of entries on one timer. An entry fires when its `dueAt` is reached by the queue's time: the
 * wall clock, or what a timer has shown to have passed if the clock is behind that. If the clock was
 * set back, every `dueAt` moves back with it.
 *
 * ```text
 *   add(entry) ──► heap by dueAt ──► #arm: one timer for the earliest, at most 15 s ahead
 *                      ▲                │
 *                      │                ▼ the timer fires, or the page wakes
 *   entryCanceled() ───┘            #runDue: fires what is due, then arms again
 *   leaves it in the heap;              │
 *   swept when half are canceled        ▼ nothing left
 *                                   no timer, no listener
 *
 *   wall clock  ───────●armed──────────────────●fires───► now ≥ dueAt: due
 *   set back    ───────●armed────◄─────────────●fires───► now < armed + delay: every dueAt moves back
 * ```
 *
 * A timer that fires proves how much time has passed, but only for the entries that were there when it
 * was armed. So each `add` arms it again. If the clock was set back before that, the older entries are
 * late by the part of the timer that was lost; so a timer takes an eighth of the time to the next entry.
 */
export class TimerQueue {
  readonly #clock: Clock;
  readonly #onClockSetBack: () => void;
  readonly #heap = new Heap<TimerEntry>();
  #canceledCount = 0;
  /** Identifies the armed timer; a clock may run one that was cleared, or run it at once. */
  #armed: (() => void) | undefined;
  #timer: unknown;
  #armedAt = 0;
  #armedFor = 0;
  /** The queue's time when it was last checked. */
  #time = -Infinity;
  /** How much the entries have moved back in all. */
  #setBack = 0;
  #stopListening: (() => void) | undefined;

  /** @param onClockSetBack - Called when a clock set back has moved the `dueAt` of the entries. */
  constructor(clock: Clock, onClockSetBack: () => void) {
    this.#clock = clock;
    this.#onClockSetBack = onClockSetBack;
  }

  /** The queue's time in milliseconds that never go back. */
  now(): number {
    this.#checkClock();
    return this.#time + this.#setBack;
  }

  add(entry: TimerEntry): void {
    // The caller went by the clock, which may be behind.
    entry.dueAt += this.#checkClock();
    this.#heap.push(entry);
    this.#stopListening ??= onWake(() => this.#runDue());
    this.#armedAt = this.#time;
    this.#arm();
  }

  /** An entry has become `canceled`. It leaves the heap later, in its turn or in a sweep. */
  entryCanceled(): void {
    this.#canceledCount += 1;
    if (this.#canceledCount * 2 > this.#heap.size) {
      this.#heap.filter((entry) => !entry.canceled);
      this.#canceledCount = 0;
      if (this.#heap.size === 0) this.#arm();
    }
  }

  #runDue(timerFired = false): void {
    const before = this.#time;
    this.#checkClock(timerFired ? this.#armedAt + this.#armedFor : undefined);
    // While the clock does not move at all, times that are too short to prove anything add up.
    if (timerFired && this.#time === before) this.#armedAt += this.#armedFor;
    else this.#armedAt = this.#time;
    for (;;) {
      const entry = this.#heap.peek();
      if (!entry || (!entry.canceled && entry.dueAt > this.#time)) break;
      this.#heap.pop();
      if (entry.canceled) this.#canceledCount -= 1;
      else entry.fire();
    }
    this.#arm();
  }

  /** Arms the timer for the earliest entry; if there is none, stops. */
  #arm(): void {
    const next = this.#heap.peek();
    // One of 0 ms goes on, or a stream of new waits would postpone it for ever.
    if (next && this.#armed && this.#armedFor === 0) return;
    if (this.#armed) this.#clock.clearTimeout(this.#timer);
    this.#armed = undefined;
    if (!next) {
      this.#stopListening?.();
      this.#stopListening = undefined;
      return;
    }
    const { maxTimeout = MAX_TIMEOUT_MS } = this.#clock;
    const left = Math.max(next.dueAt - this.#time, 0);
    this.#armedFor = Math.ceil(Math.min(left, maxTimeout, Math.max(left / 8, maxTimeout / 15)));
    const run = (): void => {
      if (this.#armed !== run) return;
      this.#armed = undefined;
      this.#runDue(true);
    };
    this.#armed = run;
    this.#timer = this.#clock.setTimeout(run, this.#armedFor);
  }

  /**
   * Reads the clock, and moves the entries back if it was set back.
   *
   * @param shown - The time that has come by the timer.
   * @returns How far the clock is behind the queue's time.
   */
  #checkClock(shown = -Infinity): number {
    const now = this.#clock.now();
    if (shown - now > EARLY_MS) this.#time = Math.max(this.#time, shown);
    const behind = this.#time - now;
    if (behind > 0 && behind <= CLOCK_STEP_MS) return behind;
    this.#time = now;
    if (behind <= 0) return 0;
    this.#setBack += behind;
    this.#armedAt -= behind;
    this.#heap.filter((entry) => {
      entry.dueAt -= behind;
      return !entry.canceled;
    });
    this.#canceledCount = 0;
    if (this.#heap.size > 0) this.#onClockSetBack();
    return 0;
  }
}

// Runs any number of entries on a single timer of the clock.
import type { Clock } from './clock.js';
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

/** The timer is re-armed at least this often, because timers stand still while a machine sleeps. */
const CHECK_INTERVAL_MS = 15_000;

/** Timers fire a little early and clocks are slewed; NTP steps a clock that is off by more than this. */
const CLOCK_STEP_MS = 128;

/**
 * A queue of entries on one timer. An entry fires when the wall clock reaches its `dueAt`. If the
 * clock is set back, `dueAt` moves back with it, so that the time already waited counts.
 *
 * ```text
 *   add(entry) ──► heap by dueAt ──► #arm: one timer for the earliest, at most 15 s ahead
 *                      ▲                │
 *                      │                ▼ the timer fires, or the page wakes
 *   entryCanceled() ───┘            #runDue: fires what is due, then arms again
 *   leaves it in the heap;              │
 *   swept when half are canceled        ▼ nothing left
 *                                   #stop: no timer, no listener
 *
 *   wall clock  ───────●armed──────────────────●fires───► now ≥ dueAt: due
 *   set back    ───────●armed────◄─────────────●fires───► now < armed + delay: every dueAt moves back
 * ```
 */
export class TimerQueue {
  readonly #clock: Clock;
  readonly #onClockSetBack: () => void;
  readonly #heap = new Heap<TimerEntry>();
  #canceledCount = 0;
  #timer: unknown;
  #armedAt = 0;
  #armedFor = 0;
  /** Highest id when the timer was armed; the timer is evidence of a set-back clock up to it. */
  #armedId = 0;
  #lastId = 0;
  #lastNow = -Infinity;
  #stopListening: (() => void) | undefined;

  /** @param onClockSetBack - Called when a clock set back has moved the `dueAt` of the entries. */
  constructor(clock: Clock, onClockSetBack: () => void) {
    this.#clock = clock;
    this.#onClockSetBack = onClockSetBack;
  }

  add(entry: TimerEntry): void {
    this.#checkClock(this.#clock.now());
    this.#heap.push(entry);
    this.#lastId = entry.id;
    this.#stopListening ??= onWake(() => this.#runDue());
    this.#arm();
  }

  /** An entry has become `canceled`. It leaves the heap later, in its turn or in a sweep. */
  entryCanceled(): void {
    this.#canceledCount += 1;
    if (this.#canceledCount * 2 > this.#heap.size) {
      this.#heap.filter((entry) => !entry.canceled);
      this.#canceledCount = 0;
      if (this.#heap.size === 0) this.#stop();
    }
  }

  #runDue(timerFired = false): void {
    const now = this.#clock.now();
    this.#checkClock(now, timerFired);
    for (;;) {
      const entry = this.#heap.peek();
      if (entry === undefined) {
        this.#stop();
        return;
      }
      if (entry.canceled) this.#canceledCount -= 1;
      else if (entry.dueAt > now) break;
      this.#heap.pop();
      if (!entry.canceled) entry.fire();
    }
    this.#arm();
  }

  /** Arms the timer for the earliest entry, unless it is armed for that time or an earlier one. */
  #arm(): void {
    const next = this.#heap.peek() as TimerEntry;
    const now = this.#clock.now();
    const firesAt = this.#armedAt + this.#armedFor;
    // An overdue timer was suspended with the machine and would fire late, so re-arm it. A zero-delay
    // timer is never re-armed, or a stream of new waits would postpone it for ever.
    const isGood = this.#armedFor === 0 || (now < firesAt && next.dueAt >= firesAt);
    if (this.#timer !== undefined && isGood) return;
    this.#disarm();
    this.#armedAt = now;
    this.#armedFor = Math.min(Math.max(Math.ceil(next.dueAt - now), 0), CHECK_INTERVAL_MS);
    this.#armedId = this.#lastId;
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = undefined;
      this.#runDue(true);
    }, this.#armedFor);
  }

  #disarm(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #stop(): void {
    this.#disarm();
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.#lastNow = -Infinity;
  }

  /**
   * Moves the entries back if the clock was set back. There are two signs of that: the clock shows
   * less than it did before; or the timer has run its time and the clock has not. The second holds
   * only for entries that were there when the timer was armed.
   */
  #checkClock(now: number, timerFired = false): void {
    const shownLess = this.#lastNow - now;
    const ranAhead = timerFired ? this.#armedAt + this.#armedFor - now : shownLess;
    const setBack = Math.max(shownLess, ranAhead);
    this.#lastNow = now;
    if (setBack <= CLOCK_STEP_MS) return;
    this.#heap.filter((entry) => {
      entry.dueAt -= Math.max(entry.id <= this.#armedId ? setBack : shownLess, 0);
      return !entry.canceled;
    });
    this.#canceledCount = 0;
    this.#disarm();
    this.#onClockSetBack();
  }
}

import type { Clock } from './clock.js';
import type { HeapItem } from './heap.js';
import { Heap } from './heap.js';
import { onWake } from './wake.js';

/** Something to be done at a time of the wall clock. */
export interface TimerEntry extends HeapItem {
  dueAt: number;
  /** True once it is no longer wanted; the schedule then forgets it. */
  readonly canceled: boolean;
  /** Its time has come; called once. */
  fire(): void;
}

/** A sleeping machine's timers stand still, so the wall clock is looked at this often (ms). */
const CHECK_INTERVAL_MS = 15_000;

/** Timers fire a little early and clocks are slewed; NTP steps a clock that is off by more (ms). */
const CLOCK_STEP_MS = 128;

/**
 * Any number of waits on one timer. A wait is due when the wall clock reaches its `dueAt`; when the
 * clock was set back in the meantime, `dueAt` moves back with it, so the time already waited counts.
 */
export class TimerQueue {
  readonly #clock: Clock;
  readonly #onClockSetBack: () => void;
  readonly #heap = new Heap<TimerEntry>();
  #canceledCount = 0;
  #timer: unknown;
  #armedAt = 0;
  #armedFor = 0;
  /** The youngest wait there was when the timer was armed: what it says holds for these. */
  #armedId = 0;
  #lastId = 0;
  #lastNow = Number.NEGATIVE_INFINITY;
  #stopListening: (() => void) | undefined;

  /** @param moved - Called when a clock set back has moved the `dueAt` of what waits. */
  constructor(clock: Clock, moved: () => void) {
    this.#clock = clock;
    this.#onClockSetBack = moved;
  }

  add(item: TimerEntry): void {
    this.#noticeSetBack(this.#clock.now());
    this.#heap.push(item);
    this.#lastId = item.id;
    this.#stopListening ??= onWake(() => this.#runDue());
    this.#arm();
  }

  /** Tells that an item has become `over`. It leaves the heap later, with others or in its turn. */
  entryCanceled(): void {
    this.#canceledCount += 1;
    if (this.#canceledCount * 2 > this.#heap.size) {
      this.#heap.filter((item) => !item.canceled);
      this.#canceledCount = 0;
      if (this.#heap.size === 0) this.#stop();
    }
  }

  #runDue(fired = false): void {
    const now = this.#clock.now();
    this.#noticeSetBack(now, fired);
    for (;;) {
      const item = this.#heap.peek();
      if (item === undefined) {
        this.#stop();
        return;
      }
      if (item.canceled) this.#canceledCount -= 1;
      else if (item.dueAt > now) break;
      this.#heap.pop();
      if (!item.canceled) item.fire();
    }
    this.#arm();
  }

  /** Arms the one timer for the earliest item, unless it is armed for that time or an earlier one. */
  #arm(): void {
    const next = this.#heap.peek() as TimerEntry;
    const now = this.#clock.now();
    const firesAt = this.#armedAt + this.#armedFor;
    // One that should have fired by now stood still with the machine, and has that time still to run:
    // it is armed anew, but one for at once only once, or waits that begin would put it off for ever.
    const stands = this.#armedFor === 0 || (now < firesAt && next.dueAt >= firesAt);
    if (this.#timer !== undefined && stands) return;
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

  /** Nothing waits: no timer, no listener, no memory of what the clock said. */
  #stop(): void {
    this.#disarm();
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.#lastNow = Number.NEGATIVE_INFINITY;
  }

  /**
   * Two signs of a clock that was set back: it shows less than it did before; or the timer has run
   * its time and the clock has not (this one holds only for what waited when the timer was armed).
   */
  #noticeSetBack(now: number, fired = false): void {
    const all = this.#lastNow - now;
    const armed = fired ? Math.max(all, this.#armedAt + this.#armedFor - now) : all;
    this.#lastNow = now;
    if (armed <= CLOCK_STEP_MS) return;
    this.#heap.filter((item) => {
      item.dueAt -= Math.max(item.id <= this.#armedId ? armed : all, 0);
      return !item.canceled;
    });
    this.#canceledCount = 0;
    this.#disarm();
    this.#onClockSetBack();
  }
}

// A clock that never goes back, with timers on it.
import type { Clock } from './clock.js';
import type { TimerEntry } from './timer-queue.js';
import { TimerQueue } from './timer-queue.js';

/** A timer of {@link MonotonicTimers}. */
class MonotonicTimer implements TimerEntry {
  canceled = false;

  constructor(
    readonly id: number,
    /** Epoch milliseconds; moves when the clock is set back. */
    public dueAt: number,
    /** Monotonic milliseconds. */
    readonly at: number,
    readonly callback: () => void,
  ) {}

  fire(): void {
    this.canceled = true;
    this.callback();
  }
}

/** Wall time plus an offset that grows whenever the wall clock is set back, with timers on it. */
export class MonotonicTimers {
  readonly #queue: TimerQueue;
  #lastId = 0;

  /** @param onClockSetBack - Called when wall times, as `toWallTime` tells them, have changed. */
  constructor(
    readonly clock: Clock,
    onClockSetBack: () => void,
  ) {
    this.#queue = new TimerQueue(clock, onClockSetBack);
  }

  /** Monotonic milliseconds. */
  now(): number {
    return this.#queue.now();
  }

  /** The wall time, in epoch milliseconds, of a monotonic time, as far as is known now. */
  toWallTime(at: number): number {
    return at - this.now() + this.clock.now();
  }

  set(at: number, callback: () => void): MonotonicTimer {
    this.#lastId += 1;
    const timer = new MonotonicTimer(this.#lastId, this.toWallTime(at), at, callback);
    this.#queue.add(timer);
    return timer;
  }

  clear(timer: MonotonicTimer | undefined): void {
    if (timer === undefined || timer.canceled) return;
    timer.canceled = true;
    this.#queue.entryCanceled();
  }
}

export type { MonotonicTimer };

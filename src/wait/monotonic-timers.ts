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
    readonly timers: MonotonicTimers,
    /** Monotonic milliseconds. */
    readonly at: number,
    readonly callback: () => void,
  ) {}

  fire(): void {
    this.canceled = true;
    this.timers.fired(this);
    this.callback();
  }
}

/** Wall time plus an offset that grows whenever the wall clock is set back, with timers on it. */
export class MonotonicTimers {
  readonly #queue: TimerQueue;
  #offset = 0;
  #last = -Infinity;
  #lastId = 0;
  readonly #timers = new Set<MonotonicTimer>();

  /** @param onClockSetBack - Called when wall times, as `toWallTime` tells them, have changed. */
  constructor(
    readonly clock: Clock,
    onClockSetBack: () => void,
  ) {
    this.#queue = new TimerQueue(clock, () => {
      for (const { at, dueAt } of this.#timers) this.#offset = Math.max(this.#offset, at - dueAt);
      onClockSetBack();
    });
  }

  /** Monotonic milliseconds. */
  now(): number {
    const now = this.clock.now() + this.#offset;
    if (now < this.#last) this.#offset += this.#last - now;
    else this.#last = now;
    return this.#last;
  }

  /** The wall time, in epoch milliseconds, of a monotonic time, as far as is known now. */
  toWallTime(at: number): number {
    return at - this.#offset;
  }

  set(at: number, callback: () => void): MonotonicTimer {
    this.#lastId += 1;
    const timer = new MonotonicTimer(this.#lastId, this.toWallTime(at), this, at, callback);
    this.#timers.add(timer);
    this.#queue.add(timer);
    return timer;
  }

  clear(timer: MonotonicTimer | undefined): void {
    if (timer === undefined || timer.canceled) return;
    timer.canceled = true;
    this.#timers.delete(timer);
    this.#queue.entryCanceled();
  }

  /** A timer has fired, so its time has come, whatever the wall clock shows. */
  fired(timer: MonotonicTimer): void {
    this.#timers.delete(timer);
    const { at } = timer;
    const behind = at - this.now();
    if (behind <= 0) return;
    this.#offset += behind;
    this.#last = at;
  }
}

export type { MonotonicTimer };

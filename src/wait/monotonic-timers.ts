import type { Clock } from './clock.js';
import type { TimerEntry } from './timer-queue.js';
import { TimerQueue } from './timer-queue.js';

/** Something to be done at a time; see {@link MonotonicTimers}. */
class MonotonicTimer implements TimerEntry {
  canceled = false;

  constructor(
    readonly id: number,
    /** Epoch milliseconds; moves when the clock is set back. */
    public dueAt: number,
    readonly timers: MonotonicTimers,
    /** Steady milliseconds. */
    readonly at: number,
    readonly callback: () => void,
  ) {}

  fire(): void {
    this.canceled = true;
    this.timers.fired(this);
    this.callback();
  }
}

/**
 * A time that never goes back and alarms on it: the wall clock's, and from when that is set back as
 * much ahead of it as makes time go on.
 */
export class MonotonicTimers {
  readonly #queue: TimerQueue;
  #offset = 0;
  #last = Number.NEGATIVE_INFINITY;
  #lastId = 0;
  readonly #timers = new Set<MonotonicTimer>();

  /** @param moved - The clock was set back: times on the wall have changed. */
  constructor(
    readonly clock: Clock,
    moved: () => void,
  ) {
    this.#queue = new TimerQueue(clock, () => {
      for (const { at, dueAt } of this.#timers) this.#offset = Math.max(this.#offset, at - dueAt);
      moved();
    });
  }

  /** Steady milliseconds. */
  now(): number {
    const now = this.clock.now() + this.#offset;
    if (now < this.#last) this.#offset += this.#last - now;
    else this.#last = now;
    return this.#last;
  }

  /** When the clock on the wall will show a steady time, as far as is known. */
  toWallTime(at: number): number {
    return at - this.#offset;
  }

  set(at: number, ring: () => void): MonotonicTimer {
    this.#lastId += 1;
    const alarm = new MonotonicTimer(this.#lastId, this.toWallTime(at), this, at, ring);
    this.#timers.add(alarm);
    this.#queue.add(alarm);
    return alarm;
  }

  clear(alarm: MonotonicTimer | undefined): void {
    if (alarm === undefined || alarm.canceled) return;
    alarm.canceled = true;
    this.#timers.delete(alarm);
    this.#queue.entryCanceled();
  }

  /** Its time has come, whatever the clock on the wall shows by now. */
  fired(alarm: MonotonicTimer): void {
    this.#timers.delete(alarm);
    const { at } = alarm;
    const behind = at - this.now();
    if (behind <= 0) return;
    this.#offset += behind;
    this.#last = at;
  }
}

export type { MonotonicTimer };

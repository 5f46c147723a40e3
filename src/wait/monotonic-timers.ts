import type { Clock } from './clock.js';
import type { Scheduled } from './timer-queue.js';
import { Schedule } from './timer-queue.js';

/** Something to be done at a time; see {@link Alarms}. */
class Alarm implements Scheduled {
  over = false;

  constructor(
    readonly id: number,
    /** Epoch milliseconds; moves when the clock is set back. */
    public dueAt: number,
    readonly alarms: Alarms,
    /** Steady milliseconds. */
    readonly at: number,
    readonly ring: () => void,
  ) {}

  due(): void {
    this.over = true;
    this.alarms.reached(this);
    this.ring();
  }
}

/**
 * A time that never goes back and alarms on it: the wall clock's, and from when that is set back as
 * much ahead of it as makes time go on.
 */
export class Alarms {
  readonly #schedule: Schedule;
  #ahead = 0;
  #last = Number.NEGATIVE_INFINITY;
  #lastId = 0;
  readonly #set = new Set<Alarm>();

  /** @param moved - The clock was set back: times on the wall have changed. */
  constructor(
    readonly clock: Clock,
    moved: () => void,
  ) {
    this.#schedule = new Schedule(clock, () => {
      for (const { at, dueAt } of this.#set) this.#ahead = Math.max(this.#ahead, at - dueAt);
      moved();
    });
  }

  /** Steady milliseconds. */
  now(): number {
    const now = this.clock.now() + this.#ahead;
    if (now < this.#last) this.#ahead += this.#last - now;
    else this.#last = now;
    return this.#last;
  }

  /** When the clock on the wall will show a steady time, as far as is known. */
  onWall(at: number): number {
    return at - this.#ahead;
  }

  set(at: number, ring: () => void): Alarm {
    this.#lastId += 1;
    const alarm = new Alarm(this.#lastId, this.onWall(at), this, at, ring);
    this.#set.add(alarm);
    this.#schedule.add(alarm);
    return alarm;
  }

  clear(alarm: Alarm | undefined): void {
    if (alarm === undefined || alarm.over) return;
    alarm.over = true;
    this.#set.delete(alarm);
    this.#schedule.drop();
  }

  /** Its time has come, whatever the clock on the wall shows by now. */
  reached(alarm: Alarm): void {
    this.#set.delete(alarm);
    const { at } = alarm;
    const behind = at - this.now();
    if (behind <= 0) return;
    this.#ahead += behind;
    this.#last = at;
  }
}

export type { Alarm };

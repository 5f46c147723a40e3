// A clock that stands still until it is moved, and does as little work as possible.
import type { Clock } from '../src/wait/clock.js';

export class ManualClock implements Clock {
  #now = Date.UTC(2030, 0, 1);
  readonly #timers = new Map<number, () => void>();
  #lastId = 0;

  now(): number {
    return this.#now;
  }

  setTimeout(run: () => void): number {
    this.#lastId += 1;
    this.#timers.set(this.#lastId, run);
    return this.#lastId;
  }

  clearTimeout(id: unknown): void {
    this.#timers.delete(id as number);
  }

  /** Moves on by `ms` and fires timers until none is left. */
  jump(ms: number): void {
    this.#now += ms;
    while (this.#timers.size > 0) {
      for (const [id, run] of this.#timers) {
        this.#timers.delete(id);
        run();
      }
    }
  }
}

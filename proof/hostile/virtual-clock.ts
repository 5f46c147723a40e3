// A clock whose time passes at once, and which knows what is left on it.
import type { Clock } from '../../src/index.js';

interface Timer {
  readonly dueAt: number;
  readonly run: () => void;
}

/** Turns of the event loop in which the promises of a request settle. */
const TURNS = 3;

export class VirtualClock implements Clock {
  readonly maxTimeout = Infinity;
  readonly #timers = new Set<Timer>();
  #now = Date.UTC(2030, 0, 1);

  /** Timers that have neither run nor been cleared. */
  get left(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  setTimeout(run: () => void, ms: number): unknown {
    const timer = { dueAt: this.#now + Math.max(ms, 0), run };
    this.#timers.add(timer);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as Timer);
  }

  async settle(): Promise<void> {
    for (let i = 0; i < TURNS; i += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Runs every timer that is due within a time, and lets requests settle in between. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.settle();
    for (;;) {
      const [next] = [...this.#timers].sort((a, b) => a.dueAt - b.dueAt);
      if (next === undefined || !(next.dueAt <= end)) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.dueAt);
      next.run();
      await this.settle();
    }
    this.#now = end;
  }
}

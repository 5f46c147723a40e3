import type { Clock } from '../../src/wait/clock.js';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/**
 * A clock whose wall time and timers may disagree, as when the wall clock is set or the machine
 * sleeps. It advances only when a test says so.
 */
export class SkewedClock implements Clock {
  /** The real time passed, by which timers run (ms). */
  elapsed = 0;
  /** How late timers fire (ms); if negative, how early, but never synchronously. */
  lag = 0;
  /** Whether wall time stands still, as when a test mocks `Date.now`. */
  isStill = false;
  /** The step in which wall time is shown (ms); some browsers round it down to 100 ms. */
  resolution = 0.125;
  /** The delays of all `setTimeout` calls, latest last (ms). */
  readonly asked: number[] = [];
  readonly #timers = new Set<Timer>();
  #wall: number;

  /** @param wall - The wall time at the start, in epoch milliseconds. */
  constructor(wall: number = Date.UTC(2030, 0, 1)) {
    this.#wall = wall;
  }

  /** How many timers have neither run nor been cleared. */
  get live(): number {
    return this.#timers.size;
  }

  now(): number {
    return Math.floor(this.#wall / this.resolution) * this.resolution;
  }

  /** @throws {RangeError} When `ms` is not 0 to 15 s, which the plugin never needs. */
  setTimeout(run: () => void, ms: number): unknown {
    if (!(ms >= 0 && ms <= 15_000)) throw new RangeError(`A timer of ${ms} ms was asked for.`);
    this.asked.push(ms);
    const timer = { at: this.elapsed + Math.max(ms + this.lag, Math.min(ms, 1)), run };
    this.#timers.add(timer);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as Timer);
  }

  /** Advances wall time and real time, and runs timers. */
  pass(ms: number): void {
    const end = this.elapsed + ms;
    for (;;) {
      const [next] = [...this.#timers].sort((a, b) => a.at - b.at);
      if (next === undefined || next.at > end) break;
      this.#timers.delete(next);
      this.#goTo(Math.max(next.at, this.elapsed));
      next.run();
    }
    this.#goTo(end);
  }

  /** Sets the wall clock forward, or back if `ms` is negative. */
  step(ms: number): void {
    this.#wall += ms;
  }

  /** The machine sleeps: wall time advances, timers do not. */
  sleep(ms: number): void {
    this.#wall += ms;
  }

  #goTo(elapsed: number): void {
    if (!this.isStill) this.#wall += elapsed - this.elapsed;
    this.elapsed = elapsed;
  }
}

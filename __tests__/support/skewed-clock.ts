import type { Clock } from '../../src/wait/clock.js';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/**
 * A clock for tests whose wall clock and timers may disagree, as a machine's do when somebody sets
 * the time or closes the lid. It stands still until it is told to move.
 */
export class SkewedClock implements Clock {
  /** What real time has passed, by which timers run (ms). */
  elapsed = 0;
  /** How late timers fire; negative: how early, but never at once (ms). */
  lag = 0;
  /** What `setTimeout` was asked for, the latest last (ms). */
  readonly asked: number[] = [];
  readonly #timers = new Set<Timer>();
  #wall: number;

  /** @param wall - Epoch milliseconds it begins at. */
  constructor(wall: number = Date.UTC(2030, 0, 1)) {
    this.#wall = wall;
  }

  /** How many timers have neither run nor been cleared. */
  get live(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#wall;
  }

  /** @throws {RangeError} When `ms` is not 0 to 15 s: no part of the plugin may ask for that. */
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

  /** Time passes by both, and timers run in it. */
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

  /** Somebody sets the wall clock: forward, or back where `ms` is negative. */
  step(ms: number): void {
    this.#wall += ms;
  }

  /** The machine sleeps: the wall clock goes on, timers stand still. */
  sleep(ms: number): void {
    this.#wall += ms;
  }

  #goTo(elapsed: number): void {
    this.#wall += elapsed - this.elapsed;
    this.elapsed = elapsed;
  }
}

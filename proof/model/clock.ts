// The clock of a run. Its timers follow the time that passes; the wall may be set, or stand still.
import type { Clock } from '../../src/index.js';

interface Timer {
  readonly at: number;
  readonly seq: number;
  readonly isPlugins: boolean;
  readonly run: () => void;
}

export const START = Date.UTC(2030, 0, 1);

/** The plugin's own time may be so far ahead of a clock that stood still, or that was set back by no more. */
const AHEAD_MS = 128;

export class ModelClock {
  /** Milliseconds that have passed since the start of the run. */
  elapsed = 0;
  /** Whether the wall was ever set or stood still, and how often it was so far. */
  changes = 0;
  /** The plugin's `Clock`. */
  readonly plugin: Clock;
  #offset = 0;
  #standsAt: number | undefined;
  #changedAt = -Infinity;
  #seq = 0;
  readonly #timers = new Set<Timer>();

  constructor() {
    this.plugin = {
      now: () => this.wall,
      setTimeout: (run, ms) => this.#add(run, ms, true),
      clearTimeout: (timer) => void this.#timers.delete(timer as Timer),
    };
  }

  get wall(): number {
    return this.#standsAt ?? START + this.elapsed + this.#offset;
  }

  /** Whether it stands still, or did a moment ago, or was set then. */
  get isStanding(): boolean {
    return this.#standsAt !== undefined || this.elapsed - this.#changedAt <= AHEAD_MS;
  }

  /** How many timers of the plugin are armed. */
  get pluginTimers(): number {
    let count = 0;
    for (const { isPlugins } of this.#timers) if (isPlugins) count += 1;
    return count;
  }

  get hasTimers(): boolean {
    return this.#timers.size > 0;
  }

  /** The model's own timers: answers, slow hooks, held interceptors. */
  after(ms: number, run: () => void): void {
    this.#add(run, ms, false);
  }

  set(how: 'back' | 'forward' | 'stand' | 'go', ms: number): void {
    this.changes += 1;
    this.#changedAt = this.elapsed;
    if (how === 'back') this.#offset -= ms;
    else if (how === 'forward') this.#offset += ms;
    else if (how === 'stand') this.#standsAt = this.wall;
    else if (this.#standsAt !== undefined) {
      this.#offset = this.#standsAt - START - this.elapsed;
      this.#standsAt = undefined;
    }
  }

  /** Runs the next timer, if it is due before `limit`; afterwards everything that follows at once has happened. */
  async next(limit: number, after: () => void): Promise<boolean> {
    let first: Timer | undefined;
    for (const timer of this.#timers)
      if (!first || timer.at < first.at || (timer.at === first.at && timer.seq < first.seq))
        first = timer;
    if (first === undefined || first.at > limit) return false;
    this.#timers.delete(first);
    this.elapsed = Math.max(this.elapsed, first.at);
    first.run();
    await settle();
    after();
    return true;
  }

  async pass(ms: number, after: () => void): Promise<void> {
    const end = this.elapsed + ms;
    while (await this.next(end, after));
    this.elapsed = end;
  }

  #add(run: () => void, ms: number, isPlugins: boolean): Timer {
    if (!(ms >= 0 && ms < 2 ** 31)) throw new RangeError(`A timer of ${ms} ms was asked for.`);
    this.#seq += 1;
    const timer = { at: this.elapsed + ms, seq: this.#seq, isPlugins, run };
    this.#timers.add(timer);
    return timer;
  }
}

/** Resolves when no microtask is left. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

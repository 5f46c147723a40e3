// The plugin's view of time.

/** The longest timer, unless the clock has its own `maxTimeout`. */
export const MAX_TIMEOUT_MS = 15_000;

/** Tells the time and sets timers. Pass another one to run waits faster or to test them. */
export interface Clock {
  /** The wall clock, epoch milliseconds. */
  now(): number;
  /**
   * Runs `run` once, `ms` milliseconds from now (at most `maxTimeout`) and not before. A timer that fires
   * while `now()` is behind means that the clock was set back or stands still.
   */
  setTimeout(run: () => void, ms: number): unknown;
  /** Takes the value that `setTimeout` returned. */
  clearTimeout(id: unknown): void;
  /**
   * The longest timer to set, in milliseconds. It is not long because timers stand still while a
   * machine sleeps.
   *
   * @defaultValue 15_000
   */
  readonly maxTimeout?: number;
  /**
   * For clocks that stand still while requests are under way: called with `1` when a request is sent
   * or resumed, and with `-1` when it ends or begins to wait.
   */
  inFlight?(change: 1 | -1): void;
}

interface Immediates {
  setImmediate?(run: () => void): unknown;
  clearImmediate?(id: unknown): void;
}

/** Reads the globals at each call, so that a test's fake timers work. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout(run, ms) {
    const { setImmediate, clearImmediate } = globalThis as Immediates;
    // In Node a timer of 0 ms takes 1 ms.
    if (ms <= 0 && setImmediate) {
      const id = setImmediate(run);
      return () => clearImmediate?.(id);
    }
    const id = setTimeout(run, ms);
    return () => clearTimeout(id);
  },
  clearTimeout: (clear) => (clear as () => void)(),
};

/**
 * Time, as the plugin sees it. Give your own to run waits faster or to test them.
 */
export interface Clock {
  /** The wall clock: epoch milliseconds. */
  now(): number;
  /**
   * Runs `run` once, `ms` milliseconds from now and not before `now()` has advanced by as much: one
   * that fires while `now()` is far behind tells of a clock that was set back. Never above 15 s.
   */
  setTimeout(run: () => void, ms: number): unknown;
  /** Takes back what `setTimeout` returned. */
  clearTimeout(id: unknown): void;
  /**
   * Optional, for clocks that stand still while requests are under way: told `1` when a request goes on its way and `-1` when it has ended
   * or begun to wait.
   */
  inFlight?(change: 1 | -1): void;
}

interface Immediates {
  setImmediate?(run: () => void): unknown;
  clearImmediate?(id: unknown): void;
}

/** The globals, looked up at each call so that a test's fake timers are seen. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout(run, ms) {
    const { setImmediate, clearImmediate } = globalThis as Immediates;
    // Where there is one: a timer of 0 ms takes 1 ms in Node.
    if (ms <= 0 && setImmediate) {
      const id = setImmediate(run);
      return () => clearImmediate?.(id);
    }
    const id = setTimeout(run, ms);
    return () => clearTimeout(id);
  },
  clearTimeout: (clear) => (clear as () => void)(),
};

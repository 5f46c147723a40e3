import type { Clock } from '../../src/index.js';

/**
 * A clock on which `factor` milliseconds pass in one.
 *
 * It stands still while a request is under way: a few milliseconds of HTTP are real time, and would
 * be half a minute on this clock.
 */
export function createFastClock(factor: number): Clock {
  let shown = Date.now();
  let shownAt = performance.now();
  let underWay = 0;

  const now = (): number =>
    underWay > 0 ? shown : Math.floor(shown + (performance.now() - shownAt) * factor);

  return {
    now,
    setTimeout(run, ms) {
      const dueAt = now() + ms;
      const timer = { id: setTimeout(look, ms / factor) };
      // A real timer may fire a millisecond early, which is seconds here: never run before `dueAt`.
      function look(): void {
        const left = dueAt - now();
        if (left <= 0) run();
        else timer.id = setTimeout(look, left / factor);
      }
      return timer;
    },
    clearTimeout(timer) {
      clearTimeout((timer as { id: NodeJS.Timeout }).id);
    },
    inFlight(change) {
      shown = now();
      shownAt = performance.now();
      underWay += change;
    },
  };
}

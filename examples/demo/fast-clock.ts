// A clock on which ten hours pass in ten seconds.
import type { Clock } from '../../src/index.js';

/**
 * Creates a clock that runs `factor` times as fast as the real one.
 *
 * It stops while a request is in flight: a few milliseconds of HTTP would be half a minute on this clock.
 */
export function createFastClock(factor: number): Clock {
  let shown = Date.now();
  let shownAt = performance.now();
  let requests = 0;

  const now = (): number =>
    requests > 0 ? shown : Math.floor(shown + (performance.now() - shownAt) * factor);

  return {
    now,
    setTimeout(run, ms) {
      const dueAt = now() + ms;
      const timer = { id: setTimeout(check, ms / factor) };
      // A real timer may fire a millisecond early, which is seconds on this clock.
      function check(): void {
        const left = dueAt - now();
        if (left <= 0) run();
        else timer.id = setTimeout(check, left / factor);
      }
      return timer;
    },
    clearTimeout(timer) {
      clearTimeout((timer as { id: NodeJS.Timeout }).id);
    },
    inFlight(change) {
      shown = now();
      shownAt = performance.now();
      requests += change;
    },
  };
}

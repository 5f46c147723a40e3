// A clock on which ten hours pass in seconds.
import type { Clock } from '../../src/index.js';

/** How far a clock gets in some real time, and the inverse. All in milliseconds since its start. */
export interface Pace {
  toClock(real: number): number;
  toReal(clock: number): number;
}

/** `factor` times as fast as real time. */
export function steady(factor: number): Pace {
  return { toClock: (real) => real * factor, toReal: (clock) => clock / factor };
}

/**
 * Faster and faster: waits of 8 s, 64 s, … 9 h, one after the other, take about the same real time.
 *
 * @param first - Clock milliseconds that pass in the first 0.7 × `scale` real milliseconds.
 */
export function quickening(first: number, scale: number): Pace {
  return {
    toClock: (real) => first * Math.expm1(real / scale),
    toReal: (clock) => scale * Math.log1p(clock / first),
  };
}

interface Timer {
  readonly dueAt: number;
  id?: NodeJS.Timeout;
}

/**
 * Creates a clock of that pace.
 *
 * It stops while a request is in flight, because a few milliseconds of HTTP would be half a minute on it. It also
 * stops at a timer that is due until the timer runs, so that a busy machine shows the same times as a quiet one.
 */
export function createFastClock(pace: Pace): Required<Clock> {
  const timers = new Set<Timer>();
  const start = Date.now();
  let shown = start;
  let shownAt = performance.now();
  let requests = 0;

  const realBetween = (from: number, to: number): number =>
    pace.toReal(to - start) - pace.toReal(from - start);

  function now(): number {
    if (requests > 0) return shown;
    const real = pace.toReal(shown - start) + performance.now() - shownAt;
    const nextDue = Math.min(...[...timers].map(({ dueAt }) => dueAt));
    return Math.min(Math.floor(start + pace.toClock(real)), nextDue);
  }

  /** Goes on from the time that is shown. */
  function settle(): void {
    shown = now();
    shownAt = performance.now();
  }

  return {
    now,
    // The demo is over before a machine sleeps, so one timer is enough for any wait.
    maxTimeout: Infinity,
    setTimeout(run, ms) {
      const timer: Timer = { dueAt: now() + ms };
      // The clock may have stopped meanwhile, and a real timer may fire a millisecond early.
      function check(): void {
        if (now() < timer.dueAt) {
          wait();
          return;
        }
        settle();
        timers.delete(timer);
        run();
      }
      function wait(): void {
        timer.id = setTimeout(check, realBetween(now(), timer.dueAt));
      }
      timers.add(timer);
      wait();
      return timer;
    },
    clearTimeout(id) {
      const timer = id as Timer;
      clearTimeout(timer.id);
      settle();
      timers.delete(timer);
    },
    inFlight(change) {
      settle();
      requests += change;
    },
  };
}

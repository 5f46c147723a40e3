// A clock that runs faster than the real one, and changes its speed while requests wait.
import type { Clock } from 'axios-status-retry';

export interface ScaledClock extends Clock {
  /** Milliseconds per real millisecond. A change applies to waits under way, too. */
  speed: number;
}

interface Timer {
  readonly dueAt: number;
  readonly run: () => void;
  id: ReturnType<typeof setTimeout> | undefined;
}

/**
 * Creates a clock that runs `speed` times as fast as the real one.
 *
 * While nothing waits and a request is in flight, it runs at the real speed: a few milliseconds of HTTP must
 * not become seconds. It never passes a timer that is due: one late frame would be ten seconds at 600×.
 */
export function createScaledClock(initialSpeed: number): ScaledClock {
  let speed = initialSpeed;
  let requests = 0;
  let shown = Date.now();
  let shownAt = performance.now();
  const timers = new Set<Timer>();

  const rate = (): number => (requests > 0 && timers.size === 0 ? 1 : speed);
  const now = (): number => Math.floor(exact());

  function exact(): number {
    const free = shown + (performance.now() - shownAt) * rate();
    return speed === 1 ? free : Math.min(free, ...[...timers].map(({ dueAt }) => dueAt));
  }

  function arm(timer: Timer): void {
    clearTimeout(timer.id);
    timer.id = setTimeout(
      () => {
        // A real timer may fire early.
        if (now() < timer.dueAt) return arm(timer);
        change(() => timers.delete(timer));
        timer.run();
      },
      (timer.dueAt - exact()) / rate(),
    );
  }

  /** Makes a change that may alter the rate. The time itself goes on from where it is. */
  function change(edit: () => void): void {
    shown = exact();
    shownAt = performance.now();
    const before = rate();
    edit();
    if (rate() !== before) for (const timer of timers) arm(timer);
  }

  return {
    now,
    get speed() {
      return speed;
    },
    set speed(next) {
      change(() => {
        speed = next;
      });
    },
    setTimeout(run, ms) {
      const timer: Timer = { dueAt: now() + ms, run, id: undefined };
      change(() => timers.add(timer));
      arm(timer);
      return timer;
    },
    clearTimeout(timer) {
      clearTimeout((timer as Timer).id);
      change(() => timers.delete(timer as Timer));
    },
    inFlight(by) {
      change(() => {
        requests += by;
      });
    },
  };
}

import type { Clock } from 'axios-status-retry';

export interface ScaledClock extends Clock {
  /** How many milliseconds pass in one. Waits under way go on at the new speed at once. */
  speed: number;
}

interface Timer {
  readonly dueAt: number;
  readonly run: () => void;
  id: ReturnType<typeof setTimeout> | undefined;
}

/**
 * A clock that runs `speed` times as fast as the real one. While nothing waits and a request is on its
 * way it runs as the real one does: a few milliseconds of HTTP are that, and not some seconds. And it
 * does not run past a timer that is late here by a frame, which would be ten seconds there.
 */
export function createScaledClock(initialSpeed: number): ScaledClock {
  let speed = initialSpeed;
  let underWay = 0;
  let shown = Date.now();
  let shownAt = performance.now();
  const timers = new Set<Timer>();

  const rate = (): number => (underWay > 0 && timers.size === 0 ? 1 : speed);
  const now = (): number => Math.floor(exact());

  function exact(): number {
    const free = shown + (performance.now() - shownAt) * rate();
    return speed === 1 ? free : Math.min(free, ...[...timers].map(({ dueAt }) => dueAt));
  }

  function arm(timer: Timer): void {
    clearTimeout(timer.id);
    timer.id = setTimeout(
      () => {
        // Real timers may fire a little early.
        if (now() < timer.dueAt) return arm(timer);
        change(() => timers.delete(timer));
        timer.run();
      },
      (timer.dueAt - exact()) / rate(),
    );
  }

  /** Makes a change after which time goes on from where it stands, maybe at another rate. */
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
        underWay += by;
      });
    },
  };
}

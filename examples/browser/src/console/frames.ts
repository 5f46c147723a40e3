// The clock of the countdowns: the page's time, with timers that end in an animation frame.
import type { Clock } from 'axios-status-retry';
import { clock } from './api.js';

/** The longest timer, in real milliseconds, because the speed may change meanwhile. */
const MAX_TIMEOUT_MS = 250;

interface Timer {
  readonly run: () => void;
  readonly id: ReturnType<typeof setTimeout>;
}

const lessMotion = matchMedia('(prefers-reduced-motion: reduce)');
const due = new Set<Timer>();

/** Runs all timers that are due at once, so that React renders once per frame. */
function runDue(): void {
  const timers = [...due];
  due.clear();
  for (const { run } of timers) run();
}

/**
 * A timer on the page's clock would hold up the time, which never passes one that is due. A countdown can
 * do without: it looks at the time when its timer runs, and sets another if that was too early.
 */
export const frames: Clock = {
  now: clock.now,
  setTimeout(run, ms) {
    const time = lessMotion.matches ? MAX_TIMEOUT_MS : ms / clock.speed;
    const wake = (): void => {
      if (due.size === 0) requestAnimationFrame(runDue);
      due.add(timer);
    };
    const timer: Timer = { run, id: setTimeout(wake, Math.min(time, MAX_TIMEOUT_MS)) };
    return timer;
  },
  clearTimeout(timer) {
    clearTimeout((timer as Timer).id);
    due.delete(timer as Timer);
  },
};

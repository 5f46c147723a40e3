// The time left until a moment, as an external store for React.
import type { Clock } from '../wait/clock.js';
import { MAX_TIMEOUT_MS } from '../wait/clock.js';
import { onWake } from '../wait/wake.js';

export interface Countdown {
  /** Calls `listener` when `left()` may have changed. Takes one listener. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Milliseconds left, rounded up to the interval. */
  readonly left: () => number;
}

/**
 * Counts down to `dueAt` on one timer, which runs until the number changes next.
 *
 * While nobody listens, `left()` reads the clock, so that React notices if a step passes while it
 * renders. From then on it changes only when the timer has run: on a fast clock a number that changes
 * during each render would make React render for ever.
 *
 * @throws {RangeError} When the interval is not more than 0.
 */
export function createCountdown(dueAt: number, clock: Clock, interval: number): Countdown {
  if (!(interval > 0)) {
    throw new RangeError(
      `axios-status-retry: interval takes milliseconds, more than 0; got ${interval}`,
    );
  }
  /** Undefined while nobody listens. */
  let shown: number | undefined;

  function subscribe(listener: () => void): () => void {
    let timer: unknown;
    const stop = (): void => {
      if (timer !== undefined) clock.clearTimeout(timer);
      timer = undefined;
    };
    const check = (): void => {
      // A clock may run a timer that was cleared.
      if (shown === undefined) return;
      stop();
      const left = dueAt - clock.now();
      shown = roundUp(left, interval);
      listener();
      if (shown === 0 || isHidden()) return;
      const untilNext = left - shown + interval;
      // In parts, because timers stand still while a machine sleeps.
      const ms = Math.min(untilNext, clock.maxTimeout ?? MAX_TIMEOUT_MS);
      timer = clock.setTimeout(check, Math.ceil(ms));
    };
    shown = 0;
    check();
    const stopListening = onWake(check);
    return () => {
      stop();
      stopListening();
      shown = undefined;
    };
  }

  return { subscribe, left: () => shown ?? roundUp(dueAt - clock.now(), interval) };
}

/** Milliseconds, at least 0, rounded up to steps: 2 s of 1 s each are left until the first is over. */
export function roundUp(ms: number, step: number): number {
  return Math.ceil(Math.max(ms, 0) / step) * step;
}

/** A page that is not shown needs no ticks; `onWake` tells when it is shown again. */
function isHidden(): boolean {
  return typeof document !== 'undefined' && document.visibilityState === 'hidden';
}

// The time left of a wait, in a component.
import { useMemo, useSyncExternalStore } from 'react';
import type { Clock } from '../wait/clock.js';
import { systemClock } from '../wait/clock.js';
import type { RetryWait } from '../wait/wait-list.js';
import { createCountdown, roundUp } from './countdown.js';

export interface CountdownOptions {
  /**
   * The steps of the countdown, in milliseconds of the clock: more than 0.
   *
   * @defaultValue 1000
   */
  readonly interval?: number | undefined;
  /**
   * The clock that the instance was given, if it was given one. The same object in each render.
   *
   * @defaultValue The system's clock.
   */
  readonly clock?: Clock | undefined;
}

/**
 * Counts down to the end of a wait. Renders again when the number changes, so once per second; not while
 * the page is hidden, and not after 0.
 *
 * @param wait - One of `useRetryWaits`, or anything that is due. Its `dueAt` may change.
 * @param options - How often it renders, and by which clock.
 * @returns Milliseconds left, rounded up to the interval and never below 0; 0 without a wait. On the
 *   server, and in the first render of a page that was rendered there, the wait's whole `delay`.
 */
export function useCountdown(
  wait: Pick<RetryWait, 'dueAt' | 'delay'> | undefined,
  { interval = 1000, clock = systemClock }: CountdownOptions = {},
): number {
  const { dueAt = 0, delay = 0 } = wait ?? {};
  const { subscribe, left } = useMemo(
    () => createCountdown(dueAt, clock, interval),
    [dueAt, clock, interval],
  );
  return useSyncExternalStore(subscribe, left, () => roundUp(delay, interval));
}

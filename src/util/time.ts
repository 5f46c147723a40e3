// Times and durations that `Date` and JSON can hold.

/** The last time that a `Date` can hold, epoch milliseconds. */
export const MAX_TIME_MS = 8.64e15;

/** Milliseconds that can be written down: 0 to {@link MAX_TIME_MS}; 0 for NaN. */
export function toFiniteMs(ms: number): number {
  return Math.min(Math.max(ms, 0), MAX_TIME_MS) || 0;
}

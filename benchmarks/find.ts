import type { Capped, Comparison, Measured, Results, SignalUse, Waiting } from './results.js';

export function rowOf(comparison: Comparison | undefined, name: string): Measured | undefined {
  return comparison?.rows.find(({ contestant }) => contestant === name);
}

/** The numbers of waiting requests that a run tried, the least first. */
export function counts({ waiting }: Results): number[] {
  return [...new Set(waiting.map(({ count }) => count))].sort((a, b) => a - b);
}

export function waitingOf(
  { waiting }: Results,
  name: string,
  count: number | undefined,
  signals: SignalUse,
): Waiting | Capped | undefined {
  return waiting.find(
    (one) => one.contestant === name && one.count === count && one.signals === signals,
  );
}

export function isCapped(one: Waiting | Capped): one is Capped {
  return 'cap' in one;
}

/** The same, where it was not ended before it was done. */
export function measuredOf(...query: Parameters<typeof waitingOf>): Waiting | undefined {
  const found = waitingOf(...query);
  return found && !isCapped(found) ? found : undefined;
}

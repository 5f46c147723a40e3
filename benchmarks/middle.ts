import type { Waiting } from './results.js';
import { median } from './statistics.js';

/** The median of each figure over several processes. */
export function middle(runs: readonly Waiting[]): Waiting | undefined {
  const [first] = runs;
  if (first === undefined) return undefined;
  const over = (figure: (run: Waiting) => number) => median(runs.map(figure));
  const known = (figure: 'cancel' | 'leftover') =>
    runs.every((run) => run[figure] !== undefined)
      ? over((run) => run[figure] ?? Number.NaN)
      : undefined;
  return {
    ...first,
    heap: over(({ heap }) => heap),
    external: over(({ external }) => external),
    arrayBuffers: over(({ arrayBuffers }) => arrayBuffers),
    timers: over(({ timers }) => timers),
    unsettled: over(({ unsettled }) => unsettled),
    cancel: known('cancel'),
    leftover: known('leftover'),
  };
}

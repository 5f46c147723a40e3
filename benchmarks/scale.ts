import { contestants } from './contestants.js';
import type { RetryWork } from './retry.js';
import { BATCH } from './retry.js';
import type { Pace } from './rounds.js';
import type { WaitingWork } from './waiting.js';

/** How much a run measures. */
export interface Scale {
  readonly name: 'quick' | 'full';
  readonly happy: Pace;
  readonly retry: readonly RetryWork[];
  readonly waiting: readonly WaitingWork[];
  /** Processes for each measurement of waiting, and the seconds each may take. */
  readonly waitingRuns: number;
  readonly cap: number;
  readonly imports: number;
  readonly engine: readonly number[];
  readonly requests: readonly number[];
}

const FAILURES = [1, 3, 5];

function retryWorks(alone: Pace, together: Pace): RetryWork[] {
  return [
    ...FAILURES.map((failures) => ({ failures, atOnce: 1, pace: alone })),
    ...FAILURES.map((failures) => ({ failures, atOnce: BATCH, pace: together })),
  ];
}

function waitingWorks(counts: readonly number[]): WaitingWork[] {
  return counts.flatMap((count) =>
    (['none', 'shared', 'own'] as const).flatMap((signals) =>
      contestants.map(({ name }) => ({ contestant: name, count, signals })),
    ),
  );
}

export const full: Scale = {
  name: 'full',
  happy: { rounds: 300, iterations: 4 },
  retry: retryWorks({ rounds: 40, iterations: 4 }, { rounds: 60, iterations: 1 }),
  waiting: waitingWorks([20_000, 100_000]),
  waitingRuns: 3,
  cap: 1800,
  imports: 15,
  engine: [1_000, 10_000, 100_000, 1_000_000],
  requests: [1_000, 10_000, 100_000],
};

export const quick: Scale = {
  name: 'quick',
  happy: { rounds: 25, iterations: 2 },
  retry: retryWorks({ rounds: 4, iterations: 1 }, { rounds: 6, iterations: 1 }),
  waiting: waitingWorks([2_000]),
  waitingRuns: 1,
  cap: 60,
  imports: 3,
  engine: [1_000, 10_000, 100_000],
  requests: [1_000, 10_000],
};

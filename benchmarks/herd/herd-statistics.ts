import type { RaceDone, RaceResult } from './herd-results.js';
import { limitOf } from './limits.js';

/** The least value that so large a share of all is not above; NaN where there is none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(Math.ceil(sorted.length * share) - 1, 0)] ?? Number.NaN;
}

export interface Figures {
  readonly sendsPerSuccess: number;
  readonly failures: number;
  /** Of the time in which those that succeeded could have. */
  readonly timeOverIdeal: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

export function figuresOf(race: RaceDone): Figures {
  const successes = race.latencies.length;
  return {
    sendsPerSuccess: sum(race.sends) / successes,
    failures: sum(Object.values(race.failures)),
    timeOverIdeal: race.seconds / limitOf(race.limit).ideal(successes),
    p50: percentile(race.latencies, 0.5),
    p99: percentile(race.latencies, 0.99),
  };
}

export function isDone(race: RaceResult): race is RaceDone {
  return 'sends' in race;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

// Medians, percentiles, and the difference between contenders.

/** The middle value, or the mean of the two middle values; NaN for an empty list. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** The median of each number; other fields are taken from the first run. */
export function medianRow<T extends object>(runs: readonly T[]): T {
  const entries = Object.entries(runs[0] ?? {}).map(([key, value]) =>
    typeof value === 'number'
      ? [key, median(runs.map((run) => run[key as keyof T] as number))]
      : [key, value],
  );
  return Object.fromEntries(entries);
}

/** The smallest value with at least this share of all values at or below it; NaN for an empty list. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(Math.ceil(sorted.length * share) - 1, 0)] ?? Number.NaN;
}

/** Microseconds per request in one round, by contender. */
export type Round = ReadonlyMap<string, number>;

/** One contender; medians over rounds. */
export interface Compared {
  readonly contender: string;
  /** Microseconds per request. */
  readonly totalUs: number;
  /** Microseconds per request above the baseline in the same round. */
  readonly addedUs: number;
  /** `addedUs` divided by what the reference added in the same round. */
  readonly ratio: number;
}

/**
 * Compares contenders within each round, so a machine that is slow for a while affects both sides.
 *
 * @param baseline - The contender whose time is subtracted.
 * @param reference - The contender whose added time is 1.
 */
export function compare(rounds: readonly Round[], baseline: string, reference: string): Compared[] {
  const total = (round: Round, name: string) => round.get(name) ?? Number.NaN;
  const added = (round: Round, name: string) => total(round, name) - total(round, baseline);
  return [...(rounds[0]?.keys() ?? [])].map((contender) => ({
    contender,
    totalUs: median(rounds.map((round) => total(round, contender))),
    addedUs: median(rounds.map((round) => added(round, contender))),
    ratio: median(rounds.map((round) => added(round, contender) / added(round, reference))),
  }));
}

/** A copy in random order. */
export function shuffle<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

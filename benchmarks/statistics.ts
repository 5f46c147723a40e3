import { AXIOS_RETRY, BARE } from './names.js';
import type { Measured } from './results.js';

/** The middle value, or the mean of the two in the middle; NaN where there is none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** What one round measured for each contestant. */
export type Round = ReadonlyMap<string, number>;

/**
 * Medians over rounds. Differences and ratios are made within each round, so what slows the machine
 * for a while slows both sides of them.
 */
export function compare(rounds: readonly Round[]): Measured[] {
  const names = [...(rounds[0]?.keys() ?? [])];
  return names.map((contestant) => {
    const over = (measure: (round: Round) => number) => median(rounds.map(measure));
    return {
      contestant,
      total: over((round) => took(round, contestant)),
      added: over((round) => added(round, contestant)),
      ratio: over((round) => added(round, contestant) / added(round, AXIOS_RETRY)),
    };
  });
}

function added(round: Round, contestant: string): number {
  return took(round, contestant) - took(round, BARE);
}

function took(round: Round, contestant: string): number {
  return round.get(contestant) ?? Number.NaN;
}

/** A copy in random order. */
export function shuffle<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

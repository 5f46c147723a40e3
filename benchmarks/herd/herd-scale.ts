import type { Pace } from '../rounds.js';
import type { HerdResults, Race, RaceResult } from './herd-results.js';
import type { LimitName } from './limits.js';
import type { PeerName } from './peer-names.js';
import { peerNames } from './peer-names.js';

const REQUESTS = 2000;
/** Client processes that share the requests. */
const PROCESSES = [1, 4] as const;

export interface HerdScale {
  readonly races: readonly Race[];
  readonly overhead: Pace;
}

/** Only ours, before the token buckets. */
export const quick: HerdScale = {
  races: racesOf(['burst-10', 'burst-100'], ['gate', 'redis-gate']),
  overhead: { rounds: 30, iterations: 2 },
};

/** @param fixed - Also before the fixed window, where each takes more than a minute. */
export function full(fixed: boolean): HerdScale {
  const buckets: readonly LimitName[] = ['burst-10', 'burst-100'];
  return {
    races: racesOf(fixed ? [...buckets, 'fixed'] : buckets, peerNames),
    overhead: { rounds: 200, iterations: 4 },
  };
}

function racesOf(limits: readonly LimitName[], contestants: readonly PeerName[]): Race[] {
  return limits.flatMap((limit) =>
    PROCESSES.flatMap((processes) =>
      contestants
        // One process has nobody to share a gate with.
        .filter((contestant) => contestant !== 'redis-gate' || processes > 1)
        .map((contestant) => ({ contestant, limit, processes, requests: REQUESTS })),
    ),
  );
}

/** @param names - The contestants that are measured; all where it is left out. */
export function onlyOf(scale: HerdScale, names?: readonly string[]): HerdScale {
  if (names === undefined) return scale;
  return { ...scale, races: scale.races.filter(({ contestant }) => names.includes(contestant)) };
}

/** A run with the races of an earlier one that it did not hold itself. */
export function withKept(results: HerdResults, kept: readonly RaceResult[]): HerdResults {
  const all = new Map([...kept, ...results.races].map((race) => [keyOf(race), race]));
  return { ...results, races: [...all.values()] };
}

function keyOf({ contestant, limit, processes }: Race): string {
  return `${limit} ${processes} ${contestant}`;
}

// Which races the command line asks for.

import type { Race } from './figures.js';
import type { LimitName } from './limits.js';
import { limits } from './limits.js';
import type { PeerName } from './peer-names.js';
import { traits } from './peer-names.js';

export interface Choice {
  /**
   * Words that choose limits and contenders: each is a whole name, or a part of names if none is called
   * so. Without a limit among them, every limit; without a contender, every contender.
   */
  readonly only: readonly string[];
  /** Only our gates. */
  readonly quick: boolean;
  /** The windows of a minute too, though no word chooses them. */
  readonly fixed: boolean;
  /** Requests of one race. */
  readonly requests: number;
}

const PROCESS_COUNTS = [1, 4];

const limitNames = Object.keys(limits) as LimitName[];
const peerNames = Object.keys(traits) as PeerName[];

/**
 * The races in the order of the tables.
 *
 * @throws {RangeError} When a word of `only` is in no name.
 */
export function chooseRaces({ only, quick, fixed, requests }: Choice): Race[] {
  const named = new Set(only.flatMap(namesWith));
  const chosenLimits = limitNames.filter((name) => named.has(name));
  const chosenPeers = peerNames.filter((name) => named.has(name));
  const usualLimits = limitNames.filter((name) => fixed || !limits[name].isLong);
  const usualPeers = quick ? peerNames.filter(isOurGate) : peerNames;
  return (chosenLimits.length > 0 ? chosenLimits : usualLimits).flatMap((limit) =>
    PROCESS_COUNTS.flatMap((processes) =>
      (chosenPeers.length > 0 ? chosenPeers : usualPeers)
        .filter((contender) => saysSomethingNew(limit, contender, processes))
        .map((contender) => ({ limit, contender, processes, requests })),
    ),
  );
}

function namesWith(word: string): readonly string[] {
  const names: readonly string[] = [...limitNames, ...peerNames];
  if (names.includes(word)) return [word];
  const found = names.filter((name) => name.includes(word));
  if (found.length > 0) return found;
  throw new RangeError(`--only: ${word} is in no name; the names are ${names.join(', ')}`);
}

function isOurGate(contender: PeerName): boolean {
  return /^(redis-)?gate/.test(contender);
}

/** Whether a row differs from every other row. */
function saysSomethingNew(limit: LimitName, contender: PeerName, processes: number): boolean {
  const { usesRedis = false, readsQuota = false } = traits[contender];
  const { quotaHeaders } = limits[limit];
  if (usesRedis && processes === 1) return false;
  // Whoever reads no headers does not care for their form.
  return quotaHeaders === undefined ? !readsQuota : readsQuota || quotaHeaders === 'draft-8';
}

import type { HerdResults } from './herd-results.js';
import { isDone } from './herd-statistics.js';
import type { PeerName } from './peer-names.js';

/** What a server was sent and took in each second, of one contestant. */
export interface Timeline {
  readonly title: string;
  readonly sends: readonly number[];
  readonly successes: readonly number[];
}

const shown: readonly (readonly [name: PeerName, title: string])[] = [
  ['gate', 'axios-status-retry with a gate'],
  ['no-gate-without-end', 'the same without a gate: bare Retry-After'],
  ['axios-retry', 'axios-retry'],
];

/** What the chart shows of a run: one process, burst 10. */
export function timelines({ races }: HerdResults): Timeline[] {
  return shown.flatMap(([name, title]) => {
    const race = races.find(
      ({ contestant, limit, processes }) =>
        contestant === name && limit === 'burst-10' && processes === 1,
    );
    return race && isDone(race) ? [{ title, sends: race.sends, successes: race.successes }] : [];
  });
}

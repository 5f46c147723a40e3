import { fileURLToPath } from 'node:url';
import { runNode } from './child.js';
import { middle } from './middle.js';
import type { Capped, SignalUse, Waiting } from './results.js';
import { shuffle } from './statistics.js';

const CHILD = fileURLToPath(new URL('waiting-child.ts', import.meta.url));
/** A process that takes longer than this is not run again (ms): its noise is small beside it. */
const LONG = 60_000;

export interface WaitingWork {
  readonly contestant: string;
  readonly count: number;
  readonly signals: SignalUse;
}

/**
 * Memory of requests that wait, and the time to cancel them. Each measurement has a process of its own.
 *
 * @param runs - Processes for each piece of work; what is reported is the median.
 * @param cap - Seconds after which a process is ended.
 * @param tell - Is told of each run over all the work.
 */
export async function measureWaiting(
  works: readonly WaitingWork[],
  runs: number,
  cap: number,
  tell: (step: string) => void,
): Promise<(Waiting | Capped)[]> {
  const done = new Map(works.map((work) => [work, [] as Waiting[]]));
  const slow = new Set<WaitingWork>();
  for (let run = 0; run < runs; run += 1) {
    tell(`memory and cancelling, ${run + 1} of ${runs}`);
    for (const work of shuffle(works)) {
      if (slow.has(work)) continue;
      const begun = performance.now();
      const waiting = await measureOnce(work, cap);
      if (performance.now() - begun > LONG) slow.add(work);
      if (waiting) done.get(work)?.push(waiting);
    }
  }
  return works.map((work) => middle(done.get(work) ?? []) ?? { ...work, cap });
}

export async function measureOnce(work: WaitingWork, cap: number): Promise<Waiting | undefined> {
  const { contestant, signals, count } = work;
  const flags = ['--expose-gc', '--no-warnings', '--max-old-space-size=6144', '--import', 'tsx'];
  const printed = await runNode([...flags, CHILD, contestant, signals, String(count)], cap);
  return printed as Waiting | undefined;
}

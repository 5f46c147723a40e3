// What does a waiting request hold, and how long does it take to cancel all of them?
import { fileURLToPath } from 'node:url';
import { contenderNames } from './contenders.js';
import { runNode } from './node-process.js';
import { medianRow, shuffle } from './statistics.js';

const CHILD = fileURLToPath(new URL('waiting-child.ts', import.meta.url));
/** A measurement that takes longer is not repeated: noise is small beside it. */
const LONG_MS = 60_000;

const signalUses = ['none', 'shared', 'own'] as const;
export type SignalUse = (typeof signalUses)[number];

export interface WaitingWork {
  readonly contender: string;
  readonly requests: number;
  /** No signal, one for all requests, or one for each. */
  readonly signals: SignalUse;
}

export interface Waiting extends WaitingWork {
  /** Heap per request. */
  readonly heapBytes: number;
  /** Memory outside the heap per request. */
  readonly externalBytes: number;
  /** Live timers in the process. */
  readonly timers: number;
  /** From the first abort until the last promise has settled; absent unless all have. */
  readonly cancelMs?: number | undefined;
  /** Requests that the abort did not settle. */
  readonly stillWaiting: number;
  /** Heap left per request after all were cancelled. */
  readonly leftoverBytes?: number | undefined;
}

/** A measurement that was ended because it took too long. */
interface Ended extends WaitingWork {
  readonly endedAfterSeconds: number;
}

/**
 * Measures every contender, number of requests and use of signals, each in a separate process.
 *
 * @param runs - Processes for each; the result is the median.
 */
export async function measureWaiting(
  requestCounts: readonly number[],
  runs: number,
  capSeconds: number,
): Promise<(Waiting | Ended)[]> {
  const works = requestCounts.flatMap((requests) =>
    signalUses.flatMap((signals) =>
      contenderNames.map((contender) => ({ contender, requests, signals })),
    ),
  );
  const done = new Map(works.map((work) => [work, [] as Waiting[]]));
  const slow = new Set<WaitingWork>();
  for (let run = 1; run <= runs; run += 1) {
    console.error(`waiting requests, run ${run} of ${runs}`);
    for (const work of shuffle(works)) {
      if (slow.has(work)) continue;
      const begun = performance.now();
      const waiting = await measureWaitingOnce(work, capSeconds);
      if (performance.now() - begun > LONG_MS) slow.add(work);
      if (waiting) done.get(work)?.push(waiting);
    }
  }
  return works.map((work) => {
    const measured = done.get(work) ?? [];
    return measured.length > 0 ? medianRow(measured) : { ...work, endedAfterSeconds: capSeconds };
  });
}

/** @returns Undefined if it took longer than `capSeconds`. */
export async function measureWaitingOnce(
  { contender, signals, requests }: WaitingWork,
  capSeconds: number,
): Promise<Waiting | undefined> {
  const flags = ['--expose-gc', '--no-warnings', '--max-old-space-size=6144', '--import', 'tsx'];
  const args = [...flags, CHILD, contender, signals, String(requests)];
  return (await runNode(args, capSeconds)) as Waiting | undefined;
}

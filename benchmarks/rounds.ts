// Runs contenders in turn, in many short rounds.
import { Bench } from 'tinybench';
import type { Round } from './statistics.js';
import { shuffle } from './statistics.js';

export interface Task {
  readonly name: string;
  readonly run: () => Promise<void>;
}

export interface Effort {
  readonly rounds: number;
  /** Runs of each task per round. */
  readonly iterations: number;
}

/**
 * Runs every task in each round, in a new random order, so a machine that slows down does so for all tasks.
 *
 * @param requests - Requests that one run of a task sends.
 * @returns Microseconds per request, for each round.
 */
export async function interleave(
  tasks: readonly Task[],
  { rounds, iterations }: Effort,
  requests: number,
): Promise<Round[]> {
  const all: Round[] = [];
  const warmup = Math.max(2, Math.ceil(rounds / 10));
  for (let i = -warmup; i < rounds; i += 1) {
    const round = await runRound(tasks, iterations, requests);
    if (i >= 0) all.push(round);
  }
  return all;
}

async function runRound(tasks: readonly Task[], iterations: number, requests: number) {
  const bench = new Bench({ iterations, time: 0, warmup: false, throws: true });
  for (const { name, run } of shuffle(tasks)) {
    bench.add(name, run, { async: true, beforeAll: collectYoungHeap });
  }
  await bench.run();
  return new Map(
    tasks.map(({ name }) => {
      const result = bench.getTask(name)?.result;
      const ms = result && 'latency' in result ? result.latency.mean : Number.NaN;
      return [name, (ms * 1000) / requests];
    }),
  );
}

/**
 * Keeps one task from paying for another's garbage. A full collection would also discard optimized code,
 * which no application does between two requests.
 */
function collectYoungHeap(): void {
  globalThis.gc?.({ type: 'minor', execution: 'sync' });
}

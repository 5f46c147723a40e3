import { Bench } from 'tinybench';
import type { Round } from './statistics.js';
import { shuffle } from './statistics.js';

export interface Task {
  readonly name: string;
  /** Sends `requests` requests. */
  readonly run: () => Promise<void>;
}

export interface Pace {
  readonly rounds: number;
  /** How often each task runs in a round. */
  readonly iterations: number;
}

/**
 * Runs every task once in each of many short rounds, in another order each time, so that a machine
 * that gets slower or busier does so for all of them.
 *
 * @param requests - Requests that one run of a task sends.
 * @returns Microseconds per request, for each round.
 */
export async function interleave(
  tasks: readonly Task[],
  { rounds, iterations }: Pace,
  requests: number,
): Promise<Round[]> {
  const all: Round[] = [];
  const warmup = Math.max(2, Math.ceil(rounds / 10));
  for (let i = -warmup; i < rounds; i += 1) {
    const round = await runOnce(shuffle(tasks), iterations, requests);
    if (i >= 0) all.push(inOrder(round, tasks));
  }
  return all;
}

async function runOnce(tasks: readonly Task[], iterations: number, requests: number) {
  const bench = new Bench({ iterations, time: 0, warmup: false, throws: true });
  for (const { name, run } of tasks) bench.add(name, run, { async: true, beforeAll: sweep });
  const done = await bench.run();
  return new Map(
    done.map(({ name, result }) => {
      if (!('latency' in result)) throw new Error(`${name} was not measured`);
      return [name, (result.latency.mean * 1000) / requests];
    }),
  );
}

/**
 * Nobody pays for the garbage of the one before. Only the young heap: a full collection throws away
 * what the compiler has learnt, which no application does between two requests.
 */
function sweep(): void {
  globalThis.gc?.({ type: 'minor', execution: 'sync' });
}

function inOrder(round: Round, tasks: readonly Task[]): Round {
  return new Map(tasks.map(({ name }) => [name, round.get(name) ?? Number.NaN]));
}

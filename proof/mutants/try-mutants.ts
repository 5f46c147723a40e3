// Switches each mutant on and runs the tests that reach it, file by file, until one fails.
import type { Coverage, Effort, TestRun } from './coverage.js';
import { FIRST_EFFORT, FULL_EFFORT } from './coverage.js';
import type { Mutant } from './mutate.js';
import type { Worker, Workers } from './worker.js';

/** A test that waits for ever fails after so many milliseconds, or after three times as long as it takes without a mutant. */
const TEST_LIMIT = 4000;
/** How many mutants run after one another before the file is loaded again. */
const BATCH = 10;
/** Milliseconds: a batch that takes longer gets no further mutant. */
const BATCH_COST = 10_000;

export interface Outcome {
  readonly mutant: Mutant;
  readonly end: 'killed' | 'timed out' | 'survived' | 'equivalent';
  /** The test file that noticed it. */
  readonly by?: string;
}

/** A mutant that no test has noticed yet. */
interface Open {
  readonly mutant: Mutant;
  /** The tests to come. */
  readonly runs: TestRun[];
  /** Whether it runs in a process that has loaded the file for it alone. */
  alone: boolean;
}

/** Those that survive the tests that one mutant can afford get all of them. */
export async function tryMutants(
  mutants: readonly Mutant[],
  coverage: Coverage,
  workers: Workers,
): Promise<Outcome[]> {
  const first = await tryAll(mutants, coverage, workers, FIRST_EFFORT);
  const survivors = first.flatMap(({ end, mutant }) => (end === 'survived' ? [mutant] : []));
  const second = await tryAll(survivors, coverage, workers, FULL_EFFORT);
  return [...first.filter(({ end }) => end !== 'survived'), ...second];
}

async function tryAll(
  mutants: readonly Mutant[],
  coverage: Coverage,
  workers: Workers,
  effort: Effort,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let open = mutants.map((mutant): Open => {
    const runs = [...coverage.testsOf(mutant, effort)];
    return { mutant, runs, alone: runs[0]?.isOnWhileLoading === true };
  });
  while (open.length > 0) {
    const closed = new Set<Open>();
    for (const one of open.filter(({ runs }) => runs.length === 0)) {
      closed.add(one);
      outcomes.push({ mutant: one.mutant, end: 'survived' });
    }
    await workers.share(
      batchesOf(open.filter((one) => !closed.has(one))),
      async (batch, worker) => {
        for (const [one, end] of await runBatch(batch, worker)) {
          closed.add(one);
          outcomes.push({ mutant: one.mutant, end, by: batch.path });
        }
      },
    );
    open = open.filter((one) => !closed.has(one));
  }
  return outcomes;
}

interface Batch {
  readonly path: string;
  readonly members: readonly Open[];
}

/** Groups them by the next test file of each. */
function batchesOf(open: readonly Open[]): readonly Batch[] {
  const byPath = new Map<string, Open[]>();
  for (const one of open) {
    const { path } = one.runs[0] as TestRun;
    byPath.set(path, [...(byPath.get(path) ?? []), one]);
  }
  return [...byPath]
    .flatMap(([path, all]) =>
      divide(all).map((members) => ({ path, members, cost: members.reduce(addCost, 0) })),
    )
    .sort((a, b) => b.cost - a.cost);
}

/** Batches of mutants that may share a process, each neither too long nor too slow. */
function divide(all: readonly Open[]): Open[][] {
  const batches = all.filter(({ alone }) => alone).map((one) => [one]);
  let batch: Open[] = [];
  for (const one of all.filter(({ alone }) => !alone)) {
    if (batch.length === BATCH || batch.reduce(addCost, 0) > BATCH_COST) batch = [];
    if (batch.length === 0) batches.push(batch);
    batch.push(one);
  }
  return batches;
}

function addCost(sum: number, { runs }: Open): number {
  return sum + (runs[0] as TestRun).cost;
}

/** @returns Those that were noticed. The others have one test file less to come, or run alone the next time. */
async function runBatch(
  { path, members }: Batch,
  worker: Worker,
): Promise<readonly (readonly [Open, Outcome['end']])[]> {
  const rounds = members.map(({ mutant, runs }) => ({
    mutant: mutant.id,
    only: (runs[0] as TestRun).only,
  }));
  const isOnWhileLoading = members[0]?.alone === true;
  const cost = Math.max(...members.map(({ runs }) => (runs[0] as TestRun).cost));
  const slowest = Math.max(...members.map(({ runs }) => (runs[0] as TestRun).slowest));
  const timeout = Math.max(TEST_LIMIT, 3 * slowest);
  // A first run after the worker's start takes longer.
  const limit = 3 * cost + 2 * timeout + 4000;
  const job = { path, rounds, isOnWhileLoading, timeout };
  const { rounds: ends, answer } = await worker.run(job, limit);
  // A test that failed fails without a mutant too: an earlier mutant has left something behind.
  if (answer?.failed !== undefined && !isOnWhileLoading) {
    for (const one of members) one.alone = true;
    return [];
  }
  const noticed: (readonly [Open, Outcome['end']])[] = [];
  members.forEach((one, at) => {
    const end = ends[at];
    if (end === undefined) {
      // The first without an end hangs, or the file did not load; those after it have not run.
      if (at === ends.length) noticed.push([one, answer ? 'killed' : 'timed out']);
      return;
    }
    if (end.isEndless) noticed.push([one, 'timed out']);
    else if (end.failed !== undefined) noticed.push([one, 'killed']);
    else {
      one.runs.shift();
      one.alone = one.runs[0]?.isOnWhileLoading === true;
    }
  });
  return noticed;
}

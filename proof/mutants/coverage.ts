// Runs all tests without a mutant, and tells which of them reach a mutant.
import { relative } from 'node:path';
import type { Answer } from './jest/job.js';
import type { Mutant } from './mutate.js';
import type { Workers } from './worker.js';

/** Milliseconds that one test file may take without a mutant. */
const FILE_LIMIT = 120_000;
/** Which tests are run for a mutant. */
export interface Effort {
  /** Milliseconds; a slower test is not run. */
  readonly slowTest: number;
  /** Milliseconds that the tests of other files may take, as long as none fails. */
  readonly budget: number;
}

export const FIRST_EFFORT: Effort = { slowTest: 2000, budget: 30_000 };
/** Every test that reaches the mutant. */
export const FULL_EFFORT: Effort = { slowTest: Infinity, budget: Infinity };

/** A test file of which some tests reach a mutant. */
export interface TestRun {
  readonly path: string;
  readonly only: readonly string[];
  /** Whether loading the file reaches the mutant. */
  readonly isOnWhileLoading: boolean;
  /** The milliseconds that it takes without a mutant. */
  readonly cost: number;
  /** The milliseconds of its slowest test. */
  readonly slowest: number;
}

interface TestFile {
  readonly path: string;
  /** The milliseconds of each test. */
  readonly times: ReadonlyMap<string, number>;
  /** Milliseconds for loading the file. */
  readonly loading: number;
  /** By mutant: the tests that reach it, or all. */
  readonly reached: ReadonlyMap<string, ReadonlySet<string> | 'all'>;
}

export class Coverage {
  readonly #files: readonly TestFile[];
  /** The test files that fail or hang without a mutant, so that they cannot take part. */
  readonly broken: readonly string[];

  constructor(files: readonly TestFile[], broken: readonly string[]) {
    this.#files = files;
    this.broken = broken;
  }

  /** The tests that reach the mutant: first those of its own file, then the fastest. */
  testsOf({ id, file }: Mutant, { slowTest, budget }: Effort): readonly TestRun[] {
    const mirrored = file.replace(/^src(.*)\.ts$/, '/__tests__$1.test.ts');
    const runs = this.#files.flatMap((testFile) => runOf(testFile, id, slowTest));
    const [own, others] = [true, false].map((isOwn) =>
      runs.filter(({ path }) => path.endsWith(mirrored) === isOwn),
    ) as [TestRun[], TestRun[]];
    let left = budget;
    const affordable = others
      .sort((a, b) => a.cost - b.cost)
      .filter(({ cost }) => {
        left -= cost;
        return left >= 0;
      });
    return [...own, ...affordable];
  }
}

function runOf(
  { path, times, loading, reached }: TestFile,
  id: string,
  slowTest: number,
): TestRun[] {
  const reaching = reached.get(id);
  if (reaching === undefined) return [];
  const chosen = [...times].filter(
    ([name, time]) => time < slowTest && (reaching === 'all' || reaching.has(name)),
  );
  if (chosen.length === 0) return [];
  const cost = chosen.reduce((sum, [, time]) => sum + time, loading);
  const slowest = Math.max(...chosen.map(([, time]) => time));
  const only = chosen.map(([name]) => name);
  return [{ path, only, cost, slowest, isOnWhileLoading: reaching === 'all' }];
}

/** @param among - The test files to take, from the root of the repository; absent for all. */
export async function measureCoverage(
  workers: Workers,
  among?: ReadonlySet<string>,
): Promise<Coverage> {
  const paths = (await workers.paths()).filter(
    (path) => among?.has(relative(process.cwd(), path)) ?? true,
  );
  const files: TestFile[] = [];
  const broken: string[] = [];
  await workers.share(paths, async (path, worker) => {
    const start = performance.now();
    const job = { path, rounds: [], isOnWhileLoading: false, timeout: 30_000 };
    const { answer } = await worker.run(job, FILE_LIMIT);
    if (answer === undefined || answer.failed !== undefined) {
      broken.push(`${path}: ${answer?.failed ?? 'no answer'}`);
    } else files.push(testFile(path, answer, performance.now() - start));
  });
  return new Coverage(files, broken);
}

function testFile(path: string, answer: Answer, took: number): TestFile {
  const all = Object.entries(answer.times);
  const reached = new Map<string, Set<string> | 'all'>();
  for (const [test, ids] of Object.entries(answer.reached)) {
    for (const id of ids) {
      const tests = reached.get(id) ?? new Set();
      reached.set(id, tests);
      if (tests !== 'all') tests.add(test);
    }
  }
  for (const id of answer.reachedByLoading) reached.set(id, 'all');
  return {
    path,
    times: new Map(all),
    loading: took - all.reduce((sum, [, time]) => sum + time, 0),
    reached,
  };
}

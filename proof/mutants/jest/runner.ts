// A runner for Jest that keeps its process alive: it runs the test files that its parent process names, one at a time.
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Answer, Job, RoundEnd } from './job.js';
import type { Switches } from './switches.js';

/** More often than any test runs a mutant; it takes a second or less. */
const HIT_LIMIT = 10_000_000;

// The types are those of a CommonJS module; this one becomes one only when Jest compiles it.
const { default: TestRunner } = createRequire(join(process.cwd(), 'package.json'))(
  'jest-runner',
) as typeof import('jest-runner', { with: { 'resolution-mode': 'require' }});

/** What is used of Jest's result of a file. */
interface TestResult {
  readonly numFailingTests: number;
  readonly testExecError?: unknown;
  readonly failureMessage?: string | null | undefined;
  readonly testResults: readonly { readonly fullName: string; readonly duration?: number | null }[];
}

type TestRunner = InstanceType<typeof TestRunner>;
type RunTests = TestRunner['runTests'];
type Test = Parameters<RunTests>[0][number];

export default class WaitingRunner extends TestRunner {
  override async runTests(...[tests, watcher, options]: Parameters<RunTests>): Promise<void> {
    const byPath = new Map(tests.map((test) => [test.path, test]));
    process.send?.({ paths: [...byPath.keys()] });
    process.once('disconnect', () => process.exit());
    for (;;) {
      const [job] = (await once(process, 'message')) as [Job];
      const { rounds, timeout, isOnWhileLoading } = job;
      const switches: Switches = {
        activeMutant: isOnWhileLoading ? rounds[0]?.mutant : undefined,
        hitCount: 0,
        hitLimit: HIT_LIMIT,
        mutantCoverage: { static: {}, perTest: {} },
        rounds,
        timeout,
        failed: undefined,
        onRound: ({ mutant }) => {
          const { failed, hitCount } = switches;
          const end: RoundEnd = { mutant, failed, isEndless: hitCount > HIT_LIMIT };
          process.send?.(end);
        },
      };
      // Jest makes a key of the configuration, which must not grow with each run.
      Object.defineProperty(switches, 'toJSON', { value: () => null });
      const test = withSwitches(byPath.get(job.path) as Test, switches);
      // Not `this`: Jest would collect all results.
      const runner = new TestRunner(this._globalConfig, this._context);
      let outcome: TestResult | Error | undefined;
      runner.on('test-file-success', ([, result]) => {
        outcome = result;
      });
      runner.on('test-file-failure', ([, error]) => {
        outcome = new Error(error.message);
      });
      await runner.runTests([test], watcher, { ...options, serial: true });
      process.send?.(answer(switches, outcome));
    }
  }
}

/** The environment's options become globals of the tests. */
function withSwitches(test: Test, switches: Switches): Test {
  const { config } = test.context;
  const testEnvironmentOptions = { ...config.testEnvironmentOptions, __stryker__: switches };
  return { ...test, context: { ...test.context, config: { ...config, testEnvironmentOptions } } };
}

function answer(switches: Switches, outcome: TestResult | Error | undefined): Answer {
  const { static: loading, perTest } = switches.mutantCoverage;
  const results = outcome && 'testResults' in outcome ? outcome : undefined;
  const isBroken = results === undefined || results.testExecError;
  return {
    failed: switches.failed ?? (isBroken ? errorOf(outcome) : undefined),
    times: Object.fromEntries(
      (results?.testResults ?? []).map(({ fullName, duration }) => [fullName, duration ?? 0]),
    ),
    reached: Object.fromEntries(
      Object.entries(perTest).map(([test, hits]) => [test, Object.keys(hits)]),
    ),
    reachedByLoading: Object.keys(loading),
    memory: process.memoryUsage().rss,
  };
}

function errorOf(outcome: TestResult | Error | undefined): string {
  if (outcome instanceof Error) return outcome.message;
  return outcome?.failureMessage ?? 'no result';
}

// The object that the instrumented sources look at, as the global `__stryker__`, and what is done with it.
import type { Round } from './job.js';

export interface Switches {
  /** The mutant that is on. */
  activeMutant: string | undefined;
  /** How often the mutant has run: beyond the limit it throws, so that an endless loop ends. */
  hitCount: number;
  readonly hitLimit: number;
  /** The test that runs; what runs before the first belongs to loading. */
  currentTestId?: string;
  /** How often each mutant was reached. */
  readonly mutantCoverage: {
    readonly static: Record<string, number>;
    readonly perTest: Record<string, Record<string, number>>;
  };
  /** One for each mutant; without any, the file's tests run once, and all of them. */
  readonly rounds: readonly Round[];
  /** The milliseconds that a test may take. */
  readonly timeout: number;
  /** The first test that failed in this round. The tests after it do not run. */
  failed: string | undefined;
  /** Called at the end of each round. */
  onRound(round: Round): void;
}

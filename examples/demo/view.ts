// What a view of the demo is told: by each request, when it waits and when it is over.
import type { RetryReport, RetryWait } from '../../src/index.js';
import type { Scenario } from './scenarios.js';

export interface Result {
  readonly scenario: Scenario;
  readonly report: RetryReport;
  readonly waits: readonly RetryWait[];
  /** Statuses and waits as the scenarios write them: `503 -8- 503 =120= 200`. */
  readonly seen: string;
  /** Whether they are as the scenario expects. */
  readonly isRight: boolean;
}

export interface View {
  wait(wait: RetryWait): void;
  over(result: Result): void;
  /** @param wrong - How many requests did not end as expected. */
  end(wrong: number): void;
  /** Ends what is redrawn. */
  close(): void;
}

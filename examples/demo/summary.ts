import type { RetryBehavior } from '../../src/index.js';
import { lookupStatus } from '../../src/index.js';
import type { Scenario } from './scenarios.js';
import type { Paint } from './terminal.js';
import type { Seen } from './timeline.js';
import { pad, plainTimeline } from './timeline.js';

export interface Result {
  readonly scenario: Scenario;
  readonly seen: Seen;
}

const RULES: Record<RetryBehavior, string> = {
  never: 'never',
  backoff: 'backoff',
  'retry-after': 'Retry-After',
  'retry-after-or-backoff': 'Retry-After/backoff',
};

/** Whether something else came of a request than its scenario says. */
export function isWrong({ scenario, seen }: Result): boolean {
  return plainTimeline(seen) !== scenario.expected || seen.report.gaveUp !== scenario.gaveUp;
}

/** A line for each request: what the table says, what was expected, what was seen. */
export function summary(results: readonly Result[], paint: Paint): string[] {
  const columns = [22, 25, 16, 14];
  const row = (...cells: string[]): string =>
    cells.map((cell, i) => pad(cell, columns[i] ?? 0)).join('');
  const lines = results.flatMap((result) => {
    const { scenario, seen } = result;
    const { path, expected, gaveUp } = scenario;
    const wrong = isWrong(result);
    const mark = wrong ? paint('red', '✗') : paint('green', '✓');
    const was = plainTimeline(seen);
    const line = `${mark} ${row(path, rule(expected), inShort(expected), inShort(was))}`.trimEnd();
    if (!wrong) return [line];
    return [
      line,
      paint('red', `    expected ${expected}${why(gaveUp)}`),
      paint('red', `    seen     ${was}${why(seen.report.gaveUp)}`),
    ];
  });
  const heading = `  ${row('request', 'first answer, its rule', 'expected', 'seen')}`.trimEnd();
  return [paint('bold', heading), ...lines];
}

/** `503 -8- 200` begins with 503, whose rule is backoff. */
function rule(timeline: string): string {
  const status = Number.parseInt(timeline, 10);
  if (Number.isNaN(status)) return 'none: networkErrors';
  const row = lookupStatus(status);
  return `${status} ${row === undefined ? 'not in the table' : RULES[row.retry]}`;
}

/** `503 -8- 200` in short: `1 retry, 200`. */
function inShort(timeline: string): string {
  const parts = timeline.split(' ');
  const retries = (parts.length - 1) / 2;
  return `${retries} ${retries === 1 ? 'retry' : 'retries'}, ${parts.at(-1)}`;
}

function why(gaveUp: string | undefined): string {
  return gaveUp === undefined ? '' : `, ${gaveUp}`;
}

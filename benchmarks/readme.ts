import { counts, measuredOf, rowOf } from './find.js';
import { bytes, micros, number, time } from './format.js';
import { AXIOS_RETRY, OURS } from './names.js';
import type { Results, SignalUse } from './results.js';

const BEGIN = '<!-- benchmarks: written by npm run bench -->';
const END = '<!-- /benchmarks -->';

/** The three lines of the README. */
export function readmeLines(results: Results): string[] {
  const { happy, retry, machine, versions } = results;
  const most = counts(results).at(-1) ?? 0;
  const fewest = counts(results)[0] ?? 0;
  const batch = retry.find(({ atOnce, failures }) => atOnce > 1 && failures > 1);
  const both = (show: (name: string) => string) =>
    `${show(OURS)} (axios-retry: ${show(AXIOS_RETRY)})`;
  const added = (name: string) => micros(rowOf(happy[0], name)?.added ?? Number.NaN);
  const retried = (name: string) => micros(rowOf(batch, name)?.added ?? Number.NaN);
  const waiting = (name: string, count: number, signals: SignalUse) =>
    measuredOf(results, name, count, signals);
  const heap = (name: string) => bytes(waiting(name, fewest, 'none')?.heap ?? Number.NaN);
  const timers = (name: string) => number(waiting(name, fewest, 'none')?.timers ?? Number.NaN);
  const cancel = (name: string) => time(waiting(name, most, 'shared')?.cancel ?? Number.NaN);
  return [
    `Over bare Axios a request that succeeds takes ${both(added)} more, one retried ${batch?.failures} times without a delay ${both(retried)}.`,
    `Each of ${number(fewest)} waiting requests holds ${both(heap)} of heap; together they have ${both(timers)} timers; one signal cancels ${number(most)} in ${both(cancel)}.`,
    `Measured with Axios ${versions.axios}, axios-retry ${versions['axios-retry']}, Node ${machine.node}, ${machine.cpu}: [all figures, also where others are ahead](docs/benchmarks.md).`,
  ];
}

/**
 * The README with the lines between its two markers.
 *
 * @throws {Error} When the markers are not there.
 */
export function withLines(readme: string, lines: readonly string[]): string {
  const from = readme.indexOf(BEGIN);
  const to = readme.indexOf(END);
  if (from < 0 || to < from) throw new Error('README.md has lost the markers of the benchmarks');
  return `${readme.slice(0, from)}${BEGIN}\n${lines.join('\n')}\n${readme.slice(to)}`;
}

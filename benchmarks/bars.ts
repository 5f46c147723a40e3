import { counts, measuredOf, rowOf } from './find.js';
import { bytes, micros, number, times } from './format.js';
import { AXIOS_RETRY, OURS, WITH_INTERCEPTORS } from './names.js';
import type { Comparison, Results, Waiting } from './results.js';

interface Bar {
  readonly what: (results: Results) => string;
  readonly limit: number;
  /** Better than the limit, and hoped for. */
  readonly aim?: number;
  readonly format: (value: number) => string;
  /** NaN where the run could not tell. */
  readonly measure: (results: Results) => number;
}

/** What a bar demands, beside what a run measured. */
export interface Verdict {
  readonly what: string;
  readonly bar: string;
  readonly measured: string;
  readonly reached: boolean;
}

const fewest = (results: Results) => counts(results)[0] ?? 0;
const most = (results: Results) => counts(results).at(-1) ?? 0;

const bars: readonly Bar[] = [
  {
    what: () => 'happy path, over bare Axios (GET or POST, the worse)',
    limit: 1,
    aim: 0.6,
    format: micros,
    measure: ({ happy }) => worst(plain(happy), 'added'),
  },
  {
    what: () => 'happy path, of what axios-retry adds (GET or POST, the worse)',
    limit: 0.35,
    format: times,
    measure: ({ happy }) => worst(plain(happy), 'ratio'),
  },
  {
    what: () => 'retry path, of what axios-retry adds (the worst row of many at once)',
    limit: 0.5,
    format: times,
    measure: ({ retry }) =>
      worst(
        retry.filter(({ atOnce }) => atOnce > 1),
        'ratio',
      ),
  },
  {
    what: (results) => `heap of each of ${number(fewest(results))} waiting requests, no signal`,
    limit: 3000,
    format: bytes,
    measure: (results) => measuredOf(results, OURS, fewest(results), 'none')?.heap ?? Number.NaN,
  },
  {
    what: (results) => `live timers for ${number(most(results))} waiting requests`,
    limit: 1,
    format: (value) => number(value),
    measure: (results) => greatest(ours(results).map((one) => one.timers)),
  },
  {
    what: (results) =>
      `cancelling ${number(most(results))} with one signal, of what axios-retry takes`,
    limit: 0.4,
    aim: 0.25,
    format: times,
    measure: (results) => cancelTime(results, OURS) / cancelTime(results, AXIOS_RETRY),
  },
  {
    what: () => 'heap left of each after all were cancelled (the worst row)',
    limit: 100,
    format: bytes,
    measure: (results) =>
      greatest(
        ours(results)
          .filter(({ signals }) => signals !== 'none')
          .map(({ leftover }) => leftover),
      ),
  },
  {
    what: () => 'bundle, minified and gzipped',
    limit: 5000,
    format: bytes,
    measure: ({ sizes }) =>
      sizes.find(({ contestant }) => contestant === OURS)?.gzipped ?? Number.NaN,
  },
];

export function verdicts(results: Results): Verdict[] {
  return bars.map(({ what, limit, aim, format, measure }) => {
    const measured = measure(results);
    return {
      what: what(results),
      bar: `≤ ${format(limit)}${aim === undefined ? '' : ` (aim ${format(aim)})`}`,
      measured: Number.isNaN(measured) ? 'not known' : format(measured),
      reached: measured <= limit,
    };
  });
}

/** The bars are for an instance without other interceptors; one with them has a row of its own. */
function plain(happy: readonly Comparison[]): Comparison[] {
  return happy.filter(({ work }) => work !== WITH_INTERCEPTORS);
}

function worst(comparisons: readonly Comparison[], figure: 'added' | 'ratio'): number {
  return greatest(comparisons.map((one) => rowOf(one, OURS)?.[figure]));
}

/** NaN where one is missing, or all are. */
function greatest(values: readonly (number | undefined)[]): number {
  if (values.length === 0) return Number.NaN;
  return Math.max(...values.map((value) => value ?? Number.NaN));
}

/** A process that was ended counts as one of which nothing is known. */
function ours({ waiting }: Results): Partial<Waiting>[] {
  return waiting.filter(({ contestant }) => contestant === OURS);
}

function cancelTime(results: Results, name: string): number {
  return measuredOf(results, name, most(results), 'shared')?.cancel ?? Number.NaN;
}

import { rowOf } from './find.js';
import { micros, times } from './format.js';
import { BARE, plugins } from './names.js';
import type { Comparison, Results } from './results.js';
import type { Section } from './tables.js';
import { UNKNOWN } from './tables.js';

function compared(comparisons: readonly Comparison[]) {
  return {
    columns: ['', ...comparisons.map(({ work }) => work)],
    rows: [BARE, ...plugins].map((name) => [
      name,
      ...comparisons.map((comparison) => {
        const row = rowOf(comparison, name);
        if (row === undefined) return UNKNOWN;
        if (name === BARE) return micros(row.total);
        return `${row.added < 0 ? '' : '+'}${micros(row.added)} (${times(row.ratio)})`;
      }),
    ]),
  };
}

export function happy({ happy }: Results): Section {
  return {
    title: 'The happy path',
    note: 'What a request that succeeds at once takes with bare Axios, what each adds to that, and how that compares with axios-retry.',
    ...compared(happy),
  };
}

export function retry({ retry }: Results): Section[] {
  const alone = retry.filter(({ atOnce }) => atOnce === 1);
  const together = retry.filter(({ atOnce }) => atOnce > 1);
  return [
    {
      title: 'The retry path, one request at a time',
      note: 'With a delay of 0 ms: the time until the caller has the answer. A `setTimeout` of 0 ms is 1 ms in Node.',
      ...compared(alone),
    },
    {
      title: 'The retry path, many at once',
      note: 'With a delay of 0 ms: what a request costs where the time of timers is used by others.',
      ...compared(together),
    },
  ];
}

import { verdicts } from './bars.js';
import { counts, isCapped, rowOf, waitingOf } from './find.js';
import { bytes, micros, number, time, times } from './format.js';
import { AXIOS_RETRY, BARE, NAIVE, OURS, RETRY_AXIOS } from './names.js';
import type { Capped, Comparison, Results, SignalUse, Waiting } from './results.js';

/** A table with its heading and what has to be said of it. */
export interface Section {
  readonly title: string;
  readonly note: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const plugins = [NAIVE, AXIOS_RETRY, RETRY_AXIOS, OURS];
const UNKNOWN = '–';

/** All tables of a run, in their order. */
export function sections(results: Results): Section[] {
  return [
    bars(results),
    happy(results),
    ...retry(results),
    memory(results),
    cancel(results),
    size(results),
    engine(results),
    requests(results),
  ];
}

function bars(results: Results): Section {
  return {
    title: 'The bars',
    note: 'What this package demands of itself.',
    columns: ['what', 'bar', 'measured', 'reached'],
    rows: verdicts(results).map(({ what, bar, measured, reached }) => [
      what,
      bar,
      measured,
      reached ? 'yes' : 'no',
    ]),
  };
}

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

function happy({ happy }: Results): Section {
  return {
    title: 'The happy path',
    note: 'What a request that succeeds at once takes with bare Axios, what each adds to that, and how that compares with axios-retry.',
    ...compared(happy),
  };
}

function retry({ retry }: Results): Section[] {
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

function memory(results: Results): Section {
  const cell = (name: string, count: number, signals: SignalUse) =>
    figure(waitingOf(results, name, count, signals), ({ heap, external }) =>
      external >= 1 ? `${bytes(heap)} + ${bytes(external)} external` : bytes(heap),
    );
  return {
    title: 'Memory while waiting',
    note: 'Heap for each request that got a 503 with a body of 2 KB and waits an hour; signals included. The floor is bare Axios with an answer that never comes.',
    columns: ['', 'requests', 'no signal', 'one shared signal', 'a signal each', 'live timers'],
    rows: counts(results).flatMap((count) =>
      [BARE, ...plugins].map((name) => [
        name,
        number(count),
        cell(name, count, 'none'),
        cell(name, count, 'shared'),
        cell(name, count, 'own'),
        figure(waitingOf(results, name, count, 'none'), ({ timers }) => number(timers)),
      ]),
    ),
  };
}

function cancel(results: Results): Section {
  const took = (one: Waiting) =>
    one.cancel === undefined ? `${number(one.unsettled)} wait on` : time(one.cancel);
  const left = ({ leftover }: Waiting) => (leftover === undefined ? UNKNOWN : bytes(leftover));
  return {
    title: 'Cancelling all that wait',
    note: 'From `abort()` until every promise has settled, and the heap left for each request after all references are dropped. "Wait on" are requests that the abort did not settle: the plugin does not look at the signal during a wait.',
    columns: ['', 'requests', 'one shared signal', 'left', 'a signal each', 'left'],
    rows: counts(results).flatMap((count) =>
      plugins.map((name) => {
        const shared = waitingOf(results, name, count, 'shared');
        const own = waitingOf(results, name, count, 'own');
        const cells = [figure(shared, took), figure(shared, left)];
        return [name, number(count), ...cells, figure(own, took), figure(own, left)];
      }),
    ),
  };
}

function figure(found: Waiting | Capped | undefined, show: (one: Waiting) => string): string {
  if (found === undefined) return UNKNOWN;
  return isCapped(found) ? `> ${number(found.cap)} s, ended` : show(found);
}

function size({ sizes, imports }: Results): Section {
  return {
    title: 'Size and start',
    note: 'In a bundle without Axios, by esbuild and gzip level 9; and what `import` takes in a fresh process that has loaded Axios.',
    columns: ['', 'minified', 'minified and gzipped', 'import'],
    rows: sizes.map(({ contestant, minified, gzipped }) => {
      const took = imports.find((one) => one.contestant === contestant)?.took;
      return [
        contestant,
        bytes(minified),
        bytes(gzipped),
        took === undefined ? UNKNOWN : time(took),
      ];
    }),
  };
}

function engine({ engine }: Results): Section {
  const nanos = (value: number) => `${number(value)} ns`;
  return {
    title: 'Our waits as they grow',
    note: 'One wait, with no request around it, at random times: to begin it, to end it as it is due, and to cancel it.',
    columns: ['waits', 'begin', 'due', 'cancel'],
    rows: engine.map(({ count, begin, due, cancel }) => [
      number(count),
      nanos(begin),
      nanos(due),
      nanos(cancel),
    ]),
  };
}

function requests({ requests }: Results): Section {
  return {
    title: 'Our requests as they grow',
    note: 'One request: sent, failed and put to wait; then due, sent again and settled. Bare Axios and its errors included.',
    columns: ['requests', 'fails and waits', 'is sent again and settles'],
    rows: requests.map(({ count, fail, succeed }) => [
      number(count),
      micros(fail),
      micros(succeed),
    ]),
  };
}

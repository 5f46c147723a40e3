import { counts, isCapped, waitingOf } from './find.js';
import { bytes, number, time } from './format.js';
import { BARE, plugins } from './names.js';
import type { Capped, Results, SignalUse, Waiting } from './results.js';
import type { Section } from './tables.js';
import { UNKNOWN } from './tables.js';

export function memory(results: Results): Section {
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

export function cancel(results: Results): Section {
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

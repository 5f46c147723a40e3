import { counts, measuredOf, rowOf } from './find.js';
import { bytes, micros, number, time } from './format.js';
import { BARE, plugins } from './names.js';
import type { Comparison, Results } from './results.js';

/** One small bar chart; less is better in all. */
export interface Panel {
  readonly title: string;
  readonly note: string;
  readonly bars: readonly PanelBar[];
}

interface PanelBar {
  readonly name: string;
  /** Absent where there is nothing to draw; the label says why. */
  readonly value: number | undefined;
  readonly label: string;
}

/** What the chart shows of a run. */
export function panels(results: Results): Panel[] {
  const { happy, retry, sizes, imports } = results;
  const together = retry.filter(({ atOnce }) => atOnce > 1);
  const batch = together[Math.floor(together.length / 2)];
  const sizeOf = (name: string) => sizes.find(({ contestant }) => contestant === name)?.gzipped;
  const importOf = (name: string) => imports.find(({ contestant }) => contestant === name)?.took;
  return [
    panel('A request that succeeds', 'µs over bare Axios', plugins, added(happy[0]), micros),
    panel(
      `A request that fails ${times(batch?.failures ?? 0)}`,
      `µs over bare Axios, ${batch?.atOnce} at once`,
      plugins,
      added(batch),
      micros,
    ),
    memory(results),
    cancel(results),
    panel('Bundle', 'minified and gzipped, without Axios', plugins, sizeOf, bytes),
    panel('Import', 'in a fresh process that has Axios', plugins, importOf, time),
  ];
}

type Value = (name: string) => number | undefined;

function panel(
  title: string,
  note: string,
  names: readonly string[],
  figure: Value,
  format: (value: number) => string,
): Panel {
  const bars = names.flatMap((name) => {
    const value = figure(name);
    return value === undefined ? [] : [{ name, value, label: format(value) }];
  });
  return { title, note, bars };
}

function added(comparison: Comparison | undefined): Value {
  return (name) => rowOf(comparison, name)?.added;
}

function times(failures: number): string {
  return failures === 1 ? 'once' : `${failures} times`;
}

function memory(results: Results): Panel {
  const [count] = counts(results);
  const heap: Value = (name) => measuredOf(results, name, count, 'none')?.heap;
  const note = `heap for each of ${number(count ?? 0)} requests`;
  return panel('Memory while waiting', note, [BARE, ...plugins], heap, bytes);
}

function cancel(results: Results): Panel {
  const count = counts(results).at(-1) ?? 0;
  const bars = plugins.map((name) => {
    const value = measuredOf(results, name, count, 'shared')?.cancel;
    return { name, value, label: value === undefined ? 'waits on' : time(value) };
  });
  const note = `${number(count)} requests, one shared signal`;
  return { title: 'Cancelling all that wait', note, bars };
}

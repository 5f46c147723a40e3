// The figures of races as a table for docs/internals/gate-benchmark.md.
import type { Figures } from './figures.js';

/** One race: its figures, or why it has none. */
export interface Row extends Partial<Figures> {
  readonly contender: string;
  readonly processes: number;
  readonly note?: string;
}

const HEAD = [
  'contender',
  'processes',
  'sends per success',
  'failed',
  'early',
  'time over ideal',
  'p50',
  'p99',
];

export function markdownOf(rows: readonly Row[]): string {
  const rule = HEAD.map((_, i) => (i === 0 ? '---' : '---:'));
  return [...[HEAD, rule].map(lineOf), ...rows.map(markdownRow)].join('\n');
}

/** One line of the table. */
export function markdownRow(row: Row): string {
  return lineOf(cellsOf(row));
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function cellsOf(row: Row): string[] {
  const { contender, processes, note } = row;
  const names = [contender, String(processes)];
  // A contender that never succeeded has no ratio.
  if (note !== undefined || !Number.isFinite(row.sendsPerSuccess)) {
    return [...names, note ?? 'no success', ...HEAD.slice(3).map(() => '')];
  }
  return [
    ...names,
    ratio(row.sendsPerSuccess),
    count(row.failed),
    count(row.early),
    ratio(row.timeOverIdeal),
    seconds(row.p50Ms),
    seconds(row.p99Ms),
  ];
}

/** The ideal time of a few requests may be 0. */
const ratio = (value = Number.NaN) => (Number.isFinite(value) ? value.toFixed(2) : '–');
const count = (value = Number.NaN) => value.toLocaleString('en-US');

/** Two digits: `25 ms`, `4.1 s`, `64 s`. */
function seconds(ms = Number.NaN): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return `${(ms / 1000).toFixed(ms < 9950 ? 1 : 0)} s`;
}

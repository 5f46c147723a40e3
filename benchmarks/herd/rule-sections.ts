import { number } from '../format.js';
import type { Section } from '../tables.js';
import type { Limit } from './limits.js';
import { limits } from './limits.js';
import type { Cell, Raised, RuleRow } from './rule-results.js';
import { OUR_RULE } from './rules.js';

/** The tables of the rules: one for each limit, and one for the limit that is raised. */
export function ruleSections(rows: readonly RuleRow[], raised: readonly Raised[]): Section[] {
  return [
    ...limits.map((limit) => limitSection(limit, rows)),
    raisedSection(raised),
    barSection(rows),
  ];
}

function limitSection(limit: Limit, rows: readonly RuleRow[]): Section {
  const own = rows.filter((row) => row.limit === limit);
  const trips = own[0]?.cells.map(({ roundTrip }) => `${roundTrip} ms`) ?? [];
  return {
    title: `Rules: ${limit.label}`,
    note: 'By round trip; the mean of the runs, the worst in brackets.',
    columns: [
      'rule',
      ...trips.map((trip) => `sends per success, ${trip}`),
      ...trips.map((trip) => `time over ideal, ${trip}`),
      'failed',
    ],
    rows: own.map(({ rule, cells }) => [
      rule,
      ...cells.map(({ sends }) => meanAndWorst(sends, 2)),
      ...cells.map(({ times }) => meanAndWorst(times, 2)),
      cells.map(({ failures }) => number(failures)).join(', '),
    ]),
  };
}

function raisedSection(raised: readonly Raised[]): Section {
  return {
    title: 'Rules: the limit is raised from 100/s to 200/s',
    note: 'Seconds until 180 have succeeded within one second; raised after 20, 21, … 36 s, burst 10, round trip 5 ms.',
    columns: ['rule', 'mean', 'worst'],
    rows: raised.map(({ rule, found }) => [
      rule,
      seconds(mean(found)),
      seconds(Math.max(...found)),
    ]),
  };
}

function barSection(rows: readonly RuleRow[]): Section {
  return {
    title: 'Rules: the bars',
    note: 'What this package demands of its rule, by the worst run.',
    columns: ['limit', 'sends per success', 'bar', 'time over ideal', 'bar', 'reached'],
    rows: rows
      .filter(({ rule }) => rule === OUR_RULE)
      .map(({ limit, cells }) => {
        const sends = worst(cells, 'sends');
        const time = worst(cells, 'times');
        const reached = sends <= limit.bars.sends && time <= limit.bars.time;
        return [
          limit.label,
          number(sends, 2),
          `≤ ${number(limit.bars.sends, 2)}`,
          number(time, 2),
          `≤ ${number(limit.bars.time, 2)}`,
          reached ? 'yes' : 'no',
        ];
      }),
  };
}

function worst(cells: readonly Cell[], figure: 'sends' | 'times'): number {
  return Math.max(...cells.flatMap((cell) => cell[figure]));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function meanAndWorst(values: readonly number[], decimals: number): string {
  return `${number(mean(values), decimals)} (${number(Math.max(...values), decimals)})`;
}

/** Infinity is what was not found at all. */
function seconds(value: number): string {
  return value === Number.POSITIVE_INFINITY ? 'not in 60 s' : `${number(value, 1)} s`;
}

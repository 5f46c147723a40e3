import { number, time } from '../format.js';
import type { Section } from '../tables.js';
import { UNKNOWN } from '../tables.js';
import type { HerdResults, Overhead, RaceDone, RaceResult } from './herd-results.js';
import { figuresOf, isDone } from './herd-statistics.js';
import { limits } from './limits.js';
import { words } from './peer-names.js';

/** What a gate may add to a request (ns). */
const OVERHEAD_BAR = 1000;

/** The tables of a run: one for each limit, the bars, and the overhead. */
export function herdSections({ races, overhead }: HerdResults): Section[] {
  const tables = limits.flatMap(({ name, label }) => {
    const own = races.filter(({ limit }) => limit === name);
    return own.length > 0 ? [raceSection(label, own)] : [];
  });
  return [...tables, barSection(races), overheadSection(overhead)];
}

function raceSection(label: string, races: readonly RaceResult[]): Section {
  return {
    title: `Herd: ${label}`,
    note: `${number(races[0]?.requests ?? 0)} requests at once. Latency is from the call to its answer, of those that succeeded; so is the time over ideal.`,
    columns: ['', 'processes', 'sends per success', 'failed', 'time over ideal', 'p50', 'p99'],
    rows: races.map((race) => [
      words[race.contestant].label,
      number(race.processes),
      ...(isDone(race) ? cells(race) : [race.note, ...Array(4).fill(UNKNOWN)]),
    ]),
  };
}

function cells(race: RaceDone): string[] {
  const { sendsPerSuccess, failures, timeOverIdeal, p50, p99 } = figuresOf(race);
  return [
    number(sendsPerSuccess, 2),
    number(failures),
    number(timeOverIdeal, 2),
    time(p50),
    time(p99),
  ];
}

function barSection(races: readonly RaceResult[]): Section {
  return {
    title: 'Herd: the bars',
    note: 'What this package demands of its gate.',
    columns: ['', 'processes', 'sends per success', 'bar', 'time over ideal', 'bar', 'reached'],
    rows: limits.flatMap(({ name, label, bars }) =>
      races
        .filter(({ limit, contestant }) => limit === name && contestant.endsWith('gate'))
        .filter(({ contestant }) => contestant !== 'no-gate')
        .filter(isDone)
        .map((race) => {
          const { sendsPerSuccess, failures, timeOverIdeal } = figuresOf(race);
          const reached =
            sendsPerSuccess <= bars.sends && timeOverIdeal <= bars.time && failures === 0;
          return [
            `${words[race.contestant].label}: ${label}`,
            number(race.processes),
            number(sendsPerSuccess, 2),
            `≤ ${number(bars.sends, 2)}`,
            number(timeOverIdeal, 2),
            `≤ ${number(bars.time, 2)}`,
            reached ? 'yes' : 'no',
          ];
        }),
    ),
  };
}

function overheadSection(overhead: readonly Overhead[]): Section {
  const nanos = (value: number) => `${number(value)} ns`;
  return {
    title: 'What a gate costs where nothing is refused',
    note: 'Per request, answered from memory, at a key that was never refused; medians over rounds, differences and ratios made within each round.',
    columns: ['', 'without a gate', 'with one', 'added', 'ratio', 'bar', 'reached'],
    rows: overhead.map((one) => [
      one.work,
      nanos(one.without),
      nanos(one.with),
      nanos(one.added),
      `${number(one.ratio, 3)} ×`,
      `≤ ${nanos(OVERHEAD_BAR)}`,
      one.added <= OVERHEAD_BAR ? 'yes' : 'no',
    ]),
  };
}

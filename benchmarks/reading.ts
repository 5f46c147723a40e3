import { verdicts } from './bars.js';
import { rowOf } from './find.js';
import { bytes, micros, number, time } from './format.js';
import { BARE, OURS } from './names.js';
import type { Results } from './results.js';

const SIGNALS = { none: 'no signal', shared: 'one shared signal', own: 'a signal each' } as const;

/** What a fair reader has to know, as the points of a list: what was missed, and who is ahead. */
export function reading(results: Results): string[] {
  const missed = verdicts(results).filter(({ reached }) => !reached);
  return [
    missed.length === 0 ? 'Every bar is reached.' : '',
    ...missed.map(
      ({ what, bar, measured }) => `Not reached: ${what}: ${measured}, the bar is ${bar}.`,
    ),
    ...ahead(results),
  ].filter((point) => point !== '');
}

interface Race {
  readonly what: string;
  readonly format: (value: number) => string;
  readonly entries: readonly (readonly [name: string, value: number])[];
}

/** Wherever another plugin does better than this one. */
function ahead(results: Results): string[] {
  return races(results).flatMap(({ what, format, entries }) => {
    const ours = entries.find(([name]) => name === OURS)?.[1] ?? Number.NaN;
    const better = entries.filter(([name, value]) => name !== BARE && value < ours);
    if (better.length === 0) return [];
    const others = better.map(([name, value]) => `${name} ${format(value)}`).join(', ');
    return [`Others are ahead: ${what}: ${others}; here ${format(ours)}.`];
  });
}

function races({ happy, retry, waiting, imports, sizes }: Results): Race[] {
  const known = waiting.filter((one) => 'heap' in one);
  const groups = new Map(
    known.map(({ count, signals }) => [`${count} ${signals}`, { count, signals }]),
  );
  return [
    ...[...happy, ...retry].map((comparison) => ({
      what: `added by ${comparison.work}`,
      format: micros,
      entries: comparison.rows.map(
        ({ contestant }) => [contestant, rowOf(comparison, contestant)?.added ?? 0] as const,
      ),
    })),
    ...[...groups.values()].map(({ count, signals }) => ({
      what: `heap of each of ${number(count)} that wait, ${SIGNALS[signals]}`,
      format: bytes,
      entries: known
        .filter((one) => one.count === count && one.signals === signals)
        .map(({ contestant, heap }) => [contestant, heap] as const),
    })),
    {
      what: 'bundle, gzipped',
      format: bytes,
      entries: sizes.map(({ contestant, gzipped }) => [contestant, gzipped] as const),
    },
    {
      what: 'import',
      format: time,
      entries: imports.map(({ contestant, took }) => [contestant, took] as const),
    },
  ];
}

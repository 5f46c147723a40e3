import { verdicts } from './bars.js';
import { engine, requests, size } from './cost-sections.js';
import { happy, retry } from './path-sections.js';
import type { Results } from './results.js';
import type { Section } from './tables.js';
import { cancel, memory } from './waiting-sections.js';

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

import { number } from './format.js';
import { setups } from './names.js';
import { reading } from './reading.js';
import type { Results } from './results.js';
import { sections } from './sections.js';
import { asMarkdown } from './tables.js';

/** docs/benchmarks.md. */
export function renderDocument(results: Results): string {
  const { machine, versions, date, seconds } = results;
  const [first, ...rest] = sections(results).map(asMarkdown);
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench`; no figure here was typed by hand. Less is better in all of them.',
    '',
    '![The main figures as bars](benchmarks.svg)',
    '',
    first,
    '## What is missed, and where others are ahead',
    '',
    ...reading(results).map((point) => `- ${point}`),
    '- Requests are answered from memory. Over a real network all that is measured here in microseconds is lost in the milliseconds of an answer.',
    '- Figures below a microsecond differ between runs; ratios within a run are steadier than times.',
    '',
    ...rest,
    '## How it was measured',
    '',
    `On ${date}, in ${number(seconds / 60, 1)} minutes: ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, ${machine.os}.`,
    `${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}.`,
    '',
    '`npm ci && npm run bench` measures it all again and writes this page, its chart and the lines in the',
    'README; `npm run bench -- --quick` takes less than a minute and writes nothing. `npm run bench:guard`',
    'fails where a figure has become about twice as bad beside axios-retry.',
    '',
    'It is the built package that is measured. Times are medians over many short rounds: each round runs',
    'every contestant once, in random order and with the young heap swept before each. What one adds is its',
    'time less that of bare Axios in the same round, and the ratio is of what two add in the same round.',
    'Memory, cancelling and imports are measured in processes of their own: imports in fifteen, the others in',
    'three (or one, where it takes over a minute), of which the median is shown.',
    '',
    '| contestant | set up as |',
    '| --- | --- |',
    ...setups.map(([name, setup]) => `| ${name} | ${setup} |`),
    '',
  ].join('\n');
}

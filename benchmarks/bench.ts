// npm run bench: measures the built package beside its peers and writes the documents.
// With --quick it measures less and writes nothing; --save and --from keep and show results again.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { renderChart } from './chart.js';
import { renderDocument } from './document.js';
import { panels } from './panels.js';
import { reading } from './reading.js';
import { readmeLines, withLines } from './readme.js';
import type { Results } from './results.js';
import { sections } from './sections.js';
import { asText } from './tables.js';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    save: { type: 'string' },
    from: { type: 'string' },
  },
});

const begun = performance.now();
const tell = (step: string) =>
  console.error(`${String(Math.round((performance.now() - begun) / 1000)).padStart(5)} s  ${step}`);
const inRoot = (path: string) => new URL(`../${path}`, import.meta.url);

async function run(): Promise<Results> {
  // Loaded late: to show kept results again takes no build.
  const [{ measure }, { full, quick }] = await Promise.all([
    import('./measure.js'),
    import('./scale.js'),
  ]);
  return measure(options.quick ? quick : full, tell);
}

const results: Results = options.from
  ? JSON.parse(readFileSync(options.from, 'utf8'))
  : await run();
tell('done');
if (options.save) writeFileSync(options.save, JSON.stringify(results));

console.log(sections(results).map(asText).join('\n'));
console.log(reading(results).join('\n'));

if (results.scale === 'full') {
  writeFileSync(inRoot('docs/benchmarks.md'), renderDocument(results));
  writeFileSync(inRoot('docs/benchmarks.svg'), await renderChart(panels(results)));
  const readme = inRoot('README.md');
  writeFileSync(readme, withLines(readFileSync(readme, 'utf8'), readmeLines(results)));
  console.log('Written: docs/benchmarks.md, docs/benchmarks.svg, README.md');
}

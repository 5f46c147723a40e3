// npm run bench:herd: the gate and its peers, thousands of requests before a rate-limited server.
// With --quick only ours; with --fixed also before a fixed window, which takes long; with --write the
// figures go into docs/gate-benchmark.md. --save and --from keep and show results again, and --only
// measures but the contestants it names (gate,redis-gate): beside --from the others stay as they were.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describeMachine, readVersions } from '../machine.js';
import { asText } from '../tables.js';
import type { HerdResults, RaceResult } from './herd-results.js';
import type { HerdScale } from './herd-scale.js';
import { full, onlyOf, quick, withKept } from './herd-scale.js';
import { herdSections } from './herd-sections.js';
import { isDone } from './herd-statistics.js';
import { measuredOn, setupLines } from './herd-words.js';
import { sectionLines } from './parts.js';
import { renderTimelines } from './timeline-chart.js';
import { timelines } from './timelines.js';
import { writeChart, writePart } from './write.js';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    fixed: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    save: { type: 'string' },
    from: { type: 'string' },
    only: { type: 'string' },
  },
});

const begun = performance.now();
const tell = (step: string) =>
  console.error(`${String(Math.round((performance.now() - begun) / 1000)).padStart(5)} s  ${step}`);

async function measure({ races, overhead }: HerdScale): Promise<HerdResults> {
  // Loaded late: to show kept results again takes no build.
  const [{ measureOverhead }, { run }, { missing }] = await Promise.all([
    import('./overhead.js'),
    import('./race.js'),
    import('./missing.js'),
  ]);
  tell('overhead');
  const cost = await measureOverhead(overhead);
  const results: RaceResult[] = [];
  for (const race of races) {
    tell(`${race.limit}, ${race.processes} × ${race.contestant}`);
    const note = missing(race);
    const result = note === undefined ? await run(race) : { ...race, note };
    if (!isDone(result)) tell(result.note);
    results.push(result);
  }
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: describeMachine(),
    versions: readVersions(),
    races: results,
    overhead: cost,
  };
}

const kept: HerdResults | undefined = options.from
  ? JSON.parse(readFileSync(options.from, 'utf8'))
  : undefined;
const scale = onlyOf(options.quick ? quick : full(options.fixed), options.only?.split(','));
const results =
  kept && options.only === undefined ? kept : withKept(await measure(scale), kept?.races ?? []);
tell('done');
if (options.save) writeFileSync(options.save, JSON.stringify(results));

const sections = herdSections(results);
console.log(sections.map(asText).join('\n'));
console.log([measuredOn(results), '', ...setupLines(results)].join('\n'));
if (options.write) {
  writePart('herd', [measuredOn(results), '', ...sectionLines(sections), ...setupLines(results)]);
  writeChart(await renderTimelines(timelines(results)));
  console.log('Written: docs/gate-benchmark.md, docs/gate-benchmark.svg');
}
// At once, also where a process was slow to end.
process.exit();

// npm run bench:herd: thousands of requests against a rate limit, through a gate and its peers.
// --quick: only our gates. --fixed: the windows of a minute too, which take long.
// --only WORDS: the races at these limits, of these contenders. --requests N: instead of 2,000.
// --json FILE and --chart FILE also write the figures and the charts.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Report } from '../report.js';
import type { Timeline } from './chart.js';
import { renderTimelines } from './chart.js';
import type { LimitName } from './limits.js';
import { limits, titleOf } from './limits.js';
import type { Row } from './markdown.js';
import { markdownOf, markdownRow } from './markdown.js';
import { measureOverhead } from './overhead.js';
import type { PeerName } from './peer-names.js';
import { runRace } from './race.js';
import { chooseRaces } from './selection.js';

interface Chart {
  /** Added to the name of the file. */
  readonly suffix: string;
  readonly title: string;
  readonly limit: LimitName;
  /** The contenders with their titles, from top to bottom. */
  readonly panels: Partial<Record<PeerName, string>>;
}

/** Each shows one process. */
const charts: readonly Chart[] = [
  {
    suffix: '',
    title: '2,000 requests, 100/s, burst 10: per second, on a logarithmic scale',
    limit: 'burst-10',
    panels: {
      gate: 'axios-status-retry with a gate',
      'no-gate-unlimited': 'the same without a gate: bare Retry-After',
      'axios-retry': 'axios-retry',
    },
  },
  {
    suffix: '-quotas',
    title: '2,000 requests, 1,000 per minute, told in headers: per second, on a logarithmic scale',
    limit: 'quota-1000-per-min',
    panels: {
      'gate+quotas': 'axios-status-retry with a gate that reads the quota',
      bottleneck: 'Bottleneck, given the exact limit, with axios-retry',
      'axios-retry': 'axios-retry',
    },
  },
];

const LIMITERS = ['bottleneck', 'axios-rate-limit', 'p-queue', 'express-rate-limit'];

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    fixed: { type: 'boolean', default: false },
    only: { type: 'string' },
    requests: { type: 'string', default: '2000' },
    json: { type: 'string' },
    chart: { type: 'string' },
  },
});

const races = chooseRaces({
  only: options.only?.split(',') ?? [],
  quick: options.quick,
  fixed: options.fixed,
  requests: Number(options.requests),
});
const report = new Report(LIMITERS);
const timelines = new Map<string, Timeline>();

if (options.only === undefined) {
  report.add(
    'Without throttling: what a gate adds to a request',
    await measureOverhead(
      options.quick ? { rounds: 30, iterations: 2 } : { rounds: 200, iterations: 4 },
    ),
  );
}
for (const limit of new Set(races.map((race) => race.limit))) {
  const rows: Row[] = [];
  for (const race of races.filter((one) => one.limit === limit)) {
    const { contender, processes } = race;
    const result = await runRace(race);
    const row = { contender, processes, ...('note' in result ? result : result.figures) };
    rows.push(row);
    console.error(`${limit}: ${markdownRow(row)}`);
    if (processes === 1 && 'timeline' in result) {
      timelines.set(`${limit} ${contender}`, { title: contender, ...result.timeline });
    }
  }
  report.add(titleOf(limits[limit]), rows, () => console.log(markdownOf(rows)));
}
report.write(options.json);
if (options.chart !== undefined) await writeCharts(options.chart);
// Do not wait for processes that are slow to end.
process.exit();

/** Writes the charts whose races have all been run. */
async function writeCharts(file: string): Promise<void> {
  for (const { suffix, title, limit, panels } of charts) {
    const shown = Object.entries(panels).flatMap(([contender, words]) => {
      const timeline = timelines.get(`${limit} ${contender}`);
      return timeline ? [{ ...timeline, title: words }] : [];
    });
    if (shown.length < Object.keys(panels).length) continue;
    const name = file.replace(/(\.svg)?$/, `${suffix}.svg`);
    writeFileSync(name, await renderTimelines(title, shown));
    console.log(`Written: ${name}`);
  }
}

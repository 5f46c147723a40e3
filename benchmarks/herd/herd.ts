// npm run bench:herd: thousands of requests against a rate limit, through a gate and its peers.
// --quick: only our gates. --fixed: a fixed window too, which takes long. --only NAMES: these contenders.
// --json FILE and --chart FILE also write the figures and the chart.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Report } from '../report.js';
import type { Timeline } from './chart.js';
import { renderTimelines } from './chart.js';
import type { LimitName } from './limits.js';
import { limits, titleOf } from './limits.js';
import { measureOverhead } from './overhead.js';
import type { PeerName } from './peers.js';
import { peers } from './peers.js';
import type { Race } from './race.js';
import { runRace } from './race.js';

const REQUESTS = 2000;
const PROCESS_COUNTS = [1, 4];
/** The contenders of the chart, which shows one process at burst 10. */
const chartTitles: Partial<Record<PeerName, string>> = {
  gate: 'axios-status-retry with a gate',
  'no-gate-unlimited': 'the same without a gate: bare Retry-After',
  'axios-retry': 'axios-retry',
};

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    fixed: { type: 'boolean', default: false },
    only: { type: 'string' },
    json: { type: 'string' },
    chart: { type: 'string' },
  },
});
const names =
  options.only?.split(',') ?? (options.quick ? ['gate', 'redis-gate'] : Object.keys(peers));
const contenders = names as PeerName[];

function racesAt(limit: LimitName): Race[] {
  return PROCESS_COUNTS.flatMap((processes) =>
    contenders
      // One process has nothing to share a gate with.
      .filter((contender) => contender !== 'redis-gate' || processes > 1)
      .map((contender) => ({ limit, contender, processes, requests: REQUESTS })),
  );
}

const report = new Report();
const timelines: Timeline[] = [];

report.add(
  'Without throttling: what a gate adds to a request',
  await measureOverhead(
    options.quick ? { rounds: 30, iterations: 2 } : { rounds: 200, iterations: 4 },
  ),
);
const limitNames: LimitName[] = ['burst-10', 'burst-100'];
if (options.fixed) limitNames.push('fixed');
for (const limit of limitNames) {
  const rows: object[] = [];
  for (const race of racesAt(limit)) {
    const { contender, processes } = race;
    console.error(`${limit}, ${processes} × ${contender}`);
    const result = await runRace(race);
    rows.push({ contender, processes, ...('note' in result ? result : result.figures) });
    const title = limit === 'burst-10' && processes === 1 && chartTitles[contender];
    if (title && 'timeline' in result) timelines.push({ title, ...result.timeline });
  }
  report.add(titleOf(limits[limit]), rows);
}
report.write(options.json);
if (options.chart !== undefined) {
  const title = '2,000 requests, 100/s, burst 10: per second, on a logarithmic scale';
  writeFileSync(options.chart, await renderTimelines(title, timelines));
  console.log(`Written: ${options.chart}`);
}
// Do not wait for processes that are slow to end.
process.exit();

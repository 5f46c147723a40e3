// npm run bench: measures the built package beside its peers and prints tables.
// --quick takes a minute, not twenty; --json FILE also writes the figures to a file.
import { parseArgs } from 'node:util';
import { measureImports, measureSizes } from './footprint.js';
import { measureHappyPath } from './happy-path.js';
import { Report } from './report.js';
import { BATCH, measureRetryPath } from './retry-path.js';
import { measureRequests, measureWaits } from './scale.js';
import { measureWaiting } from './waiting.js';

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } },
});

const full = {
  importRuns: 15,
  happy: { rounds: 300, iterations: 4 },
  sequential: { rounds: 40, iterations: 4 },
  batch: { rounds: 60, iterations: 1 },
  waits: [1_000, 10_000, 100_000, 1_000_000],
  requests: [1_000, 10_000, 100_000],
  waiting: [20_000, 100_000],
  waitingRuns: 3,
  capSeconds: 1800,
};
const quick: typeof full = {
  importRuns: 3,
  happy: { rounds: 25, iterations: 2 },
  sequential: { rounds: 4, iterations: 1 },
  batch: { rounds: 6, iterations: 1 },
  waits: [1_000, 10_000, 100_000],
  requests: [1_000, 10_000],
  waiting: [2_000],
  waitingRuns: 1,
  capSeconds: 60,
};
const effort = options.quick ? quick : full;
const FAILURES = [1, 3, 5];

const report = new Report();
report.add('Bundle, without Axios', await measureSizes());
report.add('Import, after Axios', await measureImports(effort.importRuns));
report.add(
  'Happy path, per request (ratio: of what axios-retry adds)',
  await measureHappyPath(effort.happy),
);
report.add(
  'Retry path, one request at a time, delay 0 ms',
  await measureRetryPath(FAILURES, 1, effort.sequential),
);
report.add(
  `Retry path, ${BATCH} requests at once, delay 0 ms`,
  await measureRetryPath(FAILURES, BATCH, effort.batch),
);
report.add('One of our waits among others', measureWaits(effort.waits));
report.add('One of our requests among others', await measureRequests(effort.requests));
report.add(
  'Waiting requests: memory, and cancelling all of them',
  await measureWaiting(effort.waiting, effort.waitingRuns, effort.capSeconds),
);
report.write(options.json);

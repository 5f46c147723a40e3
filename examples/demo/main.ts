// How does the status table work? Every status of it, and servers that recover: ten hours in ten seconds.
// Run: npm run demo
import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';
// In your project, import these from 'axios-status-retry'.
import type { RetryReport, RetryWait } from '../../src/index.js';
import { attachRetry, retryReport } from '../../src/index.js';
import { readFlags } from '../support/arguments.js';
import { createFastClock, quickening, steady } from './fast-clock.js';
import { jsonView } from './json-view.js';
import { startPlatform } from './platform.js';
import type { Scenario } from './scenarios.js';
import { scenarios } from './scenarios.js';
import { createTextView } from './text-view.js';
import type { Result } from './view.js';

const usage = `Usage: npm run demo -- [--slow] [--json]
  --slow   shows each wait as it happens, in 25 seconds instead of ten
  --json   prints a JSON object per line and request: what it got, how long it waited, how it ended;
           npm prints lines of its own, so run: npx tsx examples/demo/main.ts --json
  --help   prints this`;

/** One real second is an hour on the demo's clock, so that the longest schedule (10 h 24 min) fits. */
const FAST = steady(3600);
/** The waits of the longest schedule take 1.4 s, 3.2 s and then 4.2 s each. */
const SLOW = quickening(8000, 2000);
/** Real milliseconds between two first sends, so that a person can read them; the clock stands still. */
const SLOW_START_MS = 250;
/** Real milliseconds after which the demo fails; it takes about a third of that. */
const TIMEOUT_MS = { fast: 30_000, slow: 75_000 };

const flags = readFlags(usage, 'slow', 'json');
const isSlow = flags.has('slow');
const clock = createFastClock(isSlow ? SLOW : FAST);
const platform = await startPlatform(clock);
const api = axios.create({ baseURL: platform.url, timeout: 5000, proxy: false });
const retries = attachRetry(api, { clock }); // One line; in your project, leave out the clock.
const view = flags.has('json') ? jsonView : createTextView(clock, retries, isSlow);

const limit = isSlow ? TIMEOUT_MS.slow : TIMEOUT_MS.fast;
const timeout = setTimeout(() => {
  view.close();
  const waiting = retries.waits.map(({ url }) => url).join(', ');
  console.error(`Not finished after ${limit / 1000} s. Still waiting: ${waiting}.`);
  process.exit(1);
}, limit);

clock.inFlight(1);
const runs: Promise<Result>[] = [];
for (const scenario of scenarios) {
  runs.push(run(scenario));
  if (isSlow) await sleep(SLOW_START_MS);
}
clock.inFlight(-1);
const results = await Promise.all(runs);

clearTimeout(timeout);
view.close();
await platform.close();
const wrong = results.filter(({ isRight }) => !isRight).length;
view.end(wrong);
process.exitCode = wrong === 0 ? 0 : 1;

/** Sends one request, and tells the view when it waits and when it is over. */
async function run(scenario: Scenario): Promise<Result> {
  const { path, method = 'GET', retry, expected, gaveUp } = scenario;
  const waits: RetryWait[] = [];
  const onRetry = (wait: RetryWait): void => {
    waits.push(wait);
    view.wait(wait);
  };
  const outcome: unknown = await api
    .request({ method, url: path, retry: { ...retry, onRetry } })
    .catch((error: unknown) => error);
  const report = retryReport(outcome);
  if (report === undefined) throw outcome;

  const seen = inPlainText(report, waits);
  const isRight = seen === expected && report.gaveUp === gaveUp;
  const result = { scenario, report, waits, seen, isRight };
  view.over(result);
  return result;
}

/** Statuses and waits as the scenarios write them: `503 -8- 503 =120= 200`. */
function inPlainText({ attempts }: RetryReport, waits: readonly RetryWait[]): string {
  const pieces = attempts.flatMap(({ status, code, delay = 0 }, i) => {
    const line = waits[i]?.basis === 'retry-after' ? '=' : '-';
    return [status ?? code, ...(i < waits.length ? [`${line}${delay / 1000}${line}`] : [])];
  });
  return pieces.join(' ');
}

// npm run demo: the platform's status table at work, ten hours of it in ten seconds.
import axios from 'axios';
// In your project: from 'axios-status-retry'.
import type { DelayBasis } from '../src/index.js';
import { attachRetry, retryReport } from '../src/index.js';
import { createFastClock } from './demo/fast-clock.js';
import { startPlatform } from './demo/platform.js';
import type { Scenario } from './demo/scenarios.js';
import { scenarios } from './demo/scenarios.js';
import type { Result } from './demo/summary.js';
import { isWrong, summary } from './demo/summary.js';
import { paint, Screen, width } from './demo/terminal.js';
import type { Seen } from './demo/timeline.js';
import { duration, pad, stopwatch, timeline, wrap } from './demo/timeline.js';

/** One second here is one hour there, so that the longest schedule (10 h 24 min) fits. */
const FACTOR = 3600;
/** Milliseconds, real. Nothing here takes longer: better a clear end than a demo that hangs. */
const PATIENCE = 30_000;

const clock = createFastClock(FACTOR);
const platform = await startPlatform(clock);

const api = axios.create({ baseURL: platform.url, timeout: 5000, proxy: false });
const retries = attachRetry(api, { clock }); // That is all it takes, and the clock is for the demo.

/** Sends one request. The plugin tells of each wait, and in the end of all that was tried. */
async function send({ path, method = 'GET', retry }: Scenario): Promise<Seen> {
  const bases: DelayBasis[] = [];
  const onRetry = ({ basis }: { basis: DelayBasis | 'gate' }): void => {
    if (basis !== 'gate') bases.push(basis);
  };
  const outcome: unknown = await api
    .request({ method, url: path, retry: { ...retry, onRetry } })
    .catch((error: unknown) => error);
  const report = retryReport(outcome);
  if (report === undefined) throw outcome;
  return { report, bases };
}

/** Sends one request and prints its time line when it is over. */
async function run(scenario: Scenario): Promise<Result> {
  const seen = await send(scenario);
  const left = `${stopwatch(elapsed())}  ${pad(scenario.path, 19)}`;
  const note = scenario.shows === undefined ? [] : [paint('dim', `(${scenario.shows})`)];
  const lines = wrap([...timeline(seen, paint), ...note], width() - left.length);
  screen.print(left + lines.join(`\n${' '.repeat(left.length)}`));
  return { scenario, seen };
}

function elapsed(): number {
  return clock.now() - startedAt;
}

const screen = new Screen(() => {
  const { waits } = retries;
  const next = Math.min(...waits.map(({ dueAt }) => dueAt)) - clock.now();
  const waiting = waits.length > 0 ? `${waits.length} wait, the next for ${duration(next)}` : '';
  return `${stopwatch(elapsed())}  ${waiting}`;
});
const byBackoff = paint('yellow', '─8 s─');
const byHeader = paint('cyan', '═2 min═');
screen.print(paint('bold', `${scenarios.length} requests at once, by the platform’s status table`));
screen.print('One second here is one hour there; the left column is when a request was over.');
screen.print(`${byBackoff} is a wait by backoff, ${byHeader} one by Retry-After.`);
screen.print();

const tooLong = setTimeout(() => {
  screen.close();
  const waiting = retries.waits.map(({ url }) => url).join(', ');
  console.error(`Not over after ${PATIENCE / 1000} s: something is wrong. Waiting: ${waiting}.`);
  process.exit(1);
}, PATIENCE);

const startedAt = clock.now();
const startedHere = performance.now();
const results = await Promise.all(scenarios.map(run));
const there = elapsed();
const here = ((performance.now() - startedHere) / 1000).toFixed(1);

clearTimeout(tooLong);
screen.close();
platform.close();

screen.print();
for (const line of summary(results, paint)) screen.print(line);
screen.print();

const wrong = results.filter(isWrong).length;
const verdict =
  wrong === 0
    ? paint('green', `All ${results.length} as the table says.`)
    : paint('red', `${wrong} of ${results.length} not as the table says.`);
screen.print(`${verdict} ${duration(there)} there, ${here} s here.`);
process.exitCode = wrong === 0 ? 0 : 1;

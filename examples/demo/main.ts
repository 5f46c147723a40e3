// How does the status table work? Every status of it, and servers that recover: ten hours in ten seconds.
// Run: npm run demo
import axios from 'axios';
// In your project, import these from 'axios-status-retry'.
import type { RetryReport, RetryWait } from '../../src/index.js';
import { attachRetry, lookupStatus, retryReport } from '../../src/index.js';
import { columns, duration, pad, paint, Screen, stopwatch, width } from '../support/terminal.js';
import { createFastClock } from './fast-clock.js';
import { startPlatform } from './platform.js';
import type { Scenario } from './scenarios.js';
import { scenarios } from './scenarios.js';

/** One real second is an hour on the demo's clock, so that the longest schedule (10 h 24 min) fits. */
const FACTOR = 3600;
/** Real milliseconds after which the demo fails; it takes about ten seconds. */
const TIMEOUT_MS = 30_000;

const REASONS: Readonly<Record<string, string>> = {
  status: 'never retried',
  'no-retry-after': 'no valid Retry-After',
  'max-retries': 'all 5 retries used',
  'max-delay': 'longer than maxDelay',
};

const clock = createFastClock(FACTOR);
const platform = await startPlatform(clock);
const api = axios.create({ baseURL: platform.url, timeout: 5000, proxy: false });
const retries = attachRetry(api, { clock }); // One line; in your project, leave out the clock.

const screen = new Screen(() => {
  const next = Math.min(...retries.waits.map(({ dueAt }) => dueAt)) - clock.now();
  const count = retries.waits.length;
  return `${time()}  ${count > 0 ? `${count} waiting, the next for ${duration(next)}` : ''}`;
});
screen.print(paint('bold', `${scenarios.length} requests at once, retried by the status table`));
screen.print('One second here is one hour there. The left column says when a request was over.');
screen.print(
  `${paint('yellow', '─8 s─')} is a wait by backoff, ${paint('cyan', '═2 min═')} a wait by Retry-After.\n`,
);

const timeout = setTimeout(() => {
  screen.close();
  const waiting = retries.waits.map(({ url }) => url).join(', ');
  console.error(`Not finished after ${TIMEOUT_MS / 1000} s. Still waiting: ${waiting}.`);
  process.exit(1);
}, TIMEOUT_MS);

const startedAt = clock.now();
const startedHere = performance.now();
const results = await Promise.all(scenarios.map(run));
const here = ((performance.now() - startedHere) / 1000).toFixed(1);
clearTimeout(timeout);
screen.close();
await platform.close();

const wrong = results.filter((isRight) => !isRight).length;
const verdict =
  wrong === 0
    ? paint('green', `All ${results.length} ended as the table says.`)
    : paint('red', `${wrong} of ${results.length} did not end as the table says.`);
screen.print(`\n${verdict} ${duration(clock.now() - startedAt)} there, ${here} s here.`);
process.exitCode = wrong === 0 ? 0 : 1;

/** Sends one request and prints its attempts when it is over. Returns whether they are as expected. */
async function run({ path, method = 'GET', retry, shows, expected, gaveUp }: Scenario) {
  const waits: RetryWait[] = [];
  const onRetry = (wait: RetryWait): void => void waits.push(wait);
  const outcome: unknown = await api
    .request({ method, url: path, retry: { ...retry, onRetry } })
    .catch((error: unknown) => error);
  const report = retryReport(outcome);
  if (report === undefined) throw outcome;

  const seen = inPlainText(report, waits);
  const isRight = seen === expected && report.gaveUp === gaveUp;
  const mark = isRight ? paint('green', '✓') : paint('red', '✗');
  const left = `${time()}  ${mark} ${pad(path, 18)} `;
  const pieces = [...inColour(report, waits), ...(shows ? [paint('dim', `(${shows})`)] : [])];
  screen.print(left + wrap(pieces, width() - columns(left)).join(`\n${' '.repeat(columns(left))}`));
  if (!isRight) {
    screen.print(paint('red', `         expected ${expected} ${gaveUp ?? ''}`));
    screen.print(paint('red', `         seen     ${seen} ${report.gaveUp ?? ''}`));
  }
  return isRight;
}

/** Hours and minutes since the start, on the demo's clock. */
function time(): string {
  return stopwatch(clock.now() - startedAt).slice(0, -3);
}

/** Statuses and waits as the scenarios write them: `503 -8- 503 =120= 200`. */
function inPlainText({ attempts }: RetryReport, waits: readonly RetryWait[]): string {
  const pieces = attempts.flatMap(({ status, code, delay = 0 }, i) => {
    const line = waits[i]?.basis === 'retry-after' ? '=' : '-';
    return [status ?? code, ...(i < waits.length ? [`${line}${delay / 1000}${line}`] : [])];
  });
  return pieces.join(' ');
}

/** The same for people, in pieces that a line can be broken between: `503`, `─8 s─`, `200 OK`. */
function inColour({ attempts, gaveUp }: RetryReport, waits: readonly RetryWait[]): string[] {
  const pieces = attempts.flatMap(({ status = 0, code, delay = 0 }, i) => {
    const style = status === 0 || status >= 400 ? 'red' : 'green';
    const attempt = paint(style, `${status || code}`);
    if (i === waits.length) {
      return [attempt, paint(style, lookupStatus(status)?.name ?? 'not in the table')];
    }
    const isBackoff = waits[i]?.basis === 'backoff';
    const line = isBackoff ? '─' : '═';
    return [attempt, paint(isBackoff ? 'yellow' : 'cyan', line + duration(delay) + line)];
  });
  return gaveUp ? [...pieces, paint('dim', `· ${REASONS[gaveUp] ?? gaveUp}`)] : pieces;
}

/** Breaks pieces into lines of at most `room` columns. */
function wrap(pieces: readonly string[], room: number): string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    if (last === undefined || columns(last) + 1 + columns(piece) > room) lines.push(piece);
    else lines[lines.length - 1] = `${last} ${piece}`;
  }
  return lines;
}

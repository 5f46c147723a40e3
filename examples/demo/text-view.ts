// The demo for people: a line per request, and at human speed also its waits.
import type { Clock, RetryHandle, RetryReport, RetryWait } from '../../src/index.js';
import { lookupStatus } from '../../src/index.js';
import { columns, duration, pad, paint, Screen, stopwatch, width } from '../support/terminal.js';
import { scenarios } from './scenarios.js';
import type { View } from './view.js';

/** Columns of a path, and of the bar of a wait. */
const PATH = 18;
const BAR = 16;

const REASONS: Readonly<Record<string, string>> = {
  status: 'never retried',
  'no-retry-after': 'no valid Retry-After',
  'max-retries': 'all 5 retries used',
  'max-delay': 'longer than maxDelay',
};

export function createTextView(clock: Clock, retries: RetryHandle, isSlow: boolean): View {
  const startedAt = clock.now();
  const startedHere = performance.now();
  const screen = new Screen(isSlow ? () => [time(), ...countdowns()].join('\n') : nextRetry);
  /** The time of the last request that is over. */
  let endedAt = startedAt;
  const pace = isSlow
    ? 'Time runs slowly at first, then faster: 8 s take a second and a half, 9 h four seconds.\n'
    : 'One second here is one hour there. ';
  screen.print(paint('bold', `${scenarios.length} requests at once, retried by the status table`));
  screen.print(`${pace}The left column says when a request was over.`);
  screen.print(
    `${paint('yellow', '─8 s─')} is a wait by backoff, ${paint('cyan', '═2 min═')} a wait by Retry-After.\n`,
  );

  /** Since the start, on the demo's clock. Seconds are of no use when each request is over in an instant. */
  function time(): string {
    const since = stopwatch(clock.now() - startedAt);
    return isSlow ? since : since.slice(0, -3);
  }

  function nextRetry(): string {
    const next = Math.min(...retries.waits.map(({ dueAt }) => dueAt)) - clock.now();
    const count = retries.waits.length;
    return `${time()}  ${count > 0 ? `${count} waiting, the next for ${duration(next)}` : ''}`;
  }

  /** A line for each request that waits, the next one first. */
  function countdowns(): string[] {
    return [...retries.waits]
      .sort((a, b) => a.dueAt - b.dueAt)
      .map((wait) => {
        const left = Math.max(wait.dueAt - clock.now(), 0);
        const full = Math.round(BAR * (1 - left / wait.delay));
        const bar = '━'.repeat(full) + '┄'.repeat(BAR - full);
        return `${' '.repeat(time().length)}  ${before(wait)}  ${bar} ${duration(left)}`;
      });
  }

  return {
    wait(wait) {
      if (!isSlow) return;
      // On a terminal, countdowns() shows it as long as it lasts.
      if (!process.stdout.isTTY) screen.print(`${time()}  ${before(wait)} in ${reasonOf(wait)}`);
    },

    over({ scenario, report, waits, seen, isRight }) {
      const { path, shows, expected, gaveUp } = scenario;
      endedAt = clock.now();
      const mark = isRight ? paint('green', '✓') : paint('red', '✗');
      const left = `${time()}  ${mark} ${pad(path, PATH)} `;
      const indent = ' '.repeat(columns(left));
      const pieces = [...inColour(report, waits), ...(shows ? [paint('dim', `(${shows})`)] : [])];
      screen.print(left + wrap(pieces, width() - columns(left)).join(`\n${indent}`));
      if (isRight) return;
      screen.print(paint('red', `${indent}expected ${expected} ${gaveUp ?? ''}`));
      screen.print(paint('red', `${indent}seen     ${seen} ${report.gaveUp ?? ''}`));
    },

    end(wrong) {
      const count = scenarios.length;
      const verdict =
        wrong === 0
          ? paint('green', `All ${count} ended as the table says.`)
          : paint('red', `${wrong} of ${count} did not end as the table says.`);
      const there = duration(endedAt - startedAt);
      const here = ((performance.now() - startedHere) / 1000).toFixed(1);
      screen.print(`\n${verdict} ${there} there, ${here} s here.`);
      if (!isSlow) {
        screen.print(paint('dim', 'To watch each wait as it happens: npm run demo -- --slow'));
      }
    },

    close: () => screen.close(),
  };
}

/** `  /maintenance       503    retry 2 of 5`, below the marks of the requests that are over. */
function before({ url, status, retryNumber, maxRetries }: RetryWait): string {
  return `  ${pad(url, PATH)} ${pad(`${status ?? 'reset'}`, 5)}  retry ${retryNumber} of ${maxRetries}`;
}

function reasonOf({ delay, basis }: RetryWait): string {
  return `${duration(delay)} (${basis === 'backoff' ? 'backoff' : 'Retry-After'})`;
}

/** Statuses and waits, in pieces that a line can be broken between: `503`, `─8 s─`, `200 OK`. */
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

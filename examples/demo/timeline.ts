import type { DelayBasis, RetryReport } from '../../src/index.js';
import { lookupStatus } from '../../src/index.js';
import type { Paint } from './terminal.js';

/** What was seen of one request: its report, and by what each wait was set. */
export interface Seen {
  readonly report: RetryReport;
  readonly bases: readonly DelayBasis[];
}

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const;

/** Milliseconds in words, the two largest units: `8 s`, `1 min 4 s`, `9 h 6 min`. */
export function duration(ms: number): string {
  let seconds = Math.max(Math.floor(ms / 1000), 0);
  const parts = UNITS.map(([unit, size]) => {
    const count = Math.floor(seconds / size);
    seconds -= count * size;
    return { count, text: `${count} ${unit}` };
  });
  const first = parts.findIndex(({ count }) => count > 0);
  if (first === -1) return '0 s';
  const shown = parts.slice(first, first + 2).filter(({ count }) => count > 0);
  return shown.map(({ text }) => text).join(' ');
}

/** Milliseconds as hours and minutes, `10:24`. */
export function stopwatch(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const hours = String(Math.floor(minutes / 60)).padStart(2);
  return `${hours}:${String(minutes % 60).padStart(2, '0')}`;
}

/** The name a status has in the table. */
function statusName(status: number | undefined): string {
  if (status === undefined) return 'no answer';
  return lookupStatus(status)?.name ?? 'not in the table';
}

/** Statuses and waits in seconds, as the scenarios write them: `503 -8- 503 =120= 200`. */
export function plainTimeline({ report, bases }: Seen): string {
  return report.attempts
    .map(({ status, code, delay }, i) => {
      const line = bases[i] === 'retry-after' ? '=' : '-';
      const wait = delay === undefined ? '' : ` ${line}${delay / 1000}${line}`;
      return `${status ?? code ?? '?'}${wait}`;
    })
    .join(' ');
}

/** Each attempt and the decision after it, in pieces that can be wrapped: `503`, `─8 s─`, `200 OK`. */
export function timeline({ report, bases }: Seen, paint: Paint): string[] {
  const pieces = report.attempts.flatMap(({ status, code, delay }, i) => {
    const node = `${status ?? code ?? '?'}`;
    const style = status === undefined || status >= 400 ? 'red' : 'green';
    if (delay === undefined) return [paint(style, `${node} ${statusName(status)}`)];
    const wait =
      bases[i] === 'retry-after'
        ? paint('cyan', `═${duration(delay)}═`)
        : paint('yellow', `─${duration(delay)}─`);
    return [paint(style, node), wait];
  });
  return [...pieces, ...words(report).map((word) => paint('dim', word))];
}

/** The last decision in words. */
function words({ attempts, gaveUp }: RetryReport): string[] {
  const reasons: Partial<Record<string, string>> = {
    status: '· never retried',
    'no-retry-after': '· no valid Retry-After',
    'max-retries': `· all ${attempts.length - 1} retries used`,
    'max-delay': '· over maxDelay',
  };
  if (gaveUp === undefined) return [];
  return [reasons[gaveUp] ?? `· given up: ${gaveUp}`];
}

/** Breaks pieces into lines of at most `width` columns. */
export function wrap(pieces: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    if (last === undefined || columns(last) + 1 + columns(piece) > width) lines.push(piece);
    else lines[lines.length - 1] = `${last} ${piece}`;
  }
  return lines;
}

/** Fills up to a width, not counting what only colours. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(width - columns(text), 0));
}

function columns(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what starts a colour
  return text.replace(/\x1b\[\d+m/g, '').length;
}

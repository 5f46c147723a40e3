import type { RetryReport, RetryWait } from 'axios-status-retry';
import type { Outcome } from './words.js';

/** A wait, as far as it is drawn. */
export type Wait = Pick<RetryWait, 'basis' | 'delay' | 'dueAt'>;

/** What was tried for a request so far, or will be. */
export interface Tried {
  /** The plugin's own. */
  readonly report: RetryReport;
  /** Each wait as it was begun, in order. */
  readonly waits: readonly Wait[];
  /** Once it is over. */
  readonly outcome?: Outcome;
  /** Epoch milliseconds of the page's time. */
  readonly endedAt?: number;
}

/** A wait on the time line. Times are milliseconds that the request has waited in all. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  /** As long as it was to be. */
  readonly delay: number;
  readonly basis: Wait['basis'];
  /** Where it is under way. */
  readonly wait: Wait | undefined;
}

/** Each wait: as long as it took, or as it will take where it is under way. */
export function barsOf({ report, waits, endedAt }: Tried, current: Wait | undefined): Bar[] {
  let from = 0;
  return waits.map(({ basis, delay, dueAt }, i) => {
    const wait = i === waits.length - 1 ? current : undefined;
    const end = report.attempts[i + 1]?.sentAt ?? (wait ? dueAt : (endedAt ?? dueAt));
    const to = from + delay - Math.max(dueAt - end, 0);
    const bar = { from, to, delay, basis, wait };
    from = to;
    return bar;
  });
}

/** Where a time stands on the line, on which both seconds and hours have to be seen. */
export const place = (ms: number): number => Math.log2(1 + Math.max(ms, 0) / 4000);

/** Where a line ends that has room for all of these. */
export const endOf = (bars: readonly Bar[]): number => Math.max(8000, ...bars.map(({ to }) => to));

/** The same in steps, so that many lines seldom have to move. */
export const roundUp = (ms: number): number => 4000 * (2 ** (Math.ceil(place(ms) * 2) / 2) - 1);

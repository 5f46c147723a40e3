// A time line: attempts as marks with their status, and the waits between them as bars.
import type { RetryReport, RetryWait } from 'axios-status-retry';
import type { ReactNode } from 'react';
import type { Outcome } from './words.js';
import { short } from './words.js';

/** The part of a wait that is drawn. */
export type Wait = Pick<RetryWait, 'basis' | 'delay' | 'dueAt'>;

/** The attempts of a request so far, or those to come. */
export interface Tried {
  readonly report: RetryReport;
  /** In order. */
  readonly waits: readonly Wait[];
  /** Undefined until the request is over. */
  readonly outcome?: Outcome;
  /** Epoch milliseconds of the page's time. */
  readonly endedAt?: number;
}

/** A wait on the time line. Times are milliseconds that the request has waited in total. */
interface Bar {
  readonly from: number;
  readonly to: number;
  /** The intended length. */
  readonly delay: number;
  readonly basis: Wait['basis'];
  /** The wait, while it is under way. */
  readonly wait: Wait | undefined;
}

/** Returns a bar per wait, as long as the wait took, or as it will take if it is under way. */
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

/** The place of a time on the line. Logarithmic, because seconds and hours share it. */
const place = (ms: number): number => Math.log2(1 + Math.max(ms, 0) / 4000);

/** The end of a line with these bars. */
export const endOf = (bars: readonly Bar[]): number => Math.max(8000, ...bars.map(({ to }) => to));

/** Rounds the end of many lines up, so that they seldom move. */
export const roundUp = (ms: number): number => 4000 * (2 ** (Math.ceil(place(ms) * 2) / 2) - 1);

interface Props {
  readonly tried: Tried;
  readonly wait?: Wait | undefined;
  /** The elapsed part of that wait: a scaled `i`. */
  readonly fill?: ReactNode;
  /** The end of the line in milliseconds. Default: the end of the last wait. */
  readonly end?: number;
}

export function Track({ tried, wait, fill, end }: Props) {
  const { report, outcome } = tried;
  const bars = barsOf(tried, wait);
  const marks: (number | string)[] = report.attempts.map((one) => one.status ?? one.code ?? '…');
  // After a wait, the next attempt is in flight.
  if (!outcome && !wait && bars.length === marks.length) marks.push('…');
  const rest = place(end ?? endOf(bars)) - place(bars.at(-1)?.to ?? 0);
  return (
    <ol className="track">
      {marks.flatMap((mark, i) => {
        const kind = i === marks.length - 1 ? outcome?.kind : undefined;
        const bar = bars[i];
        return [
          // biome-ignore lint/suspicious/noArrayIndexKey: attempts are identified by their number
          <li key={`attempt-${i}`} className="attempt" data-kind={mark === '…' ? 'sent' : kind}>
            {mark}
          </li>,
          // biome-ignore lint/suspicious/noArrayIndexKey: and so are waits
          bar && <WaitBar key={`wait-${i}`} {...bar} fill={fill} />,
        ];
      })}
      <li className="rest" aria-hidden="true" style={{ flexGrow: rest }} />
    </ol>
  );
}

function WaitBar({ from, to, delay, basis, wait, fill }: Bar & { readonly fill: ReactNode }) {
  const isCut = !wait && to - from < delay;
  return (
    <li
      className="wait"
      data-basis={basis}
      data-cut={isCut || undefined}
      style={{ flexGrow: place(to) - place(from) }}
    >
      {wait ? fill : <i style={{ transform: 'none' }} />}
      <span>{isCut ? `${short(to - from)} of ${short(delay)}` : short(to - from)}</span>
    </li>
  );
}

import type { RetryWait } from 'axios-status-retry';
import { short } from './duration.js';
import type { Bar, Tried } from './track.js';
import { barsOf, endOf, place } from './track.js';
import { useNow } from './use-now.js';

interface Props {
  readonly tried: Tried;
  readonly wait?: RetryWait | undefined;
  /** Where the line ends (ms). Default: with its own last wait. */
  readonly end?: number;
}

/** A time line: attempts as marks with their status, waits as bars between them. */
export function Track({ tried, wait, end }: Props) {
  const { report, outcome } = tried;
  const bars = barsOf(tried, wait);
  const marks: (number | string)[] = report.attempts.map((one) => one.status ?? one.code ?? '…');
  // After a wait, and not answered yet.
  if (!outcome && !wait && bars.length === marks.length) marks.push('…');
  const left = place(end ?? endOf(bars)) - place(bars.at(-1)?.to ?? 0);
  return (
    <ol className="track">
      {marks.flatMap((mark, i) => {
        const kind = i === marks.length - 1 ? outcome?.kind : undefined;
        const bar = bars[i];
        return [
          // biome-ignore lint/suspicious/noArrayIndexKey: the n-th attempt is what it is.
          <li key={`attempt-${i}`} className="attempt" data-kind={mark === '…' ? 'sent' : kind}>
            {mark}
          </li>,
          // biome-ignore lint/suspicious/noArrayIndexKey: and so is the wait after it.
          bar && <WaitBar key={`wait-${i}`} {...bar} />,
        ];
      })}
      <li className="rest" aria-hidden="true" style={{ flexGrow: left }} />
    </ol>
  );
}

function WaitBar({ from, to, delay, basis, wait }: Bar) {
  const isCut = !wait && to - from < delay;
  return (
    <li
      className="wait"
      data-basis={basis}
      data-cut={isCut || undefined}
      style={{ flexGrow: place(to) - place(from) }}
    >
      {wait ? <Fill wait={wait} /> : <i style={{ transform: 'none' }} />}
      <span>{isCut ? `${short(to - from)} of ${short(delay)}` : short(to - from)}</span>
    </li>
  );
}

function Fill({ wait: { dueAt, delay } }: { readonly wait: RetryWait }) {
  const left = Math.min(Math.max((dueAt - useNow()) / delay, 0), 1);
  return <i style={{ transform: `scaleX(${1 - left})` }} />;
}

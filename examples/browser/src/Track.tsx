import type { ReactNode } from 'react';
import { short } from './duration.js';
import type { Bar, Tried, Wait } from './track.js';
import { barsOf, endOf, place } from './track.js';

interface Props {
  readonly tried: Tried;
  readonly wait?: Wait | undefined;
  /** How far that wait has come: an `i`, scaled. */
  readonly fill?: ReactNode;
  /** Where the line ends (ms). Default: with its own last wait. */
  readonly end?: number;
}

/** A time line: attempts as marks with their status, waits as bars between them. */
export function Track({ tried, wait, fill, end }: Props) {
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
          bar && <WaitBar key={`wait-${i}`} {...bar} fill={fill} />,
        ];
      })}
      <li className="rest" aria-hidden="true" style={{ flexGrow: left }} />
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

// One request: its countdown or outcome, and its time line.
import type { RetryWait } from 'axios-status-retry';
import { useCountdown } from 'axios-status-retry/react';
import type { ReactNode } from 'react';
import { memo, useLayoutEffect, useRef } from 'react';
import { Track } from '../shared/Track.js';
import { countdown } from '../shared/words.js';
import { frames } from './frames.js';
import type { Run } from './runs.js';

interface Props {
  readonly run: Run;
  readonly wait: RetryWait | undefined;
  /** The end of all time lines of the batch, in milliseconds. */
  readonly end: number;
  /** The heading of a single request. The rows of a hundred have none, and a shorter outcome. */
  readonly children?: ReactNode;
}

export const RunRow = memo(function RunRow({ run, wait, end, children }: Props) {
  const { id, outcome, report } = run;
  return (
    <li className="run" tabIndex={-1} data-kind={outcome?.kind}>
      <span className="number">
        <span className="sr">Request </span>
        {id}
      </span>
      {children}
      {outcome ? (
        <p className="outcome">
          {children ? outcome.words : outcome.short}
          {children && report.gaveUp && <code>{report.gaveUp}</code>}
        </p>
      ) : (
        <Actions id={id} wait={wait} />
      )}
      <Track tried={run} wait={wait} fill={wait && <Fill wait={wait} />} end={end} />
    </li>
  );
});

function Actions({ id, wait }: { readonly id: number; wait: RetryWait | undefined }) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const node = box.current;
    // When a button with the focus disappears, its row gets the focus.
    return () => {
      if (node?.contains(document.activeElement)) node.closest('li')?.focus();
    };
  }, []);
  const common = { type: 'button', 'aria-disabled': !wait } as const;
  return (
    <div className="actions" ref={box}>
      <p>{wait ? <Countdown wait={wait} /> : 'sent'}</p>
      <button {...common} aria-label={`Retry now, request ${id}`} onClick={() => wait?.retryNow()}>
        Retry now
      </button>
      <button {...common} aria-label={`Cancel, request ${id}`} onClick={() => wait?.cancel()}>
        Cancel
      </button>
    </div>
  );
}

function Countdown({ wait }: { readonly wait: RetryWait }) {
  const left = useCountdown(wait, { clock: frames });
  return (
    <>
      <span className="which">
        retry {wait.retryNumber} of {wait.maxRetries} in{' '}
      </span>
      <span role="timer">{countdown(left)}</span>
    </>
  );
}

/** The most steps in which a bar fills. */
const STEPS = 1000;

function Fill({ wait }: { readonly wait: RetryWait }) {
  const delay = Math.max(wait.delay, STEPS);
  const left = useCountdown(wait, { clock: frames, interval: delay / STEPS });
  return <i style={{ transform: `scaleX(${1 - Math.min(left / delay, 1)})` }} />;
}

import type { RetryWait } from 'axios-status-retry';
import type { ReactNode } from 'react';
import { memo, useLayoutEffect, useRef } from 'react';
import { countdown } from './duration.js';
import type { Run } from './runs.js';
import { Track } from './Track.js';
import { useNow } from './use-now.js';

interface Props {
  readonly run: Run;
  readonly wait: RetryWait | undefined;
  /** Where the time lines beside this one end (ms). */
  readonly end: number;
  /** Its heading where it stands alone; with many there is room for few words only. */
  readonly children?: ReactNode;
}

/** One request: what it waits for or what came of it, and its time line. */
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
    // Who stands on a button that goes away stands on its row then.
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
  const left = Math.min(wait.dueAt - useNow(), wait.delay);
  return (
    <>
      <span className="which">
        retry {wait.retryNumber} of {wait.maxRetries} in{' '}
      </span>
      <span role="timer">{countdown(left)}</span>
    </>
  );
}

function Fill({ wait: { dueAt, delay } }: { readonly wait: RetryWait }) {
  const left = Math.min(Math.max((dueAt - useNow()) / delay, 0), 1);
  return <i style={{ transform: `scaleX(${1 - left})` }} />;
}

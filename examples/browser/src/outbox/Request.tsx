import type { RetryTicket } from 'axios-status-retry/deferral';
import { useLayoutEffect, useRef } from 'react';
import { countdown } from '../duration.js';
import { Track } from '../Track.js';
import { discard } from './outbox.js';
import type { Row } from './row.js';
import { retryOf, titleOf, triedOf } from './row.js';
import { useNow } from './use-now.js';

interface Props {
  readonly row: Row;
  readonly isOnline: boolean;
}

/** One request: where it stands or what came of it, its time line, and what is kept of it. */
export function Request({ row, isOnline }: Props) {
  const { ticket, over } = row;
  const tried = triedOf(row);
  const { outcome, report } = tried;
  const at = new Date(ticket.firstSentAt ?? ticket.notBefore);
  return (
    <li className="run batch" tabIndex={-1} data-kind={outcome?.kind}>
      <h3>
        {titleOf(ticket)} <small>{at.toLocaleTimeString('en-GB')}</small>
      </h3>
      {over ? (
        <>
          <p className="outcome">
            {outcome?.words}
            {report.gaveUp && <code>{report.gaveUp}</code>}
          </p>
          <Track tried={tried} />
        </>
      ) : (
        <Open row={row} isOnline={isOnline} />
      )}
      {!over && (
        <details>
          <summary>Its ticket in IndexedDB</summary>
          <pre>{JSON.stringify(ticket, null, 2)}</pre>
        </details>
      )}
    </li>
  );
}

function Open({ row, isOnline }: Props) {
  const { ticket } = row;
  const now = useNow();
  const tried = triedOf(row);
  const wait = now < ticket.notBefore ? tried.waits.at(-1) : undefined;
  const left = ticket.notBefore - now;
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const node = box.current;
    // Who stands on a button that goes away stands on its row then.
    return () => {
      if (node?.contains(document.activeElement)) node.closest('li')?.focus();
    };
  }, []);

  function discardIt(): void {
    // The row goes away, and the focus with it.
    document.getElementById('orders')?.focus();
    void discard(ticket.id);
  }

  return (
    <>
      <div className="actions" ref={box}>
        <p>{stands(ticket, left, isOnline)}</p>
        <button type="button" aria-label={`Discard, ${titleOf(ticket)}`} onClick={discardIt}>
          Discard
        </button>
      </div>
      <Track
        tried={tried}
        wait={wait}
        fill={wait && <i style={{ transform: `scaleX(${1 - Math.min(left / wait.delay, 1)})` }} />}
      />
    </>
  );
}

function stands(ticket: RetryTicket, left: number, isOnline: boolean) {
  const retry = retryOf(ticket);
  if (left > 0) {
    return (
      <>
        {retry} in <span role="timer">{countdown(left)}</span>
      </>
    );
  }
  return [isOnline ? 'being sent' : 'waits for the network', retry].filter(Boolean).join(', ');
}

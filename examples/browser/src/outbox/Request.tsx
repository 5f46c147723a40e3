// One order: its countdown or outcome, its time line and its ticket.
import type { RetryTicket } from 'axios-status-retry/deferral';
import { useCountdown } from 'axios-status-retry/react';
import { useLayoutEffect, useRef } from 'react';
import { Track } from '../shared/Track.js';
import { countdown } from '../shared/words.js';
import { discard } from './outbox.js';
import type { Row } from './row.js';
import { retryOf, titleOf, triedOf } from './row.js';

interface Props {
  readonly row: Row;
  readonly isOnline: boolean;
}

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
          <summary>Ticket in IndexedDB</summary>
          <pre>{JSON.stringify(ticket, null, 2)}</pre>
        </details>
      )}
    </li>
  );
}

function Open({ row, isOnline }: Props) {
  const { ticket } = row;
  const tried = triedOf(row);
  const last = tried.waits.at(-1);
  // A first send that was not even tried has no wait, but its ticket is due.
  const due = { dueAt: ticket.notBefore, delay: last?.delay ?? 0 };
  const left = useCountdown(due, { interval: 250 });
  const wait = left > 0 ? last : undefined;
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const node = box.current;
    // When a button with the focus disappears, its row gets the focus.
    return () => {
      if (node?.contains(document.activeElement)) node.closest('li')?.focus();
    };
  }, []);

  function discardIt(): void {
    // The row disappears, so the heading gets the focus.
    document.getElementById('orders')?.focus();
    void discard(ticket.id);
  }

  return (
    <>
      <div className="actions" ref={box}>
        <p>{stateOf(ticket, left, isOnline)}</p>
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

function stateOf(ticket: RetryTicket, left: number, isOnline: boolean) {
  const retry = retryOf(ticket);
  if (left > 0) {
    return (
      <>
        {retry} in <span role="timer">{countdown(left)}</span>
      </>
    );
  }
  return [isOnline ? 'being sent' : 'waiting for the network', retry].filter(Boolean).join(', ');
}

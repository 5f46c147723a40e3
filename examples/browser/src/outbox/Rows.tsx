import { Request } from './Request.js';
import type { Row } from './row.js';
import { clearEnded } from './view.js';

interface Props {
  readonly rows: readonly Row[] | undefined;
  readonly isOnline: boolean;
  readonly news: string;
}

/** The outbox: what is not over yet, and what came of the rest. */
export function Rows({ rows, isOnline, news }: Props) {
  const open = rows?.filter(({ over }) => !over).length ?? 0;
  const isClearable = rows?.some(({ over }) => over) ?? false;
  return (
    <section className="requests" aria-labelledby="orders">
      <div className="bar">
        <h2 id="orders" tabIndex={-1}>
          Orders
        </h2>
        <p className="waiting">{open > 0 && `${open} to be sent`}</p>
        <button
          type="button"
          aria-disabled={!isClearable}
          onClick={() => isClearable && void clearEnded()}
        >
          Clear
        </button>
        <p className="news" role="status">
          {isOnline ? news : 'Offline: nothing is sent until the network is back'}
        </p>
      </div>
      {rows?.length === 0 && <First />}
      <ol>
        {rows?.map((row) => (
          <Request key={row.ticket.id} row={row} isOnline={isOnline} />
        ))}
      </ol>
    </section>
  );
}

/** To begin with. */
function First() {
  return (
    <div className="first">
      <p>No orders yet. To see what an outbox is for:</p>
      <ol>
        <li>Press Apply, so that the shop refuses the next two sends, and order something.</li>
        <li>Reload the page, or close it and come back: the order waits on, and is delivered.</li>
        <li>
          Open a second tab: only one of them sends. Close that one, and the other takes over.
        </li>
        <li>Go offline and order: it goes out when the network is back.</li>
      </ol>
    </div>
  );
}

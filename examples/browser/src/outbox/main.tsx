// The outbox page: an order form, the shop's settings, and the orders.
import { render } from '../shared/render.js';
import { OrderPanel, ShopPanel } from './Panels.js';
import { Request } from './Request.js';
import type { View } from './view.js';
import { clearEnded, start, useView } from './view.js';
import '../shared/page.css';
import '../console/compose.css';
import '../shared/requests.css';
import './outbox.css';

function Page() {
  const view = useView();
  const { rows, isSender, desk } = view;
  return (
    <>
      <header className="top">
        <h1>
          Outbox <small>axios-status-retry, with its tickets in IndexedDB</small>
        </h1>
        <a href="./">Status console</a>
        <p className="turn" data-mine={isSender || undefined}>
          {isSender && 'This tab sends'}
          {!isSender && rows && 'Another tab sends; this one watches'}
        </p>
      </header>
      <main>
        <div className="panels">
          <OrderPanel />
          <ShopPanel desk={desk} />
        </div>
        <Orders {...view} />
      </main>
    </>
  );
}

function Orders({ rows, isOnline, news }: View) {
  const open = rows?.filter(({ over }) => !over).length ?? 0;
  const isClearable = rows?.some(({ over }) => over) ?? false;
  return (
    <section className="requests" aria-labelledby="orders">
      <div className="bar">
        <h2 id="orders" tabIndex={-1}>
          Orders
        </h2>
        <p className="waiting">{open > 0 && `${open} pending`}</p>
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
      {rows?.length === 0 && <Suggestions />}
      <ol>
        {rows?.map((row) => (
          <Request key={row.ticket.id} row={row} isOnline={isOnline} />
        ))}
      </ol>
    </section>
  );
}

function Suggestions() {
  return (
    <div className="first">
      <p>No orders yet. To see what an outbox does:</p>
      <ol>
        <li>Press Apply to make the shop refuse the next two sends, then order something.</li>
        <li>
          Reload the page, or close it and come back: the order keeps waiting and is delivered.
        </li>
        <li>
          Open a second tab: only one of them sends. Close that one, and the other takes over.
        </li>
        <li>Go offline and order something: it is sent when the network is back.</li>
      </ol>
    </div>
  );
}

void render(<Page />, start);

import { Order } from './Order.js';
import { Rows } from './Rows.js';
import { Shop } from './Shop.js';
import { useView } from './view.js';

export function Page() {
  const { rows, isWorking, isOnline, desk, news } = useView();
  return (
    <>
      <header className="top">
        <h1>
          Outbox <small>axios-status-retry, with its tickets in IndexedDB</small>
        </h1>
        <a href="./">Status console</a>
        <p className="turn" data-mine={isWorking || undefined}>
          {isWorking && 'This tab sends'}
          {!isWorking && rows && 'Another tab sends, this one looks on'}
        </p>
      </header>
      <main>
        <div className="panels">
          <Order />
          <Shop desk={desk} />
        </div>
        <Rows rows={rows} isOnline={isOnline} news={news} />
      </main>
    </>
  );
}

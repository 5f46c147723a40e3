import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer } from './service.js';

/** What is said to one send of an order. */
export interface Reply extends Answer {
  /** It is carried out at once, and the answer comes when this has happened. Default: at once too. */
  readonly after?: Promise<unknown>;
}

/** One send of an order, as the service saw it. */
export interface Send {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly key: string;
  /** Whether the order had been carried out before, under the same key. */
  readonly isKnown: boolean;
  /** Absent as long as it is under way. */
  status?: number | 'cut off';
}

export interface OrderService {
  readonly url: string;
  /** By the name of the order. */
  readonly sends: ReadonlyMap<string, readonly Send[]>;
  close(): void;
}

/**
 * A service on loopback that knows `Idempotency-Key`: `POST /orders/tea` is carried out once for each key.
 *
 * @param replies - To each order, send by send; it is 200 after that.
 * @param now - Default: the system's time.
 */
export async function startOrders(
  replies: Readonly<Record<string, readonly Reply[]>>,
  now: () => number = Date.now,
): Promise<OrderService> {
  const sends = new Map<string, Send[]>();
  const carriedOut = new Set<string>();

  async function handle({ url, headers }: IncomingMessage, response: ServerResponse) {
    const order = /[^/]*$/.exec(url ?? '')?.[0] ?? '';
    const key = `${headers['idempotency-key']}`;
    const earlier = sends.get(order) ?? [];
    const send: Send = { at: now(), key, isKnown: carriedOut.has(key) };
    sends.set(order, [...earlier, send]);
    const { status, retryAfter, after } = replies[order]?.[earlier.length] ?? { status: 200 };
    if (status === 200) carriedOut.add(key);
    const gone = once(response, 'close').then(() => 'cut off' as const);
    send.status = await Promise.race([gone, after?.then(() => status) ?? status]);
    response.writeHead(status, retryAfter === undefined ? {} : { 'Retry-After': retryAfter }).end();
  }

  // Connections are kept longer than any wait here: an idle one closed in between is not the subject.
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    void handle(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sends,
    close: () => void server.close().closeAllConnections(),
  };
}

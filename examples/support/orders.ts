// A service that takes orders, and takes each only once: it recognises a resent one by its Idempotency-Key.
import { once } from 'node:events';
import type { Answer, ScriptedServer } from '../../__tests__/support/scripted-server.js';
import { sendReply, startRoutes } from '../../__tests__/support/scripted-server.js';

/** The answer to one send of an order. */
export interface OrderReply {
  readonly status: number;
  /** Seconds. */
  readonly retryAfter?: number;
  /** The answer is delayed until this resolves; the order itself is not. */
  readonly after?: Promise<unknown>;
}

/** One send of an order, as the service saw it. */
export interface Send {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly key: string;
  /** Whether an order with this key was carried out before. */
  readonly isKnown: boolean;
  /** Undefined until it is answered. */
  status?: number | 'cut off';
}

/**
 * Starts the service. `POST /orders/tea` gets the replies listed for `tea`, one per send, and then 200.
 *
 * @returns The server, and the sends by order.
 */
export async function startOrders(
  replies: Readonly<Record<string, readonly OrderReply[]>>,
  now: () => number = Date.now,
): Promise<Pick<ScriptedServer, 'url' | 'close'> & { sendsOf(order: string): readonly Send[] }> {
  const sends = new Map<string, Send[]>();
  const executed = new Set<string>();

  const answer: Answer = async (_req, res, { url, headers }) => {
    const order = url.replace('/orders/', '');
    const key = `${headers['idempotency-key']}`;
    const earlier = sends.get(order) ?? [];
    const send: Send = { at: now(), key, isKnown: executed.has(key) };
    sends.set(order, [...earlier, send]);
    const { status, retryAfter, after } = replies[order]?.[earlier.length] ?? { status: 200 };
    if (status === 200) executed.add(key);
    const cutOff = once(res, 'close').then(() => 'cut off' as const);
    send.status = await Promise.race([cutOff, after?.then(() => status) ?? status]);
    const header = retryAfter === undefined ? {} : { 'Retry-After': `${retryAfter}` };
    sendReply(res, { status, headers: header });
  };

  const { url, close } = await startRoutes({ '/orders/*': [answer] });
  return { url, close, sendsOf: (order) => sends.get(order) ?? [] };
}

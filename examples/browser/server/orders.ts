// The shop behind the outbox: it takes orders, and recognises a resent one by its Idempotency-Key.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Reply } from '../../../__tests__/support/scripted-server.js';
import { sendReply } from '../../../__tests__/support/scripted-server.js';
import { numberIn, orBadRequest } from './platform.js';

interface Settings {
  /** How many of the next sends are refused, and how. */
  readonly refusals: number;
  readonly status: number;
  /** Seconds. */
  readonly retryAfter?: number;
  /** Seconds before it answers. */
  readonly pause: number;
}

/** The settings, and the number of orders and sends so far. */
export interface Desk extends Settings {
  readonly orders: number;
  readonly sends: number;
}

export interface Send {
  readonly key: string;
  readonly token: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly status: number;
}

/** The oldest sends are forgotten first. */
const MAX_LOGGED = 1000;

/**
 * `POST /orders` needs a token and an `Idempotency-Key`. `PUT /desk?refusals=&status=&retryAfter=&pause=` changes
 * the settings, `GET /desk` returns them, `GET /log` returns the sends.
 */
export function createOrders(): (request: IncomingMessage, response: ServerResponse) => void {
  const orders = new Map<string, number>();
  const log: Send[] = [];
  let sends = 0;
  let settings: Settings = { refusals: 0, status: 503, pause: 0 };

  function statusFor(key: string, token: string): number {
    if (token === '') return 401;
    if (key === '') return 400;
    if (settings.refusals > 0) {
      settings = { ...settings, refusals: settings.refusals - 1 };
      return settings.status;
    }
    orders.set(key, orders.get(key) ?? orders.size + 1);
    return 200;
  }

  function take({ headers }: IncomingMessage): Reply {
    const key = String(headers['idempotency-key'] ?? '');
    const token = String(headers.authorization ?? '');
    const status = statusFor(key, token);
    sends += 1;
    log.push({ key, token, at: Date.now(), status });
    if (log.length > MAX_LOGGED) log.shift();
    const { retryAfter } = settings;
    const isRefused = status !== 200 && retryAfter !== undefined;
    return json(
      { number: orders.get(key) },
      status,
      isRefused ? { 'Retry-After': `${retryAfter}` } : {},
    );
  }

  function change(query: URLSearchParams): void {
    settings = {
      refusals: numberIn(query, 'refusals', 0, 99),
      status: numberIn(query, 'status', 400, 599),
      ...(query.get('retryAfter') && { retryAfter: numberIn(query, 'retryAfter', 0, 1e6) }),
      pause: numberIn(query, 'pause', 0, 60),
    };
  }

  return (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://orders');
    response.setHeader('Cache-Control', 'no-store');
    request.resume();
    if (request.method === 'POST') {
      const reply = take(request);
      setTimeout(() => sendReply(response, reply), settings.pause * 1000);
      return;
    }
    const reply = orBadRequest(() => {
      if (request.method === 'PUT') change(searchParams);
      return json(pathname === '/log' ? log : { ...settings, orders: orders.size, sends });
    });
    sendReply(response, reply);
  };
}

function json(body: unknown, status = 200, headers: Record<string, string> = {}): Reply {
  const type = { 'Content-Type': 'application/json' };
  return { status, headers: { ...type, ...headers }, body: JSON.stringify(body) };
}

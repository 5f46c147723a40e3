import type { IncomingMessage, ServerResponse } from 'node:http';
import { numberIn } from './platform.js';

/** What it does with what it is sent, for now; and what it has. */
export interface Desk {
  /** That are refused yet. */
  readonly refusals: number;
  /** What those get. */
  readonly status: number;
  /** Seconds. */
  readonly retryAfter?: number;
  /** Seconds until it answers. */
  readonly pause: number;
  readonly orders: number;
  readonly sends: number;
}

/** One send, as a server's log has it. */
export interface Send {
  readonly key: string;
  readonly token: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly status: number;
}

/** Sends that are in the log; the oldest are forgotten first. */
const REMEMBERED = 1000;

/**
 * A server that takes orders: `POST /orders` with a token and an `Idempotency-Key`, by which it knows an
 * order that it has already. `PUT /desk?refusals=&status=&retryAfter=&pause=` makes it refuse some sends,
 * or pause before it answers; `GET /desk` tells how it stands, `GET /log` what was sent.
 */
export function createOrders(): (request: IncomingMessage, response: ServerResponse) => void {
  const numbers = new Map<string, number>();
  const log: Send[] = [];
  let sends = 0;
  let mood: Omit<Desk, 'orders' | 'sends'> = { refusals: 0, status: 503, pause: 0 };

  function statusFor(key: string, token: string): number {
    if (token === '') return 401;
    if (key === '') return 400;
    if (mood.refusals > 0) {
      mood = { ...mood, refusals: mood.refusals - 1 };
      return mood.status;
    }
    numbers.set(key, numbers.get(key) ?? numbers.size + 1);
    return 200;
  }

  function take(request: IncomingMessage, response: ServerResponse): void {
    const key = String(request.headers['idempotency-key'] ?? '');
    const token = String(request.headers.authorization ?? '');
    const status = statusFor(key, token);
    sends += 1;
    log.push({ key, token, at: Date.now(), status });
    if (log.length > REMEMBERED) log.shift();
    response.statusCode = status;
    if (status !== 200 && mood.retryAfter !== undefined) {
      response.setHeader('Retry-After', mood.retryAfter);
    }
    setTimeout(() => json(response, { number: numbers.get(key) }), mood.pause * 1000);
  }

  function change(query: URLSearchParams): void {
    mood = {
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
    try {
      if (request.method === 'PUT') change(searchParams);
      if (request.method === 'POST') take(request, response);
      else json(response, pathname === '/log' ? log : { ...mood, orders: numbers.size, sends });
    } catch (error) {
      response.statusCode = 400;
      json(response, { message: (error as Error).message });
    }
  };
}

function json(response: ServerResponse, body: unknown): void {
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(body));
}

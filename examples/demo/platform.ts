import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../src/index.js';

/** The n-th request to a path. All times in milliseconds of the platform's clock. */
interface Visit {
  readonly n: number;
  readonly now: number;
  /** Since the first request to this path. */
  readonly since: number;
  readonly idempotencyKey: string | undefined;
}

interface Answer {
  readonly status: number;
  readonly retryAfter?: string | undefined;
}

type Endpoint = (visit: Visit) => Answer | 'hang up';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Retry-After can be written in two ways. */
const inSeconds = (left: number): string => String(left / SECOND);
const asDate = (left: number, now: number): string => new Date(now + left).toUTCString();

/** Fails with `status` for a time, and may say in Retry-After how much of it is left. */
function closed(
  status: number,
  time: number,
  announce?: (left: number, now: number) => string,
): Endpoint {
  return ({ since, now }) => {
    const left = time - since;
    return left > 0 ? { status, retryAfter: announce?.(left, now) } : { status: 200 };
  };
}

/** Gives these answers one after the other, and 200 from then on. */
function inTurn(...answers: (Answer | 'hang up')[]): Endpoint {
  return ({ n }) => answers[n - 1] ?? { status: 200 };
}

/** The first answer is lost on its way; the order is known again by its key. */
function orders(): Endpoint {
  const taken = new Set<string | undefined>();
  return ({ n, idempotencyKey }) => {
    const known = taken.has(idempotencyKey);
    taken.add(idempotencyKey);
    if (n === 1) return { status: 504 };
    return { status: known && idempotencyKey !== undefined ? 202 : 409 };
  };
}

function endpoints(): Record<string, Endpoint> {
  return {
    '/quota': closed(429, 2 * MINUTE, inSeconds),
    '/quota/date': closed(429, 15 * MINUTE, asDate),
    '/quota/used-up': closed(429, 48 * HOUR, inSeconds),
    '/quota/garbled': () => ({ status: 429, retryAfter: 'soon' }),
    '/maintenance': closed(503, 40 * MINUTE),
    '/maintenance/date': closed(503, 3 * HOUR, asDate),
    '/maintenance/hasty': inTurn({ status: 503, retryAfter: '1' }),
    '/overload': inTurn({ status: 529 }, { status: 529 }),
    '/overload/told': closed(529, 5 * SECOND, inSeconds),
    '/bad-day': inTurn({ status: 429, retryAfter: '30' }, { status: 503 }, { status: 502 }),
    '/loose-cable': inTurn('hang up', 'hang up'),
    '/orders': orders(),
  };
}

export interface Platform {
  readonly url: string;
  close(): void;
}

/** A platform on loopback that lives by `clock`. `/status/503` always answers 503, and so on. */
export async function startPlatform(clock: Clock): Promise<Platform> {
  const paths = endpoints();
  const visits = new Map<string, { n: number; firstAt: number }>();

  function answer({ url = '/', headers }: IncomingMessage): Answer | 'hang up' {
    const always = /^\/status\/(\d{3})$/.exec(url)?.[1];
    if (always !== undefined) return { status: Number(always) };
    const now = wholeSeconds(clock.now());
    const visit = visits.get(url) ?? { n: 0, firstAt: now };
    visits.set(url, visit);
    visit.n += 1;
    const idempotencyKey = headers['idempotency-key']?.toString();
    const { n, firstAt } = visit;
    return paths[url]?.({ n, now, since: now - firstAt, idempotencyKey }) ?? { status: 404 };
  }

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const what = answer(request);
    if (what === 'hang up') return void request.socket.destroy();
    response.statusCode = what.status;
    response.setHeader('Date', new Date(clock.now()).toUTCString());
    if (what.retryAfter !== undefined) response.setHeader('Retry-After', what.retryAfter);
    response.end();
  }

  // Connections are kept longer than the demo runs: an idle one closed in between is not its subject.
  const server = createServer({ keepAliveTimeout: 60_000 }, handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => void server.close().closeAllConnections(),
  };
}

/** Dates in HTTP headers show no more than that. */
function wholeSeconds(time: number): number {
  return Math.floor(time / SECOND) * SECOND;
}

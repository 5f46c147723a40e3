// The platform behind the status console: it answers as each request's query asks.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Reply } from '../../../__tests__/support/scripted-server.js';
import { sendReply } from '../../../__tests__/support/scripted-server.js';

/** The oldest requests are forgotten first. */
const MAX_REQUESTS = 10_000;

/**
 * Answers with `status` as often as `failures` says, then with 200. Its time is the page's, `now` in the query,
 * so that its dates agree with the page's countdowns at any speed.
 */
export function createPlatform(): (request: IncomingMessage, response: ServerResponse) => void {
  const attempts = new Map<string, number>();

  /** The number of this attempt of a request, from 1. */
  function count(id: string): number {
    const n = (attempts.get(id) ?? 0) + 1;
    attempts.set(id, n);
    const [oldest = id] = attempts.keys();
    if (attempts.size > MAX_REQUESTS) attempts.delete(oldest);
    return n;
  }

  function replyTo({ pathname, searchParams: query }: URL): Reply {
    const dateAt = (seconds: number): string =>
      new Date(numberIn(query, 'now', 0, 8e15) + seconds * 1000).toUTCString();
    const status = numberIn(query, 'status', 200, 599);
    const headers = { Date: dateAt(0) };
    if (count(pathname) > numberIn(query, 'failures', 0, 1e6)) return { headers };
    const retryAfter = query.has('retryAfterDate')
      ? dateAt(numberIn(query, 'retryAfterDate', 0, 1e9))
      : query.get('retryAfter');
    return { status, headers: { ...headers, ...(retryAfter && { 'Retry-After': retryAfter }) } };
  }

  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://platform');
    // A page of another origin may read the answer, but its headers only with `expose`.
    response.setHeader('Access-Control-Allow-Origin', '*');
    if (url.searchParams.has('expose')) {
      response.setHeader('Access-Control-Expose-Headers', 'Retry-After, Date');
    }
    response.setHeader('Cache-Control', 'no-store');
    sendReply(
      response,
      orBadRequest(() => replyTo(url)),
    );
  };
}

export function orBadRequest(reply: () => Reply): Reply {
  try {
    return reply();
  } catch (error) {
    return { status: 400, body: `${(error as Error).message}\n` };
  }
}

export function numberIn(query: URLSearchParams, name: string, from: number, to: number): number {
  const text = query.get(name);
  const value = Number(text || Number.NaN);
  if (value >= from && value <= to) return Math.floor(value);
  throw new RangeError(`${name} must be a number from ${from} to ${to}; got ${text}`);
}

import type { IncomingMessage, ServerResponse } from 'node:http';

/** Requests that are remembered; the oldest are forgotten first. */
const REMEMBERED = 10_000;

/**
 * The platform, for one page: answers as each request's query asks, `status` as often as `failures`
 * says, then 200. It lives by the time that the page sends along, `now`: so its dates, the page's
 * countdowns and its time lines tell the same time at any speed.
 */
export function createPlatform(): (request: IncomingMessage, response: ServerResponse) => void {
  const answered = new Map<string, number>();

  /** The n-th answer to this request, from 1. */
  function count(id: string): number {
    const n = (answered.get(id) ?? 0) + 1;
    answered.set(id, n);
    const [oldest = id] = answered.keys();
    if (answered.size > REMEMBERED) answered.delete(oldest);
    return n;
  }

  function answer({ pathname, searchParams }: URL, response: ServerResponse): void {
    const now = numberIn(searchParams, 'now', 0, 8e15);
    const status = numberIn(searchParams, 'status', 200, 599);
    response.setHeader('Date', new Date(now).toUTCString());
    if (count(pathname) > numberIn(searchParams, 'failures', 0, 1e6)) return;
    response.statusCode = status;
    const retryAfter = searchParams.has('retryAfterDate')
      ? new Date(now + numberIn(searchParams, 'retryAfterDate', 0, 1e9) * 1000).toUTCString()
      : searchParams.get('retryAfter');
    if (retryAfter !== null) response.setHeader('Retry-After', retryAfter);
  }

  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://platform');
    // Scripts on another origin may read the answer, and its headers only where it says so.
    response.setHeader('Access-Control-Allow-Origin', '*');
    if (url.searchParams.has('expose')) {
      response.setHeader('Access-Control-Expose-Headers', 'Retry-After, Date');
    }
    response.setHeader('Cache-Control', 'no-store');
    try {
      answer(url, response);
      response.end();
    } catch (error) {
      response.statusCode = 400;
      response.end(`${(error as Error).message}\n`);
    }
  };
}

export function numberIn(query: URLSearchParams, name: string, from: number, to: number): number {
  const text = query.get(name);
  const value = Number(text || Number.NaN);
  if (value >= from && value <= to) return Math.floor(value);
  throw new RangeError(`${name} must be a number from ${from} to ${to}; got ${text}`);
}

// The platform behind the status console: it answers as each request's query asks. It keeps no state, so that
// a service worker, which may be stopped between two attempts, can play it.
import { numberIn, orBadRequest } from './query.js';

/** These statuses allow no body. */
const WITHOUT_BODY = [204, 205, 304];

/**
 * Answers with `status` as often as `failures` says, then with 200. The query tells how many retries were before
 * (`retries`) and the page's time (`now`), so that the dates agree with the page's countdowns at any speed.
 */
export function answerPlatform({ url }: Request): Promise<Response> {
  return orBadRequest(() => replyTo(new URL(url).searchParams));
}

function replyTo(query: URLSearchParams): Response {
  const dateAt = (seconds: number): string =>
    new Date(numberIn(query, 'now', 0, 8e15) + seconds * 1000).toUTCString();
  const headers = new Headers({
    Date: dateAt(0),
    'Cache-Control': 'no-store',
    // A page of another origin may read the answer, but its headers only with `expose`.
    'Access-Control-Allow-Origin': '*',
    ...(query.has('expose') && { 'Access-Control-Expose-Headers': 'Retry-After, Date' }),
  });
  const isOver = numberIn(query, 'retries', 0, 1e6) >= numberIn(query, 'failures', 0, 1e6);
  const status = isOver ? 200 : numberIn(query, 'status', 200, 599);
  const retryAfter = query.has('retryAfterDate')
    ? dateAt(numberIn(query, 'retryAfterDate', 0, 1e9))
    : query.get('retryAfter');
  if (retryAfter && !isOver) headers.set('Retry-After', retryAfter);
  return new Response(WITHOUT_BODY.includes(status) ? null : '', { status, headers });
}

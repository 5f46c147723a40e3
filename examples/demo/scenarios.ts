import type { GiveUpReason, RetryRequestOptions } from '../../src/index.js';

/** A request, and what has to come of it by the platform's rules: worked out by hand. */
export interface Scenario {
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  readonly retry?: RetryRequestOptions;
  /** What the path shows; the status paths speak for themselves. */
  readonly shows?: string;
  /** Statuses, and between them the waits in seconds: `-8-` by backoff, `=120=` by Retry-After. */
  readonly expected: string;
  /** Why it was not sent (again); absent after a success. */
  readonly gaveUp?: GiveUpReason;
}

export const scenarios: readonly Scenario[] = [
  // Every status of the table, and one that is not in it: always the same answer.
  { path: '/status/200', expected: '200' },
  { path: '/status/202', expected: '202' },
  { path: '/status/204', expected: '204' },
  { path: '/status/400', expected: '400', gaveUp: 'status' },
  { path: '/status/401', expected: '401', gaveUp: 'status' },
  { path: '/status/403', expected: '403', gaveUp: 'status' },
  { path: '/status/404', expected: '404', gaveUp: 'status' },
  { path: '/status/405', expected: '405', gaveUp: 'status' },
  { path: '/status/409', expected: '409', gaveUp: 'status' },
  { path: '/status/429', expected: '429', gaveUp: 'no-retry-after' },
  { path: '/status/500', expected: '500', gaveUp: 'status' },
  {
    path: '/status/502',
    expected: '502 -8- 502 -64- 502 -512- 502 -4096- 502 -32768- 502',
    gaveUp: 'max-retries',
  },
  {
    path: '/status/503',
    expected: '503 -8- 503 -64- 503 -512- 503 -4096- 503 -32768- 503',
    gaveUp: 'max-retries',
  },
  {
    path: '/status/504',
    expected: '504 -8- 504 -64- 504 -512- 504 -4096- 504 -32768- 504',
    gaveUp: 'max-retries',
  },
  {
    path: '/status/529',
    expected: '529 -8- 529 -64- 529 -512- 529 -4096- 529 -32768- 529',
    gaveUp: 'max-retries',
  },

  // A platform as it is on other days.
  { path: '/quota', shows: 'Retry-After in seconds', expected: '429 =120= 200' },
  { path: '/quota/date', shows: 'Retry-After as a date', expected: '429 =900= 200' },
  {
    path: '/quota/used-up',
    shows: 'Retry-After: 2 days',
    expected: '429',
    gaveUp: 'max-delay',
  },
  {
    path: '/quota/garbled',
    shows: 'Retry-After: soon',
    expected: '429',
    gaveUp: 'no-retry-after',
  },
  {
    path: '/maintenance',
    shows: 'down for 40 minutes',
    expected: '503 -8- 503 -64- 503 -512- 503 -4096- 200',
  },
  { path: '/maintenance/date', shows: 'down, and says until when', expected: '503 =10800= 200' },
  { path: '/maintenance/hasty', shows: 'Retry-After: 1 s', expected: '503 -8- 200' },
  { path: '/overload', shows: 'recovers', expected: '529 -8- 529 -64- 200' },
  { path: '/overload/told', shows: 'Retry-After: 5 s', expected: '529 =5= 200' },
  {
    path: '/bad-day',
    shows: 'one count for all',
    expected: '429 =30= 503 -64- 502 -512- 200',
  },
  {
    path: '/loose-cable',
    shows: 'networkErrors: true',
    retry: { networkErrors: true },
    expected: 'ECONNRESET -8- ECONNRESET -64- 200',
  },
  {
    path: '/orders',
    method: 'POST',
    shows: 'POST, idempotencyKey: true',
    retry: { idempotencyKey: true },
    expected: '504 -8- 202',
  },
];

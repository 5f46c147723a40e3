// The requests of the demo, and the results that the platform's rules demand, worked out by hand.
import type { GiveUpReason, RetryRequestOptions } from '../../src/index.js';

export interface Scenario {
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  readonly retry?: RetryRequestOptions;
  /** What the path is an example of. */
  readonly shows?: string;
  /** Statuses, and the waits between them in seconds: `-8-` by backoff, `=120=` by Retry-After. */
  readonly expected: string;
  /** Why the request is given up; undefined after a success. */
  readonly gaveUp?: GiveUpReason;
}

/** A path that always gives the same answer. */
const always = (status: number, gaveUp?: GiveUpReason): Scenario => ({
  path: `/status/${status}`,
  expected:
    gaveUp === 'max-retries'
      ? [8, 64, 512, 4096, 32768].reduce((line, s) => `${line} -${s}- ${status}`, `${status}`)
      : `${status}`,
  ...(gaveUp && { gaveUp }),
});

export const scenarios: readonly Scenario[] = [
  // Every status of the table, and 404, which is not in it.
  ...[200, 202, 204].map((status) => always(status)),
  ...[400, 401, 403, 404, 405, 409, 500].map((status) => always(status, 'status')),
  always(429, 'no-retry-after'),
  ...[502, 503, 504, 529].map((status) => always(status, 'max-retries')),

  // Servers that recover, or say when they will.
  { path: '/quota', shows: 'Retry-After in seconds', expected: '429 =120= 200' },
  { path: '/quota/date', shows: 'Retry-After as a date', expected: '429 =900= 200' },
  { path: '/quota/used-up', shows: '2 days', expected: '429', gaveUp: 'max-delay' },
  {
    path: '/quota/invalid',
    shows: 'Retry-After: soon',
    expected: '429',
    gaveUp: 'no-retry-after',
  },
  {
    path: '/maintenance',
    shows: 'down for 40 minutes',
    expected: '503 -8- 503 -64- 503 -512- 503 -4096- 200',
  },
  { path: '/maintenance/date', shows: 'down, says until when', expected: '503 =10800= 200' },
  { path: '/maintenance/short', shows: 'Retry-After: 1', expected: '503 -8- 200' },
  { path: '/overload', shows: 'recovers', expected: '529 -8- 529 -64- 200' },
  { path: '/overload/short', shows: 'Retry-After: 5', expected: '529 =5= 200' },
  {
    path: '/bad-day',
    shows: 'one count for all failures',
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

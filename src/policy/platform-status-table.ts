// The platform's own status table, as data.
import type { RetryBehavior, StatusRow, StatusTable } from './define-status-table.js';
import { Table } from './define-status-table.js';

/** The part of a row that the decision needs. */
export type RetryRule = Pick<StatusRow, 'retry' | 'maxRetries' | 'backoff'>;

/** The statuses that are retried; apart from the texts, so that an app that only retries omits those. */
const retried: ReadonlyMap<number, RetryRule> = new Map([
  [429, { retry: 'retry-after' }],
  [502, { retry: 'backoff' }],
  [503, { retry: 'backoff' }],
  [504, { retry: 'backoff' }],
  [529, { retry: 'retry-after-or-backoff' }],
]);

/** How `table`, else the platform's table, retries a status; `undefined` if it has no row. */
export function rowOf(
  status: number,
  table: { get(status: number): RetryRule | undefined } = retried,
): RetryRule | undefined {
  return table.get(status);
}

/** The `retry` of a status; `'never'` if it has no row. */
export function retryBehaviorOf(status: number, table?: StatusTable): RetryBehavior {
  return rowOf(status, table)?.retry ?? 'never';
}

/**
 * Returns the row of a status: what it means and whether it is retried.
 *
 * @param status - The status code of a response.
 * @param table - Defaults to {@link platformStatusTable}.
 * @returns `undefined` if the table has no row; the status is never retried then.
 */
export function lookupStatus(
  status: number,
  table: StatusTable = platformStatusTable,
): StatusRow | undefined {
  return table.get(status);
}

/** Name and description of each status; the description can be shown to an app's users. */
const texts: Readonly<Record<number, readonly [string, string]>> = {
  200: ['OK', 'Done. What you asked for is in the response.'],
  202: ['Accepted', 'Accepted. The work goes on in the background and is finished later.'],
  204: ['No Content', 'Done. There is nothing to send back.'],
  400: [
    'Bad Request',
    'Something in the request is wrong. Check it against the API documentation.',
  ],
  401: ['Unauthorized', 'You are not signed in, or the credentials are missing.'],
  403: ['Forbidden', 'You may not use this, or your plan or quota does not allow it.'],
  405: [
    'Method Not Allowed',
    'The platform has no such route, or the route does not take this method.',
  ],
  409: ['Conflict', 'There is one like this already.'],
  429: [
    'Too Many Requests',
    'Too many requests in a short time. Wait a while before the next one.',
  ],
  500: [
    'Internal Server Error',
    'The platform failed unexpectedly. Please report it to its support.',
  ],
  502: ['Bad Gateway', 'The platform failed on the way to an answer. If it persists, report it.'],
  503: ['Service Unavailable', 'The platform is closed for maintenance and will be back.'],
  504: ['Gateway Timeout', 'No answer came in time. If it persists, report it to the platform.'],
  529: ['Site Overloaded', 'The platform has more work than it can take at the moment.'],
};

function platformTable(): StatusTable {
  const rows = Object.entries(texts).map(([code, [name, description]]) => ({
    code: Number(code),
    name,
    description,
    retry: retryBehaviorOf(Number(code)),
  }));
  return new Table(rows);
}

/** The platform's table: 14 statuses. A status without a row is never retried. */
export const platformStatusTable: StatusTable = /* @__PURE__ */ platformTable();

import type { RetryBehavior, StatusRow, StatusTable } from './status-table.js';
import { Table } from './status-table.js';

/** What the platform's page says of each status. Apart from the words, which no retry needs. */
const platformRetries: ReadonlyMap<number, RetryBehavior> = new Map([
  [200, 'never'],
  [202, 'never'],
  [204, 'never'],
  [400, 'never'],
  [401, 'never'],
  [403, 'never'],
  [405, 'never'],
  [409, 'never'],
  [429, 'retry-after'],
  [500, 'never'],
  [502, 'backoff'],
  [503, 'backoff'],
  [504, 'backoff'],
  [529, 'retry-after-or-backoff'],
]);

/** What to do after a status, by a table or else by the platform's; `'never'` where it says nothing. */
export function retryBehaviorOf(status: number, table?: StatusTable): RetryBehavior {
  return (table ? table.get(status)?.retry : platformRetries.get(status)) ?? 'never';
}

/**
 * The row of a status: what it means and whether it is retried.
 *
 * @param table - Default: {@link platformStatusTable}.
 * @returns `undefined` where the table says nothing about the status: it is never retried then.
 */
export function lookupStatus(
  status: number,
  table: StatusTable = platformStatusTable,
): StatusRow | undefined {
  return table.get(status);
}

/** The platform's words for them: a name, and a text that can be shown to people. */
const platformWords: Readonly<Record<number, readonly [string, string]>> = {
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
  const rows = Object.entries(platformWords).map(([code, [name, description]]) => ({
    code: Number(code),
    name,
    description,
    retry: retryBehaviorOf(Number(code)),
  }));
  return new Table(rows);
}

/** The platform's own table: 14 statuses. A status that it does not list is never retried. */
export const platformStatusTable: StatusTable = /* @__PURE__ */ platformTable();

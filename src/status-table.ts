import { checkOptionNames, describe } from './describe.js';

const retryBehaviors = ['never', 'retry-after', 'backoff', 'retry-after-or-backoff'] as const;

/**
 * What to do after a response with a status.
 *
 * - `'never'`: do not retry.
 * - `'retry-after'`: wait as long as Retry-After says; without a valid one do not retry.
 * - `'backoff'`: wait as the backoff says, and at least as long as a valid Retry-After says.
 * - `'retry-after-or-backoff'`: wait as long as Retry-After says; without a valid one as the backoff
 *   says.
 */
export type RetryBehavior = (typeof retryBehaviors)[number];

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

/** What is known about one status. */
export interface StatusRow {
  /** The status code, an integer from 100 to 599. */
  readonly code: number;
  /** The short name, such as `Too Many Requests`. */
  readonly name: string;
  /** A sentence or two that can be shown to the user of an app. */
  readonly description: string;
  readonly retry: RetryBehavior;
}

/** Rows by status, in ascending order of code. Frozen; made by {@link defineStatusTable}. */
export interface StatusTable extends Iterable<StatusRow> {
  /** The row of a status, or `undefined` where the table says nothing about it. */
  get(code: number): StatusRow | undefined;
}

const brand = Symbol.for('axios-status-retry.status-table');

// A class, because Axios's config merge copies plain objects and passes instances on as they are.
class Table implements StatusTable {
  readonly [brand] = true;
  readonly #rows: ReadonlyMap<number, StatusRow>;

  constructor(rows: readonly StatusRow[]) {
    this.#rows = new Map(rows.map((row) => [row.code, Object.freeze(row)]));
    Object.freeze(this);
  }

  get(code: number): StatusRow | undefined {
    return this.#rows.get(code);
  }

  [Symbol.iterator](): Iterator<StatusRow> {
    return this.#rows.values();
  }
}

/**
 * Makes a status table. It is checked at once, and it and its rows are frozen copies.
 *
 * @param rows - Any iterable of rows, in any order; a table is one too.
 * @param options.extends - A table whose rows stand unless `rows` has the same code. Default: none.
 * @throws {TypeError} When `rows`, a row, its name or description, or `extends` is of a wrong kind.
 * @throws {RangeError} When a code is not an integer from 100 to 599 or is there twice, or a retry
 *   behaviour is unknown.
 */
export function defineStatusTable(
  rows: Iterable<StatusRow>,
  options: { readonly extends?: StatusTable | undefined } = {},
): StatusTable {
  checkOptionNames('defineStatusTable', options, ['extends']);
  const base = options.extends;
  if (base !== undefined && !isStatusTable(base)) {
    throw new TypeError(`defineStatusTable: extends must be a status table; got ${describe(base)}`);
  }
  if (typeof (rows as Partial<Iterable<StatusRow>> | null)?.[Symbol.iterator] !== 'function') {
    throw new TypeError(`defineStatusTable: rows must be iterable; got ${describe(rows)}`);
  }
  const own = new Map<number, StatusRow>();
  let index = 0;
  for (const given of rows) {
    const at = `defineStatusTable: rows[${index++}]`;
    const row = checkedRow(given, at);
    if (own.has(row.code)) {
      throw new RangeError(`${at}.code must be there once; got ${row.code} again`);
    }
    own.set(row.code, row);
  }
  // Own rows go last: the sort keeps their place, and of two with one code the table keeps the last.
  return new Table([...(base ?? []), ...own.values()].sort((a, b) => a.code - b.code));
}

function checkedRow(given: StatusRow, at: string): StatusRow {
  if (typeof given !== 'object' || given === null) {
    throw new TypeError(`${at} must be an object; got ${describe(given)}`);
  }
  const { code, name, description, retry } = given;
  if (!Number.isInteger(code) || code < 100 || code > 599) {
    throw new RangeError(`${at}.code must be an integer from 100 to 599; got ${describe(code)}`);
  }
  for (const [key, text] of Object.entries({ name, description })) {
    if (typeof text !== 'string' || text === '') {
      throw new TypeError(`${at}.${key} must be a non-empty string; got ${describe(text)}`);
    }
  }
  if (!retryBehaviors.includes(retry)) {
    throw new RangeError(
      `${at}.retry must be one of ${retryBehaviors.join(', ')}; got ${describe(retry)}`,
    );
  }
  return { code, name, description, retry };
}

/** Whether a value is a status table, of this copy of the package or of another. */
export function isStatusTable(value: unknown): value is StatusTable {
  return (
    typeof value === 'object' &&
    value !== null &&
    (value as { readonly [brand]?: unknown })[brand] === true
  );
}

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

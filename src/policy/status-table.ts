import { formatValue, rejectUnknownKeys } from '../util/validate.js';

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
export class Table implements StatusTable {
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
  rejectUnknownKeys('defineStatusTable', options, ['extends']);
  const base = options.extends;
  if (base !== undefined && !isStatusTable(base)) {
    throw new TypeError(
      `defineStatusTable: extends must be a status table; got ${formatValue(base)}`,
    );
  }
  if (typeof (rows as Partial<Iterable<StatusRow>> | null)?.[Symbol.iterator] !== 'function') {
    throw new TypeError(`defineStatusTable: rows must be iterable; got ${formatValue(rows)}`);
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
    throw new TypeError(`${at} must be an object; got ${formatValue(given)}`);
  }
  const { code, name, description, retry } = given;
  if (!Number.isInteger(code) || code < 100 || code > 599) {
    throw new RangeError(`${at}.code must be an integer from 100 to 599; got ${formatValue(code)}`);
  }
  for (const [key, text] of Object.entries({ name, description })) {
    if (typeof text !== 'string' || text === '') {
      throw new TypeError(`${at}.${key} must be a non-empty string; got ${formatValue(text)}`);
    }
  }
  if (!retryBehaviors.includes(retry)) {
    throw new RangeError(
      `${at}.retry must be one of ${retryBehaviors.join(', ')}; got ${formatValue(retry)}`,
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

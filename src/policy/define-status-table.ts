// The format of a status table: rows by status code, checked and frozen.

import { invalidArgument, readOptions } from '../util/validate.js';
import type { Backoff } from './backoff.js';

const retryBehaviors = ['never', 'retry-after', 'backoff', 'retry-after-or-backoff'] as const;

/**
 * What to do after a response with a status.
 *
 * - `'never'`: do not retry.
 * - `'retry-after'`: wait as long as Retry-After says; without a valid one, do not retry.
 * - `'backoff'`: wait as long as the backoff says, and at least as long as a valid Retry-After says.
 * - `'retry-after-or-backoff'`: wait as long as Retry-After says; without a valid one, as long as the
 *   backoff says.
 */
export type RetryBehavior = (typeof retryBehaviors)[number];

/** One status of a table. */
export interface StatusRow {
  /** The status code, an integer from 100 to 599. */
  readonly code: number;
  /** The short name, such as `Too Many Requests`. */
  readonly name: string;
  /** A sentence or two that can be shown to an app's users. */
  readonly description: string;
  readonly retry: RetryBehavior;
  /** Stands before the option `maxRetries`. */
  readonly maxRetries?: number | undefined;
  /** Stands before the option `backoff`. */
  readonly backoff?: Backoff | undefined;
}

/** Rows in ascending order of code. Frozen; made by {@link defineStatusTable}. */
export interface StatusTable extends Iterable<StatusRow> {
  /** The row of a status, or `undefined` if there is none. */
  get(code: number): StatusRow | undefined;
}

/** Marks a table, so that another copy of this package knows it too. */
const brand = Symbol.for('axios-status-retry.status-table');

/** A class, because Axios's config merge copies plain objects and passes instances on as they are. */
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

/** Whether a value is a status table, of this copy of the package or another. */
export function isStatusTable(value: unknown): value is StatusTable {
  return (
    typeof value === 'object' &&
    value !== null &&
    (value as { readonly [brand]?: unknown })[brand] === true
  );
}

/**
 * Makes a status table. Rows are checked at once and copied; the table and its rows are frozen.
 *
 * @param rows - Any iterable of rows, in any order; a table is one too.
 * @param options.extends - A table whose rows are kept unless `rows` has the same code.
 *   `@defaultValue` none.
 * @throws {TypeError} When `rows`, a row, its name or description, or `extends` is of a wrong kind.
 * @throws {RangeError} When a code is not an integer from 100 to 599 or is given twice, or a retry
 *   behavior is unknown.
 */
export function defineStatusTable(
  rows: Iterable<StatusRow>,
  options: { readonly extends?: StatusTable | undefined } = {},
): StatusTable {
  const { extends: base = [] } = readOptions<{ extends?: StatusTable }>(
    'defineStatusTable',
    options,
    { extends: ['a table made by defineStatusTable', isStatusTable] },
  );
  if (typeof (rows as Partial<Iterable<StatusRow>> | null)?.[Symbol.iterator] !== 'function') {
    throw wrong('rows', 'an iterable of rows', rows, TypeError);
  }
  const own = new Map<number, StatusRow>();
  let index = 0;
  for (const given of rows) {
    const where = `rows[${index++}]`;
    const row = readRow(given, where);
    if (own.has(row.code)) throw wrong(`${where}.code`, 'each code once', row.code, RangeError);
    own.set(row.code, row);
  }
  // The sort is stable and the table keeps the last row of a code, so own rows replace the base's.
  return new Table([...base, ...own.values()].sort((a, b) => a.code - b.code));
}

function readRow(given: StatusRow, where: string): StatusRow {
  if (typeof given !== 'object' || given === null) {
    throw wrong(where, 'an object', given, TypeError);
  }
  const { code, name, description, retry } = given;
  if (!Number.isInteger(code) || code < 100 || code > 599) {
    throw wrong(`${where}.code`, 'an integer from 100 to 599', code, RangeError);
  }
  for (const [key, text] of Object.entries({ name, description })) {
    if (typeof text !== 'string' || text === '') {
      throw wrong(`${where}.${key}`, 'a non-empty string', text, TypeError);
    }
  }
  if (!retryBehaviors.includes(retry)) {
    throw wrong(`${where}.retry`, `one of ${retryBehaviors.join(', ')}`, retry, RangeError);
  }
  return { code, name, description, retry };
}

function wrong(
  where: string,
  accepted: string,
  given: unknown,
  ErrorType: typeof TypeError | typeof RangeError,
): Error {
  return invalidArgument(`defineStatusTable: ${where}`, accepted, given, ErrorType);
}

// Status tables: rows by status code or by range, checked and frozen.

import { isPlain } from '../util/clone.js';
import type { OptionRule } from '../util/validate.js';
import {
  A_FUNCTION,
  checkValue,
  formatValue,
  invalidArgument,
  number,
  readOptions,
} from '../util/validate.js';
import type { Backoff } from './backoff.js';
import { STATUS_NAMES } from './status-names.js';

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

/** All codes with the same first digit. */
export type StatusRange = '1xx' | '2xx' | '3xx' | '4xx' | '5xx';

/** A row as it is given to {@link defineStatusTable}. */
export interface StatusRowInput {
  /** A status code, an integer from 100 to 599, or a range of them. */
  readonly code: number | StatusRange;
  /**
   * The short name, such as `Too Many Requests`.
   *
   * @defaultValue the status's name in HTTP's registry, else its code
   */
  readonly name?: string | undefined;
  /**
   * A sentence or two that can be shown to an app's users.
   *
   * @defaultValue the name
   */
  readonly description?: string | undefined;
  /** Whether the status is retried, and after how long. */
  readonly retry: RetryBehavior;
  /**
   * The most retries of a request that meets this status: 0 or more, or `Infinity`. It counts all
   * retries of the request, as the option `maxRetries` does, and stands before that.
   *
   * @defaultValue the option
   */
  readonly maxRetries?: number | undefined;
  /**
   * Returns the wait in milliseconds after this status; stands before the option `backoff`.
   *
   * @defaultValue the option
   */
  readonly backoff?: Backoff | undefined;
}

/** One status of a table, complete. */
export interface StatusRow extends StatusRowInput {
  readonly code: number;
  readonly name: string;
  readonly description: string;
}

/** The short form of rows: behaviors by code or range, such as `{ 408: 'never', '5xx': 'backoff' }`. */
export type StatusBehaviors = Readonly<
  Record<number, RetryBehavior> & Partial<Record<StatusRange, RetryBehavior>>
>;

/** Rows in ascending order of code, one for each code of a range. Frozen; made by {@link defineStatusTable}. */
export interface StatusTable extends Iterable<StatusRow> {
  /** The row of a status, or `undefined` if there is none. A single code stands before a range. */
  get(code: number): StatusRow | undefined;
}

/** Marks a table, so that another copy of this package knows it too. */
const brand = Symbol.for('axios-status-retry.status-table');

/** Under it a table has its rows without expanding ranges, also for another copy of this package. */
const UNEXPANDED = Symbol.for('axios-status-retry.status-table.rows');

/** A complete row, or a range, whose rows get their names when they are made. */
type RowOrRange = StatusRow | (StatusRowInput & { readonly code: StatusRange });

/** A class, because Axios's config merge copies plain objects and passes instances on as they are. */
export class Table implements StatusTable {
  readonly #rows: ReadonlyMap<unknown, RowOrRange>;
  /** Rows of ranges, made when they are read. */
  readonly #expanded = new Map<number, StatusRow>();

  /** @param rows - Of rows with the same code, the last one counts. */
  constructor(rows: readonly RowOrRange[]) {
    this.#rows = new Map(rows.map((row) => [row.code, Object.freeze(row)]));
    // Not by the class: bundlers keep one with such keys even if it is not used.
    Object.defineProperties(this, {
      [brand]: { value: true },
      [UNEXPANDED]: { value: Object.freeze([...this.#rows.values()]) },
    });
    Object.freeze(this);
  }

  get(code: number): StatusRow | undefined {
    if (!Number.isInteger(code)) return undefined;
    const row = (this.#rows.get(code) as StatusRow | undefined) ?? this.#expanded.get(code);
    const range = row ? undefined : this.#rows.get(`${Math.floor(code / 100)}xx`);
    if (range === undefined) return row;
    const expanded = Object.freeze(complete(range, code));
    this.#expanded.set(code, expanded);
    return expanded;
  }

  *[Symbol.iterator](): Iterator<StatusRow> {
    for (let code = 100; code < 600; code++) {
      const row = this.get(code);
      if (row) yield row;
    }
  }
}

/** A row with its name and description, for one code. */
function complete(input: StatusRowInput, code: number): StatusRow {
  const { name = STATUS_NAMES[code] ?? String(code), description = name } = input;
  return { ...input, code, name, description };
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
 * @param rows - Any iterable of rows, in any order; a table is one too. Or the short form, an object of
 *   behaviors by code or range: `{ 500: 'backoff', '5xx': 'backoff', 408: 'never' }`.
 * @param options.extends - A table whose rows are kept unless `rows` has the same code or range. A
 *   single code of either stands before a range of either. `@defaultValue` none.
 * @throws {TypeError} When `rows`, a row, one of its fields, or `extends` is of a wrong kind.
 * @throws {RangeError} When a code is no status code or range, or is given twice, a retry behavior is
 *   unknown, or `maxRetries` is out of range.
 */
export function defineStatusTable(
  rows: Iterable<StatusRowInput> | StatusBehaviors,
  options: { readonly extends?: StatusTable | undefined } = {},
): StatusTable {
  const { extends: base = [] } = readOptions<{ extends?: StatusTable }>(
    'defineStatusTable',
    options,
    { extends: ['a table made by defineStatusTable', isStatusTable] },
  );
  const own = new Map<unknown, RowOrRange>();
  for (const [where, given] of inputsOf(rows)) {
    const row = readRow(given, where);
    if (own.has(row.code)) {
      throw invalidArgument(`${where}.code`, 'each code once', row.code, RangeError);
    }
    own.set(row.code, row);
  }
  return new Table([...unexpanded(base), ...own.values()]);
}

/** The rows of a table with its ranges as they are, if its copy of the package has them. */
function unexpanded<T>(rows: Iterable<T>): Iterable<T | RowOrRange> {
  return (rows as { readonly [UNEXPANDED]?: Iterable<RowOrRange> })[UNEXPANDED] ?? rows;
}

/** Each row that is given, not checked yet, after its place for a message. */
function inputsOf(rows: unknown): [where: string, given: unknown][] {
  const place = (key: unknown): string => `defineStatusTable: rows[${key}]`;
  if (typeof (rows as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] === 'function') {
    return Array.from(unexpanded(rows as Iterable<unknown>), (row, index) => [place(index), row]);
  }
  if (typeof rows !== 'object' || rows === null || !isPlain(rows)) {
    const accepted = "an iterable of rows, or an object such as { 503: 'backoff' }";
    throw invalidArgument('defineStatusTable: rows', accepted, rows);
  }
  return Object.entries(rows).map(([key, retry]) => {
    const code = /^\d{3}$/.test(key) ? Number(key) : key;
    return [place(formatValue(key)), { code, retry }];
  });
}

/** A rule without a wrong kind: what it does not accept is a `RangeError`. */
function ofAnyKind(accepted: string, isAccepted: (value: unknown) => boolean): OptionRule {
  return [accepted, () => true, isAccepted];
}

function isCode(code: unknown): boolean {
  if (typeof code === 'string') return /^[1-5]xx$/.test(code);
  return Number.isInteger(code) && (code as number) >= 100 && (code as number) < 600;
}

const TEXT: OptionRule = [
  'a non-empty string',
  (value) => typeof value === 'string' && value !== '',
];

/** Of a row, and of the options. */
export const MAX_RETRIES = /* @__PURE__ */ number(
  'an integer, 0 or more, or Infinity',
  (value) => value >= 0 && (Number.isSafeInteger(value) || value === Infinity),
);

function rowRules(): Readonly<Record<keyof StatusRowInput, OptionRule>> {
  return {
    code: ofAnyKind("an integer from 100 to 599, or '1xx', '2xx', '3xx', '4xx' or '5xx'", isCode),
    name: TEXT,
    description: TEXT,
    retry: ofAnyKind(`one of ${retryBehaviors.join(', ')}`, (value) =>
      retryBehaviors.includes(value as RetryBehavior),
    ),
    maxRetries: MAX_RETRIES,
    backoff: A_FUNCTION,
  };
}

function readRow(given: unknown, where: string): RowOrRange {
  if (typeof given !== 'object' || given === null) throw invalidArgument(where, 'an object', given);
  const row: Record<string, unknown> = {};
  for (const [key, rule] of Object.entries(rowRules())) {
    const value = (given as Record<string, unknown>)[key];
    if (value === undefined && key !== 'code' && key !== 'retry') continue;
    checkValue(`${where}.${key}`, value, rule);
    row[key] = value;
  }
  const { code } = row;
  return typeof code === 'number'
    ? complete(row as unknown as StatusRowInput, code)
    : (row as unknown as RowOrRange);
}

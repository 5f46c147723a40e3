import type { RetryAttempt } from '../core/report.js';
import { TOKEN } from '../util/headers.js';
import { formatValue } from '../util/validate.js';
import type { TicketBody } from './body.js';
import { isCredential } from './headers.js';
import type { Json } from './json.js';
import { BoundedJsonReader, describeKind, pathOf } from './json.js';

/**
 * A request that waits, written down: plain JSON without credentials. Its schema is
 * `retry-ticket.schema.json`.
 */
export interface RetryTicket {
  /** Of this format. */
  readonly version: 1;
  /**
   * The same for as long as the request lives, through every ticket of it.
   *
   * @pattern ^[A-Za-z0-9_-]{1,128}$
   */
  readonly id: string;
  /**
   * In capitals; not CONNECT, TRACE or TRACK.
   *
   * @pattern ^(?!(CONNECT|TRACE|TRACK)$)[A-Z0-9!#$%&'*+.^_`|~-]+$
   */
  readonly method: string;
  /**
   * Absolute, http or https, without user info and fragment.
   *
   * @pattern ^https?://[^\s/?#@\\]+(/[^\s?#\\]*)?(\?[^\s#]*)?$
   */
  readonly url: string;
  /** Beside those in `url`. */
  readonly params?: { readonly [name: string]: Json };
  /** By an allow-list; `false` is one that Axios is told not to set. */
  readonly headers: { readonly [name: string]: string | false };
  /** Absent where the request has none. */
  readonly body?: TicketBody;
  /** Whether it was sent at all; not when it waited at a gate. */
  readonly sent: boolean;
  /**
   * Retries sent so far.
   *
   * @minimum 0
   * @maximum 9007199254740990
   * @asType integer
   */
  readonly retries: number;
  /**
   * It is sent no sooner. Epoch milliseconds.
   *
   * @minimum 0
   * @maximum 8640000000000000
   */
  readonly notBefore: number;
  /**
   * Epoch milliseconds; absent where it was not sent.
   *
   * @minimum 0
   * @maximum 8640000000000000
   */
  readonly firstSentAt?: number;
  /**
   * Of the last attempt; absent where there was none, or no answer.
   *
   * @minimum 100
   * @maximum 999
   * @asType integer
   */
  readonly lastStatus?: number;
  /**
   * The value of `Idempotency-Key`, which is among the headers too.
   *
   * @pattern ^[\t\x20-\x7e\x80-\xff]+$
   */
  readonly idempotencyKey?: string;
  /**
   * The report's, oldest first.
   *
   * @maxItems 100
   */
  readonly attempts: readonly RetryAttempt[];
}

/** A ticket is so long at most, in bytes of JSON; what is longer cannot be written down. */
export const MAX_TICKET_BYTES = 1_048_576;

/** The last time that a `Date` can show. */
export const MAX_TIME_MS = 8_640_000_000_000_000;

type Is = (value: Json) => boolean;

/** What a field takes, in words and as a check. */
type Rule = readonly [takes: string, is: Is, optional?: 'optional'];

const isNumber = (least: number, most: number): Is => {
  return (value) => typeof value === 'number' && value >= least && value <= most;
};
const isInteger = (least: number, most: number): Is => {
  return (value) => Number.isInteger(value) && isNumber(least, most)(value);
};
const matches = (pattern: RegExp): Is => {
  return (value) => typeof value === 'string' && pattern.test(value);
};
const isText: Is = (value) => typeof value === 'string';
const isRecord = (value: Json): value is { readonly [name: string]: Json } => {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
};
const isTime = isNumber(0, MAX_TIME_MS);
const isStatus = isInteger(100, 999);
/** One more can still be counted. */
const isCount = isInteger(0, Number.MAX_SAFE_INTEGER - 1);

/** What a value on the wire may be: no control characters (RFC 9110 §5.5), nor what is not sent as one byte. */
const isFieldValue = matches(/^[\t\x20-\x7e\x80-\xff]*$/);

/** What a URL parser has to mend (backslashes, white space) is not what this package writes. */
const TARGET = /^https?:\/\/[^\s/?#@\\]+(\/[^\s?#\\]*)?(\?[^\s#]*)?$/;

/** A tunnel never answers Axios, and a trace sends credentials back (RFC 9110 §9.3.6, §9.3.8). */
const NEVER_SENT = /^(CONNECT|TRACE|TRACK)$/;

const bodies: Readonly<Record<TicketBody['type'], Is>> = {
  json: () => true,
  text: isText,
  form: isText,
  bytes: matches(/^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/),
};

const attempt: Readonly<Record<keyof RetryAttempt, Rule>> = {
  sentAt: ['', isTime],
  status: ['', isStatus, 'optional'],
  code: ['', matches(/^[\w.-]{1,64}$/), 'optional'],
  delay: ['', isNumber(0, Number.MAX_VALUE), 'optional'],
};

const fields: Readonly<Record<keyof RetryTicket, Rule>> = {
  version: ['1', (value) => value === 1],
  id: ['1 to 128 letters, digits, "-" or "_"', matches(/^[\w-]{1,128}$/)],
  method: [
    'a method in capitals, but CONNECT, TRACE and TRACK',
    (value) => matches(TOKEN)(value) && !matches(/[a-z]/)(value) && !matches(NEVER_SENT)(value),
  ],
  url: ['an absolute http or https URL without user info and fragment', isTarget],
  params: ['an object', isRecord, 'optional'],
  headers: ['an object of header names, with a text or false', isRecord],
  body: ['{ type: "json", "text", "form" or "bytes", value }', isBody, 'optional'],
  sent: ['true or false', (value) => typeof value === 'boolean'],
  retries: ['an integer, 0 or more', isCount],
  notBefore: ['epoch milliseconds', isTime],
  firstSentAt: ['epoch milliseconds', isTime, 'optional'],
  lastStatus: ['a status, 100 to 999', isStatus, 'optional'],
  idempotencyKey: [
    'the text of a header',
    (value) => value !== '' && isFieldValue(value),
    'optional',
  ],
  attempts: ['100 of { sentAt, status, code, delay } at most', isAttempts],
};

/**
 * Checks a ticket that comes from outside: a queue, a database, a page's storage. It is copied, own
 * properties only.
 *
 * @returns A {@link RetryTicket} of plain objects.
 * @throws {TypeError} That says what is wrong: of another version, an unknown field, one of a wrong
 *   kind, more than 1 MiB, the key `__proto__`, a URL that is not http(s), a method or header that
 *   is no token, a header that holds a credential.
 */
export function parseTicket(value: unknown): RetryTicket {
  const ticket = new BoundedJsonReader('parseTicket', MAX_TICKET_BYTES).read(value, 'ticket');
  if (!isRecord(ticket)) throw wrong('the ticket', 'an object', ticket);
  // First, as all else may be different in another one.
  if (ticket.version !== 1) throw wrong('ticket.version', '1', ticket.version);
  const mistake = mistakeIn(ticket, fields);
  if (mistake !== undefined) {
    const rule = Object.hasOwn(fields, mistake) ? fields[mistake as keyof RetryTicket] : undefined;
    const what = pathOf('ticket', mistake);
    if (!rule) {
      const names = Object.keys(fields).join(', ');
      throw new TypeError(
        `axios-status-retry: parseTicket: unknown field ${what}; a ticket has ${names}`,
      );
    }
    throw wrong(what, rule[0], ticket[mistake]);
  }
  const parsed = ticket as unknown as RetryTicket;
  checkHeaders(parsed);
  checkProgress(parsed);
  if (new TextEncoder().encode(JSON.stringify(ticket)).length > MAX_TICKET_BYTES) {
    throw wrong('the ticket', `${MAX_TICKET_BYTES} bytes of JSON at most`, ticket, 'more');
  }
  return parsed;
}

/** The first name that is unknown, or whose value is missing or wrong. */
function mistakeIn(
  value: { readonly [name: string]: Json },
  rules: Readonly<Record<string, Rule>>,
): string | undefined {
  const names = Object.keys(value);
  const unknown = names.find((name) => !Object.hasOwn(rules, name));
  if (unknown !== undefined) return unknown;
  return Object.keys(rules).find((name) => {
    const [, is, optional] = rules[name] as Rule;
    const given = value[name];
    return given === undefined ? !optional : !is(given);
  });
}

function isTarget(value: Json): boolean {
  try {
    return matches(TARGET)(value) && Boolean(new URL(value as string));
  } catch {
    return false;
  }
}

function isBody(value: Json): boolean {
  if (!isRecord(value) || Object.keys(value).length !== 2) return false;
  const { type, value: held } = value;
  if (typeof type !== 'string' || !Object.hasOwn(bodies, type) || held === undefined) return false;
  return bodies[type as TicketBody['type']](held);
}

function isAttempts(value: Json): boolean {
  const isAttempt: Is = (one) => isRecord(one) && mistakeIn(one, attempt) === undefined;
  return Array.isArray(value) && value.length <= 100 && value.every(isAttempt);
}

function checkHeaders({ headers, idempotencyKey }: RetryTicket): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!TOKEN.test(name)) throw wrong('ticket.headers', 'names that are tokens', name);
    if (isCredential(name)) throw wrong('ticket.headers', 'no credential', null, name);
    const what = `ticket.headers[${formatValue(name)}]`;
    if (value !== false && !isFieldValue(value)) {
      throw wrong(what, 'the text of a header or false', value, describeKind(value));
    }
    if (/^idempotency-key$/i.test(name) && value !== (idempotencyKey ?? false)) {
      throw wrong(what, 'the same as ticket.idempotencyKey', value, describeKind(value));
    }
  }
}

function checkProgress({ sent, retries, firstSentAt, lastStatus, attempts }: RetryTicket): void {
  if (sent && firstSentAt === undefined) {
    throw wrong('ticket.firstSentAt', 'epoch milliseconds', firstSentAt);
  }
  const isFresh = retries === 0 && firstSentAt === undefined && lastStatus === undefined;
  if (!sent && !(isFresh && attempts.length === 0)) {
    throw wrong(
      'ticket.sent',
      'false only without retries, firstSentAt, lastStatus and attempts',
      false,
    );
  }
}

function wrong(
  what: string,
  takes: string,
  given: unknown,
  shown = typeof given === 'number' ? String(given) : describeKind(given),
): TypeError {
  return new TypeError(`axios-status-retry: parseTicket: ${what} takes ${takes}; got ${shown}`);
}

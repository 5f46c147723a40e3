// What each field of a ticket may hold, as data. `parseTicket` checks tickets with it, and
// scripts/ticket-schema.mjs writes retry-ticket.schema.json from it.
import type { RetryAttempt } from '../core/report.js';
import { MAX_TIME_MS } from '../util/time.js';
import type { TicketBody } from './body.js';
import type { Rule } from './rule.js';
import type { RetryTicket } from './ticket.js';

type Rules<T> = Readonly<Record<keyof T, Rule>>;

const TIME: Rule = {
  type: 'number',
  minimum: 0,
  maximum: MAX_TIME_MS,
  accepted: 'epoch milliseconds',
};

const STATUS: Rule = {
  type: 'integer',
  minimum: 100,
  maximum: 999,
  accepted: 'a status, 100 to 999',
};

const ATTEMPT: Rules<RetryAttempt> = {
  sentAt: TIME,
  status: STATUS,
  code: { type: 'string', pattern: /^[\w.-]{1,64}$/ },
  delay: { type: 'number', minimum: 0 },
};

function bodyRule(type: TicketBody['type'], value: Rule): Rule {
  const properties: Rules<TicketBody> = { type: { const: type }, value };
  return { type: 'object', properties };
}

const FIELDS: Rules<RetryTicket> = {
  version: { const: 1, accepted: '1' },
  id: {
    type: 'string',
    pattern: /^[\w-]{1,128}$/,
    accepted: '1 to 128 letters, digits, "-" or "_"',
  },
  method: {
    type: 'string',
    // A token (RFC 9110 §5.6.2). A CONNECT never gets a response through Axios, and a TRACE sends
    // credentials back (RFC 9110 §9.3.6, §9.3.8).
    pattern: /^(?!(CONNECT|TRACE|TRACK)$)[A-Z0-9!#$%&'*+.^_`|~-]+$/,
    accepted: 'a method in capitals, but CONNECT, TRACE and TRACK',
  },
  url: {
    type: 'string',
    // No backslash and no white space, which a URL parser would replace or remove.
    pattern: /^https?:\/\/[^\s/?#@\\]+(\/[^\s?#\\]*)?(\?[^\s#]*)?$/,
    accepted: 'an absolute http or https URL without user info and fragment',
  },
  params: { type: 'object', accepted: 'an object' },
  // HEADER_VALUE is for the values. Axios takes the square of their number in time.
  headers: {
    type: 'object',
    maxProperties: 100,
    accepted: 'an object of 100 header names at most, with a text or false',
  },
  body: {
    anyOf: [
      bodyRule('json', {}),
      bodyRule('text', { type: 'string' }),
      bodyRule('form', { type: 'string' }),
      bodyRule('bytes', {
        type: 'string',
        pattern: /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
      }),
    ],
    accepted: '{ type: "json", "text", "form" or "bytes", value }',
  },
  sent: { type: 'boolean', accepted: 'true or false' },
  retries: {
    type: 'integer',
    minimum: 0,
    // One more retry must still be countable.
    maximum: Number.MAX_SAFE_INTEGER - 1,
    accepted: 'an integer, 0 or more',
  },
  notBefore: TIME,
  firstSentAt: TIME,
  lastStatus: STATUS,
  idempotencyKey: {
    type: 'string',
    pattern: /^[\t\x20-\x7e\x80-\xff]+$/,
    accepted: 'the text of a header',
  },
  attempts: {
    type: 'array',
    items: { type: 'object', properties: ATTEMPT, optional: ['status', 'code', 'delay'] },
    maxItems: 100,
    accepted: '100 of { sentAt, status, code, delay } at most',
  },
};

export const TICKET = {
  type: 'object',
  properties: FIELDS,
  optional: ['params', 'body', 'firstSentAt', 'lastStatus', 'idempotencyKey'],
} satisfies Rule;

/**
 * A header's value, unless it is `false`: no control characters (RFC 9110 §5.5), one byte per
 * character.
 */
export const HEADER_VALUE: Rule = { type: 'string', pattern: /^[\t\x20-\x7e\x80-\xff]*$/ };

/** The fields that tell of attempts, as they are in a ticket whose request was never sent. */
export const UNSENT = {
  retries: 0,
  firstSentAt: undefined,
  lastStatus: undefined,
  attempts: [],
} satisfies { readonly [K in keyof RetryTicket]?: RetryTicket[K] | undefined };

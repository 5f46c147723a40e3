// Checks a ticket that comes from outside.
import { TOKEN } from '../util/headers.js';
import { formatValue } from '../util/validate.js';
import { CREDENTIAL } from './headers.js';
import { isJsonObject } from './json.js';
import { describeKind, pathOf, readJson, ticketError, tooLarge } from './json-reader.js';
import { follows, wrongProperty } from './rule.js';
import type { RetryTicket } from './ticket.js';
import { MAX_TICKET_BYTES } from './ticket.js';
import { HEADER_VALUE, TICKET, UNSENT } from './ticket-rules.js';

/**
 * Checks a ticket that comes from outside: from a queue, a database, a page's storage.
 *
 * @param value - The parsed JSON, not its text. Only own properties count.
 * @returns A copy, of plain objects.
 * @throws {TypeError} When it is not a ticket of version 1: an unknown field, a wrong or missing
 *   value, a header with a credential, more than 1 MiB. The message names the field, but shows no
 *   value of a URL, header or body.
 */
export function parseTicket(value: unknown): RetryTicket {
  const fields = readJson(value, 'ticket', MAX_TICKET_BYTES);
  if (!isJsonObject(fields)) throw valueError('the ticket', 'an object', fields);
  // The version first, because another one may differ in everything else.
  const wrong = fields.version === 1 ? wrongProperty(TICKET, fields) : 'version';
  if (wrong !== undefined) throw fieldError(wrong, fields[wrong]);
  const ticket = fields as unknown as RetryTicket;
  checkUrl(ticket);
  checkHeaders(ticket);
  checkProgress(ticket);
  if (new TextEncoder().encode(JSON.stringify(ticket)).length > MAX_TICKET_BYTES) {
    throw ticketError(tooLarge(MAX_TICKET_BYTES));
  }
  return ticket;
}

/** The pattern of a URL accepts some hosts and ports that a URL parser refuses. */
function checkUrl({ url }: RetryTicket): void {
  try {
    new URL(url);
  } catch {
    throw fieldError('url', url);
  }
}

function checkHeaders({ headers, idempotencyKey }: RetryTicket): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!TOKEN.test(name)) throw valueError('ticket.headers', 'names that are tokens', name);
    if (CREDENTIAL.test(name)) throw ticketError(`ticket.headers takes no credential; got ${name}`);
    const where = `ticket.headers[${formatValue(name)}]`;
    if (value !== false && !follows(HEADER_VALUE, value)) {
      throw ticketError(`${where} takes the text of a header or false; got ${describeKind(value)}`);
    }
    if (/^idempotency-key$/i.test(name) && value !== (idempotencyKey ?? false)) {
      throw valueError(where, 'the same as ticket.idempotencyKey', value);
    }
  }
}

function checkProgress(ticket: RetryTicket): void {
  if (ticket.sent && ticket.firstSentAt === undefined) throw fieldError('firstSentAt', undefined);
  if (!ticket.sent && JSON.stringify({ ...ticket, ...UNSENT }) !== JSON.stringify(ticket)) {
    throw ticketError(
      'ticket.sent takes false only without retries, firstSentAt, lastStatus and attempts; got false',
    );
  }
}

/** The error for a field that is unknown, missing or wrong. */
function fieldError(name: string, value: unknown): TypeError {
  const { properties } = TICKET;
  const where = pathOf('ticket', name);
  if (Object.hasOwn(properties, name)) {
    return valueError(where, String(properties[name as keyof RetryTicket].accepted), value);
  }
  return ticketError(`unknown field ${where}; a ticket has ${Object.keys(properties).join(', ')}`);
}

/** Shows only the kind of a value, unless it is a number. The value may be secret. */
function valueError(where: string, accepted: string, value: unknown): TypeError {
  const shown = typeof value === 'number' ? String(value) : describeKind(value);
  return ticketError(`${where} takes ${accepted}; got ${shown}`);
}

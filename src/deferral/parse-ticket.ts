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
 * @throws {TypeError} When it is not a ticket of version 1: an unknown field, a wrong or missing value, a
 *   header with a credential, more than 1 MiB. The message names the field, but shows no value of a URL,
 *   header or body.
 */
export function parseTicket(value: unknown): RetryTicket {
  const ticket = readJson(value, 'ticket', MAX_TICKET_BYTES);
  if (!isJsonObject(ticket)) throw invalidField('the ticket', 'an object', ticket);
  // The version first, because another one may differ in everything else.
  const wrong = ticket.version === 1 ? wrongProperty(TICKET, ticket) : 'version';
  if (wrong !== undefined) throw wrongField(wrong, ticket[wrong]);
  const parsed = ticket as unknown as RetryTicket;
  checkUrl(parsed);
  checkHeaders(parsed);
  const json = JSON.stringify(parsed);
  if (parsed.sent && parsed.firstSentAt === undefined) throw wrongField('firstSentAt', undefined);
  if (!parsed.sent && JSON.stringify({ ...parsed, ...UNSENT }) !== json) {
    throw ticketError(
      'ticket.sent takes false only without retries, firstSentAt, lastStatus and attempts; got false',
    );
  }
  if (new TextEncoder().encode(json).length > MAX_TICKET_BYTES)
    throw ticketError(tooLarge(MAX_TICKET_BYTES));
  return parsed;
}

/** The pattern says no more of the host than a pattern can. */
function checkUrl({ url }: RetryTicket): void {
  try {
    new URL(url);
  } catch {
    throw wrongField('url', url);
  }
}

function checkHeaders({ headers, idempotencyKey }: RetryTicket): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!TOKEN.test(name)) throw invalidField('ticket.headers', 'names that are tokens', name);
    if (CREDENTIAL.test(name)) {
      throw ticketError(`ticket.headers takes no credential; got ${name}`);
    }
    const where = `ticket.headers[${formatValue(name)}]`;
    if (value !== false && !follows(HEADER_VALUE, value)) {
      throw ticketError(`${where} takes the text of a header or false; got ${describeKind(value)}`);
    }
    if (/^idempotency-key$/i.test(name) && value !== (idempotencyKey ?? false)) {
      throw invalidField(where, 'the same as ticket.idempotencyKey', value);
    }
  }
}

function wrongField(name: string, value: unknown): TypeError {
  const { properties } = TICKET;
  const where = pathOf('ticket', name);
  if (Object.hasOwn(properties, name)) {
    return invalidField(where, String(properties[name as keyof RetryTicket].accepted), value);
  }
  return ticketError(`unknown field ${where}; a ticket has ${Object.keys(properties).join(', ')}`);
}

/** Shows of a value only its kind, because it may be secret. */
function invalidField(where: string, accepted: string, value: unknown): TypeError {
  const shown = typeof value === 'number' ? String(value) : describeKind(value);
  return ticketError(`${where} takes ${accepted}; got ${shown}`);
}

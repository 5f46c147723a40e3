import type { DeferralRequest, RetryCall } from '../core/extensions.js';
import type { RetryAttempt } from '../core/report.js';
import { isObject, isPlain } from '../util/clone.js';
import { writeBody } from './body.js';
import type { Json } from './json.js';
import { toJson } from './json.js';
import type { RetryTicket } from './ticket.js';
import { MAX_TICKET_BYTES, MAX_TIME_MS, parseTicket } from './ticket.js';
import { absoluteUrl, matchesParam } from './url.js';

/** What a deferral writes into its tickets. */
export interface TicketOptions {
  /** The instance's defaults, which are there again when the ticket is resumed. */
  readonly defaults: { readonly params?: unknown; readonly socketPath?: unknown };
  readonly omitParams: readonly string[];
  /** Whether a header of that name may be written down. */
  allows(name: string): boolean;
  newId(): string;
}

/** The ticket of a call; undefined where it cannot be written down. */
export function toTicket(
  call: RetryCall,
  { notBefore, status }: Pick<DeferralRequest, 'notBefore' | 'status'>,
  ticketing: TicketOptions,
): RetryTicket | undefined {
  const { retryNumber, method } = call.summary();
  const before = call.resumedFrom as RetryTicket | undefined;
  const sent = retryNumber > 0;
  // One that was taken up again and has not been sent since has this from its ticket.
  const lastStatus = retryNumber === call.retries ? before?.lastStatus : status;
  const data = call.get('data');
  if (call.get('socketPath') !== ticketing.defaults.socketPath) return undefined;
  // What a caller gave may throw anything when it is looked at.
  try {
    const url = absoluteUrl(call, ticketing.omitParams);
    const params = paramsOf(call.get('params'), ticketing);
    const body = writeBody(data, MAX_TICKET_BYTES);
    if (params === null || (data !== undefined && !body)) return undefined;
    const headers = headersOf(call.get('headers'), ticketing);
    const key = Object.keys(headers).find((name) => /^idempotency-key$/i.test(name));
    const idempotencyKey = key !== undefined && headers[key];
    return parseTicket({
      version: 1,
      id: before?.id ?? ticketing.newId(),
      method,
      url: url ?? '',
      ...(params && { params }),
      headers,
      ...(body && { body }),
      sent,
      retries: Math.max(retryNumber - 1, 0),
      notBefore: Math.min(notBefore, MAX_TIME_MS),
      ...(sent && { firstSentAt: call.firstSentAt }),
      ...(lastStatus !== undefined && { lastStatus }),
      ...(idempotencyKey && { idempotencyKey }),
      attempts: sent ? call.toJSON().attempts.map(withFiniteDelay) : [],
    });
  } catch {
    return undefined;
  }
}

/** JSON has no Infinity. */
function withFiniteDelay(attempt: RetryAttempt): RetryAttempt {
  const { delay } = attempt;
  return delay === undefined ? attempt : { ...attempt, delay: Math.min(delay, MAX_TIME_MS) };
}

/** What a query is made of, but for what is left out and what the instance gives again; null where it is no JSON. */
function paramsOf(
  params: unknown,
  { defaults, omitParams }: TicketOptions,
): { readonly [name: string]: Json } | undefined | null {
  const given = (isObject(defaults.params) ? defaults.params : {}) as Record<string, unknown>;
  if (params === undefined) return undefined;
  // Of URLSearchParams a ticket's URL has them. They stand in place of what the instance would add again.
  if (params === null || params instanceof URLSearchParams) {
    return Object.keys(given).length > 0 ? null : undefined;
  }
  if (!isObject(params) || Array.isArray(params) || !isInQuery(params)) return null;
  const kept = Object.entries(params)
    .filter(([name]) => !omitParams.some((omitted) => matchesParam(name.trim(), omitted)))
    .filter(([name, value]) => !Object.hasOwn(given, name) || !isSame(given[name], value))
    // JSON has no undefined, which keeps what the instance would add from being added.
    .map(([name, value]) => [name, Object.hasOwn(given, name) ? (value ?? null) : value]);
  return (
    (toJson(Object.fromEntries(kept)) as { readonly [name: string]: Json } | undefined) ?? null
  );
}

/** Whether Axios makes the same query of a value and of its JSON. */
function isInQuery(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (!isObject(value) || value instanceof Date) return true;
  return isPlain(value) && Object.values(value).every(isInQuery);
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Those that are allowed; what is set to false or null is one that Axios is not to set. */
function headersOf(headers: unknown, { allows }: TicketOptions): Record<string, string | false> {
  const written: Record<string, string | false> = {};
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (value === undefined || !allows(name)) continue;
    if (value === null || value === false) written[name] = false;
    else written[name] = Array.isArray(value) ? value.join(', ') : String(value);
  }
  return written;
}

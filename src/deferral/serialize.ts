// Writes a request down as a ticket.
import type { DeferralRequest, RetryCall } from '../core/extensions.js';
import { randomKey } from '../request/idempotency-key.js';
import { isObject, isPlain } from '../util/clone.js';
import { toFiniteMs } from '../util/time.js';
import { writeBody } from './body.js';
import type { JsonObject } from './json.js';
import { toJson } from './json.js';
import { parseTicket } from './parse-ticket.js';
import type { RetryTicket } from './ticket.js';
import { isRetryNext, MAX_TICKET_BYTES } from './ticket.js';
import { absoluteUrl, matchesParam } from './url.js';

/** The options of a deferral and of its instance that a ticket depends on. */
export interface TicketOptions {
  /** The instance's defaults. A resumed request gets them again, so they are not written down. */
  readonly defaults: { readonly params?: unknown; readonly socketPath?: unknown };
  readonly omitParams: readonly string[];
  readonly allowsHeader: (name: string) => boolean;
}

/**
 * The ticket of a call.
 *
 * @returns Undefined if the request cannot be written down.
 */
export function toTicket(
  call: RetryCall,
  { notBefore }: Pick<DeferralRequest, 'notBefore'>,
  options: TicketOptions,
): RetryTicket | undefined {
  if (call.get('socketPath') !== options.defaults.socketPath) return undefined;
  const { retryNumber, method } = call.summary();
  const { attempts } = call;
  const resumedFrom = call.resumedFrom as RetryTicket | undefined;
  // A ticket from outside may tell that its request was sent, but of no attempt.
  const sent = attempts.length > 0 || resumedFrom?.sent === true;
  const lastStatus = (attempts.at(-1) ?? { status: resumedFrom?.lastStatus }).status;
  const data = call.get('data');
  // Values that the caller gave may have getters that throw.
  try {
    const body = writeBody(data, MAX_TICKET_BYTES);
    const params = ticketParams(call.get('params'), options);
    if (params === null || (data !== undefined && !body)) return undefined;
    const headers = ticketHeaders(call.get('headers'), options);
    const key = Object.keys(headers).find((name) => /^idempotency-key$/i.test(name));
    return parseTicket(
      withoutUndefined({
        version: 1,
        id: resumedFrom?.id ?? randomKey(),
        method,
        url: absoluteUrl(call, options.omitParams) ?? '',
        params,
        headers,
        body,
        sent,
        retries: Math.max(retryNumber - (isRetryNext({ sent, attempts }) ? 1 : 0), 0),
        notBefore: toFiniteMs(notBefore),
        firstSentAt: sent ? toFiniteMs(call.firstSentAt) : undefined,
        lastStatus,
        idempotencyKey: (key !== undefined && headers[key]) || undefined,
        attempts,
      }),
    );
  } catch {
    return undefined;
  }
}

function withoutUndefined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/**
 * The params of a call, without those that are left out and those that the instance adds again.
 *
 * @returns Undefined if the ticket needs none; null if Axios would make another query of their
 *   JSON.
 */
function ticketParams(
  params: unknown,
  { defaults, omitParams }: TicketOptions,
): JsonObject | undefined | null {
  const defaultParams = (isObject(defaults.params) ? defaults.params : {}) as JsonObject;
  if (params === undefined) return undefined;
  // `URLSearchParams` are in the ticket's URL. Like null, they replace the instance's params, which
  // resuming would add again.
  if (params === null || params instanceof URLSearchParams) {
    return Object.keys(defaultParams).length > 0 ? null : undefined;
  }
  if (!isObject(params) || Array.isArray(params) || !hasSameQueryAsJson(params)) return null;
  const isDefault = (name: string): boolean => Object.hasOwn(defaultParams, name);
  const entries = Object.entries(params)
    .filter(([name]) => !omitParams.some((omitted) => matchesParam(name.trim(), omitted)))
    .filter(([name, value]) => !isDefault(name) || !isSameJson(defaultParams[name], value))
    // `undefined` keeps the instance's own value out. JSON has null for that.
    .map(([name, value]) => [name, isDefault(name) ? (value ?? null) : value]);
  return (toJson(Object.fromEntries(entries)) as JsonObject | undefined) ?? null;
}

/** Whether Axios makes the same query of a value and of its JSON. */
function hasSameQueryAsJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (!isObject(value) || value instanceof Date) return true;
  return isPlain(value) && Object.values(value).every(hasSameQueryAsJson);
}

function isSameJson(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The headers that are allowed. Axios does not set a header that is false or null. */
function ticketHeaders(
  headers: unknown,
  { allowsHeader }: TicketOptions,
): Record<string, string | false> {
  const allowed: Record<string, string | false> = {};
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (value === undefined || !allowsHeader(name)) continue;
    if (value === null || value === false) allowed[name] = false;
    else allowed[name] = Array.isArray(value) ? value.join(', ') : String(value);
  }
  return allowed;
}

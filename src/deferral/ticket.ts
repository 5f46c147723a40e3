// The format of a ticket. Its JSON Schema is retry-ticket.schema.json.
import type { RetryAttempt } from '../core/report.js';
import type { TicketBody } from './body.js';
import type { Json } from './json.js';

/** A waiting request, written down as plain JSON without credentials. */
export interface RetryTicket {
  /** The version of this format. */
  readonly version: 1;
  /** The same in all tickets of one request. */
  readonly id: string;
  /** In capitals; never CONNECT, TRACE or TRACK. */
  readonly method: string;
  /** Absolute, http or https, without user info and fragment. */
  readonly url: string;
  /** Query parameters besides those in `url`. */
  readonly params?: { readonly [name: string]: Json };
  /** Headers of the allow-list. `false` tells Axios not to set that header. */
  readonly headers: { readonly [name: string]: string | false };
  /** Absent if the request has no body. */
  readonly body?: TicketBody;
  /** False if the request was never sent, because it waited at a gate. */
  readonly sent: boolean;
  /** Retries sent so far. */
  readonly retries: number;
  /** The request must not be sent earlier. Epoch milliseconds. */
  readonly notBefore: number;
  /** Epoch milliseconds. Absent if the request was never sent. */
  readonly firstSentAt?: number;
  /** The status of the last attempt. Absent if there was no attempt or no response. */
  readonly lastStatus?: number;
  /** The value of `Idempotency-Key`, which is among the headers too. */
  readonly idempotencyKey?: string;
  /** The attempts so far, oldest first, as in a report. */
  readonly attempts: readonly RetryAttempt[];
}

/** The largest size of a ticket as JSON in UTF-8. A larger request cannot be written down. */
export const MAX_TICKET_BYTES = 1_048_576;

/**
 * Whether the next send of a ticket's request is one more retry. After an attempt that no wait was
 * decided for, it is that attempt again: a token refresher sent it, and a gate stopped it.
 */
export function isRetryNext({ sent, attempts }: Pick<RetryTicket, 'sent' | 'attempts'>): boolean {
  const last = attempts.at(-1);
  return sent && (last === undefined || last.delay !== undefined);
}

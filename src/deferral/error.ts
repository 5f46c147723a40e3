// The error of a deferred request, and the report of one that will not be sent again.
import type { InternalAxiosRequestConfig } from 'axios';
import type { RetryReport } from '../core/report.js';
import { retryReport } from '../core/report.js';
import type { RetryTicket } from './ticket.js';

const BRAND = Symbol.for('axios-status-retry.deferred-error');

/**
 * The request has not failed for good: it has become a ticket, and whoever holds the ticket sends
 * it again. After a failed attempt, `cause` is the HTTP error.
 */
export class RetryDeferredError extends Error {
  override readonly name = 'RetryDeferredError';
  /** The same for all of them. */
  readonly code = 'ERR_RETRY_DEFERRED';
  /** As `gaveUp` of the report. */
  readonly reason = 'deferred';
  /** The request. Not enumerable, so that a logged error does not show the body. */
  declare readonly ticket: RetryTicket;
  /** The request's config, for interceptors. Not enumerable either. */
  declare readonly config: InternalAxiosRequestConfig;

  constructor(
    ticket: RetryTicket,
    config: unknown,
    /** Epoch milliseconds: the time of a wait that was not begun; absent if it was under way. */
    readonly notBefore?: number,
  ) {
    const date = new Date(ticket.notBefore).toISOString();
    super(
      `axios-status-retry: deferred as ticket ${ticket.id}, to be sent from ${date} on; see axios-status-retry/errors.md#err-retry-deferred`,
    );
    Object.defineProperty(this, BRAND, { value: true });
    Object.defineProperty(this, 'ticket', { value: ticket, configurable: true });
    Object.defineProperty(this, 'config', { value: config, configurable: true });
  }
}

/** Whether an error is a {@link RetryDeferredError}, of this copy of the package or of another. */
export function isRetryDeferred(error: unknown): error is RetryDeferredError {
  return (error as { readonly [BRAND]?: unknown } | null | undefined)?.[BRAND] === true;
}

/**
 * The report, if the error is final.
 *
 * @returns Undefined for an error after which the request should be tried again: a hook's, an
 *   abort, a full gate.
 */
export function finalReport(error: unknown): RetryReport | undefined {
  const report = retryReport(error);
  const isFull = (error as { code?: unknown } | undefined)?.code === 'ERR_GATE_FULL';
  const isFinal = report?.gaveUp !== undefined && report.gaveUp !== 'canceled' && !isFull;
  return isFinal ? report : undefined;
}

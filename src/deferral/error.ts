import type { InternalAxiosRequestConfig } from 'axios';
import type { RetryReport } from '../core/report.js';
import { retryReport } from '../core/report.js';
import type { RetryTicket } from './ticket.js';

const brand = Symbol.for('axios-status-retry.deferred-error');

/**
 * A request has not failed for good: it is handed over, and whoever has its ticket sends it again. After
 * a failed attempt its `cause` is the HTTP error.
 */
export class RetryDeferredError extends Error {
  override readonly name = 'RetryDeferredError';
  readonly code = 'ERR_RETRY_DEFERRED';
  readonly reason = 'deferred';
  /** Not shown when the error is logged, as it holds the body. */
  declare readonly ticket: RetryTicket;
  /** The request's config, for interceptors; not shown either. */
  declare readonly config: InternalAxiosRequestConfig;

  constructor(ticket: RetryTicket, config: unknown) {
    const at = new Date(ticket.notBefore).toISOString();
    super(`axios-status-retry: handed over as ticket ${ticket.id}, to be sent from ${at} on`);
    Object.defineProperty(this, 'ticket', { value: ticket, configurable: true });
    Object.defineProperty(this, 'config', { value: config, configurable: true });
  }

  get [brand](): true {
    return true;
  }
}

/** Whether an error is a {@link RetryDeferredError}, of this copy of the package or of another. */
export function isRetryDeferred(error: unknown): error is RetryDeferredError {
  return (error as { readonly [brand]?: unknown } | null | undefined)?.[brand] === true;
}

/**
 * The report of a request that will not be sent any more. Undefined where an error says nothing of that: a
 * hook's, an abort, no room in the line at a gate.
 */
export function finalReport(error: unknown): RetryReport | undefined {
  const report = retryReport(error);
  const isFull = (error as { code?: unknown } | undefined)?.code === 'ERR_GATE_FULL';
  const isJudged = report?.gaveUp !== undefined && report.gaveUp !== 'canceled';
  return isJudged && !isFull ? report : undefined;
}

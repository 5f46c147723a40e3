// Turns a ticket back into a request.
import type { AxiosRequestConfig } from 'axios';
import type { RetryProgress } from '../core/extensions.js';
import type { RetryReport, RetryState } from '../core/report.js';
import type { GiveUpReason } from '../policy/decision.js';
import { CONFIG_KEY } from '../request/state.js';
import { formatValue } from '../util/validate.js';
import { readBody } from './body.js';
import type { DeferralSettings } from './options.js';
import type { RetryTicket } from './ticket.js';
import { isRetryNext } from './ticket.js';
import { normalizedBase, relativeToBase } from './url.js';

/** The config of `resume`: everything that a ticket does not hold, such as credentials. */
export type ResumeConfig = Omit<AxiosRequestConfig, 'method' | 'url' | 'baseURL' | 'data'>;

/** The progress of a resumed request. It is on the request's config until its call takes over. */
export class ResumedProgress implements RetryProgress, RetryState {
  readonly #ticket: RetryTicket;
  gaveUp: GiveUpReason | undefined;

  constructor(
    ticket: RetryTicket,
    /** Epoch milliseconds. The first send of a request that was never sent counts from here. */
    public assumedSendTime: number,
  ) {
    this.#ticket = ticket;
  }

  /** Includes the retry that is about to be sent. */
  get retries(): number {
    return nextRetryNumber(this.#ticket);
  }

  get firstSentAt(): number {
    return this.#ticket.firstSentAt ?? this.assumedSendTime;
  }

  get attempts(): RetryReport['attempts'] {
    return this.#ticket.attempts;
  }

  get resumedFrom(): RetryTicket {
    return this.#ticket;
  }

  toJSON(): RetryReport {
    const attempts = [...this.#ticket.attempts];
    return this.gaveUp ? { attempts, gaveUp: this.gaveUp } : { attempts };
  }
}

/** The number of a ticket's next send: 0 for the first, n for retry n. */
export function nextRetryNumber(ticket: RetryTicket): number {
  return ticket.retries + (isRetryNext(ticket) ? 1 : 0);
}

/**
 * The request of a ticket, as a caller of the instance would make it.
 *
 * @param config - Its params and headers override the ticket's.
 * @param baseURL - The instance's.
 */
export function toRequestConfig(
  { method, url, params, headers, body, idempotencyKey }: RetryTicket,
  config: ResumeConfig,
  baseURL: unknown,
  progress: ResumedProgress,
): AxiosRequestConfig {
  // Relative again, because the instance's interceptors may look at the URL.
  const relativeUrl = relativeToBase(url, baseURL);
  const request: Record<string, unknown> = {
    ...config,
    method,
    url: relativeUrl ?? url,
    baseURL: relativeUrl === undefined ? '' : baseURL,
    data: body && readBody(body),
    headers: {
      ...headers,
      ...(idempotencyKey && { 'Idempotency-Key': idempotencyKey }),
      ...(config.headers as object | undefined),
    },
    [CONFIG_KEY]: progress,
  };
  if (params) request.params = { ...params, ...(config.params as object | undefined) };
  return request;
}

/**
 * Protects the app from a forged ticket.
 *
 * @param baseURL - The instance's. Its origin is always allowed.
 * @throws {TypeError} When the ticket would carry the app's credentials to an origin that is not
 *   allowed, or holds a header that is not allowed.
 */
export function checkTarget(
  { url, headers }: RetryTicket,
  baseURL: unknown,
  { origins, allowsHeader }: Pick<DeferralSettings, 'origins' | 'allowsHeader'>,
): void {
  const { origin } = new URL(url);
  const base = normalizedBase(baseURL);
  const allowed = base === undefined ? origins : [new URL(base).origin, ...origins];
  if (!allowed.includes(origin)) {
    const accepted =
      allowed.join(', ') || 'no origin: give the instance a baseURL, or the deferral origins';
    throw refusedTicket(`the ticket is for ${origin}, this deferral for ${accepted}`);
  }
  const refused = Object.keys(headers).find((name) => !allowsHeader(name));
  if (refused !== undefined) {
    const name = formatValue(refused);
    throw refusedTicket(
      `the ticket holds the header ${name}, which option "headers" does not name`,
    );
  }
}

function refusedTicket(message: string): TypeError {
  return new TypeError(
    `axios-status-retry: resume: ${message}; see axios-status-retry/errors.md#refused-ticket`,
  );
}

import type { AxiosRequestConfig } from 'axios';
import type { AttachedInstance, RetryProgress } from '../core/extensions.js';
import type { RetryReport, RetryState } from '../core/report.js';
import type { GiveUpReason } from '../policy/decision.js';
import { CONFIG_KEY } from '../request/state.js';
import type { Abortable } from '../wait/abort.js';
import type { Waiter, WaitResult } from '../wait/wait-list.js';
import { readBody } from './body.js';
import type { RetryTicket } from './ticket.js';
import { relativeToBase } from './url.js';

/** What `resume` adds to a ticket: what a ticket cannot hold, and credentials. */
export type ResumeConfig = Omit<AxiosRequestConfig, 'method' | 'url' | 'baseURL' | 'data'>;

/** A ticket on the config of the request that is made of it, until a call takes its place there. */
export class ResumedProgress implements RetryProgress, RetryState {
  readonly #ticket: RetryTicket;
  gaveUp: GiveUpReason | undefined;

  constructor(
    ticket: RetryTicket,
    /** When it is sent, as far as is known; the first send of one that was not sent yet. */
    public assumedSendTime: number,
  ) {
    this.#ticket = ticket;
  }

  /** That are sent once this one is. */
  get retries(): number {
    return this.#ticket.sent ? this.#ticket.retries + 1 : 0;
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

/** The request of a ticket, as a caller of the instance would make it. */
export function toRequestConfig(
  ticket: RetryTicket,
  config: ResumeConfig,
  baseURL: unknown,
  resumption: ResumedProgress,
): AxiosRequestConfig {
  const { method, url, params, headers, body, idempotencyKey } = ticket;
  // As the caller had it, as interceptors may look at it.
  const relative = relativeToBase(url, baseURL);
  const request: Record<string, unknown> = {
    ...config,
    method,
    url: relative ?? url,
    baseURL: relative === undefined ? '' : baseURL,
    data: body && readBody(body),
    headers: {
      ...headers,
      ...(idempotencyKey && { 'Idempotency-Key': idempotencyKey }),
      ...(config.headers as object | undefined),
    },
    [CONFIG_KEY]: resumption,
  };
  if (params) request.params = { ...params, ...(config.params as object | undefined) };
  return request;
}

/** A ticket that is resumed before its time. Shown among the waits of its instance. */
export class ResumedWait implements Waiter {
  #settle: ((result: WaitResult) => void) | undefined;

  constructor(
    readonly ticket: RetryTicket,
    readonly abortable: Abortable,
    readonly maxRetries: number,
    readonly host: AttachedInstance,
  ) {}

  summary(): ReturnType<Waiter['summary']> {
    const { method, url, lastStatus, sent, retries } = this.ticket;
    const retryNumber = sent ? retries + 1 : 0;
    return { method, url, status: lastStatus, retryNumber, maxRetries: this.maxRetries };
  }

  /** @returns How it ended. */
  begin(now: number): Promise<WaitResult> {
    const { notBefore } = this.ticket;
    const { clock, waits } = this.host;
    clock.inFlight?.(1);
    return new Promise((resolve) => {
      this.#settle = resolve;
      waits.begin(this, notBefore, notBefore - now, 'backoff');
    });
  }

  onEnd(result: WaitResult): void {
    this.host.clock.inFlight?.(-1);
    this.#settle?.(result);
  }
}

// The wait of a ticket that is resumed before its time.
import type { InternalAxiosRequestConfig } from 'axios';
import { canceledError } from '../axios/canceled-error.js';
import { statusError } from '../axios/failed-attempt.js';
import type { AttachedInstance } from '../core/extensions.js';
import type { Abortable } from '../wait/abort.js';
import type { Waiter, WaitResult } from '../wait/wait-list.js';
import type { ResumedProgress } from './resume.js';
import { nextRetryNumber } from './resume.js';
import type { RetryTicket } from './ticket.js';

/** Listed among the waits of the instance, so a person can skip or cancel it. */
export class ResumedWait implements Waiter {
  #resolve: ((result: WaitResult) => void) | undefined;

  constructor(
    readonly ticket: RetryTicket,
    readonly abortable: Abortable,
    readonly maxRetries: number,
    readonly instance: AttachedInstance,
  ) {}

  summary(): ReturnType<Waiter['summary']> {
    const { method, url, lastStatus: status } = this.ticket;
    const retryNumber = nextRetryNumber(this.ticket);
    return { method, url, status, retryNumber, maxRetries: this.maxRetries };
  }

  /** Waits from `now` to the ticket's `notBefore`. Never rejects. */
  begin(now: number): Promise<WaitResult> {
    const { notBefore } = this.ticket;
    const { clock, waits } = this.instance;
    clock.inFlight?.(1);
    return new Promise((resolve) => {
      this.#resolve = resolve;
      waits.begin(this, notBefore, notBefore - now, 'backoff');
    });
  }

  onEnd(result: WaitResult): void {
    this.instance.clock.inFlight?.(-1);
    this.#resolve?.(result);
  }
}

/** The error of a resumed request whose wait ended before it was sent. */
export function unsentError(
  result: WaitResult,
  progress: ResumedProgress,
  request: object,
): unknown {
  if (result.type === 'failed') return result.error;
  progress.gaveUp = result.type === 'gave-up' ? result.reason : 'canceled';
  const config = request as InternalAxiosRequestConfig;
  const { lastStatus: status } = progress.resumedFrom;
  if (result.type === 'aborted' || status === undefined) return canceledError(config, config);
  return statusError(status, config);
}

import type { AxiosResponse } from 'axios';
import { wrong } from '../util/validate.js';
import type { Clock } from '../wait/clock.js';
import { systemClock } from '../wait/clock.js';
import { isRetryDeferred, verdictIn } from './error.js';
import type { RetryTicket } from './ticket.js';
import { parseTicket } from './ticket.js';

/** A queue that holds a message back, but not for any length of time; such as SQS, 15 minutes. */
export interface DelayQueue {
  /** What it takes at most, in milliseconds. */
  readonly maxDelay: number;
  /** Puts a ticket on it, to be delivered once, no sooner than after `delay` milliseconds. */
  send(ticket: RetryTicket, delay: number): unknown;
}

/** What came of a delivered ticket. Only then is its message to be deleted. */
export type Relayed =
  /** It is on the queue again: its time has not come, or its request is to be sent once more. */
  | { readonly state: 'queued' }
  | { readonly state: 'answered'; readonly response: AxiosResponse }
  /** It is not sent any more; `retryReport(error)` says why. */
  | { readonly state: 'failed'; readonly error: unknown };

/** Carries tickets over a queue, from hop to hop where it holds them for too short a time. */
export interface Relay {
  /** For the option `save` of `createDeferral`. */
  save(ticket: RetryTicket): Promise<void>;
  /**
   * Takes a delivered message. A second at most is waited for in the process.
   *
   * @param message - The ticket, from outside.
   * @param resume - Sends its request: `(ticket) => deferral.resume(ticket)`.
   * @throws What is no judgment on the request: a hook's error, the queue's, a full gate's. The message is
   *   to stay.
   */
  receive(
    message: unknown,
    resume: (ticket: RetryTicket) => Promise<AxiosResponse>,
  ): Promise<Relayed>;
}

/** Queues count in seconds, and may deliver a little early (ms). */
const SOON = 1_000;

/**
 * Carries tickets over a queue whose delay is limited.
 *
 * @param queue - An adapter of it.
 * @param clock - Default: the system's.
 * @throws {TypeError} When it is none.
 * @throws {RangeError} When its `maxDelay` is no time that passes.
 */
export function createRelay(queue: DelayQueue, clock: Pick<Clock, 'now'> = systemClock): Relay {
  const { maxDelay, send } = (queue ?? {}) as Partial<DelayQueue>;
  if (typeof send !== 'function' || typeof maxDelay !== 'number') {
    throw wrong('createRelay', 'a queue { maxDelay, send }', queue);
  }
  if (!(maxDelay > SOON)) {
    throw wrong('createRelay: "maxDelay"', `more than ${SOON} ms`, maxDelay, RangeError);
  }

  async function save(ticket: RetryTicket): Promise<void> {
    const delay = Math.max(ticket.notBefore - clock.now(), 0);
    await queue.send(ticket, Math.min(delay, maxDelay as number));
  }

  return {
    save,
    async receive(message, resume) {
      const ticket = parseTicket(message);
      if (ticket.notBefore - clock.now() > SOON) {
        await save(ticket);
        return { state: 'queued' };
      }
      try {
        return { state: 'answered', response: await resume(ticket) };
      } catch (error) {
        if (isRetryDeferred(error)) return { state: 'queued' };
        if (!verdictIn(error)) throw error;
        return { state: 'failed', error };
      }
    },
  };
}

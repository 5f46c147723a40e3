import type { AxiosResponse } from 'axios';
import { invalidArgument } from '../util/validate.js';
import type { Clock } from '../wait/clock.js';
import { systemClock } from '../wait/clock.js';
import { finalReport, isRetryDeferred } from './error.js';
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
export type RelayResult =
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
  ): Promise<RelayResult>;
}

/** Queues count in seconds, and may deliver a little early (ms). */
const EARLY_TOLERANCE_MS = 1_000;

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
    throw invalidArgument('createRelay', 'a queue { maxDelay, send }', queue);
  }
  if (!(maxDelay > EARLY_TOLERANCE_MS)) {
    throw invalidArgument(
      'createRelay: "maxDelay"',
      `more than ${EARLY_TOLERANCE_MS} ms`,
      maxDelay,
      RangeError,
    );
  }

  async function save(ticket: RetryTicket): Promise<void> {
    const delay = Math.max(ticket.notBefore - clock.now(), 0);
    await queue.send(ticket, Math.min(delay, maxDelay as number));
  }

  return {
    save,
    async receive(message, resume) {
      const ticket = parseTicket(message);
      if (ticket.notBefore - clock.now() > EARLY_TOLERANCE_MS) {
        await save(ticket);
        return { state: 'queued' };
      }
      try {
        return { state: 'answered', response: await resume(ticket) };
      } catch (error) {
        if (isRetryDeferred(error)) return { state: 'queued' };
        if (!finalReport(error)) throw error;
        return { state: 'failed', error };
      }
    },
  };
}

// Carries tickets over a queue that holds messages for a limited time, such as SQS.
import type { AxiosResponse } from 'axios';
import { invalidArgument } from '../util/validate.js';
import type { Clock } from '../wait/clock.js';
import { finalReport, isRetryDeferred } from './error.js';
import { parseTicket } from './parse-ticket.js';
import type { RetryTicket } from './ticket.js';

/** A queue that can delay a message, but only up to a limit. */
export interface DelayQueue {
  /** The longest delay, in milliseconds; 900,000 for SQS. */
  readonly maxDelay: number;
  /** Sends a ticket, to be delivered once, no sooner than after `delay` milliseconds. */
  send(ticket: RetryTicket, delay: number): unknown;
}

/** The result of a delivered message. Delete the message only after it. */
export type RelayResult =
  /**
   * The ticket is on the queue again: it is not due yet, or its request has failed and will be sent
   * again.
   */
  | { readonly state: 'queued' }
  | { readonly state: 'answered'; readonly response: AxiosResponse }
  /** The request will not be sent again; `retryReport(error)` says why. */
  | { readonly state: 'failed'; readonly error: unknown };

/** Puts tickets on a queue, again and again until they are due. */
export interface Relay {
  /** The option `save` of `createDeferral`. */
  save(ticket: RetryTicket): Promise<void>;
  /**
   * Handles a delivered message: queues the ticket again or resumes it. A ticket that is due within
   * a second is resumed.
   *
   * @param message - The ticket, parsed from JSON but not checked.
   * @param resume - Sends its request: `(ticket) => deferral.resume(ticket)`.
   * @throws Rejects with any error that is not final (of a hook, of the queue, of a full gate) and
   *   with a `TypeError` for an invalid ticket. Keep the message then.
   */
  receive(
    message: unknown,
    resume: (ticket: RetryTicket) => Promise<AxiosResponse>,
  ): Promise<RelayResult>;
}

/** Queues count in whole seconds and may deliver a little early. */
const EARLY_TOLERANCE_MS = 1_000;

/**
 * Creates a relay over a queue.
 *
 * @param queue - How long it can delay a message, and how to send one.
 * @param clock - For tests.
 * @defaultValue `clock`: the system's clock
 * @throws {TypeError} When `queue` is not `{ maxDelay, send }`.
 * @throws {RangeError} When its `maxDelay` is 1000 ms or less.
 */
export function createRelay(
  queue: DelayQueue,
  clock: Pick<Clock, 'now'> = { now: () => Date.now() },
): Relay {
  const { maxDelay, send } = (queue ?? {}) as Partial<DelayQueue>;
  if (typeof send !== 'function' || typeof maxDelay !== 'number') {
    throw invalidArgument('createRelay', 'a queue { maxDelay, send }', queue);
  }
  if (!(maxDelay > EARLY_TOLERANCE_MS)) {
    const accepted = `more than ${EARLY_TOLERANCE_MS} ms`;
    throw invalidArgument('createRelay: option "maxDelay"', accepted, maxDelay, RangeError);
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
        if (finalReport(error)) return { state: 'failed', error };
        throw error;
      }
    },
  };
}

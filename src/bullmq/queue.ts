import type { RetryTicket } from '../deferral/ticket.js';
import { invalidArgument, rejectUnknownKeys } from '../util/validate.js';

/** What is used of a BullMQ `Queue`. */
export interface TicketQueue {
  add(name: string, ticket: RetryTicket, options: object): Promise<unknown>;
  getJob(id: string): Promise<{ getState(): Promise<string>; remove(): Promise<void> } | undefined>;
}

/** Options of `saveTo`. */
export interface SaveToOptions {
  /** Of the jobs. Default: `'retry'`. */
  readonly name?: string | undefined;
  /** BullMQ's `JobsOptions`, but `jobId` and `delay`. Default: what the queue has as `defaultJobOptions`. */
  readonly job?: object | undefined;
}

/**
 * Puts tickets on a queue, each as a delayed job whose id is the ticket's: the same ticket twice is one
 * job.
 *
 * @param queue - A `Queue` of BullMQ (5 or later). Closing it is yours.
 * @returns For the option `save` of `createDeferral`.
 */
export function saveTo(
  queue: TicketQueue,
  options: SaveToOptions = {},
): (ticket: RetryTicket) => Promise<void> {
  const { add, getJob } = (queue ?? {}) as Partial<TicketQueue>;
  if (typeof add !== 'function' || typeof getJob !== 'function') {
    throw invalidArgument('saveTo', 'a Queue of BullMQ', queue);
  }
  rejectUnknownKeys('saveTo', options, ['name', 'job']);
  const { name = 'retry', job } = options;
  return async (ticket) => {
    // One that has finished may be kept, and would stand in the way.
    const before = await queue.getJob(ticket.id);
    const state = await before?.getState();
    if (state === 'completed' || state === 'failed') await before?.remove();
    const delay = Math.max(Math.ceil(ticket.notBefore - Date.now()), 0);
    await queue.add(name, ticket, { ...job, jobId: ticket.id, delay });
  };
}

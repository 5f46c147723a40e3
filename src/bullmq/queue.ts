// `saveTo`: puts tickets on a BullMQ queue.
import type { RetryTicket } from '../deferral/ticket.js';
import { isObject } from '../util/clone.js';
import type { OptionRules } from '../util/validate.js';
import { A_STRING, invalidArgument, readOptions } from '../util/validate.js';

/** The methods of a BullMQ `Queue` that are used. */
export interface TicketQueue {
  add(name: string, ticket: RetryTicket, options: object): Promise<unknown>;
  getJob(id: string): Promise<{ getState(): Promise<string>; remove(): Promise<void> } | undefined>;
}

/** Options of `saveTo`. */
export interface SaveToOptions {
  /**
   * The name of the jobs.
   *
   * @defaultValue `'retry'`
   */
  readonly name?: string | undefined;
  /**
   * BullMQ's `JobsOptions`, except `jobId` and `delay`.
   *
   * @defaultValue the queue's `defaultJobOptions`
   */
  readonly job?: object | undefined;
}

const RULES: OptionRules<SaveToOptions> = { name: A_STRING, job: ['an object', isObject] };
const DEFAULTS = { name: 'retry' };

/**
 * Saves tickets on a queue. Each becomes a delayed job with the ticket's id, so a ticket that is
 * saved twice is one job.
 *
 * @param queue - A `Queue` of BullMQ 5 or later. It stays yours to close.
 * @param options - The name and the options of the jobs.
 * @returns The option `save` of `createDeferral`. It rejects with the queue's error.
 * @throws {TypeError} When `queue` is not a queue, or an option is unknown or of a wrong kind.
 */
export function saveTo(
  queue: TicketQueue,
  options: SaveToOptions = {},
): (ticket: RetryTicket) => Promise<void> {
  const { add, getJob } = (queue ?? {}) as Partial<TicketQueue>;
  if (typeof add !== 'function' || typeof getJob !== 'function') {
    throw invalidArgument('saveTo', 'a Queue of BullMQ', queue);
  }
  type Complete = typeof DEFAULTS & SaveToOptions;
  const { name, job } = readOptions<Complete>('saveTo', options, RULES, DEFAULTS);
  return async (ticket) => {
    // BullMQ ignores `add` for an existing job id, so remove a finished job that was kept.
    const existing = await queue.getJob(ticket.id);
    const state = await existing?.getState();
    if (state === 'completed' || state === 'failed') await existing?.remove();
    const delay = Math.max(Math.ceil(ticket.notBefore - Date.now()), 0);
    await queue.add(name, ticket, { ...job, jobId: ticket.id, delay });
  };
}

/**
 * The entry `axios-status-retry/bullmq`: tickets as jobs of a BullMQ queue.
 *
 * @module bullmq
 */
export type { ProcessorOptions, Resumer, TicketJob } from './processor.js';
export { createProcessor } from './processor.js';
export type { SaveToOptions, TicketQueue } from './queue.js';
export { saveTo } from './queue.js';

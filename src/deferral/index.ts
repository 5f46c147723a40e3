/**
 * The entry `axios-status-retry/deferral`: waits that outlive the process.
 *
 * @module deferral
 */
export type { TicketBody } from './body.js';
export type { Deferral } from './deferral.js';
export { createDeferral } from './deferral.js';
export type { DrainError } from './drain.js';
export { isRetryDeferred, RetryDeferredError } from './error.js';
export type { Json } from './json.js';
export type { DeferralOptions } from './options.js';
export { parseTicket } from './parse-ticket.js';
export type { DelayQueue, Relay, RelayResult } from './relay.js';
export { createRelay } from './relay.js';
export type { ResumeConfig } from './resume.js';
export type { RetryTicket } from './ticket.js';

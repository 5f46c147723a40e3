/**
 * The entry `axios-status-retry/policy`: the decision as data and pure functions, without Axios.
 *
 * @module policy
 */
export type { Backoff, ExponentialBackoffOptions } from './backoff.js';
export { exponentialBackoff, platformBackoff } from './backoff.js';
export type { DelayBasis, GiveUpReason, RetryDecision, RetryPolicy } from './decision.js';
export { decideRetry } from './decision.js';
export type {
  RetryBehavior,
  StatusBehaviors,
  StatusRange,
  StatusRow,
  StatusRowInput,
  StatusTable,
} from './define-status-table.js';
export { defineStatusTable } from './define-status-table.js';
export type { RetryFailure } from './failure.js';
export type { Hint, HintReader, ServerAnswer } from './hint.js';
export { lookupStatus, platformStatusTable } from './platform-status-table.js';
export type { RetryAfterContext } from './retry-after.js';
export { parseRetryAfter } from './retry-after.js';

export type { Backoff, ExponentialBackoffOptions } from './backoff.js';
export { exponentialBackoff, platformBackoff } from './backoff.js';
export type { Clock } from './clock.js';
export type { RetryFailure, RetryPolicy } from './decision.js';
export { decideRetry } from './decision.js';
export type { RetryHandle } from './interceptor.js';
export { attachRetry } from './interceptor.js';
export type { RetryOptions, RetryRequestOptions } from './options.js';
export type {
  Deferment,
  GateOutcome,
  Progress,
  RetryBudget,
  RetryCall,
  RetryDeferral,
  RetryGate,
  RetryHost,
  RetryPlace,
} from './ports.js';
export type { RetryAfterContext } from './retry-after.js';
export { parseRetryAfter } from './retry-after.js';
export { retryCount, retryReport } from './state.js';
export type { RetryBehavior, StatusRow, StatusTable } from './status-table.js';
export { defineStatusTable, lookupStatus, platformStatusTable } from './status-table.js';
export type {
  DelayBasis,
  GiveUpReason,
  RetryAttempt,
  RetryContext,
  RetryDecision,
  RetryReport,
  RetryWait,
} from './types.js';

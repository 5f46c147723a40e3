/**
 * The main entry: `attachRetry`, reports, the status table and the decision.
 *
 * @module axios-status-retry
 */
export type { RetryHandle } from './core/attach.js';
export { attachRetry } from './core/attach.js';
export type {
  AttachedInstance,
  DeferralRequest,
  GateOutcome,
  RetryBudget,
  RetryCall,
  RetryDeferral,
  RetryGate,
  RetryPermit,
  RetryProgress,
} from './core/extensions.js';
export type { RetryContext, RetryOptions, RetryRequestOptions } from './core/options.js';
export type { RetryAttempt, RetryReport } from './core/report.js';
export { retryCount, retryReport } from './core/report.js';
export type { Backoff, ExponentialBackoffOptions } from './policy/backoff.js';
export { exponentialBackoff, platformBackoff } from './policy/backoff.js';
export type {
  DelayBasis,
  GiveUpReason,
  RetryDecision,
  RetryFailure,
  RetryPolicy,
} from './policy/decision.js';
export { decideRetry } from './policy/decision.js';
export type {
  RetryBehavior,
  StatusBehaviors,
  StatusRange,
  StatusRow,
  StatusRowInput,
  StatusTable,
} from './policy/define-status-table.js';
export { defineStatusTable } from './policy/define-status-table.js';
export type { Hint, HintReader, ServerAnswer } from './policy/hint.js';
export type { DecideAnswer } from './policy/override.js';
export { lookupStatus, platformStatusTable } from './policy/platform-status-table.js';
export type { RetryAfterContext } from './policy/retry-after.js';
export { parseRetryAfter } from './policy/retry-after.js';
export type { Clock } from './wait/clock.js';
export type { RetryWait } from './wait/wait-list.js';

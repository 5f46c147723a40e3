/**
 * The entry `axios-status-retry/gate`: lets many requests share what one response said, and limits their retries.
 *
 * @module gate
 */
export { isRetryGateError, RetryGateError } from './error.js';
export { createGate } from './gate.js';
export type { Gate, GateKeyState, GateQuota } from './inspect.js';
export type { GateOptions, MaxRate } from './options.js';
export type { RetryBudgetOptions } from './retry-budget.js';
export { createRetryBudget } from './retry-budget.js';
export type { RetryCost } from './retry-cost.js';
export { awsRetryCost } from './retry-cost.js';
export type { RetryThrottleOptions } from './retry-throttle.js';
export { createRetryThrottle } from './retry-throttle.js';

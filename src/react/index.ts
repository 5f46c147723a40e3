/**
 * The entry `axios-status-retry/react`: the waits and their countdowns as React hooks.
 *
 * @module react
 */
export type { CountdownOptions } from './use-countdown.js';
export { useCountdown } from './use-countdown.js';
export { useRetryWaits } from './use-retry-waits.js';

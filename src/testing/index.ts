/**
 * The entry `axios-status-retry/testing`: a clock for tests.
 *
 * @module testing
 */
export type { TestClock } from './test-clock.js';
export { createTestClock } from './test-clock.js';

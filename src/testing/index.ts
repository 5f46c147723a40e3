export type { TestClock } from './test-clock.js';
export { createTestClock } from './test-clock.js';

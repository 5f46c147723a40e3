// A user's strict test, with every name of the entry.
import axios from 'axios';
import { attachRetry } from 'axios-status-retry';
import type { TestClock } from 'axios-status-retry/testing';
import { createTestClock } from 'axios-status-retry/testing';

export const clock: TestClock = createTestClock(Date.UTC(2030, 0, 1));
attachRetry(axios, { clock });
export const over: Promise<void> = clock.advance(8000).then(() => clock.runAll());
// @ts-expect-error milliseconds are a number
clock.advance('8 s');

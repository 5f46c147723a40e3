// A user's strict code, with every name of the entry.
import axios from 'axios';
import type { RetryBudget, RetryGate } from 'axios-status-retry';
import { attachRetry } from 'axios-status-retry';
import type { GateOptions, RetryBudgetOptions } from 'axios-status-retry/gate';
import {
  createGate,
  createRetryBudget,
  isRetryGateError,
  RetryGateError,
} from 'axios-status-retry/gate';

const options: GateOptions = {
  key: (config) => config.url ?? '',
  initialConcurrency: 8,
  maxQueued: 100,
};
const gate: RetryGate = createGate(options);
const tokens: RetryBudgetOptions = { capacity: 100, retryCost: 10, refund: 2 };
const budget: RetryBudget = createRetryBudget(tokens);
attachRetry(axios, { gate, budget });

export function explain(error: unknown): string {
  if (!isRetryGateError(error)) return 'another';
  const own: RetryGateError = error;
  const code: 'ERR_GATE_CLOSED' | 'ERR_GATE_FULL' = own.code;
  const notBefore: number | undefined = own.notBefore;
  return `${code} ${own.reason} ${notBefore ?? ''} ${own.config.url} ${error instanceof RetryGateError}`;
}
// @ts-expect-error a count is a number
createGate({ initialConcurrency: '32' });
// @ts-expect-error there is no such option
createRetryBudget({ tokens: 5 });

// A user's strict code, with every name of the entry.
import axios from 'axios';
import type { RetryBudget, RetryFailure, RetryGate } from 'axios-status-retry';
import { attachRetry } from 'axios-status-retry';
import type {
  Gate,
  GateKeyState,
  GateOptions,
  GateQuota,
  MaxRate,
  RetryBudgetOptions,
  RetryCost,
  RetryThrottleOptions,
} from 'axios-status-retry/gate';
import {
  awsRetryCost,
  createGate,
  createRetryBudget,
  createRetryThrottle,
  isRetryGateError,
  RetryGateError,
} from 'axios-status-retry/gate';
import { rateLimitFields } from 'axios-status-retry/hints';

const maxRate: MaxRate = { requests: 100, per: 60_000 };
const options: GateOptions = {
  key: (config) => config.url ?? '',
  initialConcurrency: 8,
  maxQueued: 100,
  maxConcurrency: 10,
  maxRate,
  priority: (config) => (config.method === 'get' ? 1 : 0),
  quotas: [rateLimitFields()],
  reserve: 0.2,
  cost: () => 1,
  closes: [403, 429, 503, 529],
};
const inspected: Gate = createGate(options);
export const left: (number | undefined)[] = inspected
  .inspect()
  .map(({ state, quota }: GateKeyState) => {
    const told: GateQuota | undefined = quota;
    return state === 'open' ? told?.remaining : 0;
  });
const gate: RetryGate = inspected;
const tokens: RetryBudgetOptions = { capacity: 100, retryCost: 10, refund: 2 };
const budget: RetryBudget = createRetryBudget(tokens);
attachRetry(axios, { gate, budget });
const retryCost: RetryCost = (failure: RetryFailure) =>
  failure.status === 503 ? 5 : awsRetryCost(failure);
attachRetry(axios, { budget: createRetryBudget({ retryCost }) });
const ratio: RetryThrottleOptions = { maxTokens: 10, tokenRatio: 0.1, key: () => 'all' };
const throttle: RetryBudget = createRetryThrottle(ratio);
attachRetry(axios, { budget: throttle });

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
// @ts-expect-error a cost is a number
createRetryBudget({ retryCost: () => '5' });

// A user's strict code, with every name of the entry. It is compiled only, as .mts, as .cts and for bundlers.
import type { AxiosResponse } from 'axios';
import axios, { AxiosError } from 'axios';
import type {
  AttachedInstance,
  Backoff,
  Clock,
  DecideAnswer,
  DeferralRequest,
  DelayBasis,
  ExponentialBackoffOptions,
  GateOutcome,
  GiveUpReason,
  Hint,
  HintReader,
  RetryAfterContext,
  RetryAttempt,
  RetryBehavior,
  RetryBudget,
  RetryCall,
  RetryContext,
  RetryDecision,
  RetryDeferral,
  RetryFailure,
  RetryGate,
  RetryHandle,
  RetryOptions,
  RetryPermit,
  RetryPolicy,
  RetryProgress,
  RetryReport,
  RetryRequestOptions,
  RetryWait,
  ServerAnswer,
  StatusBehaviors,
  StatusRange,
  StatusRow,
  StatusRowInput,
  StatusTable,
} from 'axios-status-retry';
import {
  attachRetry,
  decideRetry,
  defineStatusTable,
  exponentialBackoff,
  lookupStatus,
  parseRetryAfter,
  platformBackoff,
  platformStatusTable,
  retryCount,
  retryReport,
} from 'axios-status-retry';

const growth: ExponentialBackoffOptions = { base: 500, factor: 2 };
const backoff: Backoff = exponentialBackoff(growth);
const behavior: RetryBehavior = 'retry-after-or-backoff';
const row: StatusRow = { code: 500, name: 'Error', description: 'Try later.', retry: behavior };
const table: StatusTable = defineStatusTable([row], { extends: platformStatusTable });
const range: StatusRange = '5xx';
const rest: StatusRowInput = { code: range, retry: 'backoff', maxRetries: Infinity, backoff };
const behaviors: StatusBehaviors = { 500: behavior, '4xx': 'never' };
export const tables: readonly StatusTable[] = [
  defineStatusTable([row, rest]),
  defineStatusTable(behaviors, { extends: table }),
  defineStatusTable({ 503: 'backoff', '5xx': 'never' }),
  // @ts-expect-error there is no such range
  defineStatusTable({ '6xx': 'backoff' }),
  // @ts-expect-error there is no such behavior
  defineStatusTable({ 503: 'always' }),
];
export const answer: DecideAnswer = { retry: false };
const clock: Clock = {
  now: () => Date.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};

const budget: RetryBudget = {
  withdraw: (call: RetryCall) => call.retries < 2 && call.policy.maxDelay > 0,
  deposit: () => {},
};
const place: RetryPermit = { release: (outcome: GateOutcome) => outcome.retryAfter ?? 0 };
const gate: RetryGate = {
  tryAcquire: () => place,
  acquire: (_call: RetryCall, host: AttachedInstance) =>
    Promise.reject(new Error(`${host.clock.now()}`)),
};
const deferral: RetryDeferral = {
  attach: (instance) => {
    const progress: RetryProgress = { retries: 1, firstSentAt: 0 };
    void instance.request({ url: `/${progress.retries}` });
  },
  defer: async (_call: RetryCall, { notBefore, cause }: DeferralRequest) =>
    new AxiosError(`not before ${notBefore}: ${String(cause)}`),
};

const hint: Hint = { retry: false };
const reader: HintReader = ({ data }: ServerAnswer) => (data === 'spent' ? hint : undefined);
const perRequest: RetryRequestOptions = {
  hints: [reader],
  maxRetries: 2,
  methods: ['GET'],
  idempotencyKey: true,
};
const options: RetryOptions = {
  ...perRequest,
  table,
  backoff: platformBackoff,
  jitter: 0.1,
  maxElapsed: Number.POSITIVE_INFINITY,
  networkErrors: true,
  budget,
  clock,
  deferral,
  gate,
  random: Math.random,
  decide: (decision: RetryDecision, { response }: RetryContext): RetryDecision =>
    response?.status === 500 ? { retry: true, delay: 1000, basis: 'backoff' } : decision,
  onRetry: ({ id, url, basis }: RetryWait) => {
    const shown: DelayBasis | 'gate' = basis;
    return `${id} ${url} ${shown}`;
  },
  beforeRetry: (config, { retryNumber }) => {
    config.headers.set('X-Retry', `${retryNumber} ${retryCount(config)}`);
  },
  onGiveUp: ({ attempts, gaveUp }: RetryReport) => {
    const first: RetryAttempt | undefined = attempts[0];
    const reason: GiveUpReason | undefined = gaveUp;
    return `${first?.sentAt} ${reason}`;
  },
};

const api = axios.create({ retry: { maxRetries: 1 } });
export const handle: RetryHandle = attachRetry(api, options);
export const handles: readonly RetryHandle[] = [
  attachRetry(axios),
  attachRetry(new axios.Axios({}), { backoff }),
];
export const unsubscribe: () => void = handle.subscribe(() => handle.waits[0]?.retryNow());

export function calls(): readonly Promise<AxiosResponse>[] {
  return [
    api.get('/x', { retry: perRequest }),
    api.get('/x', { retry: {} }),
    api.get('/x', { retry: false }),
    // @ts-expect-error a misspelt option
    api.get('/x', { retry: { maxRetires: 2 } }),
    // @ts-expect-error a wrong value
    api.get('/x', { retry: true }),
    // @ts-expect-error what stands at attachRetry only
    api.get('/x', { retry: { clock } }),
  ];
}

// @ts-expect-error a misspelt option
attachRetry(api, { maxDelays: 1 });
// @ts-expect-error not an instance of Axios
attachRetry({});
// @ts-expect-error not one of the behaviors
defineStatusTable([{ ...row, retry: 'sometimes' }]);

const context: RetryAfterContext = { receivedAt: 0 };
const failure: RetryFailure = { status: 503, retryNumber: 1 };
const policy: RetryPolicy = { table, backoff };
const decision = decideRetry(failure, policy);
export const delay: number = decision.retry ? decision.delay : 0;
export const retryAfter: number | undefined = parseRetryAfter('120', context);
export const description: string | undefined = lookupStatus(503)?.description;
export const report: RetryReport | undefined = retryReport(new Error());

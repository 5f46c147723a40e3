// A user's strict code without Axios, with every name of the entry.
import type {
  Backoff,
  DelayBasis,
  ExponentialBackoffOptions,
  GiveUpReason,
  Hint,
  HintReader,
  RetryAfterContext,
  RetryBehavior,
  RetryDecision,
  RetryFailure,
  RetryPolicy,
  ServerAnswer,
  StatusBehaviors,
  StatusRange,
  StatusRow,
  StatusRowInput,
  StatusTable,
} from 'axios-status-retry/policy';
import {
  decideRetry,
  defineStatusTable,
  exponentialBackoff,
  lookupStatus,
  parseRetryAfter,
  platformBackoff,
  platformStatusTable,
} from 'axios-status-retry/policy';

const growth: ExponentialBackoffOptions = { base: 500, factor: 2 };
const behavior: RetryBehavior = 'backoff';
const range: StatusRange = '5xx';
const rows: readonly StatusRowInput[] = [
  { code: range, retry: behavior },
  { code: 503, retry: behavior, maxRetries: 2, backoff: exponentialBackoff(growth) },
];
const behaviors: StatusBehaviors = { 408: 'backoff', '4xx': 'never' };
const base: StatusTable = defineStatusTable(behaviors, { extends: platformStatusTable });
const table = defineStatusTable(rows, { extends: base });
export const row: StatusRow | undefined = lookupStatus(503, table);

const context: RetryAfterContext = { date: null };
export const delays: readonly (number | undefined)[] = [
  parseRetryAfter('120'),
  parseRetryAfter(['1', '2'], context),
  exponentialBackoff(growth)(1),
  platformBackoff(1),
];

const backoff: Backoff = (retryNumber, { status, previousDelay = 0 }: RetryFailure) =>
  status === 503 ? previousDelay * retryNumber : 0;
const hint: Hint = { delay: 500 };
const hints: HintReader = ({ status, data }: ServerAnswer) =>
  status === 429 && data !== undefined ? hint : undefined;
const policy: RetryPolicy = { table, backoff, hints, maxRetries: Infinity, totalTimeout: 10_000 };
const failure: RetryFailure = {
  status: 503,
  headers: ['Retry-After', '120', 'Via', 'proxy'],
  data: { error: 'busy' },
  retryNumber: 1,
};
const decision: RetryDecision = decideRetry(failure, policy);
export const basis: DelayBasis | undefined = decision.retry ? decision.basis : undefined;
export const reason: GiveUpReason | undefined = decision.retry ? undefined : decision.reason;
export const bare: RetryDecision = decideRetry({ status: 429, headers: {}, retryNumber: 1 });

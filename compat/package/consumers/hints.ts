// A user's strict code, with every name of the entry.
import type {
  Hint,
  HintReader,
  Quota,
  QuotaReader,
  ReaderOptions,
  RemainingResetOptions,
  SecondsOptions,
  ServerAnswer,
  TimeFormat,
} from 'axios-status-retry/hints';
import {
  anyOf,
  epochMilliseconds,
  epochSeconds,
  goDuration,
  isoDate,
  milliseconds,
  rateLimitFields,
  remainingReset,
  seconds,
  verdict,
} from 'axios-status-retry/hints';
import type { RetryPolicy } from 'axios-status-retry/policy';
import { decideRetry } from 'axios-status-retry/policy';

const when = ({ status, headers, data, receivedAt }: ServerAnswer): boolean =>
  status === 429 && headers !== data && receivedAt > 0;
const options: ReaderOptions = { when };
const decimal: SecondsOptions = { ...options, decimals: true };

const hint: Hint = { delay: 1000, retry: true };
const own: HintReader = (answer) => (when(answer) ? hint : undefined);
export const hints: readonly HintReader[] = [
  own,
  verdict('x-should-retry'),
  anyOf(milliseconds('retry-after-ms', options), seconds('retry-after', decimal)),
  epochSeconds('x-ratelimit-reset', decimal),
  epochMilliseconds('x-reset', options),
  isoDate('x-reset-at'),
  goDuration('x-ratelimit-reset-requests'),
  // @ts-expect-error milliseconds always may have decimals
  milliseconds('retry-after-ms', { decimals: true }),
];
const policy: RetryPolicy = { hints };
export const decision = decideRetry({ status: 429, retryNumber: 1, data: {} }, policy);

const format: TimeFormat = 'epoch-seconds';
const family: RemainingResetOptions = { reset: format, bucket: 'x-ratelimit-resource' };
const readers: readonly QuotaReader[] = [rateLimitFields(), remainingReset('x-ratelimit', family)];
const answer: ServerAnswer = { status: 200, headers: new Map(), receivedAt: Date.now() };
export const quotas: readonly Quota[] = readers.flatMap((read) => [...read(answer)]);
export const left: number | undefined = quotas[0]?.remaining;

// The decision after a failed attempt, from §1, §2 and §7 of the contract.

import type { RowPlan } from './plan.js';
import { backoffOf } from './plan.js';
import type { CallRecord, Told } from './record.js';

export interface Failed {
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly isResolved: boolean;
  readonly told: Told;
  /** The retry in question, from 1. */
  readonly retryNumber: number;
  readonly previousDelay: number | undefined;
  readonly isKeyed: boolean;
  /** By the wall, and since the first send. */
  readonly now: number;
  readonly elapsed: number;
}

export type Expected =
  | {
      readonly end: 'retry';
      readonly delay: number;
      readonly basis: readonly string[];
      readonly limit: number;
    }
  | { readonly end: 'defer'; readonly delay: number }
  | {
      readonly end: 'give-up';
      readonly reasons: readonly string[];
      readonly retryAts?: readonly number[];
    };

const PLATFORM: readonly RowPlan[] = [
  ...[200, 202, 204, 400, 401, 403, 405, 409, 500].map(
    (code): RowPlan => ({ code, retry: 'never' }),
  ),
  { code: 429, retry: 'retry-after' },
  ...[502, 503, 504].map((code): RowPlan => ({ code, retry: 'backoff' })),
  { code: 529, retry: 'retry-after-or-backoff' },
];
const IDEMPOTENT = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);
const NEVER_AGAIN = new Set(['ERR_FR_TOO_MANY_REDIRECTS']);
const DAY = 86_400_000;

/** A single code stands before a range, whichever of the two is from the table under `extends`. */
export function rowOf({ options }: CallRecord, status: number): RowPlan | undefined {
  const { table } = options;
  const own = table?.rows ?? [];
  const base = table === undefined || table.extendsPlatform ? PLATFORM : [];
  const range = `${Math.floor(status / 100)}xx`;
  return (
    own.find(({ code }) => code === status) ??
    base.find(({ code }) => code === status) ??
    own.find(({ code }) => code === range)
  );
}

export const retriesStatus = (call: CallRecord, status: number): boolean =>
  (rowOf(call, status)?.retry ?? 'never') !== 'never';

export function hintOf(call: CallRecord, { isResolved, told, status }: Failed) {
  if (call.options.hints !== true || isResolved || status === undefined) return {};
  return { delay: told.plan.hintMs, retry: told.plan.verdict };
}

/** The longest of Retry-After and hint, which nothing may undercut; none if the answer said nothing. */
export function toldDelay(call: CallRecord, failed: Failed): number | undefined {
  const { retryAfter } = failed.told;
  const { delay: hint } = hintOf(call, failed);
  const ms =
    retryAfter && ('ms' in retryAfter ? retryAfter.ms : Math.max(retryAfter.at - failed.now, 0));
  return ms === undefined ? hint : Math.max(ms, hint ?? 0);
}

export function decide(call: CallRecord, failed: Failed): Expected[] {
  const { options, plan } = call;
  const { status, retryNumber } = failed;
  const row = status === undefined ? undefined : rowOf(call, status);
  const told = toldDelay(call, failed);
  let behavior: RowPlan['retry'] = 'backoff';
  if (status === undefined) {
    const canPass = IDEMPOTENT.has(plan.method) || failed.isKeyed;
    if (!options.networkErrors || NEVER_AGAIN.has(failed.code ?? ''))
      return [{ end: 'give-up', reasons: ['network'] }];
    // The contract does not say which of the two.
    if (!canPass) return [{ end: 'give-up', reasons: ['network', 'method'] }];
  } else {
    behavior = row?.retry ?? 'never';
    const { retry } = hintOf(call, failed);
    // The contract is silent on a status that is never retried and hinted against.
    if (retry === false)
      return [{ end: 'give-up', reasons: behavior === 'never' ? ['status', 'hint'] : ['hint'] }];
    if (retry === true && (behavior === 'never' || behavior === 'retry-after'))
      behavior = 'retry-after-or-backoff';
    if (behavior === 'never') return [{ end: 'give-up', reasons: ['status'] }];
  }
  if (options.methods && !options.methods.some((one) => one.toUpperCase() === plan.method))
    return [{ end: 'give-up', reasons: ['method'] }];
  if (behavior === 'retry-after' && told === undefined)
    return [{ end: 'give-up', reasons: ['no-retry-after'] }];
  const backoff = row?.backoffMs ?? backoffOf(options.backoff)(retryNumber, failed.previousDelay);
  const isTold = told !== undefined && (behavior !== 'backoff' || told >= backoff);
  const delay = isTold ? told : backoff;
  const basis = isTold
    ? told === backoff
      ? ['retry-after', 'backoff']
      : ['retry-after']
    : ['backoff'];
  return limited(call, failed, { delay, basis, jitter: options.jitter ?? 0 });
}

/** What `decide` wants, within the limits that hold for it too. Whether it is jittered, the contract does not say. */
export function forced(
  call: CallRecord,
  failed: Failed,
  wanted: number,
  isJittered: boolean,
): Expected[] {
  const delay = Math.max(wanted, toldDelay(call, failed) ?? 0);
  const jitter = isJittered ? (call.options.jitter ?? 0) : 0;
  return limited(call, failed, { delay, basis: ['retry-after', 'backoff'], jitter });
}

/** The reasons in their order: max-retries, max-delay, max-elapsed, total-timeout, body. */
function limited(
  call: CallRecord,
  failed: Failed,
  { delay, basis, jitter }: { delay: number; basis: readonly string[]; jitter: number },
): Expected[] {
  const { options, instance } = call;
  const { maxDelay = DAY, maxElapsed = Infinity, totalTimeout = Infinity } = options;
  const limit = limitOf(call, failed.status);
  const told = toldDelay(call, failed);
  const wait = Math.max(delay, Math.min(delay * (1 + jitter * instance.random), maxDelay));
  const room = Math.min(maxElapsed, totalTimeout) - failed.elapsed;
  // Whether `retryAt` is jittered, the contract does not say.
  const giveUp = (reason: string, ...waits: number[]): Expected[] => [
    {
      end: 'give-up',
      reasons: [reason],
      ...(waits.length === 0 ? {} : { retryAts: waits.map((ms) => failed.now + ms) }),
    },
  ];
  function judge(ms: number): Expected[] {
    if (failed.retryNumber > limit)
      return told === undefined ? giveUp('max-retries') : giveUp('max-retries', told, wait);
    const isLong = delay > maxDelay;
    if (isLong && instance.deferral === 'none') return giveUp('max-delay', wait, delay);
    if (failed.elapsed + ms > maxElapsed) return giveUp('max-elapsed', wait, delay);
    if (failed.elapsed + ms > totalTimeout) return giveUp('total-timeout', wait, delay);
    if (call.plan.body === 'stream') return giveUp('body');
    if (isLong) return call.plan.body === 'form' ? giveUp('body') : [{ end: 'defer', delay: ms }];
    return [{ end: 'retry', delay: ms, basis, limit }];
  }
  // Nor whether jitter may lengthen a wait beyond a limit, and so end the call, or only up to it.
  return wait > room ? [...judge(wait), ...judge(Math.max(delay, room))] : judge(wait);
}

export function limitOf(call: CallRecord, status: number | undefined): number {
  const row = status === undefined ? undefined : rowOf(call, status);
  return row?.maxRetries ?? call.options.maxRetries ?? 5;
}

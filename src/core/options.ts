// The options of `attachRetry` and of one request, their defaults and their checks.
import type { AxiosError, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Backoff } from '../policy/backoff.js';
import type { RetryDecision } from '../policy/decision.js';
import type { StatusTable } from '../policy/define-status-table.js';
import type { HintReader } from '../policy/hint.js';
import type { DecideAnswer } from '../policy/override.js';
import { policyDefaults, policyRules } from '../policy/policy-rules.js';
import type { OptionRules } from '../util/validate.js';
import { A_FUNCTION, isFunction, number, readOptions, withMethods } from '../util/validate.js';
import type { Clock } from '../wait/clock.js';
import { systemClock } from '../wait/clock.js';
import type { RetryWait } from '../wait/wait-list.js';
import type { RetryBudget, RetryDeferral, RetryGate } from './extensions.js';
import type { RetryReport } from './report.js';

/** The report of a call that has failed. */
type FinalReport = RetryReport & Required<Pick<RetryReport, 'gaveUp'>>;

/** The second argument of every hook. */
export interface RetryContext {
  /** Config of the failed attempt, as Axios shows it. */
  readonly config: InternalAxiosRequestConfig;
  readonly response?: AxiosResponse;
  /** After a wait it is rebuilt from status and headers, because bodies are not kept through waits. */
  readonly error?: AxiosError;
  /** The retry in question, 1 for the first. */
  readonly retryNumber: number;
  /** Milliseconds since the first send. */
  readonly elapsed: number;
  /** An object of the call's own, empty at first: the same in all its hooks and attempts. */
  readonly state: Record<string, unknown>;
}

/** Options of `attachRetry` that one request can also have, in `config.retry`. */
export interface RetryRequestOptions {
  /**
   * Says for each status whether it is retried.
   *
   * @defaultValue `platformStatusTable`
   */
  readonly table?: StatusTable | undefined;
  /**
   * The most retries of one request; 0 for none, `Infinity` for no limit.
   *
   * @defaultValue 5
   */
  readonly maxRetries?: number | undefined;
  /**
   * Returns the wait before retry 1, 2, … in milliseconds; `failure` is the attempt before it.
   *
   * @defaultValue `platformBackoff`: 8^n seconds
   */
  readonly backoff?: Backoff | undefined;
  /**
   * Lengthens each wait by a random 0 to `jitter` × the wait, up to `maxDelay`.
   *
   * @defaultValue 0
   */
  readonly jitter?: number | undefined;
  /**
   * The longest single wait, in milliseconds. A longer one is handed over to `deferral` or given up at
   * once; it is never shortened.
   *
   * @defaultValue 86_400_000 (one day)
   */
  readonly maxDelay?: number | undefined;
  /**
   * Milliseconds from the first send. A wait that would end later is not begun.
   *
   * @defaultValue Infinity
   */
  readonly maxElapsed?: number | undefined;
  /**
   * Milliseconds from the first send. The request ends by then, wherever it is: a wait that would end
   * later is not begun, and an attempt under way is aborted and fails with Axios's error of a time-out.
   *
   * @defaultValue Infinity
   */
  readonly totalTimeout?: number | undefined;
  /**
   * Reads what the service says beside Retry-After: one reader or several, of which the longest delay
   * and `retry: false` count. See `axios-status-retry/hints`.
   *
   * @defaultValue none
   */
  readonly hints?: HintReader | readonly HintReader[] | undefined;
  /**
   * The only methods that are retried, in either letter case.
   *
   * @defaultValue every method
   */
  readonly methods?: readonly string[] | undefined;
  /**
   * Also retries requests without a response (connection refused, DNS, time-out), with the backoff, if
   * they are idempotent (RFC 9110 §9.2.2) or have an idempotency key.
   *
   * @defaultValue false
   */
  readonly networkErrors?: boolean | undefined;
  /**
   * Sets `Idempotency-Key` on POST and PATCH, the same for every attempt; a function returns the key.
   *
   * @defaultValue false
   */
  readonly idempotencyKey?: boolean | (() => string) | undefined;
  /** Overrides the decision after each failed attempt, within Retry-After and the limits above. */
  readonly decide?:
    | ((decision: RetryDecision, context: RetryContext) => DecideAnswer | Promise<DecideAnswer>)
    | undefined;
  /** Called before each wait. */
  readonly onRetry?: ((wait: RetryWait, context: RetryContext) => unknown) | undefined;
  /** Called after each wait; may edit the request, for that attempt only. */
  readonly beforeRetry?:
    | ((config: InternalAxiosRequestConfig, context: RetryContext) => unknown)
    | undefined;
  /** Called once if a request fails that was retried or could have been; not after an abort. */
  readonly onGiveUp?: ((report: FinalReport, context: RetryContext) => unknown) | undefined;
}

/** Options of `attachRetry`. */
export interface RetryOptions extends RetryRequestOptions {
  /**
   * Lets many requests share what one response said. See `createGate`.
   *
   * @defaultValue none
   */
  readonly gate?: RetryGate | undefined;
  /**
   * Limits retries in proportion to successes. See `createRetryBudget` and `createRetryThrottle`.
   *
   * @defaultValue none
   */
  readonly budget?: RetryBudget | undefined;
  /**
   * Takes over waits longer than `maxDelay`. See `createDeferral`.
   *
   * @defaultValue none: such a wait is given up
   */
  readonly deferral?: RetryDeferral | undefined;
  /**
   * Tells the time and sets timers.
   *
   * @defaultValue the system's clock
   */
  readonly clock?: Clock | undefined;
  /**
   * Returns 0 to 1, for `jitter`.
   *
   * @defaultValue `Math.random`
   */
  readonly random?: (() => number) | undefined;
}

/** The options of one request, checked and complete. */
export type Policy = RetryRequestOptions & {
  readonly [K in keyof typeof defaults]: NonNullable<RetryRequestOptions[K]>;
};

/** The options of an attached instance besides its policy. */
export interface AttachOptions {
  readonly gate?: RetryGate;
  readonly budget?: RetryBudget;
  readonly deferral?: RetryDeferral;
  readonly clock: Clock;
  readonly random: () => number;
}

const requestRules: OptionRules<RetryRequestOptions> = {
  ...policyRules,
  jitter: number('a finite number, 0 or more', (value) => value >= 0 && value < Infinity),
  idempotencyKey: [
    'true, false or a function',
    (value) => typeof value === 'boolean' || isFunction(value),
  ],
  decide: A_FUNCTION,
  onRetry: A_FUNCTION,
  beforeRetry: A_FUNCTION,
  onGiveUp: A_FUNCTION,
};

const attachRules: OptionRules<RetryOptions> = {
  ...requestRules,
  gate: withMethods('tryAcquire', 'acquire'),
  budget: withMethods('withdraw', 'deposit'),
  deferral: withMethods('attach', 'defer'),
  clock: withMethods('now', 'setTimeout', 'clearTimeout'),
  random: A_FUNCTION,
};

const defaults = { ...policyDefaults, jitter: 0, idempotencyKey: false };

/** Checks the options of `attachRetry` and fills in the defaults. */
export function readAttachOptions(options: RetryOptions): Policy & AttachOptions {
  const attachDefaults = { ...defaults, clock: systemClock, random: Math.random };
  return readOptions('attachRetry', options, attachRules, attachDefaults);
}

/** Merges the options of one request over the instance's policy, checked. */
export function mergePolicy(policy: Policy, options: RetryRequestOptions): Policy {
  const accepted = 'an object of options, such as { maxRetries: 3 }, or false';
  return readOptions('config.retry', options, requestRules, policy, [], accepted);
}

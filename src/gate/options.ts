// The options of every gate: their types, defaults and checks.
import type { InternalAxiosRequestConfig } from 'axios';
import type { QuotaReader } from '../hints/quota.js';
import type { OptionRule, OptionRules } from '../util/validate.js';
import { A_FUNCTION, isFunction, isNotNegative, number, readOptions } from '../util/validate.js';

/** A limit on the rate: at most `requests` in any `per` milliseconds. */
export interface MaxRate {
  /** An integer, at least 1. What a request takes of it is its `cost`. */
  readonly requests: number;
  /** Milliseconds, above 0. */
  readonly per: number;
}

/** Options of `createGate`. */
export interface GateOptions {
  /**
   * Requests with the same key share one limiter. Gets a copy of the request as the caller made it, and
   * must return a string.
   *
   * @defaultValue the origin of the request's URL
   */
  readonly key?: ((config: InternalAxiosRequestConfig) => string) | undefined;
  /**
   * How many requests may be in flight to a key that was never throttled. Each success admits one more;
   * from 48 on, every fourth does. An integer, at least 1, or Infinity.
   *
   * @defaultValue 32
   */
  readonly initialConcurrency?: number | undefined;
  /**
   * How many requests may wait at one key; more are refused. An integer, at least 0, or Infinity.
   *
   * @defaultValue Infinity
   */
  readonly maxQueued?: number | undefined;
  /**
   * How many requests may be in flight to one key, always. An integer, at least 1, or Infinity. Only a
   * person's `retryNow()` goes beyond it.
   *
   * @defaultValue Infinity
   */
  readonly maxConcurrency?: number | undefined;
  /**
   * How many requests may be sent to one key in a time, always: retries count too. Only a person's
   * `retryNow()` goes beyond it.
   *
   * @defaultValue none
   */
  readonly maxRate?: MaxRate | undefined;
  /**
   * Which of the queued requests goes first: the one with the highest number, and of those with the same the
   * oldest. The oldest of all, once it has waited for 30 s, takes turns with those, so that none waits for
   * ever. Called once for each time in the queue; must return a number.
   *
   * @defaultValue 0 for each request
   */
  readonly priority?: ((config: InternalAxiosRequestConfig) => number) | undefined;
  /**
   * Readers of the quota that answers tell, such as `rateLimitFields()` of `axios-status-retry/hints`. What
   * is left is spent, and then requests wait for the end of the window.
   *
   * @defaultValue none
   */
  readonly quotas?: QuotaReader | readonly QuotaReader[] | undefined;
  /**
   * The share of each quota that is left to others who spend it: 0 or more, below 1.
   *
   * @defaultValue 0
   */
  readonly reserve?: number | undefined;
  /**
   * What a request takes of the quotas and of `maxRate`. Must return a number, 0 or more. A request that
   * costs 0 waits for neither. A request that costs more than a whole window gives is sent when that window is
   * unused.
   *
   * @defaultValue 1 for each request
   */
  readonly cost?: ((config: InternalAxiosRequestConfig) => number) | undefined;
  /**
   * The statuses that close a key. Without a time in the answer, 503 and 529 close it for `backoff(1)`, and
   * any other does not.
   *
   * @defaultValue [429, 503, 529]
   */
  readonly closes?: readonly number[] | undefined;
}

/** The same, checked and complete. */
export interface GateSettings
  extends Pick<GateOptions, 'key' | 'maxRate' | 'priority' | 'quotas' | 'cost'> {
  readonly initialConcurrency: number;
  readonly maxQueued: number;
  readonly maxConcurrency: number;
  readonly reserve: number;
  readonly closes: readonly number[];
}

const RULES: OptionRules<GateOptions> = {
  key: A_FUNCTION,
  initialConcurrency: integerFrom(1),
  maxQueued: integerFrom(0),
  maxConcurrency: integerFrom(1),
  maxRate: [
    '{ requests, per }: an integer, 1 or more, and milliseconds above 0',
    (value) => typeof value === 'object' && value !== null,
    ({ requests, per }: MaxRate) =>
      Number.isSafeInteger(requests) &&
      requests >= 1 &&
      isNotNegative(per) &&
      per > 0 &&
      per < Infinity,
  ],
  priority: A_FUNCTION,
  quotas: [
    'a reader, such as rateLimitFields(), or an array of readers',
    (value) => isFunction(value) || (Array.isArray(value) && value.every(isFunction)),
  ],
  reserve: number('a share: 0 or more, below 1', (value) => value >= 0 && value < 1),
  cost: A_FUNCTION,
  closes: [
    'an array of statuses, such as [429, 503]',
    (value) => Array.isArray(value) && value.every((status) => typeof status === 'number'),
    (value: number[]) =>
      value.every((status) => status >= 100 && status <= 599 && status % 1 === 0),
  ],
};

const DEFAULTS: GateSettings = {
  initialConcurrency: 32,
  maxQueued: Infinity,
  maxConcurrency: Infinity,
  reserve: 0,
  closes: [429, 503, 529],
};

/**
 * @param owner - Whose options they are, for the message.
 * @param rules - Of the options that only this owner takes.
 * @param defaults - Of the same.
 */
export function readGateOptions<T extends object>(
  owner: string,
  options: GateOptions,
  rules?: Readonly<Record<string, OptionRule>>,
  defaults?: T,
): GateSettings & T {
  return readOptions(owner, options, { ...RULES, ...rules }, { ...DEFAULTS, ...defaults });
}

function integerFrom(least: number): OptionRule {
  return number(
    `an integer, ${least} or more, or Infinity`,
    (value) => (Number.isSafeInteger(value) || value === Infinity) && value >= least,
  );
}

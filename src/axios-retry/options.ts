// The options of axios-retry 4.5, their defaults and their checks.
import type { AxiosError, AxiosRequestConfig, AxiosResponse } from 'axios';
import type { RetryHandle } from '../core/attach.js';
import type { RetryOptions } from '../core/options.js';
import type { OptionRules } from '../util/validate.js';
import { A_BOOLEAN, A_FUNCTION, isFunction, number, readOptions } from '../util/validate.js';
import { noDelay } from './delays.js';
import { isNetworkOrIdempotentRequestError } from './predicates.js';

declare module 'axios' {
  interface AxiosRequestConfig {
    'axios-retry'?: IAxiosRetryConfigExtended;
  }
}

/** The key of a request's own options, and of what the plugin tells about its retries. */
export const namespace = 'axios-retry';

/** The options of axios-retry. Each can also be set for one request, under the key `'axios-retry'`. */
export interface IAxiosRetryConfig {
  /**
   * The most retries of one request; 0 for none.
   *
   * @defaultValue 3
   */
  retries?: number;
  /**
   * Whether `timeout` limits each attempt. If not, it limits the whole request with its waits.
   *
   * @defaultValue false
   */
  shouldResetTimeout?: boolean;
  /**
   * Whether to retry after this error. Of a promise, only `false` and a rejection mean no.
   *
   * @defaultValue `isNetworkOrIdempotentRequestError`
   */
  retryCondition?: (error: AxiosError) => boolean | Promise<boolean>;
  /**
   * The wait in milliseconds before retry 1, 2, …, unless the server's Retry-After is longer.
   *
   * @defaultValue `noDelay`
   */
  retryDelay?: (retryCount: number, error: AxiosError) => number;
  /**
   * Called before each wait, and awaited. What it changes in `requestConfig` is sent with this retry and
   * those after it.
   */
  onRetry?: (
    retryCount: number,
    error: AxiosError,
    requestConfig: AxiosRequestConfig,
  ) => Promise<void> | void;
  /** Called when a request fails after its last retry. If it throws, the request fails with that. */
  onMaxRetryTimesExceeded?: (error: AxiosError, retryCount: number) => Promise<void> | void;
  /**
   * Whether a response is a success, in place of `validateStatus`.
   *
   * @defaultValue null: `validateStatus` says so
   */
  validateResponse?: ((response: AxiosResponse) => boolean) | null;
}

/** What a config has under the key `'axios-retry'` once its request is sent. */
export interface IAxiosRetryConfigExtended extends IAxiosRetryConfig {
  /** Retries so far. */
  retryCount?: number;
  /** When the last attempt was sent, epoch milliseconds. */
  lastRequestTime?: number;
}

export type CompleteConfig = Required<IAxiosRetryConfig>;

/** The options of `attachRetry` that `axiosRetry` takes as well. */
const PASSED_ON = [
  ...(['gate', 'budget', 'deferral', 'clock', 'hints', 'idempotencyKey'] as const),
  ...(['maxDelay', 'maxElapsed', 'totalTimeout', 'beforeRetry', 'onGiveUp'] as const),
] as const;

export type PassedOnOptions = Pick<RetryOptions, (typeof PASSED_ON)[number]>;

/** The options of `axiosRetry`: those of axios-retry, and those of `attachRetry` that it has no word for. */
export interface AxiosRetryOptions extends IAxiosRetryConfig, PassedOnOptions {}

/** Returned by `axiosRetry`. */
export interface IAxiosRetryReturn {
  /** For `interceptors.request.eject`. */
  requestInterceptorId: number;
  /** For `interceptors.response.eject`. */
  responseInterceptorId: number;
  /** The requests that wait, and `detach()`. */
  handle: RetryHandle;
}

export const DEFAULT_OPTIONS: Readonly<Required<IAxiosRetryConfig>> = Object.freeze({
  retries: 3,
  retryCondition: isNetworkOrIdempotentRequestError,
  retryDelay: noDelay,
  shouldResetTimeout: false,
  onRetry: () => undefined,
  onMaxRetryTimesExceeded: () => undefined,
  validateResponse: null,
});

const rules: OptionRules<IAxiosRetryConfig> = {
  retries: number('a number', (value) => !Number.isNaN(value)),
  retryCondition: A_FUNCTION,
  retryDelay: A_FUNCTION,
  shouldResetTimeout: A_BOOLEAN,
  onRetry: A_FUNCTION,
  onMaxRetryTimesExceeded: A_FUNCTION,
  validateResponse: ['a function or null', (value) => value === null || isFunction(value)],
};

/** Divides the options of `axiosRetry` into axios-retry's, checked and complete, and those of `attachRetry`. */
export function readAxiosRetryOptions(
  options: AxiosRetryOptions,
): [own: Required<IAxiosRetryConfig>, passedOn: PassedOnOptions] {
  // `attachRetry` checks these.
  const anything = PASSED_ON.map((name) => [name, ['anything', () => true]] as const);
  const allRules = { ...rules, ...Object.fromEntries(anything) };
  const own = readOptions<AxiosRetryOptions & Required<IAxiosRetryConfig>>(
    'axiosRetry',
    options,
    allRules,
    DEFAULT_OPTIONS,
  );
  const passedOn: Record<string, unknown> = {};
  for (const name of PASSED_ON) {
    passedOn[name] = own[name];
    delete own[name];
  }
  return [own, passedOn];
}

/** axios-retry takes any number of retries: 2.5 and 3 are three, -1 is none. */
export function toCount(retries: number): number {
  return Math.max(0, Math.ceil(retries) || 0);
}

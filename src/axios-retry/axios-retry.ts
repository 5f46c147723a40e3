// The function of axios-retry 4.5, on this package's engine.
import type { AxiosError, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { AxiosLike, Instance } from '../axios/interceptors.js';
import { attachRetry } from '../core/attach.js';
import type { RetryContext, RetryRequestOptions } from '../core/options.js';
import type { RetryDecision } from '../policy/decision.js';
import { defineStatusTable } from '../policy/define-status-table.js';
import type { DecideAnswer } from '../policy/override.js';
import { configOf } from '../request/state.js';
import { isObject } from '../util/clone.js';
import { systemClock } from '../wait/clock.js';
import type { ConfigEdits, OriginalConfig } from './config-edits.js';
import { applyEdits, copyOf, editsIn } from './config-edits.js';
import { exponentialDelay, linearDelay, noDelay } from './delays.js';
import type {
  AxiosRetryOptions,
  IAxiosRetryConfig,
  IAxiosRetryConfigExtended,
  IAxiosRetryReturn,
} from './options.js';
import { namespace, readAxiosRetryOptions } from './options.js';
import {
  isIdempotentRequestError,
  isNetworkError,
  isNetworkOrIdempotentRequestError,
  isRetryableError,
  isSafeRequestError,
} from './predicates.js';

type Config = InternalAxiosRequestConfig;
type CompleteConfig = Required<IAxiosRetryConfig>;

/** The default export: a function with the conditions and delays on it. */
export interface AxiosRetry {
  (instance: AxiosLike, options?: AxiosRetryOptions): IAxiosRetryReturn;
  isNetworkError(error: AxiosError): boolean;
  isRetryableError(error: AxiosError): boolean;
  isSafeRequestError(error: AxiosError): boolean;
  isIdempotentRequestError(error: AxiosError): boolean;
  isNetworkOrIdempotentRequestError(error: AxiosError): boolean;
  noDelay(retryNumber?: number, error?: AxiosError): number;
  exponentialDelay(retryNumber?: number, error?: AxiosError, delayFactor?: number): number;
  linearDelay(delayFactor?: number): (retryNumber: number, error: AxiosError | undefined) => number;
}

/** Per call, in `context.state`. */
interface Progress {
  /** The config of the failed attempt, before axios-retry's hooks. */
  original?: OriginalConfig | undefined;
  edits?: ConfigEdits;
  /** `onMaxRetryTimesExceeded` was called. */
  isTold?: boolean;
}

/**
 * Retries as axios-retry 4.5 does. A second call on an instance replaces the first.
 *
 * @param instance - `axios` or `axios.create()`.
 * @param options - Those of axios-retry, and `gate`, `budget`, `deferral` and others of `attachRetry`.
 * @throws {TypeError} When `instance` or an option is of a wrong kind, or an option is unknown.
 * @throws {RangeError} When an option is out of range.
 */
function attachAxiosRetry(instance: AxiosLike, options: AxiosRetryOptions = {}): IAxiosRetryReturn {
  const [defaults, passedOn] = readAxiosRetryOptions(options);
  const { clock = systemClock } = passedOn;
  /** Errors that came through the response interceptor; without it, nothing is retried. */
  const seen = new WeakSet<object>();
  const optionsOf = (config: Config): CompleteConfig & IAxiosRetryConfigExtended => ({
    ...defaults,
    ...config[namespace],
  });

  /** Called by Axios for each attempt, before its request interceptors. It never takes part as one. */
  function runWhen(config: Config): boolean {
    const own = optionsOf(config);
    own.retryCount ??= 0;
    own.lastRequestTime = clock.now();
    config[namespace] = own;
    // Every response goes to `onRejected`.
    if (own.validateResponse) config.validateStatus = () => false;
    if (config.retry !== false) setLimits(config, own);
    return false;
  }

  /** Sets the options of the engine in which this request differs from the instance. */
  function setLimits(config: Config, { retries, shouldResetTimeout }: CompleteConfig): void {
    const given = (config.retry ?? {}) as RetryRequestOptions;
    const limits: { maxRetries?: number; totalTimeout?: number } = {};
    if (retries !== defaults.retries) limits.maxRetries = toCount(retries);
    const { timeout } = config;
    if (timeout && !shouldResetTimeout && retries > 0) {
      const { totalTimeout = Infinity } = { ...passedOn, ...given };
      limits.totalTimeout = Math.min(timeout, totalTimeout);
    }
    if (Object.keys(limits).length > 0) config.retry = { ...given, ...limits };
  }

  /** Called for each attempt, before the engine. */
  function onRejected(error: unknown): AxiosResponse {
    const config = configOf(error) as Config | undefined;
    if (!isObject(error)) throw error;
    seen.add(error);
    const { response } = error as AxiosError;
    if (config && response && optionsOf(config).validateResponse?.(response)) return response;
    throw error;
  }

  async function decide(
    decision: RetryDecision,
    { config, error, retryNumber, state }: RetryContext,
  ): Promise<DecideAnswer> {
    if (!error || !seen.has(error)) return { retry: false };
    const own = optionsOf(config);
    const progress = progressIn(state);
    if (retryNumber > toCount(own.retries)) {
      progress.isTold = true;
      await own.onMaxRetryTimesExceeded(error, retryNumber - 1);
      return decision.retry ? { retry: false } : decision;
    }
    if (!decision.retry && decision.reason === 'hint') return decision;
    progress.original = copyOf(config);
    if (!(await isWanted(own.retryCondition(error)))) return { retry: false };
    config[namespace] = Object.assign(config[namespace] ?? {}, { retryCount: retryNumber });
    const delay: unknown = own.retryDelay(retryNumber, error);
    return { retry: true, delay: Math.max(0, Number(delay) || 0) };
  }

  const { request, response } = (instance as unknown as Instance).interceptors;
  const requestInterceptorId = request.use(undefined, undefined, { runWhen });
  const responseInterceptorId = response.use(undefined, onRejected);
  const eject = (): void => {
    request.eject(requestInterceptorId);
    response.eject(responseInterceptorId);
  };

  try {
    const handle = attachRetry(instance, {
      ...passedOn,
      table,
      maxRetries: toCount(defaults.retries),
      networkErrors: true,
      backoff: () => 0,
      decide,
      async onRetry(_wait, { config, error, retryNumber, state }) {
        await optionsOf(config).onRetry(retryNumber, error as AxiosError, config);
        const progress = progressIn(state);
        if (progress.original) {
          progress.edits = editsIn(config, progress.original, progress.edits);
        }
        progress.original = undefined;
      },
      beforeRetry(config, context) {
        const { edits } = progressIn(context.state);
        if (edits) applyEdits(config, edits);
        config[namespace] = { ...config[namespace], retryCount: context.retryNumber };
        return passedOn.beforeRetry?.(config, context);
      },
      async onGiveUp(report, context) {
        const { config, error, state } = context;
        const { retries, onMaxRetryTimesExceeded } = optionsOf(config);
        const retryCount = context.retryNumber - 1;
        // The last attempt ran into `timeout`.
        if (error && retryCount >= toCount(retries) && !progressIn(state).isTold) {
          await onMaxRetryTimesExceeded(error, retryCount);
        }
        await passedOn.onGiveUp?.(report, context);
      },
    });
    // Attaching again calls this too.
    const { detach } = handle;
    handle.detach = () => {
      eject();
      detach();
    };
    return { requestInterceptorId, responseInterceptorId, handle };
  } catch (error) {
    eject();
    throw error;
  }
}

/** What the default condition retries. It gives reports and waits their words; `decide` decides. */
const table = defineStatusTable({ 429: 'backoff', '5xx': 'backoff' });

/** axios-retry takes any number: 2.5 and 3 are three retries, -1 is none. */
function toCount(retries: number): number {
  return Math.max(0, Math.ceil(retries) || 0);
}

function progressIn(state: RetryContext['state']): Progress {
  state[namespace] ??= {};
  return state[namespace] as Progress;
}

/** axios-retry's rule: of a promise, only `false` and a rejection mean no. */
async function isWanted(answer: boolean | Promise<unknown>): Promise<boolean> {
  if (typeof answer !== 'object') return Boolean(answer);
  try {
    return (await answer) !== false;
  } catch {
    return false;
  }
}

export const axiosRetry: AxiosRetry = Object.assign(attachAxiosRetry, {
  isNetworkError,
  isRetryableError,
  isSafeRequestError,
  isIdempotentRequestError,
  isNetworkOrIdempotentRequestError,
  noDelay,
  exponentialDelay,
  linearDelay,
});

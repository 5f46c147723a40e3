// The function of axios-retry 4.5, on this package's engine.
import type { AxiosError } from 'axios';
import type { AxiosLike, Instance } from '../axios/interceptors.js';
import { attachRetry } from '../core/attach.js';
import { defineStatusTable } from '../policy/define-status-table.js';
import { isFunction } from '../util/validate.js';
import { systemClock } from '../wait/clock.js';
import { exponentialDelay, linearDelay, noDelay } from './delays.js';
import { Hooks } from './hooks.js';
import { handlersIn, MOCK_HANDLE } from './instance.js';
import type { OptionsOf } from './interceptors.js';
import { createInterceptors } from './interceptors.js';
import type { AxiosRetryOptions, CompleteConfig, IAxiosRetryReturn } from './options.js';
import { namespace, readAxiosRetryOptions, toCount } from './options.js';
import {
  isIdempotentRequestError,
  isNetworkError,
  isNetworkOrIdempotentRequestError,
  isRetryableError,
  isSafeRequestError,
} from './predicates.js';

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

/** On an attachment's `runWhen`, also of another copy of the package: gives it other options. */
const REPLACE = Symbol.for('axios-status-retry.axios-retry');

type Replace = (options: CompleteConfig) => IAxiosRetryReturn | undefined;

/** What the default condition retries. It gives reports and waits their words; `decide` decides. */
const table = defineStatusTable({ 429: 'backoff', '5xx': 'backoff' });

/**
 * Retries as axios-retry 4.5 does. A second call on an instance replaces the options of the first.
 *
 * @param instance - `axios` or `axios.create()`.
 * @param options - Those of axios-retry, and `gate`, `budget`, `deferral` and others of `attachRetry`.
 * @throws {TypeError} When `instance` or an option is of a wrong kind, or an option is unknown.
 * @throws {RangeError} When an option is out of range.
 */
function attachAxiosRetry(instance: AxiosLike, options: AxiosRetryOptions = {}): IAxiosRetryReturn {
  const [given, passedOn] = readAxiosRetryOptions(options);
  // Throws the error for it.
  if (!isFunction((instance as Partial<AxiosLike>)?.interceptors?.request?.use)) {
    attachRetry(instance);
  }
  const isPlain = Object.values(passedOn).every((option) => option === undefined);
  const earlier = isPlain ? replaceEarlier(instance, given) : undefined;
  if (earlier) return earlier;

  let defaults = given;
  const maxRetries = toCount(defaults.retries);
  const { clock = systemClock } = passedOn;
  const optionsOf: OptionsOf = (config) => ({ ...defaults, ...config[namespace] });
  const { runWhen, onRequest, onRejected, onFailed, seen } = createInterceptors(
    optionsOf,
    maxRetries,
    clock,
  );
  const { decide, onRetry, beforeRetry, onGiveUp } = new Hooks(optionsOf, seen, clock, passedOn);

  const { request, response } = (instance as unknown as Instance).interceptors;
  const requestInterceptorId = request.use(onRequest, undefined, { runWhen });
  const responseInterceptorId = response.use(undefined, onRejected);
  const ids = { requestInterceptorId, responseInterceptorId };
  const sees = (own: unknown): boolean =>
    handlersIn(response).some(({ rejected }) => rejected === own);
  const isAttached = (): boolean => handlersIn(request).some((one) => one.runWhen === runWhen);
  if (!isAttached()) return { ...ids, handle: MOCK_HANDLE };

  /** An id is a position, which may belong to another handler after `clear()`. */
  function eject(finalId?: number): void {
    if (isAttached()) request.eject(requestInterceptorId);
    if (sees(onRejected)) response.eject(responseInterceptorId);
    if (finalId !== undefined && sees(onFailed)) response.eject(finalId);
  }

  try {
    const handle = attachRetry(instance, {
      ...passedOn,
      ...{ table, maxRetries, networkErrors: true, backoff: () => 0 },
      ...{ decide, onRetry, beforeRetry, onGiveUp },
    });
    const finalId = response.use(undefined, onFailed);
    // Attaching again calls this too.
    const { detach } = handle;
    handle.detach = () => {
      eject(finalId);
      detach();
    };
    const attached = { ...ids, handle };
    const replace: Replace = (replacement) => {
      if (!isPlain || !sees(onRejected)) return undefined;
      // Requests under way keep theirs, which are on their configs.
      defaults = replacement;
      return attached;
    };
    Object.assign(runWhen, { [REPLACE]: replace });
    return attached;
  } catch (error) {
    eject();
    throw error;
  }
}

/** People attach again for each call or component; that must not end the requests under way. */
function replaceEarlier(
  { interceptors }: AxiosLike,
  options: CompleteConfig,
): IAxiosRetryReturn | undefined {
  for (const { runWhen } of handlersIn(interceptors.request)) {
    const attached = (runWhen as { [REPLACE]?: Replace } | null | undefined)?.[REPLACE]?.(options);
    if (attached) return attached;
  }
  return undefined;
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

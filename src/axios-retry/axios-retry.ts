// The function of axios-retry 4.5, on this package's engine.
import type { AxiosError, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { AxiosLike, Handler, Handlers, Instance } from '../axios/interceptors.js';
import { handlersOf } from '../axios/interceptors.js';
import type { RetryHandle } from '../core/attach.js';
import { attachRetry } from '../core/attach.js';
import type { RetryContext, RetryRequestOptions } from '../core/options.js';
import { retryCount as sentRetries } from '../core/report.js';
import type { RetryDecision } from '../policy/decision.js';
import { defineStatusTable } from '../policy/define-status-table.js';
import type { DecideAnswer } from '../policy/override.js';
import { isSingleUseBody } from '../request/body.js';
import { configOf } from '../request/state.js';
import { isObject } from '../util/clone.js';
import { isFunction } from '../util/validate.js';
import { systemClock } from '../wait/clock.js';
import { unwrap, wrap } from './any-error.js';
import type { ConfigEdits, OriginalConfig } from './config-edits.js';
import { applyEdits, copyOf, editsIn } from './config-edits.js';
import { exponentialDelay, linearDelay, noDelay, retryAfter } from './delays.js';
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
  /** What the failed attempt's config has under axios-retry's key, after its hooks. */
  own?: IAxiosRetryConfigExtended | undefined;
  /** `onMaxRetryTimesExceeded` was called. */
  isTold?: boolean;
}

/** On an attachment's `runWhen`, also of another copy of the package: gives it other options. */
const REPLACE = Symbol.for('axios-status-retry.axios-retry');

type Replace = (options: CompleteConfig) => IAxiosRetryReturn | undefined;

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
  if (!isFunction((instance as Partial<AxiosLike>)?.interceptors?.request?.use))
    attachRetry(instance);
  const isPlain = Object.values(passedOn).every((option) => option === undefined);
  const earlier = isPlain ? replaceEarlier(instance, given) : undefined;
  if (earlier) return earlier;

  let defaults = given;
  const maxRetries = toCount(defaults.retries);
  const { clock = systemClock } = passedOn;
  /** Errors that came through the response interceptor; without it, nothing is retried. */
  const seen = new WeakSet<object>();
  const optionsOf = (config: Config): CompleteConfig & IAxiosRetryConfigExtended => ({
    ...defaults,
    ...config[namespace],
  });

  /** Called by Axios for each attempt, before its request interceptors and the engine. */
  function runWhen(config: Config): boolean {
    const limit = toCount(optionsOf(config).retries);
    // For the waits that are shown; an interceptor may still change it.
    if (config.retry !== false && limit !== maxRetries) {
      config.retry = { ...(config.retry as RetryRequestOptions | undefined), maxRetries: limit };
    }
    return true;
  }

  /** Takes part as axios-retry's does: an interceptor that was registered later has run already. */
  function onRequest(config: Config): Config {
    const own = optionsOf(config);
    own.retryCount = sentRetries(config);
    own.lastRequestTime = clock.now();
    config[namespace] = own;
    // Every response goes to `onRejected`.
    if (own.validateResponse) config.validateStatus = () => false;
    return config;
  }

  /** Called for each attempt, before the engine. */
  function onRejected(error: unknown): AxiosResponse {
    const config = configOf(error) as Config | undefined;
    if (!isObject(error) || !isObject(config)) throw error;
    const { response } = error as AxiosError;
    if (response && optionsOf(config).validateResponse?.(response)) return response;
    const known = wrap(error, config);
    seen.add(known);
    throw known;
  }

  /** Called once per call, after the engine. */
  function onFailed(error: unknown): never {
    throw unwrap(error);
  }

  async function decide(decision: RetryDecision, context: RetryContext): Promise<DecideAnswer> {
    const { config, retryNumber, state } = context;
    if (!context.error || !seen.has(context.error)) return { retry: false };
    const error = unwrap(context.error);
    const own = Object.assign(optionsOf(config), { retryCount: retryNumber - 1 });
    const progress = progressIn(state);
    const reason = decision.retry ? undefined : decision.reason;
    const maxRetries = toCount(own.retries);
    config[namespace] = own;
    if (retryNumber > maxRetries) {
      progress.isTold = true;
      await own.onMaxRetryTimesExceeded(error, retryNumber - 1);
      const isLimit = reason === undefined || reason === 'max-retries';
      return isLimit ? { retry: true, delay: 0, limits: { maxRetries } } : decision;
    }
    if (reason === 'hint') return decision;
    const { data } = config;
    progress.original = copyOf(config);
    if (!(await isWanted(own.retryCondition(error)))) return { retry: false };
    own.retryCount = retryNumber;
    const asked: unknown = own.retryDelay(retryNumber, error);
    const delay = Math.max(0, Number(asked) || 0);
    const limits = { maxRetries };
    if (config.timeout && !own.shouldResetTimeout) {
      // It is for the whole request: the next attempt gets what is left.
      const spent = clock.now() - (own.lastRequestTime ?? clock.now());
      const left = config.timeout - spent - Math.max(delay, retryAfter(error));
      // Axios reads 0.5 as no time-out.
      if (left < 1) return { retry: true, delay, limits: { ...limits, totalTimeout: -1 } };
      config.timeout = left;
    }
    // Only `onRetry` can tell whether there is a fresh body, so it is asked before the decision.
    if (isSingleUseBody(data)) await tell(error, context);
    const facts = config.data === data ? {} : { oneShotBody: false };
    return { retry: true, delay, limits, facts };
  }

  /** Calls `onRetry` once per retry. */
  async function tell(
    error: AxiosError,
    { config, retryNumber, state }: RetryContext,
  ): Promise<void> {
    const progress = progressIn(state);
    const { original } = progress;
    if (!original) return;
    progress.original = undefined;
    await optionsOf(config).onRetry(retryNumber, error, config);
    progress.edits = editsIn(config, original, progress.edits);
    progress.own = config[namespace];
  }

  const { request, response } = (instance as unknown as Instance).interceptors;
  const requestInterceptorId = request.use(onRequest, undefined, { runWhen });
  const responseInterceptorId = response.use(undefined, onRejected);
  if (!isRegistered(request, ({ runWhen: one }) => one === runWhen)) {
    return { requestInterceptorId, responseInterceptorId, handle: MOCK_HANDLE };
  }
  const responseIds = [[responseInterceptorId, onRejected] as [number, unknown]];
  const eject = (): void => {
    // An id is a position, which may belong to another handler after `clear()`.
    const isOwn = (one: Handler): boolean => one.runWhen === runWhen;
    if (isRegistered(request, isOwn)) request.eject(requestInterceptorId);
    for (const [id, own] of responseIds) {
      if (isRegistered(response, ({ rejected }) => rejected === own)) response.eject(id);
    }
  };

  try {
    const handle = attachRetry(instance, {
      ...passedOn,
      table,
      maxRetries,
      networkErrors: true,
      backoff: () => 0,
      decide,
      onRetry: (_wait, context) => tell(unwrap(context.error) as AxiosError, context),
      beforeRetry(config, context) {
        const { edits, own } = progressIn(context.state);
        if (edits) applyEdits(config, edits);
        config[namespace] = { ...own, retryCount: context.retryNumber };
        return passedOn.beforeRetry?.(config, context);
      },
      async onGiveUp(report, context) {
        const { config, error, state } = context;
        const { retries, onMaxRetryTimesExceeded } = optionsOf(config);
        const retryCount = context.retryNumber - 1;
        // The last attempt ran into `totalTimeout`.
        if (error && retryCount >= toCount(retries) && !progressIn(state).isTold) {
          await onMaxRetryTimesExceeded(unwrap(error), retryCount);
        }
        await passedOn.onGiveUp?.(report, context);
      },
    });
    responseIds.push([response.use(undefined, onFailed), onFailed]);
    // Attaching again calls this too.
    const { detach } = handle;
    handle.detach = () => {
      eject();
      detach();
    };
    const attached = { requestInterceptorId, responseInterceptorId, handle };
    const replace: Replace = (replacement) => {
      const isWhole = isRegistered(response, ({ rejected }) => rejected === onRejected);
      if (!isPlain || !isWhole) return undefined;
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

/** What the default condition retries. It gives reports and waits their words; `decide` decides. */
const table = defineStatusTable({ 429: 'backoff', '5xx': 'backoff' });

/** For an instance that a test has mocked: nothing is sent, so nothing is retried. */
const MOCK_HANDLE: RetryHandle = Object.freeze({
  waits: Object.freeze([]),
  subscribe: () => () => undefined,
  detach: () => undefined,
});

/** Mocks often have nothing but a `use` that does nothing. */
function isMocked(manager: unknown): boolean {
  return !isFunction((manager as Partial<Handlers>).forEach);
}

function isRegistered(manager: unknown, isOwn: (one: Handler) => boolean): boolean {
  return !isMocked(manager) && handlersOf(manager).some(isOwn);
}

/** People attach again for each call or component; that must not end the requests under way. */
function replaceEarlier(
  { interceptors }: AxiosLike,
  options: CompleteConfig,
): IAxiosRetryReturn | undefined {
  const handlers = isMocked(interceptors.request) ? [] : handlersOf(interceptors.request);
  for (const { runWhen } of handlers) {
    const attached = (runWhen as { [REPLACE]?: Replace } | null | undefined)?.[REPLACE]?.(options);
    if (attached) return attached;
  }
  return undefined;
}

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

// The interceptors by which a request has axios-retry's options and state on its config.
import type { AxiosError, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { retryCount } from '../core/report.js';
import { configOf } from '../request/state.js';
import { isObject } from '../util/clone.js';
import type { Clock } from '../wait/clock.js';
import { unwrap, wrap } from './any-error.js';
import type { CompleteConfig, IAxiosRetryConfigExtended } from './options.js';
import { namespace, toCount } from './options.js';

type Config = InternalAxiosRequestConfig;

/** The options of a request: those on its config before those of the instance. */
export type OptionsOf = (config: Config) => CompleteConfig & IAxiosRetryConfigExtended;

export interface Interceptors {
  /** Called by Axios for each attempt, before its request interceptors and the engine. */
  runWhen(config: Config): boolean;
  /** A request interceptor like axios-retry's: one that was registered later has run already. */
  onRequest(config: Config): Config;
  /** Called for each attempt, before the engine. */
  onRejected(error: unknown): AxiosResponse;
  /** Called once per call, after the engine. */
  onFailed(error: unknown): never;
  /** The errors that `onRejected` has thrown. */
  readonly seen: WeakSet<object>;
}

/** @param maxRetries - Of the instance. */
export function createInterceptors(
  optionsOf: OptionsOf,
  maxRetries: number,
  clock: Clock,
): Interceptors {
  const seen = new WeakSet<object>();
  return {
    seen,
    runWhen(config) {
      const limit = toCount(optionsOf(config).retries);
      // For the waits that are shown; an interceptor may still change it.
      if (config.retry !== false && limit !== maxRetries) {
        config.retry = { ...config.retry, maxRetries: limit };
      }
      return true;
    },
    onRequest(config) {
      const own = optionsOf(config);
      own.retryCount = retryCount(config);
      own.lastRequestTime = clock.now();
      config[namespace] = own;
      // Every response goes to `onRejected`.
      if (own.validateResponse) config.validateStatus = () => false;
      return config;
    },
    onRejected(error) {
      const config = configOf(error) as Config | undefined;
      if (!isObject(error) || !isObject(config)) throw error;
      const { response } = error as AxiosError;
      if (response && optionsOf(config).validateResponse?.(response)) return response;
      const known = wrap(error, config);
      seen.add(known);
      throw known;
    },
    onFailed(error) {
      throw unwrap(error);
    },
  };
}

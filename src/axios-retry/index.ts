/**
 * The entry `axios-status-retry/axios-retry`: the public names of axios-retry 4.5, on this engine.
 *
 * @module axios-retry
 */
export type { AxiosRetry } from './axios-retry.js';
export { axiosRetry as default } from './axios-retry.js';
export { exponentialDelay, linearDelay, noDelay, retryAfter } from './delays.js';
export type {
  AxiosRetryOptions,
  IAxiosRetryConfig,
  IAxiosRetryConfigExtended,
  IAxiosRetryReturn,
} from './options.js';
export { DEFAULT_OPTIONS, namespace } from './options.js';
export {
  isIdempotentRequestError,
  isNetworkError,
  isNetworkOrIdempotentRequestError,
  isRetryableError,
  isSafeRequestError,
} from './predicates.js';

// A user's strict code, with every name of the entry.
import axios from 'axios';
import { retryReport } from 'axios-status-retry';
import type {
  AxiosRetry,
  AxiosRetryOptions,
  IAxiosRetryConfig,
  IAxiosRetryConfigExtended,
  IAxiosRetryReturn,
} from 'axios-status-retry/axios-retry';
import axiosRetry, {
  DEFAULT_OPTIONS,
  exponentialDelay,
  isIdempotentRequestError,
  isNetworkError,
  isNetworkOrIdempotentRequestError,
  isRetryableError,
  isSafeRequestError,
  linearDelay,
  namespace,
  noDelay,
  retryAfter,
} from 'axios-status-retry/axios-retry';
import { createGate } from 'axios-status-retry/gate';

const retry: AxiosRetry = axiosRetry;
const options: IAxiosRetryConfig = {
  retries: DEFAULT_OPTIONS.retries + 1,
  retryCondition: (error) =>
    isNetworkError(error) || isSafeRequestError(error) || error.response?.status === 409,
  retryDelay: (count, error) => Math.max(noDelay(count, error), retryAfter(error), 100),
  onRetry: async (count, _error, config) => {
    config.headers = { ...config.headers, 'X-Retry': count };
  },
  onMaxRetryTimesExceeded: (error) => console.log(error.code, retryReport(error)?.gaveUp),
  validateResponse: null,
};
const more: AxiosRetryOptions = { ...options, gate: createGate(), maxDelay: 60_000 };

const api = axios.create();
export const returned: IAxiosRetryReturn = retry(api, more);
api.interceptors.request.eject(returned.requestInterceptorId);
export const waiting: number = returned.handle.waits.length;

axiosRetry(axios, { retryDelay: axiosRetry.exponentialDelay, retryCondition: isRetryableError });
axiosRetry(axios, { retryDelay: axiosRetry.linearDelay(50) });
axiosRetry(axios, { retryDelay: linearDelay(), retryCondition: isIdempotentRequestError });
axiosRetry(axios, { retryDelay: axiosRetry.noDelay, retryCondition: axiosRetry.isNetworkError });
axiosRetry(axios, {
  retryCondition: async (error) => isNetworkOrIdempotentRequestError(error),
  retryDelay: (count, error) => exponentialDelay(count, error, 1000),
});
// @ts-expect-error it is a function
axiosRetry(axios, { retryDelay: 100 });

export const told = async (): Promise<IAxiosRetryConfigExtended | undefined> => {
  const { config } = await api.get('/', { [namespace]: { retries: 1 } });
  return config['axios-retry'];
};

import type { InternalAxiosRequestConfig } from 'axios';
import type { RetryCall } from '../../src/core/extensions.js';
import { platformBackoff } from '../../src/policy/backoff.js';

/** A call as a gate or a deferral sees it; by default a first attempt without limits. */
export function callOf(config: object = {}, more: Partial<RetryCall> = {}): RetryCall {
  const whole = () => ({ ...config }) as InternalAxiosRequestConfig;
  return {
    retries: 0,
    firstSentAt: 0,
    attempts: [],
    policy: {
      maxDelay: Number.POSITIVE_INFINITY,
      maxElapsed: Number.POSITIVE_INFINITY,
      totalTimeout: Number.POSITIVE_INFINITY,
      backoff: platformBackoff,
    },
    abortable: {},
    summary: () => ({
      method: 'GET',
      url: String((config as { url?: unknown }).url ?? ''),
      status: undefined,
      retryNumber: 0,
      maxRetries: 5,
    }),
    get: (name) => (config as Record<string, unknown>)[name],
    config: whole,
    lastConfig: whole,
    toJSON: () => ({ attempts: [] }),
    ...more,
  };
}

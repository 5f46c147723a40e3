// The plugins that race against a rate-limited server, each with the options that suit it best.
import type { AxiosInstance } from 'axios';
import axiosRetry, { exponentialDelay } from 'axios-retry';
import { Redis } from 'ioredis';
import { attach } from 'retry-axios';
import { attachRetry, createGate, createRedisGate } from '../built.js';

/** More than any request needs. */
const UNLIMITED_RETRIES = 10_000;
/** Exponential delays stop growing after this many retries, at 12.8 s. */
const GROWING_RETRIES = 7;

export type PeerName =
  | 'gate'
  | 'redis-gate'
  | 'no-gate'
  | 'no-gate-unlimited'
  | 'axios-retry'
  | 'axios-retry-exponential'
  | 'retry-axios';

type Attach = (instance: AxiosInstance, redisPort: number) => unknown;

export const peers: Readonly<Record<PeerName, Attach>> = {
  gate: (instance) => attachRetry(instance, { gate: createGate() }),
  'redis-gate': async (instance, redisPort) => {
    // Redis may still be starting.
    const redis = new Redis(redisPort).on('error', () => {});
    await redis.ping();
    attachRetry(instance, { gate: createRedisGate(redis) });
  },
  'no-gate': (instance) => attachRetry(instance),
  'no-gate-unlimited': (instance) => attachRetry(instance, { maxRetries: UNLIMITED_RETRIES }),
  'axios-retry': (instance) => axiosRetry(instance, { retries: UNLIMITED_RETRIES }),
  'axios-retry-exponential': (instance) =>
    axiosRetry(instance, {
      retries: UNLIMITED_RETRIES,
      retryDelay: (retry, error) => exponentialDelay(Math.min(retry, GROWING_RETRIES), error),
    }),
  'retry-axios': (instance) => {
    const raxConfig = { retry: UNLIMITED_RETRIES, checkRetryAfter: true, maxRetryAfter: 120_000 };
    Object.assign(instance.defaults, { raxConfig });
    attach(instance);
  },
};

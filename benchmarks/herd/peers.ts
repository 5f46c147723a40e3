// The plugins that race against a rate-limited server, each with the options that suit it best.
import type { AxiosInstance } from 'axios';
import rateLimit from 'axios-rate-limit';
import axiosRetry, { exponentialDelay } from 'axios-retry';
import { Redis } from 'ioredis';
import { attach } from 'retry-axios';
import { attachRetry, createGate, createRedisGate, rateLimitFields } from '../built.js';
import type { KnownRate } from './known-rate.js';
import { shareOf } from './known-rate.js';
import { attachBottleneck, attachPQueue } from './limiters.js';
import type { PeerName } from './peer-names.js';

/** More than any request needs. */
const UNLIMITED_RETRIES = 10_000;
/** Exponential delays stop growing after this many retries, at 12.8 s. */
const GROWING_RETRIES = 7;

/** Where a contender is set up. */
interface Starter {
  /** Its `defaults.adapter` is a function. */
  readonly instance: AxiosInstance;
  /** The limit, of all processes together. */
  readonly known: KnownRate;
  /** The same with a margin, for limiters that know nothing of Retry-After. */
  readonly safe: KnownRate;
  readonly processes: number;
  readonly redisPort: number;
}

type Attach = (starter: Starter) => unknown;

export const peers: Readonly<Record<PeerName, Attach>> = {
  gate: ({ instance }) => attachRetry(instance, { gate: createGate() }),
  'gate+quotas': ({ instance }) =>
    attachRetry(instance, { gate: createGate({ quotas: rateLimitFields() }) }),
  'gate+maxRate': ({ instance, known, processes }) =>
    attachRetry(instance, { gate: createGate({ maxRate: shareOf(known, processes) }) }),
  'redis-gate': async ({ instance, redisPort }) =>
    attachRetry(instance, { gate: createRedisGate(await connect(redisPort)) }),
  'redis-gate+quotas': async ({ instance, redisPort }) => {
    const gate = createRedisGate(await connect(redisPort), { quotas: rateLimitFields() });
    attachRetry(instance, { gate });
  },
  'redis-gate+maxRate': async ({ instance, known, processes, redisPort }) => {
    const maxRate = shareOf(known, processes);
    attachRetry(instance, { gate: createRedisGate(await connect(redisPort), { maxRate }) });
  },
  'no-gate': ({ instance }) => attachRetry(instance),
  'no-gate-unlimited': ({ instance }) => attachRetry(instance, { maxRetries: UNLIMITED_RETRIES }),
  'axios-retry': ({ instance }) => retryAlways(instance),
  'axios-retry-exponential': ({ instance }) =>
    axiosRetry(instance, {
      retries: UNLIMITED_RETRIES,
      retryDelay: (retry, error) => exponentialDelay(Math.min(retry, GROWING_RETRIES), error),
    }),
  'retry-axios': ({ instance }) => {
    const raxConfig = { retry: UNLIMITED_RETRIES, checkRetryAfter: true, maxRetryAfter: 120_000 };
    Object.assign(instance.defaults, { raxConfig });
    attach(instance);
  },
  bottleneck: ({ instance, safe, processes }) => {
    attachBottleneck(instance, shareOf(safe, processes));
    retryAlways(instance);
  },
  'bottleneck-redis': async ({ instance, safe, redisPort }) => {
    (await connect(redisPort)).disconnect();
    attachBottleneck(instance, safe, redisPort);
    retryAlways(instance);
  },
  'axios-rate-limit': ({ instance, safe, processes }) => {
    const { requests, per } = shareOf(safe, processes);
    rateLimit(instance, { limits: [{ maxRequests: requests, duration: per }] });
    retryAlways(instance);
  },
  'p-queue': ({ instance, safe, processes }) => {
    attachPQueue(instance, shareOf(safe, processes));
    retryAlways(instance);
  },
};

/** A limiter only delays. What is refused all the same is sent again by axios-retry, through the limiter. */
function retryAlways(instance: AxiosInstance): void {
  axiosRetry(instance, { retries: UNLIMITED_RETRIES });
}

/** Redis may still be starting. */
async function connect(port: number): Promise<Redis> {
  const redis = new Redis(port).on('error', () => {});
  await redis.ping();
  return redis;
}

// Limiters for any function, as people put them in front of Axios, each with the exact limit.
import type { AxiosAdapter, AxiosInstance } from 'axios';
import Bottleneck from 'bottleneck';
import { Redis } from 'ioredis';
import PQueue from 'p-queue';
import type { KnownRate } from './known-rate.js';

/** Bottleneck refills a reservoir at multiples of this only. */
const RESERVOIR_STEP_MS = 250;
/** From this number on, a window is worth its burst; a smaller one is spread evenly. */
const LARGE_WINDOW_MS = 10_000;

/** Runs every send, retries too, through a limiter. */
function limitSends(
  instance: AxiosInstance,
  createLimiter: () => (send: () => ReturnType<AxiosAdapter>) => ReturnType<AxiosAdapter>,
): void {
  const adapter = instance.defaults.adapter as AxiosAdapter;
  // Created with the first send, as its windows begin then, and so do the server's.
  let limit: ReturnType<typeof createLimiter> | undefined;
  instance.defaults.adapter = (config) => {
    limit ??= createLimiter();
    return limit(() => adapter(config));
  };
}

/**
 * Bottleneck's options for a rate. A reservoir sends a whole window at once, which suits windows of a
 * minute; a short one is spread evenly, because a reservoir cannot follow a bucket's refill.
 */
function bottleneckOptions({ requests, per }: KnownRate): Bottleneck.ConstructorOptions {
  if (per < LARGE_WINDOW_MS) return { minTime: per / requests };
  return {
    reservoir: requests,
    reservoirRefreshAmount: requests,
    reservoirRefreshInterval: Math.ceil(per / RESERVOIR_STEP_MS) * RESERVOIR_STEP_MS,
  };
}

/** @param redisPort - Shares the limit with every process; 0 keeps it to this one. */
export function attachBottleneck(instance: AxiosInstance, rate: KnownRate, redisPort = 0): void {
  const clustered = {
    id: 'herd',
    datastore: 'ioredis',
    clearDatastore: false,
    clientOptions: { port: redisPort },
    Redis,
  };
  limitSends(instance, () => {
    const limiter = new Bottleneck({
      ...bottleneckOptions(rate),
      ...(redisPort > 0 && clustered),
    });
    return (send) => limiter.schedule(send);
  });
}

/** Strict: never more than the limit in any stretch of its length. */
export function attachPQueue(instance: AxiosInstance, { requests, per }: KnownRate): void {
  limitSends(instance, () => {
    const queue = new PQueue({ intervalCap: requests, interval: per, strict: true });
    return (send) => queue.add(send);
  });
}

// A child process that sends all its requests at once, through a gate shared over Redis.
import axios from 'axios';
import { Redis } from 'ioredis';
import { attachRetry } from '../../src/index.js';
import { createRedisGate } from '../../src/redis/index.js';
import type { FleetJob, FleetReport } from './redis-fleet.js';

async function run({ url, redisPort, requests }: FleetJob): Promise<FleetReport> {
  const redis = new Redis(redisPort, { retryStrategy: () => 50 });
  // The gate reports errors.
  redis.on('error', () => undefined);
  const errors: string[] = [];
  const gate = createRedisGate(redis, {
    initialConcurrency: 4,
    onError: (error) => errors.push(String(error)),
  });
  const api = axios.create({ baseURL: url, proxy: false });
  attachRetry(api, { gate, maxRetries: 20 });
  const failures: string[] = [];
  const all = Array.from({ length: requests }, async (_, i) => {
    await api.get(`/${i}`).catch((error: unknown) => failures.push(String(error)));
  });
  await Promise.all(all);
  redis.disconnect();
  return { kind: 'done', failures, errors, mode: gate.mode };
}

process.on('message', (job) => {
  void run(job as FleetJob).then((report) => process.send?.(report));
});
// Ends with its parent.
process.on('disconnect', () => process.exit());
process.send?.({ kind: 'ready' });

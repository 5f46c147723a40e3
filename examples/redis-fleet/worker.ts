// One process of the fleet. It sends its share of the requests, all at once; main.ts starts four of them.
import { once } from 'node:events';
import axios from 'axios';
import { Redis } from 'ioredis';
// In your project, import these from 'axios-status-retry' and 'axios-status-retry/redis'.
import { attachRetry } from '../../src/index.js';
import { createRedisGate } from '../../src/redis/index.js';

const { REDIS_URL = '', SERVICE_URL = '', REQUESTS, FLEET_SIZE } = process.env;

/** What a process tells main.ts about itself. */
export interface Report {
  readonly done: number;
  readonly failed: number;
  readonly mode: 'shared' | 'local';
}

// This is all you need: each process has a gate, and all gates share one Redis.
const redis = new Redis(REDIS_URL);
redis.on('error', () => {}); // the gate reports the errors that matter
const gate = createRedisGate(redis, {
  // It may still hear of Redis when the work is done and main.ts no longer listens.
  onError: (error) => process.connected && process.send?.((error as Error).message),
  initialConcurrency: 32 / Number(FLEET_SIZE), // per process, until the service refuses something
});
const api = axios.create({ baseURL: SERVICE_URL, timeout: 5000, proxy: false });
attachRetry(api, { gate });

let done = 0;
let failed = 0;
const report = (): void => {
  const message: Report = { done, failed, mode: gate.mode };
  process.send?.(message);
};
async function send(id: number): Promise<void> {
  try {
    await api.get(`/items/${id}`);
    done += 1;
  } catch {
    failed += 1;
  }
}

const start = once(process, 'message');
report();
await start;
const timer = setInterval(report, 100);
await Promise.all(Array.from({ length: Number(REQUESTS) }, (_, id) => send(id)));
clearInterval(timer);
report();
redis.disconnect();
process.disconnect();

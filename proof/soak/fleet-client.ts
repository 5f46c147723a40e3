// One process of a fleet: its calls go through a gate that is shared over Redis.
import { Agent } from 'node:http';
import type { AxiosAdapter } from 'axios';
import axios from 'axios';
import { Redis } from 'ioredis';
import { ToldClosing } from '../../benchmarks/herd/early-sends.js';
import type { RetryReport } from '../../src/index.js';
import { attachRetry, exponentialBackoff, retryCount, retryReport } from '../../src/index.js';
import { createRedisGate } from '../../src/redis/index.js';

export interface FleetClientJob {
  readonly name: string;
  readonly url: string;
  readonly redisPort: number;
  readonly calls: number;
  readonly concurrency: number;
}

export interface FleetCall {
  readonly call: string;
  sends: number;
  settled?: 'response' | string;
  report?: RetryReport | undefined;
  /** Whether the response was of this call and its last attempt. */
  isOwn?: boolean;
}

export interface FleetClientReport {
  readonly calls: readonly FleetCall[];
  /** What the gate told of Redis. */
  readonly errors: readonly string[];
  readonly modes: readonly string[];
  readonly waits: number;
}

const job: FleetClientJob = JSON.parse(process.argv[2] ?? '');
const redis = new Redis(job.redisPort, '127.0.0.1', { retryStrategy: () => 50 });
redis.on('error', () => undefined); // The gate tells.
const errors: string[] = [];
const gate = createRedisGate(redis, { onError: (error) => errors.push(String(error)) });
const httpAgent = new Agent({ keepAlive: true });
const told = new ToldClosing();
const calls = new Map<string, FleetCall>();
const http = axios.getAdapter('http');

const adapter: AxiosAdapter = async (config) => {
  const call = calls.get(String(config.url).slice(1));
  if (call) call.sends += 1;
  config.headers.set({ 'x-call': call?.call ?? '', 'x-attempt': String(retryCount(config)) });
  config.headers.set(told.headers());
  try {
    return await http(config);
  } catch (error) {
    if (axios.isAxiosError(error) && error.response) told.read(error.response.headers);
    throw error;
  }
};
const api = axios.create({ baseURL: job.url, httpAgent, proxy: false, adapter, timeout: 5000 });
const handle = attachRetry(api, {
  gate,
  networkErrors: true,
  idempotencyKey: true,
  maxRetries: 60,
  backoff: exponentialBackoff({ base: 5, factor: 2, max: 50 }),
  jitter: 0.5,
});

async function send(i: number): Promise<void> {
  const call: FleetCall = { call: `${job.name}-${i}`, sends: 0 };
  calls.set(call.call, call);
  const isPost = i % 3 === 0;
  const config = { url: `/${call.call}`, ...(isPost && { method: 'POST', data: { i } }) };
  try {
    const response = await api.request(config);
    call.settled = 'response';
    call.report = retryReport(response);
    const { data } = response;
    call.isOwn = data.call === call.call && data.attempt === call.sends - 1;
  } catch (error) {
    call.settled = String(error);
    call.report = retryReport(error);
  }
}

async function run(): Promise<FleetClientReport> {
  let next = 0;
  const modes = new Set<string>();
  const worker = async (): Promise<void> => {
    while (next < job.calls) {
      next += 1;
      await send(next);
      modes.add(gate.mode);
    }
  };
  await Promise.all(Array.from({ length: job.concurrency }, worker));
  const waits = handle.waits.length;
  // From here on nothing may keep the process from ending.
  gate.close();
  redis.disconnect();
  httpAgent.destroy();
  return { calls: [...calls.values()], errors, modes: [...modes], waits };
}

process.once('message', () => {
  void run().then((report) => process.send?.(report));
});
process.send?.('ready');

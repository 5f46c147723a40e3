/// <reference types="jest" />
// npm run bench:fleet: processes that share a gate over a real Redis, in virtual time.
// --processes, --limit, --latency (milliseconds of Redis) and --requests narrow it; --json FILE also writes the figures.
import { parseArgs } from 'node:util';
import type { AxiosAdapter } from 'axios';
import axios, { AxiosError } from 'axios';
import { Redis } from 'ioredis';
import { RedisServer } from '../../__tests__/support/redis-server.js';
import { TimedClient } from '../../__tests__/support/timed-client.js';
import type { QuotaReader } from '../../src/hints/quota.js';
import { attachRetry } from '../../src/index.js';
import { createRedisGate } from '../../src/redis/index.js';
import { createTestClock } from '../../src/testing/index.js';
import { Report } from '../report.js';
import { median } from '../statistics.js';
import type { ServerLimit } from './limits.js';
import { limits } from './limits.js';

const START = Date.UTC(2030, 0, 1);
const ROUND_TRIP_MS = 5;
/** A process may send for so long after another one was refused. */
const HEEDED_WITHIN_MS = 50;

/** A fixed window whose answers tell what is left and when it ends, in whole seconds. */
class ToldWindow implements ServerLimit {
  readonly #length = 60_000;
  #begun = Number.NaN;
  remaining = 1000;
  #now = 0;

  answer(now: number): number {
    this.#now = now;
    if (Number.isNaN(this.#begun)) this.#begun = now;
    const windows = Math.floor((now - this.#begun) / this.#length);
    if (windows > 0) {
      this.#begun += windows * this.#length;
      this.remaining = 1000;
    }
    if (this.remaining === 0) return this.reset * 1000;
    this.remaining -= 1;
    return 0;
  }

  get reset(): number {
    return Math.ceil((this.#begun + this.#length - this.#now) / 1000);
  }
}

const told: QuotaReader = ({ headers }) => {
  const { remaining, reset } = headers as Record<string, string | undefined>;
  if (remaining === undefined) return [];
  return [
    {
      name: 'minute',
      remaining: Number(remaining),
      reset: Number(reset) * 1000,
      limit: 1000,
      window: 60_000,
    },
  ];
};

const LIMITS = {
  ...limits,
  told: { ...limits.fixed, label: 'the same, told in each answer', create: () => new ToldWindow() },
};

interface Run {
  readonly limit: keyof typeof LIMITS;
  readonly processes: number;
  readonly latency: number;
  readonly requests: number;
  readonly seed: number;
}

async function simulate(redis: Redis, { limit: name, processes, latency, requests, seed }: Run) {
  await redis.flushall();
  const limit = LIMITS[name];
  const clock = createTestClock(START);
  const { setTimeout, clearTimeout, now } = clock;
  const server = limit.create();
  let state = seed;
  const random = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
  const pass = (): Promise<void> =>
    new Promise((resolve) => setTimeout(resolve, (ROUND_TRIP_MS / 2) * (1 + 0.3 * random())));
  let [sends, successes, refusals, early, lastAt] = [0, 0, 0, 0, 0];
  /** Since when, and until when, each process or any one has known that the key is closed. */
  const closings: { by: number; from: number; until: number }[] = [];
  const waits: number[] = [];
  const adapterOf =
    (by: number): AxiosAdapter =>
    async (config) => {
      const at = now();
      sends += 1;
      const heeded = HEEDED_WITHIN_MS + latency;
      if (
        closings.some(
          (one) => at < one.until && (one.by === by ? at > one.from : at > one.from + heeded),
        )
      )
        early += 1;
      await pass();
      const retryAfter = server.answer(now() - START);
      const { remaining, reset } = server as Partial<ToldWindow>;
      await pass();
      const headers = {
        ...(retryAfter > 0 && { 'retry-after': String(retryAfter / 1000) }),
        ...(remaining !== undefined && { remaining: String(remaining), reset: String(reset) }),
      };
      const response = {
        status: retryAfter > 0 ? 429 : 200,
        statusText: '',
        headers,
        data: '',
        config,
      };
      if (retryAfter === 0) {
        successes += 1;
        lastAt = now();
        return response;
      }
      refusals += 1;
      closings.push({ by, from: now(), until: now() + retryAfter });
      if (closings.length > 200)
        closings.splice(
          0,
          closings.findIndex(({ until }) => until > at),
        );
      throw new AxiosError('Throttled', 'ERR_BAD_REQUEST', config, undefined, response);
    };
  const fleet = Array.from({ length: processes }, (_, by) => {
    const client = new TimedClient(redis, clock);
    client.latency = latency;
    const gate = createRedisGate(client, { ...(name === 'told' && { quotas: told }) });
    const api = axios.create({ adapter: adapterOf(by), baseURL: 'https://api.example' });
    attachRetry(api, { clock: { now, setTimeout, clearTimeout }, gate, maxRetries: Infinity });
    return { client, api, gate };
  });
  let failures = 0;
  let left = requests;
  for (let i = 0; i < requests; i += 1) {
    const { api } = fleet[i % processes] as (typeof fleet)[number];
    void api
      .get('/')
      .then(
        () => waits.push(now() - START),
        () => (failures += 1),
      )
      .finally(() => (left -= 1));
  }
  while (left > 0 && now() < START + 1_000_000) {
    await clock.advance(1000);
  }
  const sum = (of: (client: TimedClient) => number) =>
    fleet.reduce((total, { client }) => total + of(client), 0);
  return {
    limit: name,
    processes,
    latency,
    sendsPerSuccess: sends / successes,
    timeOverIdeal: lastAt === 0 ? Infinity : (lastAt - START) / 1000 / limit.idealSeconds(requests),
    medianWait: median(waits),
    refusals,
    callsPerRequest: sum(({ asked }) => asked) / requests,
    published: sum(({ published }) => published),
    early,
    failures: failures + left,
    fields: await redis.hlen('axios-status-retry:gate:{https://api.example}'),
  };
}

const { values: options } = parseArgs({
  options: {
    processes: { type: 'string', default: '1,4,10,50' },
    limit: { type: 'string', default: Object.keys(LIMITS).join() },
    latency: { type: 'string', default: '1' },
    requests: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
});
const numbers = (list: string): number[] => list.split(',').map(Number);
const server = await RedisServer.start();
const redis = new Redis(server.port);
const report = new Report();
for (const limit of options.limit.split(',') as (keyof typeof LIMITS)[]) {
  const rows: object[] = [];
  for (const processes of numbers(options.processes)) {
    for (const latency of numbers(options.latency)) {
      for (const seed of numbers(options.seed)) {
        rows.push(
          await simulate(redis, {
            limit,
            processes,
            latency,
            requests: Number(options.requests),
            seed,
          }),
        );
      }
    }
  }
  report.add(LIMITS[limit].label, rows);
}
report.write(options.json);
redis.disconnect();
await server.stop();

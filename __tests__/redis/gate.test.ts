import { setTimeout as sleep } from 'node:timers/promises';
import type { AxiosAdapter, AxiosInstance } from 'axios';
import axios, { AxiosError } from 'axios';
import { Redis } from 'ioredis';
import { attachRetry } from '../../src/index.js';
import type { RedisGate, RedisGateOptions } from '../../src/redis/index.js';
import { createRedisGate } from '../../src/redis/index.js';
import type { Clock } from '../../src/wait/clock.js';
import { systemClock } from '../../src/wait/clock.js';
import { describeWithRedis, RedisServer } from '../support/redis-server.js';

const ORIGIN = 'https://api.example.com';

/** A service with a token bucket. It answers the rest with a 429 and `Retry-After: 1`. */
class Service {
  sends = 0;
  throttled = 0;
  #tokens: number;
  #at = performance.now();

  constructor(
    readonly rate: number,
    readonly burst: number,
  ) {
    this.#tokens = burst;
  }

  readonly adapter: AxiosAdapter = async (config) => {
    await sleep(2);
    const now = performance.now();
    this.#tokens = Math.min(this.burst, this.#tokens + ((now - this.#at) / 1000) * this.rate);
    this.#at = now;
    this.sends += 1;
    const isAccepted = this.#tokens >= 1;
    if (isAccepted) this.#tokens -= 1;
    else this.throttled += 1;
    const status = isAccepted ? 200 : 429;
    const headers = isAccepted ? {} : { 'retry-after': '1' };
    const response = { status, statusText: '', headers, data: '', config };
    if (isAccepted) return response;
    throw new AxiosError('Throttled', 'ERR_BAD_REQUEST', config, undefined, response);
  };
}

/** What one process has: an instance with a gate, and its own client. */
interface Process {
  readonly api: AxiosInstance;
  readonly gate: RedisGate;
  readonly client: Redis;
  readonly errors: unknown[];
  /** How often it ran a script. */
  runs(): number;
}

describeWithRedis('a gate over Redis', () => {
  let redis: RedisServer;
  const clients: Redis[] = [];

  beforeAll(async () => {
    redis = await RedisServer.start();
  });

  afterEach(async () => {
    await clients[0]?.flushall();
    for (const client of clients.splice(0)) client.disconnect();
  });

  afterAll(() => redis.stop());

  function start(service: Service, options: RedisGateOptions & { clock?: Clock } = {}): Process {
    const { clock = systemClock, ...own } = options;
    const client = new Redis(redis.port, { retryStrategy: () => 50 });
    client.on('error', () => undefined);
    clients.push(client);
    let runs = 0;
    for (const name of ['eval', 'evalsha'] as const) {
      const send = client[name].bind(client) as (...args: unknown[]) => Promise<unknown>;
      const counting = (...args: unknown[]) => {
        runs += 1;
        return send(...args);
      };
      Object.assign(client, { [name]: counting });
    }
    const errors: unknown[] = [];
    const gate = createRedisGate(client, { onError: (error) => errors.push(error), ...own });
    const api = axios.create({ baseURL: ORIGIN, adapter: service.adapter });
    attachRetry(api, { gate, clock });
    return { api, gate, client, errors, runs: () => runs };
  }

  const all = (processes: readonly Process[], each: number) =>
    Promise.all(processes.flatMap(({ api }) => Array.from({ length: each }, () => api.get('/'))));

  it('sends no command for a key that was never throttled', async () => {
    const one = start(new Service(1e6, 1e6));
    await all([one], 100);
    expect(one.runs()).toBe(0);
  });

  it('sends one probe for all processes, and then limits them to one rate', async () => {
    const service = new Service(50, 5);
    // The clocks of the processes are not compared.
    const ahead = { ...systemClock, now: () => Date.now() + 3_600_000 };
    const processes = [start(service), start(service), start(service, { clock: ahead })];
    const requests = all(processes, 20);
    await sleep(900);
    const before = service.sends;
    await sleep(150);
    // The closing is over and the probe may be back, but there were not three probes.
    expect(service.sends - before).toBeLessThanOrEqual(8);
    for (const { status } of await requests) expect(status).toBe(200);
    expect(service.throttled).toBeLessThanOrEqual(60 + 12);
    expect(processes.map(({ errors }) => errors)).toEqual([[], [], []]);
  }, 30_000);

  it('continues alone while Redis hangs, without failing a request, and recovers', async () => {
    const service = new Service(40, 5);
    const one = start(service);
    const requests = all([one], 40);
    await sleep(1500);
    redis.pause();
    await sleep(1000);
    expect(one.gate.mode).toBe('local');
    redis.continue();
    for (const { status } of await requests) expect(status).toBe(200);
    expect(one.gate.mode).toBe('shared');
    expect(one.errors).toHaveLength(1);
  }, 60_000);
});

describe('createRedisGate', () => {
  const client = { eval: async () => [], evalsha: async () => [] };

  it.each<[string, unknown, unknown, RegExp]>([
    [
      'a client of another kind',
      'redis://localhost',
      {},
      /a client of ioredis or of node-redis; got "redis:/,
    ],
    [
      'a prefix that is not a string',
      client,
      { prefix: 7 },
      /option "prefix" takes a string; got 7/,
    ],
    [
      'an onError that is not a function',
      client,
      { onError: 1 },
      /"onError" takes a function; got 1/,
    ],
    [
      'a time-out that is not a number',
      client,
      { commandTimeout: '1' },
      /milliseconds, above 0; got/,
    ],
    ['an unknown option', client, { redis: 1 }, /unknown option "redis"/],
    [
      'a wrong option of createGate',
      client,
      { initialConcurrency: 'x' },
      /"initialConcurrency" takes an integer/,
    ],
  ])('rejects %s', (_what, given, options, message) => {
    const create = createRedisGate as (client: unknown, options: unknown) => RedisGate;
    expect(() => create(given, options)).toThrow(TypeError);
    expect(() => create(given, options)).toThrow(message);
  });

  it('rejects a time-out of 0', () => {
    expect(() => createRedisGate(client, { commandTimeout: 0 })).toThrow(RangeError);
  });

  it('is shared until Redis is found unavailable', () => {
    expect(createRedisGate(client).mode).toBe('shared');
  });
});

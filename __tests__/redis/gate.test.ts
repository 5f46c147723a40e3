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

/** A service that takes so many per second after a burst, and refuses the rest for a second. */
class Service {
  sends = 0;
  refused = 0;
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
    const isTaken = this.#tokens >= 1;
    if (isTaken) this.#tokens -= 1;
    else this.refused += 1;
    const status = isTaken ? 200 : 429;
    const headers = isTaken ? {} : { 'retry-after': '1' };
    const response = { status, statusText: '', headers, data: '', config };
    if (isTaken) return response;
    throw new AxiosError('Refused', 'ERR_BAD_REQUEST', config, undefined, response);
  };
}

/** What a process would have: an instance with a gate, and a client of its own. */
interface Process {
  readonly api: AxiosInstance;
  readonly gate: RedisGate;
  readonly client: Redis;
  readonly errors: unknown[];
  /** How many scripts were sent to Redis. */
  asked(): number;
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
    let asked = 0;
    for (const name of ['eval', 'evalsha'] as const) {
      const send = client[name].bind(client) as (...args: unknown[]) => Promise<unknown>;
      const counting = (...args: unknown[]) => {
        asked += 1;
        return send(...args);
      };
      Object.assign(client, { [name]: counting });
    }
    const errors: unknown[] = [];
    const gate = createRedisGate(client, { onError: (error) => errors.push(error), ...own });
    const api = axios.create({ baseURL: ORIGIN, adapter: service.adapter });
    attachRetry(api, { gate, clock });
    return { api, gate, client, errors, asked: () => asked };
  }

  const all = (processes: readonly Process[], each: number) =>
    Promise.all(processes.flatMap(({ api }) => Array.from({ length: each }, () => api.get('/'))));

  it('asks Redis nothing for a key that was never refused', async () => {
    const one = start(new Service(1e6, 1e6));
    await all([one], 100);
    expect(one.asked()).toBe(0);
  });

  it('lets one probe go for all processes, and then all at one pace', async () => {
    const service = new Service(50, 5);
    // No clocks are compared.
    const ahead = { ...systemClock, now: () => Date.now() + 3_600_000 };
    const processes = [start(service), start(service), start(service, { clock: ahead })];
    const requests = all(processes, 20);
    await sleep(900);
    const before = service.sends;
    await sleep(150);
    // The closing is over, but a probe is hardly back: it is not three that went.
    expect(service.sends - before).toBeLessThanOrEqual(8);
    for (const { status } of await requests) expect(status).toBe(200);
    expect(service.refused).toBeLessThanOrEqual(60 + 12);
    expect(processes.map(({ errors }) => errors)).toEqual([[], [], []]);
  }, 30_000);

  it('goes on by itself while Redis hangs, fails nothing for it, and comes back by itself', async () => {
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
    ['no client', 'redis://localhost', {}, /a client of ioredis or of node-redis; got "redis:/],
    ['a prefix that is no string', client, { prefix: 7 }, /option "prefix" takes a string; got 7/],
    ['an onError that is no function', client, { onError: 1 }, /"onError" takes a function; got 1/],
    ['a time-out that is no number', client, { commandTimeout: '1' }, /milliseconds, above 0; got/],
    ['an option of another gate', client, { redis: 1 }, /unknown option "redis"/],
    [
      'a wrong option of every gate',
      client,
      { initialConcurrency: 'x' },
      /"initialConcurrency" takes an integer/,
    ],
  ])('refuses %s', (_what, given, options, message) => {
    const create = createRedisGate as (client: unknown, options: unknown) => RedisGate;
    expect(() => create(given, options)).toThrow(TypeError);
    expect(() => create(given, options)).toThrow(message);
  });

  it('refuses a time-out of nothing', () => {
    expect(() => createRedisGate(client, { commandTimeout: 0 })).toThrow(RangeError);
  });

  it('is shared until Redis is seen to be away', () => {
    expect(createRedisGate(client).mode).toBe('shared');
  });
});

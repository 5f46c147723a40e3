import { setTimeout as sleep } from 'node:timers/promises';
import type { AxiosAdapter, AxiosInstance } from 'axios';
import axios, { AxiosError } from 'axios';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { attachRetry } from '../../src/index.js';
import type { RedisGate, RedisGateOptions } from '../../src/redis/index.js';
import { createRedisGate } from '../../src/redis/index.js';
import type { Clock } from '../../src/wait/clock.js';
import { systemClock } from '../../src/wait/clock.js';
import { describeWithRedis, RedisServer } from '../support/redis-server.js';
import { waitFor } from '../support/wait-for.js';

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
  let observer: Redis;
  const clients: Redis[] = [];

  beforeAll(async () => {
    redis = await RedisServer.start();
    observer = new Redis(redis.port);
  });

  afterEach(async () => {
    await observer.flushall();
    for (const client of clients.splice(0)) client.disconnect();
    await listening(0);
  });

  afterAll(async () => {
    observer.disconnect();
    await redis.stop();
  });

  /** Waits until so many processes hear what others publish. */
  const listening = (processes: number) =>
    waitFor(async () => {
      const channels = (await observer.pubsub('CHANNELS')) as string[];
      const counts = (await observer.pubsub('NUMSUB', ...channels)) as unknown[];
      return (
        counts.reduce((sum: number, one, i) => sum + (i % 2 ? Number(one) : 0), 0) === processes
      );
    });

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

  it('runs the script a few times for 100 requests to a key that was never throttled', async () => {
    const one = start(new Service(1e6, 1e6));
    await all([one], 100);
    expect(one.runs()).toBeLessThanOrEqual(6);
  });

  describe('heeds the closing of another process', () => {
    /** A request to `/refused` closes the key for 5 minutes. */
    const closing = new Service(1e6, 1e6);
    const adapter: AxiosAdapter = async (config) => {
      if (config.url !== '/refused') return closing.adapter(config);
      const response = {
        status: 429,
        statusText: '',
        headers: { 'retry-after': '300' },
        data: '',
        config,
      };
      throw new AxiosError('Throttled', 'ERR_BAD_REQUEST', config, undefined, response);
    };
    const refuse = ({ api }: Pick<Process, 'api'>) =>
      api.get('/refused', { retry: { maxRetries: 0 } }).catch(() => undefined);
    const closed = ({ gate }: Pick<Process, 'gate'>) =>
      waitFor(() => gate.inspect()[0]?.state === 'closed');

    it.each(['ioredis', 'node-redis'])(
      'in a process that was never refused, with %s',
      async (name) => {
        const other = start({ adapter } as Service);
        const client =
          name === 'ioredis'
            ? new Redis(redis.port)
            : await createClient({ url: redis.url }).connect();
        const gate = createRedisGate(client);
        const api = axios.create({ baseURL: ORIGIN, adapter });
        attachRetry(api, { gate });
        await Promise.all([api.get('/'), other.api.get('/')]);
        await listening(2);
        await refuse(other);
        await closed({ gate });
        await gate.close();
        client.disconnect();
      },
    );

    it('in a process that has just started', async () => {
      const other = start({ adapter } as Service);
      await refuse(other);
      const one = start({ adapter } as Service);
      void one.api.get('/').catch(() => undefined);
      await closed(one);
      expect(one.gate.inspect()).toMatchObject([{ state: 'closed', queued: 1 }]);
    });

    it.each(['spaces and {braces}', 'ü 漢', '__proto__', 'a:{b}', ''])(
      'for the key %p',
      async (key) => {
        const processes = [0, 1].map(() => start({ adapter } as Service, { key: () => key }));
        const [one, other] = processes as [Process, Process];
        await Promise.all(processes.map(({ api }) => api.get('/')));
        await listening(2);
        await refuse(other);
        await closed(one);
        expect(one.gate.inspect()).toMatchObject([{ key, state: 'closed' }]);
      },
    );

    it('unless it has another prefix or another database', async () => {
      const other = start({ adapter } as Service, { prefix: 'other' });
      const one = start({ adapter } as Service);
      await Promise.all([one.api.get('/'), other.api.get('/')]);
      const third = start({ adapter } as Service);
      await third.client.select(3);
      await third.api.get('/');
      await listening(3);
      await Promise.all([refuse(other), refuse(third)]);
      await sleep(50);
      expect(one.gate.inspect()).toMatchObject([{ state: 'open' }]);
    });

    it('also through a client that puts a prefix before its keys', async () => {
      const clients = [0, 1].map(() => new Redis(redis.port, { keyPrefix: 'app:' }));
      const both = clients.map((client) => {
        const gate = createRedisGate(client);
        const api = axios.create({ baseURL: ORIGIN, adapter });
        attachRetry(api, { gate });
        return { gate, api };
      });
      const [one, other] = both as [(typeof both)[0], (typeof both)[0]];
      for (const { api } of both) await api.get('/');
      await listening(2);
      await refuse(other);
      await closed(one);
      for (const client of clients) client.disconnect();
    });

    it('and without its own connection, when it asks', async () => {
      const other = start({ adapter } as Service);
      const one = start({ adapter } as Service);
      await one.api.get('/');
      await one.gate.close();
      await refuse(other);
      await sleep(50);
      expect(one.gate.inspect()).toMatchObject([{ state: 'open' }]);
      await refuse(one);
      expect(one.gate.inspect()).toMatchObject([{ state: 'closed' }]);
    });
  });

  it('works with a client that cannot be duplicated, and says so once', async () => {
    const client = new Redis(redis.port);
    const bare = { eval: client.eval.bind(client), evalsha: client.evalsha.bind(client) };
    const onError = jest.fn();
    const gate = createRedisGate(bare as never, { onError });
    const api = axios.create({ baseURL: ORIGIN, adapter: new Service(1e6, 1e6).adapter });
    attachRetry(api, { gate });
    for (let i = 0; i < 5; i += 1) await api.get('/');
    expect([gate.mode, onError.mock.calls.length]).toEqual(['shared', 1]);
    await gate.close();
    client.disconnect();
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
  });

  it('continues alone while Redis hangs, without failing a request, and recovers', async () => {
    const service = new Service(40, 5);
    const one = start(service);
    const requests = all([one], 80);
    await sleep(1500);
    redis.pause();
    await waitFor(() => one.gate.mode === 'local');
    redis.continue();
    for (const { status } of await requests) expect(status).toBe(200);
    expect(one.gate.mode).toBe('shared');
    expect(one.errors).toHaveLength(1);
  });
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

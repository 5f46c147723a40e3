import type { AxiosRequestConfig } from 'axios';
import axios from 'axios';
import { Redis } from 'ioredis';
import { createGate } from '../../src/gate/index.js';
import type { Clock, RetryHandle, RetryOptions } from '../../src/index.js';
import { attachRetry } from '../../src/index.js';
import type { RedisGate, RedisGateOptions } from '../../src/redis/index.js';
import { createRedisGate } from '../../src/redis/index.js';
import type { TestClock } from '../../src/testing/index.js';
import { createTestClock } from '../../src/testing/index.js';
import { Bucket } from '../support/herd.js';
import { describeWithRedis, RedisServer } from '../support/redis-server.js';
import type { Answer, Ending, Sent } from '../support/stub-server.js';
import { busy, endingOf, StubServer } from '../support/stub-server.js';
import { TimedClient } from '../support/timed-client.js';

const START = Date.UTC(2030, 0, 1);
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const ORIGIN = 'https://api.example';
const KEY = `axios-status-retry:gate:{${ORIGIN}}`;

let server: RedisServer;
let redis: Redis;

/** The plugin's parts in one process. */
interface Process {
  readonly gate: RedisGate;
  readonly client: TimedClient;
  readonly handle: RetryHandle;
  readonly errors: unknown[];
  get(url: string, config?: AxiosRequestConfig): Promise<Ending>;
}

interface ProcessOptions {
  readonly gate?: RedisGateOptions;
  readonly retry?: RetryOptions;
  readonly baseURL?: string;
  /** How far the process's clock is ahead of Redis's (ms). */
  readonly ahead?: number;
}

/** A clock without `inFlight`, as the same clock drives the responses. */
function plain(clock: TestClock, ahead = 0): Clock {
  const { setTimeout, clearTimeout } = clock;
  return { now: () => clock.now() + ahead, setTimeout, clearTimeout };
}

/** Processes that share a real Redis; Redis, the server and the clocks all run on the test's time. */
function setUp(answer: (sent: Sent) => Answer, ...processes: ProcessOptions[]) {
  const clock = createTestClock(START);
  const stub = new StubServer(plain(clock), answer);
  const fleet = processes.map(({ gate: options, retry, baseURL = ORIGIN, ahead }): Process => {
    const client = new TimedClient(redis, clock);
    const errors: unknown[] = [];
    const gate = createRedisGate(client, { onError: (error) => errors.push(error), ...options });
    const api = axios.create({ adapter: stub.adapter, baseURL });
    const handle = attachRetry(api, { clock: plain(clock, ahead), ...retry, gate });
    const get = (url: string, config?: AxiosRequestConfig) => endingOf(url, api.get(url, config));
    return { gate, client, handle, errors, get };
  });
  const [a, b] = fleet as [Process, Process];
  /** One request of a process is refused; after that the server is good. */
  async function refuse(one: Process, seconds = 60): Promise<void> {
    const former = stub.answer;
    stub.answer = () => busy(seconds);
    void one.get('/refused', { retry: { maxRetries: 0 } });
    // Redis is asked first.
    while (!stub.urls.includes('/refused')) await clock.advance(1);
    await clock.advance(0);
    stub.answer = former;
    stub.sent.splice(0);
  }
  return { clock, stub, fleet, a, b, refuse };
}

const two = [{}, {}];
const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => `/${i}`);
const good = (): Answer => ({ status: 200, after: 5 });

/** Processes behind a token bucket that responds with Retry-After: 1. */
function startLimited(rate: number, burst: number, ...processes: ProcessOptions[]) {
  const bucket = new Bucket(rate, burst);
  const all = setUp(
    (): Answer => {
      const retryAfter = bucket.answer(all.clock.now() - START);
      return retryAfter > 0 ? { ...busy(retryAfter / 1000), after: 5 } : good();
    },
    ...processes,
  );
  return all;
}

describeWithRedis('a gate shared by processes', () => {
  beforeAll(async () => {
    server = await RedisServer.start();
    redis = new Redis(server.port);
  });
  // The SHA-1 of a script is computed in another thread, which no clock knows about.
  beforeEach(() => jest.spyOn(crypto.subtle, 'digest').mockResolvedValue(new ArrayBuffer(20)));
  afterEach(() => redis.flushall());
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  describe('closes in every process', () => {
    it('until the longest Retry-After of any process', async () => {
      const { clock, stub, a, b } = setUp(good, ...two);
      stub.answer = ({ url }) => ({ ...busy(url === '/a' ? 60 : 1), after: 5 });
      a.get('/a');
      b.get('/b');
      await clock.advance(5);
      expect(stub.sent).toHaveLength(2);
      stub.answer = good;
      await clock.advance(60 * SECOND - 1);
      expect(stub.sent).toHaveLength(2);
      await clock.advance(SECOND);
      expect(stub.urls.slice(2).sort()).toEqual(['/a', '/b']);
    });

    it('at once, also in one that was never refused', async () => {
      const { clock, stub, a, b, refuse } = setUp(good, ...two);
      b.get('/first');
      await clock.advance(10);
      const { asked } = b.client;
      await refuse(a, 30);
      b.get('/later');
      await clock.advance(29 * SECOND);
      expect(stub.sent).toEqual([]);
      expect(b.client.asked).toBe(asked + 1);
      await clock.advance(2 * SECOND);
      expect(stub.urls).toEqual(['/later']);
    });

    it('at once, also in one that sends its first request', async () => {
      const { clock, stub, a, b, refuse } = setUp(good, ...two);
      await refuse(a, 30);
      b.get('/first');
      await clock.advance(29 * SECOND);
      expect(stub.sent).toEqual([]);
      await clock.advance(2 * SECOND);
      expect(stub.urls).toEqual(['/first']);
    });

    it('at once, if it was open in both', async () => {
      const { clock, stub, a, b, refuse } = setUp(good, ...two);
      await refuse(a, 1);
      await clock.advance(SECOND);
      a.get('/a');
      b.get('/b');
      await clock.advance(SECOND);
      expect(stub.sent).toHaveLength(2);
      await refuse(a, 30);
      b.get('/later');
      await clock.advance(29 * SECOND);
      expect(stub.sent).toEqual([]);
      await clock.advance(2 * SECOND);
      expect(stub.urls).toEqual(['/later']);
    });

    it('and a request queued in another process learns the new time, or is refused', async () => {
      const { clock, stub, a, b, refuse } = setUp(good, {}, { retry: { maxDelay: 30 * SECOND } });
      stub.answer = () => ({ ...busy(60), after: 500 });
      a.get('/slow', { retry: { maxRetries: 0 } });
      await clock.advance(0);
      await refuse(b, 1);
      stub.answer = good;
      const waiting = b.get('/b');
      const patient = b.get('/patient', { retry: { maxDelay: HOUR } });
      await clock.advance(500);
      const { error } = await waiting;
      expect(error).toMatchObject({ code: 'ERR_GATE_CLOSED', notBefore: START + 60_500 });
      expect(b.handle.waits).toMatchObject([{ url: '/patient', dueAt: START + 60_500 }]);
      await clock.advance(61 * SECOND);
      expect((await patient).status).toBe(200);
      expect(stub.urls).toEqual(['/patient']);
    });

    it('whatever the clock of a new Redis says, and no request stalls', async () => {
      const { clock, stub, fleet, a, b, refuse } = setUp(good, ...two);
      await refuse(a, 5);
      for (const { client } of fleet) client.ahead = -HOUR;
      const endings = [a.get('/a'), b.get('/b')];
      await clock.advance(5 * SECOND - 1);
      expect(stub.sent).toEqual([]);
      await clock.advance(SECOND);
      expect((await Promise.all(endings)).map(({ status }) => status)).toEqual([200, 200]);
    });

    it('unless their prefixes differ', async () => {
      const { clock, stub, a, b, refuse } = setUp(good, { gate: { prefix: 'other' } }, {});
      await refuse(a, 60);
      await refuse(b, 1);
      a.get('/a');
      b.get('/b');
      await clock.advance(2 * SECOND);
      expect(stub.urls).toEqual(['/b']);
      expect((await redis.keys('*')).sort()).toEqual([KEY, `other:{${ORIGIN}}`]);
    });
  });

  describe('opens', () => {
    /** Both processes are closed until 10 s, with five queued requests each. */
    async function waiting(answer: (sent: Sent) => Answer, processes: ProcessOptions[] = two) {
      const all = setUp(answer, ...processes);
      await all.refuse(all.a, 10);
      const endings = all.fleet.flatMap(({ get }) => numbered(5).map((url) => get(url)));
      return { ...all, endings };
    }

    it('with one probe in one process, and in the other soon after the response', async () => {
      const { clock, stub, endings } = await waiting(() => ({ status: 200, after: 300 }));
      await clock.advance(10 * SECOND + 299);
      expect(stub.times).toEqual([10 * SECOND]);
      await clock.advance(3 * SECOND);
      const statuses = (await Promise.all(endings)).map(({ status }) => status);
      expect(statuses).toEqual(new Array(10).fill(200));
      expect(stub.sent).toHaveLength(10);
      // The other process checks at the latest after half the probe's age, then requests take turns.
      expect(stub.times[2]).toBeLessThan(10 * SECOND + 300 + 150 + 200);
    });

    it('for no process when the probe is refused', async () => {
      const { clock, stub } = await waiting(({ at }) =>
        at < 15 * SECOND ? { ...busy(20), after: 50 } : good(),
      );
      await clock.advance(30 * SECOND);
      expect(stub.times).toEqual([10 * SECOND]);
      await clock.advance(60);
      expect(stub.sent.length).toBeGreaterThan(1);
    });

    it('with a second probe at once when the first reports nothing', async () => {
      const { clock, stub } = await waiting(({ index }) =>
        index === 0 ? { reset: true, after: 100 } : good(),
      );
      await clock.advance(10 * SECOND + 200);
      expect(stub.times[1]).toBeLessThanOrEqual(10 * SECOND + 160);
    });

    it.each([HOUR, -HOUR])('in the same way when one clock is %d ms ahead', async (ahead) => {
      const times: number[][] = [];
      for (const skewed of [0, ahead]) {
        await redis.flushall();
        const { clock, stub, endings } = await waiting(good, [{}, { ahead: skewed }]);
        await clock.advance(14 * SECOND);
        expect((await Promise.all(endings)).every(({ status }) => status === 200)).toBe(true);
        times.push(stub.times);
      }
      expect(times[1]).toEqual(times[0]);
    });
  });

  it.each([1, 4, 12])(
    'has one rate for all, and needs at most two Redis calls per request: %d processes',
    async (count) => {
      const { clock, stub, fleet } = startLimited(50, 10, ...new Array(count).fill({}));
      const endings = fleet.flatMap(({ get }) => numbered(240 / count).map((url) => get(url)));
      let left = endings.length;
      for (const one of endings) void one.then(() => (left -= 1));
      while (left > 0) await clock.advance(100);
      expect((await Promise.all(endings)).every(({ status }) => status === 200)).toBe(true);
      // All processes send at once before the first refusal.
      const first = Math.min(32 * count, 240);
      expect(stub.sent.length).toBeLessThan(240 * 1.2 + first);
      // (240 - 10) / 50 s at best, plus a second for each refusal.
      expect(Math.max(...stub.times)).toBeGreaterThan(4.6 * SECOND);
      expect(Math.max(...stub.times)).toBeLessThan(12 * SECOND);
      // Redis is told of each refusal, too.
      const asked = fleet.reduce((sum, { client }) => sum + client.asked, 0);
      expect(asked).toBeLessThan(240 * 2 + (stub.sent.length - 240) + 10 * count);
    },
  );

  it('asks once for a key that was never throttled, and then no request waits for Redis', async () => {
    const { a, clock } = setUp(good, {});
    for (let i = 0; i < 20; i += 1) {
      a.client.latency = i === 0 ? 0 : 400;
      const ending = a.get(`/${i}`);
      await clock.advance(5);
      expect((await ending).status).toBe(200);
      await clock.advance(2 * SECOND);
    }
    // Once more when it begins to listen.
    expect(a.client.asked).toBe(2);
    expect(a.client.published).toBe(0);
  });

  it('divides the start window by demand, for all that come at once', async () => {
    const { clock, stub, fleet } = setUp(() => ({ status: 200, after: 5000 }), {}, {}, {});
    for (const { get } of fleet) for (const url of numbered(100)) get(url);
    await clock.advance(1000);
    expect(stub.sent.length).toBeGreaterThanOrEqual(32);
    expect(stub.sent.length).toBeLessThanOrEqual(34);
  });

  it('makes no Redis calls without requests', async () => {
    const { a, clock, refuse } = setUp(good, {});
    await refuse(a, 1);
    const { asked } = a.client;
    await clock.advance(50 * SECOND);
    expect(a.client.asked).toBe(asked);
  });

  it('keeps one key in Redis until 60 s after its last use, without credentials', async () => {
    const baseURL = 'https://user:s3cr3t@api.example/v1?token=s3cr3t';
    const { a, clock, refuse } = setUp(good, { baseURL });
    await refuse(a, 30);
    const later = await redis.pttl(KEY);
    expect(later).toBeGreaterThan(80 * SECOND);
    expect(later).toBeLessThanOrEqual(90 * SECOND);
    a.get('/x');
    await clock.advance(31 * SECOND);
    const left = await redis.pttl(KEY);
    expect(left).toBeGreaterThan(50 * SECOND);
    expect(left).toBeLessThanOrEqual(60 * SECOND);
    expect(await redis.keys('*')).toEqual([KEY]);
    expect(JSON.stringify(await redis.hgetall(KEY))).not.toContain('s3cr3t');
  });

  it('falls back to local gates while Redis is down, reports it once, and is shared again later', async () => {
    const gone = new Error('Connection is closed.');
    const { a, b, fleet, clock, stub } = startLimited(50, 10, ...two);
    const all = fleet.flatMap(({ get }) => numbered(150).map((url) => get(url)));
    await clock.advance(3 * SECOND);
    a.client.failure = b.client.failure = gone;
    await clock.advance(SECOND);
    expect([a.gate.mode, b.gate.mode]).toEqual(['local', 'local']);
    await clock.advance(SECOND);
    await redis.flushall();
    a.client.failure = b.client.failure = undefined;
    await clock.advance(1100);
    expect([a.gate.mode, b.gate.mode]).toEqual(['shared', 'shared']);
    await clock.advance(15 * SECOND);
    expect((await Promise.all(all)).every(({ status }) => status === 200)).toBe(true);
    expect([a.errors, b.errors]).toEqual([[gone], [gone]]);
    expect(stub.sent.length).toBeLessThan(300 * 1.3);
    expect(await redis.keys('*')).toEqual([KEY]);
  });

  describe('of which one key fails', () => {
    const OTHER = 'https://other.example';

    /** Each key is refused for 2 s, and 50 requests wait for that. Returns the times at which they were sent. */
    async function send50(...origins: string[]) {
      const all = setUp(good, {});
      const { a, clock, stub } = all;
      stub.answer = () => busy(2);
      for (const origin of origins) void a.get(`${origin}/refused`, { retry: { maxRetries: 0 } });
      await clock.advance(0);
      stub.answer = good;
      stub.sent.splice(0);
      for (const origin of origins) for (const url of numbered(50)) a.get(origin + url);
      for (let i = 0; i < 60; i += 1) await clock.advance(SECOND / 5);
      const timesOf = (origin: string) =>
        stub.sent.filter(({ url }) => url.startsWith(origin)).map(({ at }) => at);
      return { ...all, timesOf };
    }

    /** The same through a gate of one process. */
    async function send50Locally(): Promise<number[]> {
      const clock = createTestClock(START);
      const stub = new StubServer(plain(clock), () => busy(2));
      const api = axios.create({ adapter: stub.adapter, baseURL: ORIGIN });
      attachRetry(api, { clock: plain(clock), gate: createGate() });
      void endingOf('/refused', api.get('/refused', { retry: { maxRetries: 0 } }));
      await clock.advance(0);
      stub.answer = good;
      stub.sent.splice(0);
      for (const url of numbered(50)) void endingOf(url, api.get(url));
      await clock.advance(12 * SECOND);
      return stub.times;
    }

    it('limits that key as a gate of one process would, and shares the others', async () => {
      await redis.set(KEY, 'not a hash');
      const { a, timesOf } = await send50(ORIGIN, OTHER);
      expect(timesOf(ORIGIN)).toEqual(await send50Locally());
      expect(timesOf(OTHER)).toHaveLength(50);
      expect(a.gate.mode).toBe('shared');
      expect(await redis.exists(`axios-status-retry:gate:{${OTHER}}`)).toBe(1);
    });

    it('reports it once', async () => {
      await redis.set(KEY, 'not a hash');
      const { a } = await send50(ORIGIN, OTHER);
      expect(a.errors).toEqual([
        expect.objectContaining({ message: expect.stringMatching(/^WRONGTYPE/) }),
      ]);
    });

    it('is local if every key fails', async () => {
      await redis.set(KEY, 'not a hash');
      const { a } = await send50(ORIGIN);
      expect(a.gate.mode).toBe('local');
    });
  });

  describe('whose Redis comes and goes while 50 requests wait for a closed key', () => {
    /** The first of them, the probe, is answered late. */
    async function send50(period: number, trouble: (one: Process, isOn: boolean) => unknown) {
      const slowProbe = ({ index }: Sent): Answer => ({
        status: 200,
        after: index === 0 ? 1500 : 5,
      });
      const all = setUp(good, {});
      const { a, clock, stub, refuse } = all;
      await refuse(a, 2);
      stub.answer = slowProbe;
      for (const url of numbered(50)) a.get(url);
      for (let now = 0; now < 30 * SECOND; now += period) {
        await trouble(a, (now / period) % 2 === 0);
        await clock.advance(period);
      }
      return all;
    }

    const down = (one: Process, isOn: boolean) => {
      one.client.failure = isOn ? new Error('Connection is closed.') : undefined;
    };
    const full = (one: Process, isOn: boolean) => {
      one.client.failure = isOn ? new Error('OOM command not allowed') : undefined;
    };
    const flush = () => redis.flushall();

    it.each<[string, number, typeof down]>([
      ['down each second', 1000, down],
      ['down for 300 ms', 300, down],
      ['full each second', 1000, full],
      ['flushed each 100 ms', 100, flush],
    ])(
      'sends one probe when they may go, then the rest, and reports it once: %s',
      async (...given) => {
        const [, period, trouble] = given;
        const { a, stub } = await send50(period, trouble);
        expect(stub.times.slice(0, 2)).toEqual([2 * SECOND, expect.any(Number)]);
        expect(stub.times[1]).toBeGreaterThanOrEqual(3.5 * SECOND);
        expect(stub.sent).toHaveLength(50);
        expect(stub.times[49]).toBeLessThan(12 * SECOND);
        expect(a.errors).toHaveLength(trouble === flush ? 0 : 1);
      },
    );
  });

  it('continues at the rate from before a closing if Redis goes away during it', async () => {
    const { a, clock, stub, refuse } = setUp(good, {});
    await refuse(a, 1);
    for (const url of numbered(500)) a.get(url);
    await clock.advance(2 * SECOND);
    const rate = stub.times.filter((at) => at > SECOND).length;
    stub.answer = () => busy(30);
    await clock.advance(200);
    stub.answer = good;
    a.client.failure = new Error('Connection is closed.');
    stub.sent.splice(0);
    await clock.advance(31 * SECOND);
    expect(rate).toBeGreaterThan(20);
    expect(stub.sent.length).toBeGreaterThan(rate / 2);
  });
});

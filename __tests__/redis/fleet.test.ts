import fc from 'fast-check';
import { Redis } from 'ioredis';
import type { FleetRequest, RateRequest, ScriptResult, ToldQuota } from '../../src/redis/script.js';
import { decodeResult, encodeArgs, SCRIPT } from '../../src/redis/script.js';
import { noFleet, noRate } from '../support/redis-requests.js';
import { describeWithRedis, RedisServer } from '../support/redis-server.js';
import { timeArgs, timed } from '../support/redis-time.js';

const START = 1.9e12;
const SECOND = 1_000;
const KEY = 'gate:{https://api.example}';

let server: RedisServer;
let redis: Redis & { runScript(key: string, ...args: string[]): Promise<unknown> };
/** What the last run has published. */
let published: unknown;

async function run(
  now: number,
  fleet: Partial<FleetRequest> = {},
  rate: Partial<RateRequest> = {},
): Promise<ScriptResult> {
  const args = encodeArgs(
    { ...noRate, closedFor: -2, ...rate },
    { ...noFleet, channel: 'news', listening: true, ...fleet },
  );
  const result = (await redis.runScript(KEY, ...args, ...timeArgs(now))) as [
    unknown,
    string | null,
  ];
  published = result[1] && JSON.parse(result[1]);
  return decodeResult(result[0]);
}

const throttledFor = (closedFor: number, epoch = 0) => ({ throttle: { epoch, closedFor } });

const told = (remaining: number, rest: Partial<ToldQuota> = {}): ToldQuota => ({
  name: 'minute',
  remaining,
  reset: 60 * SECOND,
  limit: 1000,
  window: 60 * SECOND,
  ...rest,
});

describeWithRedis('what processes share of a key', () => {
  beforeAll(async () => {
    server = await RedisServer.start();
    redis = new Redis(server.port, {
      scripts: { runScript: { lua: timed(SCRIPT), numberOfKeys: 1 } },
    }) as typeof redis;
  });
  afterEach(() => redis.flushall());
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  describe('the start window', () => {
    const lot = async (process: string, demand: number, now = START) =>
      (await run(now, { process, demand, size: 4 })).lot;

    it('is given out ahead of need, half of it to a process that is alone', async () => {
      expect(await lot('a', 1)).toBe(16);
      expect(await lot('a', 12)).toBe(24);
      expect(await lot('a', 100)).toBe(32);
    });

    it('leaves one send to each process when it is given out', async () => {
      expect(await lot('a', 100)).toBe(32);
      expect([await lot('b', 100), await lot('c', 1)]).toEqual([1, 1]);
    });

    it('is divided by demand once there is too little', async () => {
      for (let i = 0; i < 3; i += 1) {
        await lot('a', 90);
        await lot('b', 30);
      }
      expect([await lot('a', 90), await lot('b', 30)]).toEqual([24, 8]);
    });

    it('counts what a process still has in flight of a larger lot', async () => {
      await lot('a', 100);
      await run(START, { process: 'b', demand: 100 });
      expect((await run(START, { process: 'a', demand: 100, sending: 32 })).lot).toBe(16);
      expect(await lot('b', 100)).toBe(1);
    });

    it('has no end where its size is Infinity', async () => {
      const { lot } = await run(START, { initialConcurrency: Infinity, demand: 1 });
      expect(lot).toBeGreaterThan(1e8);
    });

    it('grows by what all processes report', async () => {
      await run(START, { process: 'a', demand: 100 });
      await run(START, { process: 'a', demand: 100, size: 40, grown: 8 });
      await run(START, { process: 'b', demand: 1, size: 4, grown: 3 });
      // Of 43, as 100 of 101 requests are its.
      expect(await lot('a', 100)).toBe(42);
    });

    it('gets back the lot of a process that was not heard of for 5 s', async () => {
      await lot('a', 100);
      expect(await lot('b', 100, START + 5 * SECOND)).toBe(1);
      expect(await lot('b', 100, START + 5 * SECOND + 1)).toBe(32);
    });

    it('is never exceeded but by one send each, whoever asks for what and when', async () => {
      const ask = fc.record({
        process: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        demand: fc.integer({ min: 0, max: 200 }),
        wait: fc.constantFrom(0, 1, 100, 3000),
      });
      const property = fc.asyncProperty(fc.array(ask, { maxLength: 30 }), async (asks) => {
        await redis.flushall();
        let now = START;
        const lots = new Map<string, [lot: number, at: number]>();
        for (const { process, demand, wait } of asks) {
          now += wait;
          lots.set(process, [(await run(now, { process, demand })).lot, now]);
          const held = [...lots.values()].filter(([, at]) => at >= now - 5 * SECOND);
          const sum = held.reduce((total, [lot]) => total + lot, 0);
          expect(sum).toBeLessThanOrEqual(32 + held.length);
        }
      });
      await fc.assert(property, { numRuns: 40 });
    });
  });

  describe('a quota', () => {
    const units = async (process: string, demand: number, rest: Partial<FleetRequest> = {}) =>
      (await run(START, { process, demand, ...rest })).units;

    it('limits nobody before it was told', async () => {
      expect(await units('a', 100)).toBe(Infinity);
    });

    it('is divided by demand, half of a share at a time', async () => {
      expect(await units('a', 300, { quotas: [told(800)] })).toBe(300);
      expect(await units('b', 300)).toBe(125);
      expect(await units('c', 300)).toBe(63);
    });

    it('is given to a process without demand only while there is plenty', async () => {
      expect(await units('a', 0, { quotas: [told(800)] })).toBe(200);
      expect(await units('b', 0, { quotas: [told(3)] })).toBe(0);
    });

    it('is never given out twice, less the reserve and what is in flight', async () => {
      const ask = fc.record({
        process: fc.constantFrom('a', 'b', 'c', 'd'),
        demand: fc.integer({ min: 0, max: 80 }),
        inFlight: fc.integer({ min: 0, max: 20 }),
        cost: fc.constantFrom(1, 3),
      });
      const property = fc.asyncProperty(fc.array(ask, { maxLength: 30 }), async (asks) => {
        await redis.flushall();
        await run(START, { process: 'z', quotas: [told(200)] });
        await run(START + 1001, { process: 'z' });
        const out = new Map([['z', 0]]);
        for (const { process, ...rest } of asks) {
          const given = await run(START + 1002, { process, ...rest, reserve: 0.1 });
          out.set(process, given.units === 0 ? 0 : given.units + rest.inFlight);
          const others = [...out.values()].reduce((total, one) => total + one, 0);
          if (given.units > 0) expect(others).toBeLessThanOrEqual(200);
        }
      });
      await fc.assert(property, { numRuns: 40 });
    });

    it('gets back units that were not used for a second, and what was in flight after 5 s', async () => {
      await run(START, { process: 'a', demand: 100, inFlight: 20, quotas: [told(100)] });
      const free = async (at: number) =>
        (await run(START + at, { process: `b${at}`, demand: 1, cost: 80 })).units;
      expect(await free(1000)).toBe(0);
      expect(await free(1001)).toBe(80);
      await redis.flushall();
      await run(START, { process: 'a', demand: 100, inFlight: 100, quotas: [told(100)] });
      expect(await free(5000)).toBe(0);
      expect(await free(5001)).toBe(80);
    });

    it('is told to the others when it is new and when it is used up, and not in between', async () => {
      await run(START, { quotas: [told(10)] });
      expect(published).toMatchObject(['a', KEY, expect.arrayContaining(['minute', '10'])]);
      await run(START, { quotas: [told(9)] });
      expect(published).toBeNull();
      await run(START, { quotas: [told(0)] });
      expect(published).toMatchObject(['a', KEY, expect.arrayContaining(['minute', '0'])]);
    });

    it('that is missing is told to the others, at most every 100 ms', async () => {
      await run(START, { process: 'a', demand: 10, quotas: [told(10)] });
      await run(START + 10, { process: 'a', demand: 10, inFlight: 10 });
      for (const [at, isTold] of [
        [20, true],
        [119, false],
        [120, true],
      ] as const) {
        expect((await run(START + at, { process: 'b', demand: 1 })).units).toBe(0);
        expect(published !== null).toBe(isTold);
      }
    });

    it('is whole again when its window ends, and is forgotten if its limit was never told', async () => {
      const named = (name: string, rest: Partial<ToldQuota>) => told(0, { name, ...rest });
      await run(START, { demand: 1, quotas: [told(0)] });
      const renewed = await run(START + 60 * SECOND, { demand: 1 });
      expect([renewed.units, renewed.quotas]).toEqual([250, []]);
      await redis.flushall();
      await run(START, {
        demand: 1,
        quotas: [named('x', { limit: -1 }), named('y', { window: 0 })],
      });
      await run(START + 60 * SECOND, { demand: 1 });
      expect(await redis.hkeys(KEY)).toEqual(expect.arrayContaining(['q:y']));
      expect(await redis.hexists(KEY, 'q:x')).toBe(0);
    });

    it('may have any name', async () => {
      for (const name of ['a b', 'q:x', ':', '', '__proto__', 'ü', '1']) {
        const { quotas } = await run(START, { quotas: [told(5, { name })] });
        expect(quotas.map(({ name: known }) => known)).toContain(name);
      }
    });

    it('is one of 16 at most', async () => {
      for (let i = 0; i < 50; i += 1) await run(START, { quotas: [told(5, { name: `q${i}` })] });
      expect((await run(START)).quotas).toHaveLength(16);
    });
  });

  describe('a closing', () => {
    it('is told to the others, and again only when it ends 100 ms later', async () => {
      const { epoch } = await run(START, {}, throttledFor(SECOND));
      expect(published).toMatchObject(['a', KEY, expect.any(Array)]);
      for (const [at, isTold] of [
        [1, false],
        [99, false],
        [100, true],
        [150, false],
      ] as const) {
        await run(START + at, {}, throttledFor(SECOND));
        expect([at, published !== null]).toEqual([at, isTold]);
      }
      await run(START + 1150, {}, { wanted: 1, epoch });
      expect(published).toBeNull();
    });

    it('that is longer is told in any case once a probe was granted', async () => {
      await run(START, {}, throttledFor(SECOND));
      await run(START + 990, { lead: 20 }, { wanted: 1 });
      await run(START + 995, {}, throttledFor(10));
      expect(published).not.toBeNull();
    });

    it('grants its probe ahead to one process, by the time that its question takes', async () => {
      await run(START, {}, throttledFor(SECOND));
      const ask = (at: number, lead: number) => run(START + at, { lead }, { wanted: 1 });
      expect(await ask(899, 100)).toMatchObject({ sends: 0, delay: 101 });
      expect(await ask(900, 100)).toMatchObject({ sends: 1, delay: 100 });
      expect(await ask(900, 100)).toMatchObject({ sends: 0, delay: 5100 });
      expect((await run(START + 900, { lead: 100, listening: false }, { wanted: 1 })).delay).toBe(
        110,
      );
      expect(await ask(1000, 100)).toMatchObject({ sends: 0 });
    });

    it('and its opening are told, with nothing else in between', async () => {
      const { epoch } = await run(START, {}, throttledFor(SECOND));
      await run(START + SECOND, {}, { wanted: 1 });
      expect(published).toBeNull();
      await run(START + SECOND, {}, { epoch, successes: 1 });
      expect(published).not.toBeNull();
      for (let i = 0; i < 50; i += 1) {
        await run(START + SECOND + 20 * i, {}, { epoch, successes: 1, wanted: 3 });
        expect(published).toBeNull();
      }
    });
  });

  it('goes back with a clock that is set back', async () => {
    await run(START, { process: 'gone', demand: 100, inFlight: 5, quotas: [told(10)] });
    await run(START, {}, throttledFor(5 * SECOND));
    const back = START - 3600 * SECOND;
    expect(await run(back, { process: 'b', demand: 9 })).toMatchObject({ closedFor: 5 * SECOND });
    const later = await run(back + 5001, { process: 'b', demand: 9 });
    expect(later).toMatchObject({ closedFor: 0, lot: 18, units: 5 });
    expect(await redis.hexists(KEY, 'p:gone')).toBe(0);
    const { quotas } = later;
    expect(quotas[0]?.reset).toBeCloseTo(60 * SECOND - 5001, 0);
  });

  it('stays bounded after 10,000 processes have come and gone', async () => {
    const now = START;
    for (let i = 0; i < 10_000; i += 500) {
      const names = Array.from({ length: 500 }, (_, j) => [`p:x${i + j}`, `4 0 0 1 ${now}`]);
      await redis.hset(KEY, names.flat());
    }
    await run(now + 6 * SECOND, { process: 'one' });
    expect(await redis.hlen(KEY)).toBeLessThan(40);
  });
});

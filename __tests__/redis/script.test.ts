import fc from 'fast-check';
import { Redis } from 'ioredis';
import { AdaptiveRate, RATE } from '../../src/gate/adaptive-rate.js';
import { ESTIMATOR } from '../../src/gate/rate-estimator.js';
import type { FleetRequest, RateRequest, ScriptResult } from '../../src/redis/script.js';
import { decodeResult, encodeArgs, SCRIPT } from '../../src/redis/script.js';
import { noFleet, noRate } from '../support/redis-requests.js';
import { describeWithRedis, RedisServer } from '../support/redis-server.js';
import { timeArgs, timed } from '../support/redis-time.js';

const START = 1.9e12;
const SECOND = 1_000;
const KEY = 'gate:{https://api.example}';

const throttledFor = (closedFor: number, epoch = 0, burst = 0, span = 0): Partial<RateRequest> => ({
  throttle: { epoch, closedFor, burst, span },
});

let server: RedisServer;
let redis: Redis & { runScript(key: string, ...args: string[]): Promise<unknown> };

/** Runs the script at the test's time. */
async function run(
  now: number,
  given: Partial<RateRequest> = {},
  fleet: Partial<FleetRequest> = {},
): Promise<ScriptResult> {
  const args = encodeArgs({ ...noRate, ...given }, { ...noFleet, ...fleet });
  const [reply] = (await redis.runScript(KEY, ...args, ...timeArgs(now))) as unknown[];
  return decodeResult(reply);
}

/** A state after a throttle and a successful probe: open. */
async function opened(closedFor = SECOND, burst = 0): Promise<{ epoch: number; now: number }> {
  const { epoch } = await run(START, throttledFor(closedFor, 0, burst));
  const now = START + closedFor;
  expect((await run(now, { wanted: 1 })).sends).toBe(1);
  expect((await run(now, { epoch, successes: 1 })).closed).toBe(false);
  return { epoch, now };
}

/** What can happen to a key. `of` says how many epochs ago a send was made. */
type Event =
  | { readonly kind: 'open' }
  | { readonly kind: 'busy'; readonly ms: number }
  | { readonly kind: 'overrun'; readonly quiet: number; readonly ms: number; readonly each: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'acquire' }
  | { readonly kind: 'success'; readonly of: number; readonly count: number }
  | { readonly kind: 'ignored'; readonly of: number }
  | { readonly kind: 'throttled'; readonly of: number; readonly closedFor: number };

const of = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 3 }));
const closedFor = fc.oneof(
  fc.constantFrom(0, 1000, 1000, 2000, 5000, 60_000),
  fc.integer({ min: 0, max: 90_000 }),
);
const ms = fc.oneof(
  fc.integer({ min: 1, max: 60 }),
  fc.integer({ min: 1, max: 1500 }),
  fc.constantFrom(1000, 2000, 4999, 5000, 60_000),
);
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ kind: 'open' } as const) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('busy' as const), ms: fc.constantFrom(100, 500) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('overrun' as const),
      quiet: fc.constantFrom(0, 0, 11 * SECOND),
      ms: fc.constantFrom(200, 500, 1500),
      each: fc.integer({ min: 1, max: 9 }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms }) },
  { weight: 5, arbitrary: fc.constant({ kind: 'acquire' } as const) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('success' as const),
      of,
      count: fc.integer({ min: 1, max: 40 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('ignored' as const), of }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('throttled' as const), of, closedFor }) },
);

/** `AdaptiveRate` and the script side by side: both get the same events. */
class Both {
  now = START;
  readonly local = new AdaptiveRate();
  /** The epochs of both, the present ones last. */
  readonly epochs: [local: number, script: number][] = [[0, 0]];
  probedAt = 0;
  /** When the last caller that got no grant is to ask again. */
  turnAt = 0;

  async do(event: Event): Promise<void> {
    if (event.kind === 'wait') this.now += event.ms;
    else if (event.kind === 'acquire') await this.acquire();
    else if (event.kind === 'open') await this.open();
    else if (event.kind === 'busy') await this.busy(event.ms);
    else if (event.kind === 'overrun') await this.overrun(event);
    else await this.report(event);
    await this.compare();
  }

  /** Waits until the key may open, and sends a successful probe. */
  async open(): Promise<void> {
    if (!this.local.closed) return;
    this.now = Math.max(this.now, this.local.closedUntil, this.probedAt + RATE.PROBE_LEASE_MS);
    await this.acquire();
    this.now += 5;
    await this.report({ kind: 'success', of: 0, count: 1 });
  }

  /** Opens the key, and sends until that is too much; by then its rate may no longer be held. */
  async overrun({ quiet, ms, each }: Extract<Event, { quiet: number }>): Promise<void> {
    await this.open();
    this.now += quiet;
    await this.busy(ms, each);
    await this.report({ kind: 'throttled', of: 0, closedFor: SECOND });
    await this.compare();
    await this.open();
  }

  /** Sends whenever that is granted, for `ms`. Each send succeeds, and counts as `each`. */
  async busy(ms: number, each = 1): Promise<void> {
    for (const end = this.now + ms; this.now < end && !this.local.closed; this.now += 20) {
      const sends = await this.acquire();
      if (sends > 0) await this.report({ kind: 'success', of: 0, count: each });
    }
  }

  async report(event: Extract<Event, { of: number }>): Promise<void> {
    const [localEpoch, epoch] = this.epochs[Math.max(this.epochs.length - 1 - event.of, 0)] ?? [
      0, 0,
    ];
    if (event.kind === 'success') {
      // In between, a success of epoch 0 counts only for the script, whose burst window is longer.
      if (
        localEpoch === 0 &&
        this.now > START + ESTIMATOR.BURST_WINDOW_MS &&
        this.now <= START + 400
      )
        return;
      this.local.onSuccess(this.now, localEpoch, event.count);
      const successes =
        localEpoch === 0 ? { initialSuccesses: event.count } : { epoch, successes: event.count };
      await run(this.now, successes);
    } else if (event.kind === 'ignored') {
      this.local.onIgnored(this.now, localEpoch);
      await run(this.now, { epoch, ignored: true });
    } else await this.throttle(localEpoch, epoch, event.closedFor);
  }

  async throttle(localEpoch: number, epoch: number, closedFor: number, burst = 0, span = 0) {
    this.local.onThrottled(this.now, { epoch: localEpoch, closedFor, burst, span });
    await run(this.now, throttledFor(closedFor, epoch, burst, span));
  }

  /** If `AdaptiveRate` grants a send, so does the script; otherwise both say the same time. */
  async acquire(): Promise<number> {
    const isOpen = !this.local.closed;
    const closedFor = Math.max(this.local.closedUntil - this.now, 0);
    const grant = this.local.acquire(this.now);
    const ahead = isOpen && grant.sends === 0 ? 40 : 0;
    // Within that time, the script grants ahead and AdaptiveRate does not.
    if (ahead > 0 && grant.at - this.now <= ahead) return 0;
    const reply = await run(this.now, { wanted: 1 });
    expect(reply.sends).toBe(grant.sends);
    if (grant.sends > 0) {
      expect(reply.delay).toBe(0);
      if (isOpen) expect(reply.interval).toBeCloseTo(grant.interval, 5);
      else this.probedAt = this.now;
      return grant.sends;
    }
    const wait = grant.at - this.now - ahead;
    // Others than the prober ask again sooner, because nobody tells them that the probe is back.
    const again = Math.max(10, (this.now - this.probedAt) / 2);
    const turn = Math.min(this.turnAt + 1000 / this.local.rateAt(this.now) - this.now, SECOND);
    if (isOpen) this.turnAt = this.now + Math.max(wait, turn);
    const isProbed = !isOpen && closedFor === 0;
    const delay = isOpen ? this.turnAt - this.now : isProbed ? Math.min(wait, again) : wait;
    expect(reply.delay).toBeCloseTo(delay, 2);
    return 0;
  }

  async compare(): Promise<void> {
    const { local, now, epochs } = this;
    const reply = await run(now);
    expect(reply.closed).toBe(local.closed);
    expect(reply.closedFor).toBeCloseTo(Math.max(local.closedUntil - now, 0), 2);
    // The script's rates are bounded.
    const rate = Math.min(local.rateAt(now), 1e9);
    if (!local.closed) expect(reply.rate / rate).toBeCloseTo(1, 9);
    const [localEpoch, epoch] = epochs.at(-1) ?? [0, 0];
    expect(reply.epoch > epoch).toBe(local.epoch > localEpoch);
    if (local.epoch > localEpoch) epochs.push([local.epoch, reply.epoch]);
  }
}

describeWithRedis('the script', () => {
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

  it('agrees with AdaptiveRate through any events', async () => {
    const first = fc.record({
      closedFor,
      burst: fc.integer({ min: 0, max: 200 }),
      span: fc.integer({ min: 0, max: 2000 }),
    });
    await fc.assert(
      fc.asyncProperty(
        first,
        fc.array(event, { maxLength: 40, size: 'max' }),
        async (throttle, events) => {
          await redis.flushall();
          const both = new Both();
          await both.throttle(0, 0, throttle.closedFor, throttle.burst, throttle.span);
          await both.compare();
          for (const event of events) await both.do(event);
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each([
    [100, 50_000 / 1100],
    [400, 50_000 / 1400],
    [401, ESTIMATOR.MIN_BURST],
  ])(
    'counts a success %d ms after the first throttle to the first burst up to 400 ms: %d per second',
    async (ms, rate) => {
      const { epoch } = await run(START, throttledFor(SECOND));
      await run(START + ms, { initialSuccesses: 50 });
      await run(START + SECOND, { wanted: 1 });
      const opened = await run(START + SECOND, { epoch, successes: 1 });
      expect(opened.rate).toBeCloseTo(rate, 6);
    },
  );

  it('keeps fractions of a millisecond', async () => {
    const now = START + 0.123;
    await run(now, throttledFor(1000.5));
    expect((await run(now + 1000)).closedFor).toBeCloseTo(0.5, 3);
  });

  describe('grants sends', () => {
    const seeded = (rate: number, wanted: number) => run(START, { rate, wanted });

    it.each([
      [1000, 100, 20, 1],
      [1000, 5, 5, 1],
      [220, 100, 4, 1000 / 220],
      [50, 100, 1, 20],
      [10, 100, 1, 100],
      [1, 100, 1, 1000],
      [1e6, 1e9, 20_000, 0.001],
    ])('at %d per second for 20 ms, and at least one', async (rate, wanted, sends, interval) => {
      const reply = await seeded(rate, wanted);
      expect(reply.sends).toBe(sends);
      expect(reply.interval).toBeCloseTo(interval, 9);
    });

    it('up to 40 ms ahead', async () => {
      const { sends, delay, interval } = await seeded(100, 2);
      expect([sends, delay, interval]).toEqual([2, 0, 10]);
      // The first sends make up for the last 50 ms.
      expect(await run(START, { wanted: 2 })).toMatchObject({ sends: 2, delay: 0 });
      expect(await run(START, { wanted: 2 })).toMatchObject({ sends: 2, delay: 0 });
      expect(await run(START, { wanted: 2 })).toMatchObject({ sends: 2, delay: 10 });
      expect(await run(START, { wanted: 2 })).toMatchObject({ sends: 2, delay: 30 });
      expect(await run(START, { wanted: 2 })).toMatchObject({ sends: 0, delay: 10 });
      expect(await run(START + 10, { wanted: 2 })).toMatchObject({ sends: 2, delay: 40 });
    });

    it('in turns of up to a second for callers that got none', async () => {
      await seeded(100, 2);
      for (let i = 0; i < 4; i += 1) await run(START, { wanted: 2 });
      const turns: number[] = [];
      while (turns.length < 60) turns.push((await run(START, { wanted: 2 })).delay);
      expect(turns.slice(0, 4)).toEqual([10, 30, 50, 70]);
      expect(turns.slice(-2)).toEqual([SECOND, SECOND]);
      for (const turn of turns.slice(0, 4)) {
        const { sends, delay } = await run(START + turn, { wanted: 2 });
        expect(sends).toBe(2);
        expect(delay).toBeCloseTo(40, 0);
      }
    });

    it('to many callers at no higher rate than to one', async () => {
      const local = new AdaptiveRate();
      local.resume(START, { rate: 100, closed: false, until: START });
      let localSends = 0;
      let scriptSends = 0;
      for (let now = START; now < START + 3 * SECOND; now += 5) {
        while (local.acquire(now).sends > 0) localSends += 1;
        for (const wanted of [1, 3, 50]) {
          const { sends, delay, interval } = await run(now, { rate: 100, wanted });
          scriptSends += sends;
          if (sends > 0) expect(delay + (sends - 1) * interval).toBeLessThan(60);
        }
      }
      expect(localSends).toBeGreaterThan(500);
      // Sends are granted ahead, at the rate of when they are granted.
      expect(Math.abs(scriptSends - localSends)).toBeLessThan(40);
    });

    it('to one prober; others ask again after 10 ms, then less often', async () => {
      await run(START, throttledFor(SECOND));
      const probedAt = START + SECOND;
      expect(await run(probedAt, { wanted: 9 })).toMatchObject({ sends: 1, delay: 0, interval: 0 });
      const later = async (ms: number) => {
        const { sends, delay } = await run(probedAt + ms, { wanted: 9 });
        return [sends, delay];
      };
      expect(await later(0)).toEqual([0, 10]);
      expect(await later(10)).toEqual([0, 10]);
      expect(await later(100)).toEqual([0, 50]);
      expect(await later(2000)).toEqual([0, 1000]);
      expect(await later(4000)).toEqual([0, 1000]);
      expect(await later(4999)).toEqual([0, 1]);
      expect(await later(RATE.PROBE_LEASE_MS)).toEqual([1, 0]);
      expect(await later(RATE.PROBE_LEASE_MS)).toEqual([0, 10]);
    });

    it('to no caller that wants none', async () => {
      await opened(SECOND, 100);
      for (let i = 0; i < 5; i += 1) expect((await run(START + SECOND)).sends).toBe(0);
      expect((await run(START + SECOND + 1, { wanted: 1 })).delay).toBeLessThan(20);
    });
  });

  describe('numbers epochs', () => {
    it('from the time in milliseconds, so that none comes twice when Redis forgets', async () => {
      const { epoch } = await run(START + 0.5, throttledFor(SECOND));
      expect(epoch).toBe(START);
      await redis.flushall();
      expect((await run(START + 7, throttledFor(SECOND))).epoch).toBe(START + 7);
      await redis.flushall();
      expect((await run(START + 9, { wanted: 1 })).epoch).toBe(START + 9);
    });

    it('upwards within a millisecond and when the time is set back, too', async () => {
      const first = await run(START, throttledFor(SECOND));
      const second = await run(START, throttledFor(SECOND, first.epoch));
      const third = await run(START - 3600 * SECOND, throttledFor(SECOND, second.epoch));
      expect([second.epoch, third.epoch]).toEqual([START + 1, START + 2]);
    });
  });

  describe('if Redis has forgotten the state', () => {
    it('continues at the rate of the caller, held for a while', async () => {
      expect(await run(START, { rate: 80 })).toMatchObject({
        closed: false,
        closedFor: 0,
        rate: 80,
      });
      expect((await run(START + RATE.MIN_HOLD_MS)).rate).toBeCloseTo(
        80 * (1 + RATE.HOLD_GROWTH),
        6,
      );
      expect((await run(START + RATE.MIN_HOLD_MS + RATE.SEARCH_DOUBLING_MS)).rate).toBeCloseTo(
        160 * (1 + RATE.HOLD_GROWTH),
        6,
      );
    });

    it('is closed for as long as the caller knows, and then probes', async () => {
      const known = { rate: 80, closedFor: 3 * SECOND, wanted: 5 };
      expect(await run(START, known)).toMatchObject({
        closed: true,
        closedFor: 3 * SECOND,
        sends: 0,
        delay: 3 * SECOND,
        rate: 80,
      });
      const { epoch, sends } = await run(START + 3 * SECOND, { wanted: 5 });
      expect(sends).toBe(1);
      const now = START + 3 * SECOND + 50;
      expect(await run(now, { epoch, successes: 1 })).toMatchObject({ closed: false, rate: 80 });
    });

    it('probes if the caller has not yet, and counts the answer to its probe', async () => {
      const epoch = START - 1000;
      const known = { epoch, rate: 80, closedFor: 0 };
      expect(await run(START, { ...known, wanted: 5 })).toMatchObject({
        epoch,
        sends: 1,
        closed: true,
      });
      await redis.flushall();
      expect(await run(START + 10, known)).toMatchObject({ epoch, closed: true });
      expect(await run(START + 20, { ...known, successes: 1 })).toMatchObject({
        closed: false,
        rate: 80,
      });
    });

    it('takes earlier sends for sends of an earlier epoch', async () => {
      const { epoch } = await run(START, {
        epoch: START - 1000,
        successes: 50,
        rate: 80,
        wanted: 1,
      });
      expect(epoch).toBe(START);
      const again = await run(START + 10, { ...throttledFor(SECOND, START - 1000), rate: 80 });
      expect(again).toMatchObject({ closed: true, rate: 80 });
    });

    it('starts over if the first report is a throttle', async () => {
      const { epoch, rate } = await run(START, { ...throttledFor(SECOND), rate: 80 });
      expect(rate).toBe(RATE.INITIAL_RATE);
      await run(START + SECOND, { wanted: 1 });
      const { rate: begun } = await run(START + SECOND, { epoch, successes: 1, rate: 80 });
      expect(begun).toBe(ESTIMATOR.MIN_BURST);
    });

    it('and only then uses what the caller knows', async () => {
      await run(START, { rate: 80 });
      const known = await run(START, { rate: 9, closedFor: 5 * SECOND });
      expect(known).toMatchObject({ closed: false, closedFor: 0, rate: 80 });
    });
  });

  describe('survives large numbers', () => {
    it.each([9e15, Number.MAX_SAFE_INTEGER, 3.2e11])('closed for %d ms', async (closedFor) => {
      const first = await run(START, throttledFor(closedFor));
      expect(first.closedFor / closedFor).toBeCloseTo(1, 12);
      const { sends, delay, closed } = await run(START + SECOND, { wanted: 1 });
      expect([sends, closed]).toEqual([0, true]);
      expect(delay / closedFor).toBeCloseTo(1, 8);
      expect(await redis.pttl(KEY)).toBeGreaterThan(31_535_000_000);
      expect(await redis.pttl(KEY)).toBeLessThanOrEqual(31_536_000_000);
    });

    it('such as a rate that has doubled for an hour', async () => {
      const { now } = await opened();
      let reply: ScriptResult | undefined;
      for (let t = 30 * SECOND; t <= 3600 * SECOND; t += 30 * SECOND) {
        reply = await run(now + t, { wanted: 1000 });
        expect(reply.sends).toBeGreaterThan(0);
      }
      expect(reply).toMatchObject({ closed: false, sends: 1000 });
      expect(reply?.interval).toBeLessThan(1e-3);
      const { epoch } = await run(now + 3600 * SECOND);
      const throttled = await run(now + 3600 * SECOND, throttledFor(SECOND, epoch));
      expect(throttled.closed).toBe(true);
      expect(throttled.rate).toBeLessThan(100);
    });

    it('such as an infinite rate of the caller', async () => {
      const { sends, interval } = await run(START, { rate: Infinity, wanted: 1000 });
      expect(sends).toBe(1000);
      expect(interval).toBeLessThan(1e-3);
    });
  });

  it('keeps a state for 60 s after its last use and closing', async () => {
    const left = async () => Math.round((await redis.pttl(KEY)) / SECOND);
    const { epoch } = await run(START, throttledFor(30 * SECOND));
    expect(await left()).toBe(90);
    for (const given of [
      {},
      { wanted: 1 },
      { epoch, successes: 1 },
      { ignored: true },
      { initialSuccesses: 2 },
    ]) {
      await run(START + 20 * SECOND, given);
      expect(await left()).toBe(70);
    }
    await run(START + 40 * SECOND, { epoch, wanted: 1 });
    expect(await left()).toBe(60);
    await run(START + 40 * SECOND, { epoch, successes: 1 });
    await run(START + 41 * SECOND, { wanted: 100 });
    expect(await left()).toBe(60);
    expect(await redis.dbsize()).toBe(1);
  });

  it('keeps a state of bounded size', async () => {
    const { epoch, now } = await opened();
    for (let t = 0; t < 300; t += 1) await run(now + 50 * t, { epoch, successes: 1 });
    expect(await redis.hlen(KEY)).toBeLessThan(120);
    expect(await redis.memory('USAGE', KEY)).toBeLessThan(10_000);
  });

  it('touches only its key', async () => {
    const twin = redis.duplicate();
    const monitor = await twin.monitor();
    try {
      const touched: string[][] = [];
      monitor.on('monitor', (_time: string, args: string[], source: string) => {
        if (source === 'lua') touched.push(args);
      });
      const { epoch, now } = await opened(SECOND, 20);
      await run(now, { epoch, successes: 1 });
      await run(now + 300, { ...throttledFor(SECOND, epoch), wanted: 1 });
      const results = { epoch, successes: 1, initialSuccesses: 1, ignored: true, wanted: 3 };
      await redis.eval(SCRIPT, 1, KEY, ...encodeArgs({ ...noRate, ...results }, noFleet));
      while (touched.at(-1)?.[0] !== 'PEXPIRE' || !touched.some(([name]) => name === 'TIME')) {
        await new Promise(setImmediate);
      }
      const names = new Set(touched.map(([name]) => name));
      expect([...names].sort()).toEqual(['HGET', 'HGETALL', 'HMGET', 'HSET', 'PEXPIRE', 'TIME']);
      const keys = new Set(touched.filter(([name]) => name !== 'TIME').map(([, key]) => key));
      expect([...keys]).toEqual([KEY]);
    } finally {
      monitor.disconnect();
      twin.disconnect();
    }
  });
});

const REPLY = [
  '1900000000000',
  '5.5',
  '1',
  '0',
  '5.5',
  '0',
  '10',
  '4',
  '0.5',
  '-1',
  String(START),
  '7',
  '0',
];

const withAt = (index: number, text: string): string[] =>
  REPLY.map((old, i) => (i === index ? text : old));

describe('decodeResult', () => {
  it('reads a reply of the script', () => {
    expect(decodeResult(REPLY)).toEqual({
      epoch: START,
      closedFor: 5.5,
      closed: true,
      sends: 0,
      delay: 5.5,
      interval: 0,
      rate: 10,
      lot: 4,
      share: 0.5,
      units: Infinity,
      createdAt: START,
      version: 7,
      quotaClosedFor: 0,
      quotas: [],
    });
  });

  it('reads quotas, of which any name will do', () => {
    const { units, quotas } = decodeResult([
      ...withAt(9, '3'),
      ...['a b', '9', '1000', '10', '60000', '__proto__', '0', '-1', '-1', '0'],
    ]);
    expect(units).toBe(3);
    expect(quotas).toEqual([
      { name: 'a b', remaining: 9, reset: 1000, limit: 10, window: 60_000 },
      { name: '__proto__', remaining: 0, reset: -1, limit: -1, window: 0 },
    ]);
  });

  it.each([
    undefined,
    null,
    'OK',
    7,
    {},
    [],
    REPLY.slice(1),
    [...REPLY, '8'],
    [...REPLY, 'name', '1', '2', '3'],
    [...REPLY, 'name', '1', '2', '3', 'x'],
    [...REPLY, 'name', '1', 'Infinity', '3', '4'],
    withAt(6, 'x'),
    withAt(6, '0'),
    withAt(7, '0'),
    withAt(0, '-1'),
    withAt(9, '-2'),
    Array(13).fill(null),
    Array(13).fill('0'),
    withAt(1, 'Infinity'),
    withAt(1, 'inf'),
    [...REPLY.slice(1), undefined],
    [...REPLY.slice(1), {}],
  ])('throws for any other reply: %p', (reply) => {
    expect(() => decodeResult(reply)).toThrow('axios-status-retry: unexpected reply from Redis');
  });
});

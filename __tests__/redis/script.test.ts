import fc from 'fast-check';
import { Redis } from 'ioredis';
import { AdaptiveRate, RATE } from '../../src/gate/adaptive-rate.js';
import { ESTIMATOR } from '../../src/gate/rate-estimator.js';
import type { ScriptArgs, ScriptResult } from '../../src/redis/script.js';
import { decodeResult, encodeArgs, SCRIPT } from '../../src/redis/script.js';
import { describeWithRedis, RedisServer } from '../support/redis-server.js';
import { timeArgs, timed } from '../support/redis-time.js';

const START = 1.9e12;
const SECOND = 1_000;
const KEY = 'gate:{https://api.example}';

/** Tells nothing and asks nothing. */
const nothing: ScriptArgs = {
  epoch: -1,
  successes: 0,
  initialSuccesses: 0,
  ignored: false,
  throttle: undefined,
  wanted: 0,
  rate: 10,
  closedFor: 0,
};

const refusedFor = (closedFor: number, epoch = 0, burst = 0, span = 0): Partial<ScriptArgs> => ({
  throttle: { epoch, closedFor, burst, span },
});

let server: RedisServer;
let redis: Redis & { ask(key: string, ...args: string[]): Promise<unknown> };

/** Asks at a time of the test's. */
async function ask(
  now: number,
  question: Partial<ScriptArgs> = {},
  key = KEY,
): Promise<ScriptResult> {
  const args = [...encodeArgs({ ...nothing, ...question }), ...timeArgs(now)];
  return decodeResult(await redis.ask(key, ...args));
}

/** A state that was refused for a second and whose probe has passed: open from then on. */
async function opened(closedFor = SECOND, burst = 0): Promise<{ epoch: number; now: number }> {
  const { epoch } = await ask(START, refusedFor(closedFor, 0, burst));
  const now = START + closedFor;
  expect((await ask(now, { wanted: 1 })).sends).toBe(1);
  expect((await ask(now, { epoch, successes: 1 })).closed).toBe(false);
  return { epoch, now };
}

/** What can happen to a key. `of`: which epoch a send is of; 0 is this one, 1 the one before, … */
type Event =
  | { readonly kind: 'open' }
  | { readonly kind: 'busy'; readonly ms: number }
  | { readonly kind: 'overrun'; readonly quiet: number; readonly ms: number; readonly each: number }
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'take' }
  | { readonly kind: 'passed'; readonly of: number; readonly count: number }
  | { readonly kind: 'lost'; readonly of: number }
  | { readonly kind: 'refused'; readonly of: number; readonly closedFor: number };

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
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('time' as const), ms }) },
  { weight: 5, arbitrary: fc.constant({ kind: 'take' } as const) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('passed' as const),
      of,
      count: fc.integer({ min: 1, max: 40 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lost' as const), of }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('refused' as const), of, closedFor }) },
);

/** `Pace` and the script side by side: what is told to the one is told to the other. */
class Both {
  now = START;
  readonly pace = new AdaptiveRate();
  /** The epochs of the one and of the other, the present one last. */
  readonly epochs: [pace: number, script: number][] = [[0, 0]];
  probedAt = 0;
  /** When the last one that found no leave was to come again. */
  turnAt = 0;

  async do(event: Event): Promise<void> {
    if (event.kind === 'time') this.now += event.ms;
    else if (event.kind === 'take') await this.take();
    else if (event.kind === 'open') await this.open();
    else if (event.kind === 'busy') await this.busy(event.ms);
    else if (event.kind === 'overrun') await this.overrun(event);
    else await this.tell(event);
    await this.compare();
  }

  /** It is waited for, and a probe passes. */
  async open(): Promise<void> {
    if (!this.pace.closed) return;
    this.now = Math.max(this.now, this.pace.closedUntil, this.probedAt + RATE.PROBE_LEASE_MS);
    await this.take();
    this.now += 5;
    await this.tell({ kind: 'passed', of: 0, count: 1 });
  }

  /** It is opened, and later sent to until that was too much; by then its rate may not be held any more. */
  async overrun({ quiet, ms, each }: Extract<Event, { quiet: number }>): Promise<void> {
    await this.open();
    this.now += quiet;
    await this.busy(ms, each);
    await this.tell({ kind: 'refused', of: 0, closedFor: SECOND });
    await this.compare();
    await this.open();
  }

  /** For so long one goes whenever one may, and passes; `each` is told as so many. */
  async busy(ms: number, each = 1): Promise<void> {
    for (const end = this.now + ms; this.now < end && !this.pace.closed; this.now += 20) {
      const sends = await this.take();
      if (sends > 0) await this.tell({ kind: 'passed', of: 0, count: each });
    }
  }

  async tell(event: Extract<Event, { of: number }>): Promise<void> {
    const [ours, epoch] = this.epochs[Math.max(this.epochs.length - 1 - event.of, 0)] ?? [0, 0];
    if (event.kind === 'passed') {
      // Told by then, what was sent at first counts for the script, as processes differ, and not for Pace.
      if (ours === 0 && this.now > START + ESTIMATOR.BURST_WINDOW_MS && this.now <= START + 400)
        return;
      this.pace.onSuccess(this.now, ours, event.count);
      const told =
        ours === 0 ? { initialSuccesses: event.count } : { epoch, successes: event.count };
      await ask(this.now, told);
    } else if (event.kind === 'lost') {
      this.pace.onIgnored(this.now, ours);
      await ask(this.now, { epoch, ignored: true });
    } else await this.refused(ours, epoch, event.closedFor);
  }

  async refused(ours: number, epoch: number, closedFor: number, burst = 0, span = 0) {
    this.pace.onThrottled(this.now, { epoch: ours, closedFor, burst, span });
    await ask(this.now, refusedFor(closedFor, epoch, burst, span));
  }

  /** Where `Pace` gives leave the script gives the same; where it does not, it tells the same time. */
  async take(): Promise<number> {
    const isOpen = !this.pace.closed;
    const closedFor = Math.max(this.pace.closedUntil - this.now, 0);
    const grant = this.pace.acquire(this.now);
    const ahead = isOpen && grant.sends === 0 ? 40 : 0;
    // What is due within that time the script gives ahead of its time, and Pace does not.
    if (ahead > 0 && grant.at - this.now <= ahead) return 0;
    const reply = await ask(this.now, { wanted: 1 });
    expect(reply.sends).toBe(grant.sends);
    if (grant.sends > 0) {
      expect(reply.delay).toBe(0);
      if (isOpen) expect(reply.interval).toBeCloseTo(grant.interval, 5);
      else this.probedAt = this.now;
      return grant.sends;
    }
    const wait = grant.at - this.now - ahead;
    // Who is not the prober looks again sooner, as nobody tells it that the probe is back.
    const again = Math.max(10, (this.now - this.probedAt) / 2);
    const turn = Math.min(this.turnAt + 1000 / this.pace.rateAt(this.now) - this.now, SECOND);
    if (isOpen) this.turnAt = this.now + Math.max(wait, turn);
    const isProbed = !isOpen && closedFor === 0;
    const told = isOpen ? this.turnAt - this.now : isProbed ? Math.min(wait, again) : wait;
    expect(reply.delay).toBeCloseTo(told, 2);
    return 0;
  }

  async compare(): Promise<void> {
    const { pace, now, epochs } = this;
    const reply = await ask(now);
    expect(reply.closed).toBe(pace.closed);
    expect(reply.closedFor).toBeCloseTo(Math.max(pace.closedUntil - now, 0), 2);
    // The script's rates are bounded, as an infinite one cannot be told.
    const rate = Math.min(pace.rateAt(now), 1e9);
    if (!pace.closed) expect(reply.rate / rate).toBeCloseTo(1, 9);
    const [ours, epoch] = epochs.at(-1) ?? [0, 0];
    expect(reply.epoch > epoch).toBe(pace.epoch > ours);
    if (pace.epoch > ours) epochs.push([pace.epoch, reply.epoch]);
  }
}

describeWithRedis('the script', () => {
  beforeAll(async () => {
    server = await RedisServer.start();
    redis = new Redis(server.port, {
      scripts: { ask: { lua: timed(SCRIPT), numberOfKeys: 1 } },
    }) as typeof redis;
  });
  afterEach(() => redis.flushall());
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  it('goes by the rule of Pace through anything that can happen', async () => {
    const first = fc.record({
      closedFor,
      burst: fc.integer({ min: 0, max: 200 }),
      span: fc.integer({ min: 0, max: 2000 }),
    });
    await fc.assert(
      fc.asyncProperty(
        first,
        fc.array(event, { maxLength: 40, size: 'max' }),
        async (refusal, events) => {
          await redis.flushall();
          const both = new Both();
          await both.refused(0, 0, refusal.closedFor, refusal.burst, refusal.span);
          await both.compare();
          for (const event of events) await both.do(event);
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);

  it.each([
    [100, 50_000 / 1100],
    [400, 50_000 / 1400],
    [401, RATE.INITIAL_RATE],
  ])(
    'takes what is told %d ms after the first refusal for the first burst, or not',
    async (ms, rate) => {
      const { epoch } = await ask(START, refusedFor(SECOND));
      await ask(START + ms, { initialSuccesses: 50 });
      await ask(START + SECOND, { wanted: 1 });
      const opened = await ask(START + SECOND, { epoch, successes: 1 });
      expect(opened.rate).toBeCloseTo(rate, 6);
    },
  );

  it('is told of times as they are, in fractions of a millisecond', async () => {
    const now = START + 0.123;
    await ask(now, refusedFor(1000.5));
    expect((await ask(now + 1000)).closedFor).toBeCloseTo(0.5, 3);
  });

  describe('gives leave', () => {
    const seeded = (rate: number, wanted: number) => ask(START, { rate, wanted });

    it.each([
      [1000, 100, 20, 1],
      [1000, 5, 5, 1],
      [220, 100, 4, 1000 / 220],
      [50, 100, 1, 20],
      [10, 100, 1, 100],
      [1, 100, 1, 1000],
      [1e6, 1e9, 20_000, 0.001],
    ])(
      'at %d/s for what is due in 20 ms, and for one at least',
      async (rate, wanted, sends, interval) => {
        const reply = await seeded(rate, wanted);
        expect(reply.sends).toBe(sends);
        expect(reply.interval).toBeCloseTo(interval, 9);
      },
    );

    it('ahead of its time by 40 ms and no more', async () => {
      const { sends, delay, interval } = await seeded(100, 2);
      expect([sends, delay, interval]).toEqual([2, 0, 10]);
      // What was not used in the last 50 ms is made up for.
      expect(await ask(START, { wanted: 2 })).toMatchObject({ sends: 2, delay: 0 });
      expect(await ask(START, { wanted: 2 })).toMatchObject({ sends: 2, delay: 0 });
      expect(await ask(START, { wanted: 2 })).toMatchObject({ sends: 2, delay: 10 });
      expect(await ask(START, { wanted: 2 })).toMatchObject({ sends: 2, delay: 30 });
      expect(await ask(START, { wanted: 2 })).toMatchObject({ sends: 0, delay: 10 });
      expect(await ask(START + 10, { wanted: 2 })).toMatchObject({ sends: 2, delay: 40 });
    });

    it('in turns of a second at most to those who find none', async () => {
      await seeded(100, 2);
      for (let i = 0; i < 4; i += 1) await ask(START, { wanted: 2 });
      const turns: number[] = [];
      while (turns.length < 60) turns.push((await ask(START, { wanted: 2 })).delay);
      expect(turns.slice(0, 4)).toEqual([10, 30, 50, 70]);
      expect(turns.slice(-2)).toEqual([SECOND, SECOND]);
      for (const turn of turns.slice(0, 4)) {
        const { sends, delay } = await ask(START + turn, { wanted: 2 });
        expect(sends).toBe(2);
        expect(delay).toBeCloseTo(40, 0);
      }
    });

    it('to all who ask together for no more than to one', async () => {
      const pace = new AdaptiveRate();
      pace.resume(START, { rate: 100, closed: false, until: START });
      let ours = 0;
      let theirs = 0;
      for (let now = START; now < START + 3 * SECOND; now += 5) {
        while (pace.acquire(now).sends > 0) ours += 1;
        for (const wanted of [1, 3, 50]) {
          const { sends, delay, interval } = await ask(now, { rate: 100, wanted });
          theirs += sends;
          if (sends > 0) expect(delay + (sends - 1) * interval).toBeLessThan(60);
        }
      }
      expect(ours).toBeGreaterThan(500);
      // What is given ahead, and that the rate is of when it is given.
      expect(Math.abs(theirs - ours)).toBeLessThan(40);
    });

    it('to one prober; the others look again after 10 ms, then less often, and never after its lease', async () => {
      await ask(START, refusedFor(SECOND));
      const asked = START + SECOND;
      expect(await ask(asked, { wanted: 9 })).toMatchObject({ sends: 1, delay: 0, interval: 0 });
      const later = async (ms: number) => {
        const { sends, delay } = await ask(asked + ms, { wanted: 9 });
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

    it('to nobody who does not ask for it', async () => {
      await opened(SECOND, 100);
      for (let i = 0; i < 5; i += 1) expect((await ask(START + SECOND)).sends).toBe(0);
      expect((await ask(START + SECOND + 1, { wanted: 1 })).delay).toBeLessThan(20);
    });
  });

  describe('counts epochs', () => {
    it('from the time in milliseconds on, so that none comes twice where Redis forgets', async () => {
      const { epoch } = await ask(START + 0.5, refusedFor(SECOND));
      expect(epoch).toBe(START);
      await redis.flushall();
      expect((await ask(START + 7, refusedFor(SECOND))).epoch).toBe(START + 7);
      await redis.flushall();
      expect((await ask(START + 9, { wanted: 1 })).epoch).toBe(START + 9);
    });

    it('upwards also within a millisecond and where its time is set back', async () => {
      const first = await ask(START, refusedFor(SECOND));
      const second = await ask(START, refusedFor(SECOND, first.epoch));
      const third = await ask(START - 3600 * SECOND, refusedFor(SECOND, second.epoch));
      expect([second.epoch, third.epoch]).toEqual([START + 1, START + 2]);
    });
  });

  describe('where Redis has forgotten the state', () => {
    it('goes on at the rate of who asks, held for a while', async () => {
      expect(await ask(START, { rate: 80 })).toMatchObject({
        closed: false,
        closedFor: 0,
        rate: 80,
      });
      expect((await ask(START + RATE.MIN_HOLD_MS)).rate).toBeCloseTo(
        80 * (1 + RATE.HOLD_GROWTH),
        6,
      );
      expect((await ask(START + RATE.MIN_HOLD_MS + RATE.SEARCH_DOUBLING_MS)).rate).toBeCloseTo(
        160 * (1 + RATE.HOLD_GROWTH),
        6,
      );
    });

    it('is closed for as long as who asks knows, and then probes', async () => {
      const known = { rate: 80, closedFor: 3 * SECOND, wanted: 5 };
      expect(await ask(START, known)).toMatchObject({
        closed: true,
        closedFor: 3 * SECOND,
        sends: 0,
        delay: 3 * SECOND,
        rate: 80,
      });
      const { epoch, sends } = await ask(START + 3 * SECOND, { wanted: 5 });
      expect(sends).toBe(1);
      const now = START + 3 * SECOND + 50;
      expect(await ask(now, { epoch, successes: 1 })).toMatchObject({ closed: false, rate: 80 });
    });

    it('takes what was sent before for sent before', async () => {
      const { epoch } = await ask(START, {
        epoch: START - 1000,
        successes: 50,
        rate: 80,
        wanted: 1,
      });
      expect(epoch).toBe(START);
      const again = await ask(START + 10, { ...refusedFor(SECOND, START - 1000), rate: 80 });
      expect(again).toMatchObject({ closed: true, rate: 80 });
    });

    it('begins anew where the first that it hears is a refusal', async () => {
      const { epoch, rate } = await ask(START, { ...refusedFor(SECOND), rate: 80 });
      expect(rate).toBe(RATE.INITIAL_RATE);
      await ask(START + SECOND, { wanted: 1 });
      const { rate: begun } = await ask(START + SECOND, { epoch, successes: 1, rate: 80 });
      expect(begun).toBe(RATE.INITIAL_RATE);
    });

    it('and only there takes what who asks knows', async () => {
      await ask(START, { rate: 80 });
      const known = await ask(START, { rate: 9, closedFor: 5 * SECOND });
      expect(known).toMatchObject({ closed: false, closedFor: 0, rate: 80 });
    });
  });

  describe('loses no number', () => {
    it.each([9e15, Number.MAX_SAFE_INTEGER, 3.2e11])('closed for %d ms', async (closedFor) => {
      const first = await ask(START, refusedFor(closedFor));
      expect(first.closedFor / closedFor).toBeCloseTo(1, 12);
      const { sends, delay, closed } = await ask(START + SECOND, { wanted: 1 });
      expect([sends, closed]).toEqual([0, true]);
      expect(delay / closedFor).toBeCloseTo(1, 8);
      expect(await redis.pttl(KEY)).toBeGreaterThan(31_535_000_000);
      expect(await redis.pttl(KEY)).toBeLessThanOrEqual(31_536_000_000);
    });

    it('at any rate, also one that has doubled for an hour', async () => {
      const { now } = await opened();
      let reply: ScriptResult | undefined;
      for (let t = 30 * SECOND; t <= 3600 * SECOND; t += 30 * SECOND) {
        reply = await ask(now + t, { wanted: 1000 });
        expect(reply.sends).toBeGreaterThan(0);
      }
      expect(reply).toMatchObject({ closed: false, sends: 1000 });
      expect(reply?.interval).toBeLessThan(1e-3);
      const { epoch } = await ask(now + 3600 * SECOND);
      const refused = await ask(now + 3600 * SECOND, refusedFor(SECOND, epoch));
      expect(refused.closed).toBe(true);
      expect(refused.rate).toBeLessThan(100);
    });

    it('where who asks says that its rate is infinite', async () => {
      const { sends, interval } = await ask(START, { rate: Infinity, wanted: 1000 });
      expect(sends).toBe(1000);
      expect(interval).toBeLessThan(1e-3);
    });
  });

  it('keeps each state for 60 s after it was asked or opened last', async () => {
    const left = async () => Math.round((await redis.pttl(KEY)) / SECOND);
    const { epoch } = await ask(START, refusedFor(30 * SECOND));
    expect(await left()).toBe(90);
    for (const told of [
      {},
      { wanted: 1 },
      { epoch, successes: 1 },
      { ignored: true },
      { initialSuccesses: 2 },
    ]) {
      await ask(START + 20 * SECOND, told);
      expect(await left()).toBe(70);
    }
    await ask(START + 40 * SECOND, { epoch, wanted: 1 });
    expect(await left()).toBe(60);
    await ask(START + 40 * SECOND, { epoch, successes: 1 });
    await ask(START + 41 * SECOND, { wanted: 100 });
    expect(await left()).toBe(60);
    expect(await redis.dbsize()).toBe(1);
  });

  it('keeps no more of a state however long it goes on', async () => {
    const { epoch, now } = await opened();
    for (let t = 0; t < 300; t += 1) await ask(now + 50 * t, { epoch, successes: 1 });
    expect(await redis.hlen(KEY)).toBeLessThan(100);
    expect(await redis.memory('USAGE', KEY)).toBeLessThan(10_000);
  });

  it('touches its key and nothing else', async () => {
    const twin = redis.duplicate();
    const monitor = await twin.monitor();
    try {
      const touched: string[][] = [];
      monitor.on('monitor', (_time: string, args: string[], source: string) => {
        if (source === 'lua') touched.push(args);
      });
      const { epoch, now } = await opened(SECOND, 20);
      await ask(now, { epoch, successes: 1 });
      await ask(now + 300, { ...refusedFor(SECOND, epoch), wanted: 1 });
      const told = { epoch, successes: 1, initialSuccesses: 1, ignored: true, wanted: 3 };
      await redis.eval(SCRIPT, 1, KEY, ...encodeArgs({ ...nothing, ...told }));
      while (touched.at(-1)?.[0] !== 'PEXPIRE' || !touched.some(([name]) => name === 'TIME')) {
        await new Promise(setImmediate);
      }
      const names = new Set(touched.map(([name]) => name));
      expect([...names].sort()).toEqual(['HGET', 'HMGET', 'HSET', 'PEXPIRE', 'TIME']);
      const keys = new Set(touched.filter(([name]) => name !== 'TIME').map(([, key]) => key));
      expect([...keys]).toEqual([KEY]);
    } finally {
      monitor.disconnect();
      twin.disconnect();
    }
  });
});

describe('an answer of the script', () => {
  it('is read as it is', () => {
    expect(decodeResult(['1900000000000', '5.5', '1', '0', '5.5', '0', '10'])).toEqual({
      epoch: START,
      closedFor: 5.5,
      closed: true,
      sends: 0,
      delay: 5.5,
      interval: 0,
      rate: 10,
    });
  });

  it.each([
    undefined,
    null,
    'OK',
    7,
    {},
    [],
    ['1', '2', '3', '4', '5', '6'],
    ['1', '2', '3', '4', '5', '6', '7', '8'],
    ['1', '2', '3', '4', '5', '6', 'x'],
    [1, 2, 3, 4, 5, 6, undefined],
  ])('that is %p is none', (reply) => {
    expect(() => decodeResult(reply)).toThrow('axios-status-retry: unexpected reply from Redis');
  });
});

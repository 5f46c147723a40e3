import type { GateSettings } from '../../src/gate/options.js';
import type { Quota } from '../../src/hints/quota.js';
import type { FleetRequest, ScriptResult } from '../../src/redis/script.js';
import { SharedAdmission } from '../../src/redis/shared-admission.js';
import { MonotonicTimers } from '../../src/wait/monotonic-timers.js';
import { stubClock } from '../support/stub-server.js';

const START = Date.UTC(2030, 0, 1);
const SECOND = 1_000;

const RESULT: ScriptResult = {
  epoch: 0,
  closedFor: 0,
  closed: true,
  sends: 0,
  delay: 0,
  interval: 0,
  rate: 10,
  lot: 4,
  share: 1,
  units: Infinity,
  createdAt: START,
  version: 1,
  quotaClosedFor: 0,
  quotas: [],
};

/** The arguments of a run, by name, as far as they are looked at. */
type Args = Pick<FleetRequest, 'demand' | 'sending' | 'size' | 'grown' | 'inFlight'> & {
  quotas: string[];
};

function argsOf(texts: readonly string[]): Args {
  const [demand, sending, size, grown] = texts.slice(13, 17).map(Number) as [
    number,
    number,
    number,
    number,
  ];
  return { demand, sending, size, grown, inFlight: Number(texts[18]), quotas: texts.slice(24) };
}

function setUp(given: Partial<GateSettings> = {}) {
  const clock = stubClock(START);
  const timers = new MonotonicTimers(clock, () => {});
  const runs: Args[] = [];
  const redis = { away: false, latency: 1, reply: { ...RESULT } as ScriptResult | undefined };
  let version = 0;
  const key = {
    get away() {
      return redis.away;
    },
    connection: {
      get latency() {
        return redis.latency;
      },
      listener: { listening: true, channel: 'news', process: 'me' },
    },
    async run(args: readonly string[]): Promise<ScriptResult | undefined> {
      runs.push(argsOf(args));
      const { reply, latency } = redis;
      await new Promise<void>((resolve) => clock.setTimeout(resolve, latency));
      version += 1;
      return reply && { ...reply, version };
    },
  };
  const settings = { initialConcurrency: 32, reserve: 0, ...given } as GateSettings;
  const onChange = jest.fn();
  const admission = new SharedAdmission(key as never, timers, settings, onChange);
  const now = () => timers.now();
  /** True if a send was admitted, now. */
  const admit = (queued = 1): boolean =>
    admission.tryAdmit() || admission.admit(now(), 1, queued) === 0;
  const sent = () => ({ epoch: admission.epoch, at: now(), cost: 1 });
  function succeed(...quotas: Quota[]): void {
    admission.onQuotas(now(), sent(), quotas);
    admission.onSuccess(now(), sent());
  }
  /** A process whose first request has been answered. */
  async function started(): Promise<void> {
    expect(admit()).toBe(false);
    await clock.advance(redis.latency);
    expect(admit()).toBe(true);
    succeed();
    runs.splice(0);
    onChange.mockClear();
  }
  return { clock, redis, runs, admission, onChange, now, admit, sent, succeed, started };
}

const quotas = (() => []) as GateSettings['quotas'];
const minute = (remaining: number): Quota => ({
  name: 'minute',
  remaining,
  reset: 60 * SECOND,
  limit: 1000,
  window: 60 * SECOND,
});

describe('the first request of a process', () => {
  it('asks Redis, once for all that come at once', async () => {
    const { admit, runs, clock, onChange } = setUp();
    for (let i = 1; i <= 9; i += 1) expect(admit(i)).toBe(false);
    await clock.advance(1);
    expect(runs).toMatchObject([{ demand: 9, size: 0, grown: 0 }]);
    expect(onChange).toHaveBeenCalledTimes(1);
    expect([admit(9), admit(8), admit(7), admit(6), admit(5)]).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
  });

  it('goes by the limits of its own process if Redis is away', async () => {
    const { admit, redis, clock } = setUp();
    redis.reply = undefined;
    redis.away = true;
    expect(admit()).toBe(false);
    await clock.advance(1);
    for (let i = 0; i < 32; i += 1) expect(admit()).toBe(true);
    expect(admit()).toBe(false);
  });
});

it('asks a Redis that is away ever less often, while the window is full', async () => {
  const { admission, admit, now, runs, redis, clock, onChange } = setUp();
  Object.assign(redis, { reply: undefined, away: true, latency: 0 });
  onChange.mockImplementation(() => admission.admit(now(), 1, 1));
  admit();
  for (let i = 0; i < 100; i += 1) {
    await clock.advance(100);
    if (runs.length > 200) throw new Error('It asks without a pause.');
    admit();
  }
  expect(runs.length).toBeLessThan(20);
});

describe('later requests wait for no answer', () => {
  it('and ask for nothing, while less than half of the lot is in use', async () => {
    const { admit, runs, clock, succeed, started } = setUp();
    await started();
    for (let i = 0; i < 100; i += 1) {
      expect(admit(0)).toBe(true);
      succeed();
      await clock.advance(500);
    }
    expect(runs).toEqual([]);
  });

  it('also after a long time without any, where no quota is known', async () => {
    const { admit, clock, started } = setUp();
    await started();
    await clock.advance(60 * SECOND);
    for (let i = 0; i < 5; i += 1) expect(admit(0)).toBe(true);
  });

  it('and ask for more when half of the lot is in use', async () => {
    const { admit, runs, clock, started, redis } = setUp();
    await started();
    for (let i = 0; i < 4; i += 1) expect(admit(0)).toBe(true);
    redis.reply = { ...RESULT, lot: 12 };
    await clock.advance(1);
    expect(runs).toHaveLength(1);
    for (let i = 0; i < 8; i += 1) expect(admit(0)).toBe(true);
  });

  it('and ask ever less often while there is no more', async () => {
    const { admit, runs, clock, started } = setUp();
    await started();
    for (let i = 0; i < 1000; i += 1) {
      admit(50);
      await clock.advance(10);
    }
    expect(runs.length).toBeLessThan(14);
    expect(runs.length).toBeGreaterThan(8);
  });
});

describe('units of a quota', () => {
  async function toldWith(units: number, remaining = 500) {
    const all = setUp({ quotas });
    await all.started();
    all.redis.reply = { ...RESULT, lot: 100, units };
    expect(all.admit(0)).toBe(true);
    all.succeed(minute(remaining));
    await all.clock.advance(1);
    return all;
  }

  it('are asked for at the first answer that tells a quota, which Redis is told', async () => {
    const { runs } = await toldWith(10);
    expect(runs).toMatchObject([
      { inFlight: 0, quotas: ['minute', '500', expect.any(String), '1000', '60000', '0'] },
    ]);
  });

  it('are an eighth of what is left until Redis has answered', async () => {
    const all = setUp({ quotas });
    await all.started();
    Object.assign(all.redis, { latency: 300 });
    all.redis.reply = { ...RESULT, lot: 100, units: 400 };
    all.admission.onSuccess(all.now(), all.sent());
    for (let i = 0; i < 60; i += 1) all.admission.onSuccess(all.now(), all.sent());
    expect(all.admit(0)).toBe(true);
    all.succeed(minute(80));
    let sends = 0;
    while (all.admit(50)) sends += 1;
    expect(sends).toBe(10);
    await all.clock.advance(301);
    expect(all.admit(40)).toBe(true);
  });

  it('are spent, and asked for again when half of them are', async () => {
    const { admit, runs, clock, redis } = await toldWith(10);
    runs.splice(0);
    for (let i = 0; i < 5; i += 1) expect(admit(0)).toBe(true);
    expect(runs).toEqual([]);
    expect(admit(0)).toBe(true);
    redis.reply = { ...RESULT, lot: 100, units: 7 };
    await clock.advance(1);
    expect(runs).toHaveLength(1);
    for (let i = 0; i < 7; i += 1) expect(admit(0)).toBe(true);
    expect(admit(1)).toBe(false);
  });

  it('never hold a lone send of a slow process', async () => {
    const { admit, succeed, clock, runs } = await toldWith(3);
    runs.splice(0);
    for (let i = 0; i < 10; i += 1) {
      await clock.advance(10 * SECOND - 5);
      expect(admit(0)).toBe(true);
      await clock.advance(5);
      succeed(minute(400 - i));
    }
    expect(runs.length).toBeLessThanOrEqual(10);
  });

  it('are missing: an answer without any sets a time to ask again', async () => {
    const { admission, admit, clock, now, redis, onChange } = await toldWith(1);
    expect(admit(0)).toBe(true);
    redis.reply = { ...RESULT, lot: 100, units: 0 };
    redis.latency = 200;
    let askAt = 0;
    onChange.mockImplementation(() => {
      askAt = admission.admit(now(), 1, 1);
    });
    admit(1);
    await clock.advance(SECOND);
    expect(askAt).toBeGreaterThan(0);
    expect(askAt).toBeLessThan(Infinity);
  });

  it('are not raised by what Redis knows, as that may be older', async () => {
    const { admission, clock, now, redis } = await toldWith(10, 500);
    const old = {
      name: 'minute',
      remaining: 600,
      reset: 59 * SECOND,
      limit: 1000,
      window: 60 * SECOND,
    };
    redis.reply = { ...RESULT, quotas: [old] };
    admission.refresh();
    await clock.advance(1);
    expect(admission.quotaAt(now())).toMatchObject({ remaining: 500 });
  });

  it('are given back when another process gets none', async () => {
    const { admission, runs, onChange } = await toldWith(10);
    runs.splice(0);
    onChange.mockClear();
    admission.onNews({ ...RESULT, units: 0, version: 99 });
    await Promise.resolve();
    expect(runs).toMatchObject([{ demand: 0, inFlight: 0 }]);
    expect(onChange).toHaveBeenCalled();
  });

  it('are missing: no request waits for ever, whenever the answer comes', async () => {
    const { admit, clock, redis, onChange } = await toldWith(1);
    expect(admit(0)).toBe(true);
    redis.reply = { ...RESULT, lot: 100, units: 0 };
    for (const latency of [1, 300, 5, 450, 1]) {
      redis.latency = latency;
      onChange.mockClear();
      expect(admit(1)).toBe(false);
      await clock.advance(SECOND);
      expect(onChange.mock.calls.length).toBeGreaterThan(0);
    }
    redis.reply = { ...RESULT, lot: 100, units: 1 };
    for (let i = 0; i < 300; i += 1) await clock.advance(1);
    admit(1);
    await clock.advance(SECOND);
    expect(admit(1)).toBe(true);
  });
});

describe('news', () => {
  const closed = { ...RESULT, epoch: 9, closedFor: 5 * SECOND, version: 7 };

  it('closes the key at once', async () => {
    const { admission, started, admit, now, onChange } = setUp();
    await started();
    admission.onNews(closed);
    expect([admission.throttled, admission.closed]).toEqual([true, true]);
    expect(admission.closedUntil(now())).toBe(now() + 5 * SECOND);
    expect(admit()).toBe(false);
    expect(onChange).toHaveBeenCalled();
  });

  it('that is older than what is known is ignored', async () => {
    const { admission, started } = setUp();
    await started();
    admission.onNews({ ...closed, version: 0 });
    expect(admission.throttled).toBe(false);
  });

  it('of another state makes it ask Redis: that may have begun anew, or be another database', async () => {
    const { admission, started, runs, clock } = setUp();
    await started();
    admission.onNews({ ...closed, createdAt: START + 1 });
    await clock.advance(2);
    expect(runs).toHaveLength(1);
    expect(admission.throttled).toBe(false);
  });

  it('that has overtaken an answer counts, not the answer', async () => {
    const { admission, started, admit, clock } = setUp();
    await started();
    for (let i = 0; i < 3; i += 1) admit(0);
    await Promise.resolve();
    admission.onNews(closed);
    await clock.advance(2);
    expect(admission.closed).toBe(true);
  });

  it('of a version that Redis has lost again does not count for ever', async () => {
    const { admission, started, clock, redis } = setUp();
    await started();
    admission.onNews({ ...closed, version: 1e15 });
    redis.reply = { ...RESULT, epoch: 9, closed: false };
    admission.refresh();
    await clock.advance(1);
    expect(admission.closed).toBe(false);
  });

  it('during a question makes it ask again', async () => {
    const { admission, started, clock, runs } = setUp();
    await started();
    admission.refresh();
    await Promise.resolve();
    admission.refresh();
    await clock.advance(5);
    expect(runs).toHaveLength(2);
  });
});

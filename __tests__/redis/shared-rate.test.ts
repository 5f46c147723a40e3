import fc from 'fast-check';
import { AdaptiveRate } from '../../src/gate/adaptive-rate.js';
import type { Grant } from '../../src/gate/rate-limiter.js';
import { RedisConnection, RedisKey } from '../../src/redis/connection.js';
import { decodeResult, encodeArgs } from '../../src/redis/script.js';
import type { SharedKey } from '../../src/redis/shared-rate.js';
import { SharedRate } from '../../src/redis/shared-rate.js';
import { MonotonicTimers } from '../../src/wait/monotonic-timers.js';
import { noFleet } from '../support/redis-requests.js';
import { stubClock } from '../support/stub-server.js';

const START = Date.UTC(2030, 0, 1);
const SECOND = 1_000;

/** The arguments of a run of the script, by name. */
interface Args {
  readonly epoch: number;
  readonly successes: number;
  readonly initialSuccesses: number;
  readonly ignored: number;
  readonly closedFor: number;
  readonly throttleEpoch: number;
  readonly burst: number;
  readonly span: number;
  readonly wanted: number;
  readonly rate: number;
  readonly knownClosedFor: number;
}

const NAMES = [
  'epoch',
  'successes',
  'initialSuccesses',
  'ignored',
  'closedFor',
  'throttleEpoch',
  'burst',
  'span',
  'wanted',
  'rate',
  'knownClosedFor',
];

/** The reply of a fake Redis. The defaults are those of an open key at 50 per second. */
interface Reply {
  readonly epoch?: number;
  readonly closedFor?: number;
  readonly closed?: boolean;
  readonly sends?: number;
  readonly delay?: number;
  readonly interval?: number;
  readonly rate?: number;
}

function textOf(reply: Reply): string[] {
  const { epoch = 100, closedFor = 0, closed = false } = reply;
  const { sends = 0, delay = 0, interval = 20, rate = 50 } = reply;
  const rest = [4, 1, -1, START, 1, 0];
  return [epoch, closedFor, Number(closed), sends, delay, interval, rate, ...rest].map(String);
}

function setUp() {
  const clock = stubClock(START);
  const timers = new MonotonicTimers(clock, () => {});
  const runs: Args[] = [];
  let reply: Reply | Error | 'never' = {};
  async function run(_key: string, args: readonly string[]): Promise<unknown> {
    const values = Object.fromEntries(NAMES.map((name, i) => [name, Number(args[i])]));
    runs.push(values as unknown as Args);
    if (reply === 'never') return new Promise(() => {});
    if (reply instanceof Error) throw reply;
    return textOf(reply);
  }
  const listener = { begin: () => {} };
  const connection = new RedisConnection(run, 500, () => {}, listener as never);
  const onChange = jest.fn();
  const redisKey = new RedisKey('k', connection, timers);
  const key: SharedKey = {
    run: (request) => redisKey.run(encodeArgs(request, noFleet)),
    latency: 0,
    get away() {
      return redisKey.away;
    },
  };
  const sharedRate = new SharedRate(key, timers, onChange);
  const now = () => timers.now();
  const settle = () => clock.advance(0);
  async function withReply<T>(next: Reply | Error | 'never', act: () => T): Promise<Awaited<T>> {
    reply = next;
    const result = await act();
    await settle();
    return result;
  }
  /** A throttle of a second, then a successful probe: Redis says that the key is open. */
  async function opened(): Promise<void> {
    const closed = { closed: true, closedFor: SECOND };
    await withReply(closed, () => sharedRate.onThrottled(now(), { epoch: 0, closedFor: SECOND }));
    await clock.advance(SECOND);
    await withReply({ closed: true, sends: 1 }, () => acquire());
    await withReply({}, () => sharedRate.onSuccess(now(), sharedRate.epoch));
    runs.splice(0);
    onChange.mockClear();
  }
  /** Acquires a send, after Redis has been asked if it has to be. */
  async function acquire(wanted = 1): Promise<{ sends: number; at: number }> {
    let at = sharedRate.acquire(now(), wanted);
    if (at === Infinity) {
      await settle();
      at = sharedRate.acquire(now(), wanted);
    }
    return at === 0 ? { sends: 1, at: now() } : { sends: 0, at };
  }
  /** Redis becomes unavailable; it is tried again a second later. */
  const fail = () => withReply(new Error('gone'), () => acquire());
  return {
    clock,
    connection,
    key,
    sharedRate,
    runs,
    onChange,
    now,
    withReply,
    opened,
    acquire,
    fail,
  };
}

describe('a throttle', () => {
  it('is reported at once, with the burst before it', async () => {
    const { sharedRate, now, withReply, runs } = setUp();
    const throttle = { epoch: 0, closedFor: 5 * SECOND, burst: 9, span: 40 };
    await withReply({ closed: true }, () => sharedRate.onThrottled(now(), throttle));
    expect(runs).toEqual([
      {
        epoch: 0,
        successes: 0,
        initialSuccesses: 0,
        ignored: 0,
        closedFor: 5 * SECOND,
        throttleEpoch: 0,
        burst: 9,
        span: 40,
        wanted: 0,
        rate: 10,
        knownClosedFor: 5 * SECOND,
      },
    ]);
  });

  it('closes the key before Redis has answered', async () => {
    const { sharedRate, now, withReply } = setUp();
    expect([sharedRate.epoch, sharedRate.closed]).toEqual([0, true]);
    await withReply('never', () => sharedRate.onThrottled(now(), { epoch: 0, closedFor: SECOND }));
    expect([sharedRate.epoch, sharedRate.closed, sharedRate.closedUntil]).toEqual([
      1,
      true,
      START + SECOND,
    ]);
  });

  it('of the present epoch is reported with the epoch that Redis has', async () => {
    const { sharedRate, now, withReply, opened, runs } = setUp();
    await opened();
    const { epoch } = sharedRate;
    await withReply({ epoch: 200 }, () =>
      sharedRate.onThrottled(now(), { epoch, closedFor: SECOND }),
    );
    expect(runs).toMatchObject([{ throttleEpoch: 100, closedFor: SECOND }]);
  });

  it('of an earlier epoch is reported without an epoch', async () => {
    const { sharedRate, now, withReply, opened, runs } = setUp();
    await opened();
    for (const epoch of [0, sharedRate.epoch - 1]) {
      await withReply({}, () => sharedRate.onThrottled(now(), { epoch, closedFor: SECOND }));
    }
    expect(runs).toMatchObject([{ throttleEpoch: -1 }, { throttleEpoch: -1 }]);
  });

  it('voids a grant that is still to arrive', async () => {
    const { sharedRate, now, opened, acquire, withReply } = setUp();
    await opened();
    await withReply({ sends: 5 }, () => {
      sharedRate.acquire(now(), 5);
      const throttle = { epoch: sharedRate.epoch, closedFor: 3 * SECOND };
      void withReply('never', () => sharedRate.onThrottled(now(), throttle));
    });
    expect(await acquire()).toEqual({ sends: 0, at: now() + 3 * SECOND });
    expect(sharedRate.closed).toBe(true);
  });

  it('does not shorten a longer closing', async () => {
    const { sharedRate, now, withReply } = setUp();
    const throttle = (closedFor: number) =>
      withReply({ closed: true, closedFor }, () =>
        sharedRate.onThrottled(now(), { epoch: 0, closedFor }),
      );
    await throttle(9 * SECOND);
    await throttle(SECOND);
    expect(sharedRate.closedUntil).toBe(START + 9 * SECOND);
  });
});

describe('a grant', () => {
  it('is what Redis says, on the clock of this process', async () => {
    const { opened, acquire, withReply, now, runs, clock } = setUp();
    await opened();
    const granted = { sends: 3, delay: 15, interval: 5 };
    expect(await withReply(granted, () => acquire(8))).toEqual({ sends: 0, at: now() + 15 });
    expect(runs).toMatchObject([{ wanted: 8, epoch: 100, closedFor: -1 }]);
    await clock.advance(15);
    for (let i = 0; i < 3; i += 1) {
      expect(await acquire(8)).toEqual({ sends: 1, at: now() });
      if (i < 2) expect(await acquire(8)).toEqual({ sends: 0, at: now() + 5 });
      await clock.advance(5);
    }
    expect(runs).toHaveLength(1);
  });

  it('begins when the reply arrives', async () => {
    const { opened, sharedRate, clock, connection, now } = setUp();
    await opened();
    const late = (): Promise<unknown> =>
      new Promise((resolve) => clock.setTimeout(() => resolve(textOf({ delay: 30 })), 200));
    Object.assign(connection, { runScript: late });
    expect(sharedRate.acquire(now(), 1)).toBe(Infinity);
    await clock.advance(200);
    expect(sharedRate.acquire(now(), 1)).toBe(now() + 30);
  });

  it('does not begin during a closing that this process knows of', async () => {
    const { sharedRate, now, acquire, withReply } = setUp();
    await withReply({}, () => sharedRate.onThrottled(now(), { epoch: 0, closedFor: SECOND }));
    const grant = await withReply({ sends: 1, delay: 0 }, () => acquire());
    expect(grant).toEqual({ sends: 0, at: START + SECOND });
  });

  it('has a new epoch after a throttle of another process', async () => {
    const { opened, acquire, withReply, sharedRate } = setUp();
    await opened();
    const before = sharedRate.epoch;
    const again = { epoch: 300, closed: true, closedFor: 7 * SECOND, delay: 7 * SECOND };
    expect(await withReply(again, () => acquire())).toMatchObject({ sends: 0 });
    expect(sharedRate.epoch).toBe(before + 1);
    expect([sharedRate.closed, sharedRate.closedUntil]).toEqual([true, START + 8 * SECOND]);
  });

  it('is void once another process has closed the key', async () => {
    const { opened, acquire, withReply, sharedRate, now, runs } = setUp();
    await opened();
    await withReply({ sends: 9, interval: 0.1 }, () => acquire(9));
    sharedRate.onNews(decodeResult(textOf({ epoch: 300, closed: true, closedFor: SECOND })));
    expect(await acquire(8)).toEqual({ sends: 0, at: now() + SECOND });
    expect(runs).toHaveLength(1);
  });

  it('is void when news of a closing has overtaken it', async () => {
    const { opened, sharedRate, now, clock, key } = setUp();
    await opened();
    const late = { ...decodeResult(textOf({ sends: 9 })), stale: true };
    Object.assign(key, { run: async () => late });
    expect(sharedRate.acquire(now(), 9)).toBe(Infinity);
    sharedRate.onNews(decodeResult(textOf({ epoch: 300, closed: true, closedFor: SECOND })));
    await clock.advance(SECOND);
    // It asks for the probe.
    expect(sharedRate.acquire(now(), 9)).toBe(Infinity);
  });

  it('is fetched ahead, when the one before it lasts for less than two answers', async () => {
    const { opened, acquire, withReply, clock, runs, key } = setUp();
    Object.assign(key, { latency: 100 });
    await opened();
    const granted = { sends: 10, interval: 30 };
    await withReply(granted, () => acquire(50));
    for (let i = 1; i < 4; i += 1) {
      await clock.advance(30);
      expect(await acquire(50)).toMatchObject({ sends: 1 });
    }
    expect(runs).toHaveLength(1);
    await clock.advance(30);
    expect(await withReply({ ...granted, delay: 180 }, () => acquire(50))).toMatchObject({
      sends: 1,
    });
    await acquire(50);
    expect(runs).toHaveLength(2);
    for (let i = 0; i < 15; i += 1) {
      await clock.advance(30);
      expect(await acquire(50)).toMatchObject({ sends: 1 });
    }
  });
});

describe('a probe', () => {
  it('is asked for before the key opens, by the time that Redis takes', async () => {
    const { sharedRate, now, withReply, acquire, clock, runs, key } = setUp();
    Object.assign(key, { latency: 100 });
    const closed = { closed: true, closedFor: SECOND };
    await withReply(closed, () => sharedRate.onThrottled(now(), { epoch: 0, closedFor: SECOND }));
    expect(await acquire()).toEqual({ sends: 0, at: START + 900 });
    await clock.advance(900);
    const probe = { closed: true, closedFor: 100, sends: 1, delay: 100, interval: 0 };
    expect(await withReply(probe, () => acquire())).toEqual({ sends: 0, at: START + SECOND });
    expect(runs).toHaveLength(2);
    await clock.advance(100);
    expect((await acquire()).sends).toBe(1);
    expect(runs).toHaveLength(2);
  });

  it('that succeeded asks for the calls that wait', async () => {
    const { sharedRate, now, withReply, acquire, runs } = setUp();
    await withReply({ closed: true }, () =>
      sharedRate.onThrottled(now(), { epoch: 0, closedFor: 0 }),
    );
    await withReply({ closed: true, sends: 1 }, () => acquire(7));
    await withReply({ sends: 3 }, () => sharedRate.onSuccess(now(), sharedRate.epoch));
    expect(runs.at(-1)).toMatchObject({ successes: 1, wanted: 6 });
    expect((await acquire(6)).sends).toBe(1);
    expect(runs).toHaveLength(3);
  });
});

describe('without a grant, Redis is not asked again', () => {
  const none = { sends: 0, delay: 300 };

  it('before the time that it says', async () => {
    const { opened, acquire, withReply, now, clock, runs } = setUp();
    await opened();
    const at = now() + 300;
    expect(await withReply(none, () => acquire())).toMatchObject({ sends: 0, at });
    await clock.advance(299);
    expect(await acquire()).toMatchObject({ sends: 0, at });
    expect(runs).toHaveLength(1);
    await clock.advance(1);
    await acquire();
    expect(runs).toHaveLength(2);
  });

  it('unless a probe of this process has succeeded since', async () => {
    const { sharedRate, now, withReply, acquire, runs } = setUp();
    await withReply({ closed: true }, () =>
      sharedRate.onThrottled(now(), { epoch: 0, closedFor: 0 }),
    );
    await withReply({ closed: true, sends: 1 }, () => acquire());
    await withReply({ closed: true, ...none }, () => acquire());
    await withReply({}, () => sharedRate.onSuccess(now(), sharedRate.epoch));
    runs.splice(0);
    await withReply({ sends: 1 }, () => acquire());
    expect(runs).toHaveLength(1);
  });
});

describe('a success', () => {
  it('is reported with the next command, once', async () => {
    const { opened, acquire, withReply, sharedRate, now, runs } = setUp();
    await opened();
    for (let i = 0; i < 4; i += 1) sharedRate.onSuccess(now(), sharedRate.epoch);
    expect(runs).toEqual([]);
    await withReply({ sends: 1 }, () => acquire());
    await withReply({ sends: 1 }, () => acquire());
    expect(runs.map(({ successes }) => successes)).toEqual([4, 0]);
  });

  it('of a send before the first throttle is reported separately', async () => {
    const { sharedRate, now, withReply, runs, acquire } = setUp();
    await withReply({ closed: true }, () =>
      sharedRate.onThrottled(now(), { epoch: 0, closedFor: 0 }),
    );
    for (let i = 0; i < 3; i += 1) sharedRate.onSuccess(now(), 0);
    await withReply({ closed: true }, () => acquire());
    expect(runs[1]).toMatchObject({ initialSuccesses: 3, successes: 0 });
  });

  it('of a send before the first throttle says nothing of the rate', async () => {
    const { sharedRate, now, withReply, runs, acquire } = setUp();
    await withReply({ closed: true, rate: 10 }, () =>
      sharedRate.onThrottled(now(), { epoch: 0, closedFor: 0 }),
    );
    for (let i = 0; i < 30; i += 1) sharedRate.onSuccess(now(), 0);
    await withReply({ closed: true }, () => acquire());
    expect(runs[1]).toMatchObject({ rate: 10 });
  });

  it('of an earlier epoch is not reported', async () => {
    const { opened, acquire, withReply, sharedRate, now, runs } = setUp();
    await opened();
    sharedRate.onSuccess(now(), sharedRate.epoch - 1);
    await withReply({ sends: 1 }, () => acquire());
    expect(runs).toMatchObject([{ successes: 0, initialSuccesses: 0 }]);
  });

  it('of a probe is reported at once, and queued calls may ask again', async () => {
    const { sharedRate, now, withReply, runs, onChange, clock, acquire } = setUp();
    await withReply({ closed: true }, () =>
      sharedRate.onThrottled(now(), { epoch: 0, closedFor: SECOND }),
    );
    await clock.advance(SECOND);
    await withReply({ closed: true, sends: 1 }, () => acquire());
    onChange.mockClear();
    await withReply({}, () => sharedRate.onSuccess(now(), sharedRate.epoch));
    expect(runs.at(-1)).toMatchObject({ successes: 1, wanted: 0, epoch: 100 });
    expect([sharedRate.closed, onChange.mock.calls.length]).toEqual([false, 1]);
  });
});

describe('a send that ended without evidence', () => {
  it('is reported at once if it was a probe, because other processes wait for it', async () => {
    const { sharedRate, now, withReply, runs, onChange, acquire } = setUp();
    await withReply({ closed: true }, () =>
      sharedRate.onThrottled(now(), { epoch: 0, closedFor: 0 }),
    );
    await withReply({ closed: true, sends: 1 }, () => acquire());
    onChange.mockClear();
    await withReply({ closed: true }, () => sharedRate.onIgnored(now(), sharedRate.epoch));
    expect(runs.at(-1)).toMatchObject({ ignored: 1, epoch: 100 });
    expect(onChange).toHaveBeenCalled();
  });

  it('is not reported otherwise', async () => {
    const { sharedRate, now, opened, withReply, runs, acquire } = setUp();
    await opened();
    sharedRate.onIgnored(now(), sharedRate.epoch);
    sharedRate.onIgnored(now(), 0);
    await withReply({ sends: 1 }, () => acquire());
    expect(runs).toMatchObject([{ ignored: 0 }]);
  });
});

describe('while Redis is unavailable, a process', () => {
  it('continues at the rate that was accepted from it, not at the rate of all', async () => {
    const { opened, fail, acquire, sharedRate, now, clock } = setUp();
    await opened();
    await clock.advance(SECOND);
    for (let i = 0; i < 20; i += 1) {
      sharedRate.onSuccess(now(), sharedRate.epoch);
      await clock.advance(50);
    }
    await fail();
    let sends = 0;
    for (let i = 0; i < 90; i += 1) {
      const grant = await acquire();
      if (grant.at <= now()) sends += grant.sends;
      await clock.advance(10);
    }
    expect(sends).toBeGreaterThanOrEqual(17);
    expect(sends).toBeLessThanOrEqual(21);
  });

  it('continues at 1 per second if nothing was accepted from it', async () => {
    const { opened, fail, sharedRate, now, clock, acquire } = setUp();
    await opened();
    await clock.advance(3 * SECOND);
    await fail();
    const { at } = await acquire();
    expect(at - now()).toBeGreaterThan(900);
    expect(sharedRate.closed).toBe(false);
  });

  it('stays closed for as long as it knows, and then sends its own probe', async () => {
    const { sharedRate, now, withReply, clock, acquire } = setUp();
    const throttle = { epoch: 0, closedFor: 5 * SECOND };
    await withReply(new Error('gone'), () => sharedRate.onThrottled(now(), throttle));
    expect(await acquire()).toMatchObject({ sends: 0, at: START + 5 * SECOND });
    await withReply('never', () => clock.advance(5 * SECOND));
    expect(await acquire()).toMatchObject({ sends: 1, at: START + 5 * SECOND });
    expect((await acquire()).sends).toBe(0);
    sharedRate.onSuccess(now(), sharedRate.epoch);
    expect(sharedRate.closed).toBe(false);
  });

  it('is closed by throttles and opened by probes as before', async () => {
    const { opened, fail, sharedRate, now, acquire, clock, withReply } = setUp();
    await opened();
    await fail();
    await withReply('never', () => clock.advance(10));
    const { epoch } = sharedRate;
    sharedRate.onThrottled(now(), { epoch, closedFor: 2 * SECOND });
    expect(sharedRate.epoch).toBe(epoch + 1);
    expect(await acquire()).toMatchObject({ sends: 0, at: now() + 2 * SECOND });
    await clock.advance(2 * SECOND);
    expect(await acquire()).toMatchObject({ sends: 1 });
    sharedRate.onIgnored(now(), sharedRate.epoch);
    expect(await acquire()).toMatchObject({ sends: 1 });
    sharedRate.onSuccess(now(), sharedRate.epoch);
    expect(sharedRate.closed).toBe(false);
  });

  it('takes earlier sends for sends of an earlier epoch', async () => {
    const { opened, fail, sharedRate, now } = setUp();
    await opened();
    const { epoch } = sharedRate;
    await fail();
    expect(sharedRate.epoch).toBe(epoch + 1);
    sharedRate.onThrottled(now(), { epoch, closedFor: SECOND });
    // The key is closed all the same.
    expect([sharedRate.closed, sharedRate.closedUntil]).toEqual([true, now() + SECOND]);
  });

  it('grants a send itself if Redis does not answer in time', async () => {
    const { opened, withReply, clock, now, sharedRate, onChange } = setUp();
    await opened();
    await withReply('never', () => sharedRate.acquire(now(), 1));
    onChange.mockClear();
    await clock.advance(499);
    expect(onChange).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(onChange).toHaveBeenCalled();
    expect(sharedRate.acquire(now(), 1)).toBeLessThanOrEqual(now() + SECOND);
  });

  it('tries Redis once a second while calls want to be sent', async () => {
    const { opened, fail, acquire, clock, runs, withReply } = setUp();
    await opened();
    await fail();
    runs.splice(0);
    await clock.advance(60 * SECOND);
    expect(runs).toEqual([]);
    await withReply(new Error('gone'), () => acquire());
    expect(runs).toHaveLength(1);
    for (let i = 0; i < 50; i += 1) {
      await acquire();
      await clock.advance(100);
    }
    expect(runs.length).toBeGreaterThanOrEqual(5);
    expect(runs.length).toBeLessThanOrEqual(6);
  });
});

describe('once Redis is available again', () => {
  async function back() {
    const all = setUp();
    await all.opened();
    await all.fail();
    return all;
  }

  it('queued calls may ask it', async () => {
    const { withReply, acquire, clock, onChange, connection } = await back();
    await clock.advance(SECOND);
    onChange.mockClear();
    await withReply({}, () => acquire());
    expect([connection.mode, onChange.mock.calls.length]).toEqual(['shared', 1]);
  });

  it('it grants again, with a new epoch', async () => {
    const { withReply, acquire, clock, sharedRate, runs } = await back();
    await clock.advance(SECOND);
    await withReply({}, () => acquire());
    const { epoch } = sharedRate;
    expect((await withReply({ sends: 2, interval: 7 }, () => acquire(2))).sends).toBe(1);
    expect(sharedRate.epoch).toBe(epoch + 1);
    expect(runs.at(-1)).toMatchObject({ wanted: 2, closedFor: -1, throttleEpoch: -1 });
  });

  it('it is told of a closing that it missed', async () => {
    const { withReply, acquire, clock, sharedRate, now, runs } = await back();
    sharedRate.onThrottled(now(), { epoch: sharedRate.epoch, closedFor: 9 * SECOND });
    await clock.advance(SECOND);
    await withReply({}, () => acquire());
    runs.splice(0);
    const grant = await withReply({}, () => acquire());
    expect(runs[0]).toMatchObject({ closedFor: 8 * SECOND, throttleEpoch: -1 });
    expect(grant).toMatchObject({ sends: 0, at: now() + 8 * SECOND });
  });

  it('it is told the last rate that it said, in case it has forgotten', async () => {
    const { withReply, acquire, clock, runs } = await back();
    await clock.advance(SECOND);
    await withReply({}, () => acquire());
    expect(runs.at(-1)).toMatchObject({ rate: 50, knownClosedFor: -1, wanted: 0 });
  });

  it('it is not told of successes from while it was unavailable', async () => {
    const { withReply, acquire, clock, sharedRate, now, runs } = await back();
    for (let i = 0; i < 5; i += 1) sharedRate.onSuccess(now(), sharedRate.epoch);
    await clock.advance(SECOND);
    await withReply({ sends: 1 }, () => acquire());
    await withReply({ sends: 1 }, () => acquire());
    expect(runs.at(-1)).toMatchObject({ successes: 0, epoch: -1 });
  });

  it('results of sends from while it was unavailable are not reported', async () => {
    const { withReply, acquire, clock, sharedRate, now, runs } = await back();
    const { epoch } = sharedRate;
    await clock.advance(SECOND);
    await withReply({}, () => acquire());
    await withReply({}, () => acquire());
    sharedRate.onSuccess(now(), epoch);
    sharedRate.onIgnored(now(), epoch);
    await withReply({}, () => acquire());
    expect(runs.at(-1)).toMatchObject({ successes: 0, ignored: 0 });
    await withReply({}, () => sharedRate.onThrottled(now(), { epoch, closedFor: SECOND }));
    expect(runs.at(-1)).toMatchObject({ throttleEpoch: -1 });
  });
});

/** 0 if a send was granted, otherwise when to ask again. */
function grantedAt(grant: number | Grant): number {
  if (typeof grant === 'number') return grant;
  return grant.sends > 0 ? 0 : grant.at;
}

describe('a key that Redis has never served', () => {
  type Event =
    | 'acquire'
    | 'success'
    | 'ignored'
    | 'old success'
    | 'throttled'
    | 'old throttled'
    | 'wait';
  const WAITS = [1, 10, 100, 1000, 5000];
  const event = fc.tuple(
    fc.constantFrom<Event>(
      'acquire',
      'success',
      'ignored',
      'old success',
      'throttled',
      'old throttled',
      'wait',
      'wait',
    ),
    fc.constantFrom(...WAITS),
  );

  it('is limited as by a gate of one process, through any events', async () => {
    const property = fc.asyncProperty(fc.array(event, { maxLength: 60 }), async (events) => {
      const { sharedRate, now, withReply, clock } = setUp();
      const local = new AdaptiveRate();
      const throttle = { closedFor: SECOND, burst: 20, span: 30 };
      local.onThrottled(now(), { ...throttle, epoch: 0 });
      const failed = new Error('WRONGTYPE x');
      await withReply(failed, () => sharedRate.onThrottled(now(), { ...throttle, epoch: 0 }));
      const both: [SharedRate, AdaptiveRate] = [sharedRate, local];
      for (const [kind, ms] of events) {
        if (kind === 'wait') await clock.advance(ms);
        const granted: number[] = [];
        for (const one of both) {
          const epoch = kind.startsWith('old') ? 0 : one.epoch;
          if (kind === 'acquire') granted.push(grantedAt(one.acquire(now(), 1)));
          else if (kind.endsWith('success')) one.onSuccess(now(), epoch);
          else if (kind === 'ignored') one.onIgnored(now(), epoch);
          else if (kind.endsWith('throttled')) one.onThrottled(now(), { epoch, closedFor: ms });
        }
        await clock.advance(0);
        const [shared, own] = granted;
        expect(shared).toEqual(own);
        expect([sharedRate.closed, sharedRate.closedUntil]).toEqual([
          local.closed,
          local.closedUntil,
        ]);
      }
    });
    await fc.assert(property, { numRuns: 60 });
  });
});

describe('a change between the shared and the local state', () => {
  const closed = { closed: true, closedFor: 0 };
  const gone = new Error('gone');

  /** Closed for a second by a throttle; Redis has granted the probe of this process, and is away again. */
  async function probing() {
    const all = setUp();
    const { sharedRate, now, withReply, clock, acquire } = all;
    await withReply({ closed: true, closedFor: SECOND }, () =>
      sharedRate.onThrottled(now(), { epoch: 0, closedFor: SECOND }),
    );
    await clock.advance(SECOND);
    expect((await withReply({ ...closed, sends: 1 }, () => acquire())).sends).toBe(1);
    return all;
  }

  it('sends no second probe while one is out, and takes its answer, however often it changes', async () => {
    const { sharedRate, now, withReply, clock, acquire } = await probing();
    const { epoch } = sharedRate;
    for (let i = 0; i < 4; i += 1) {
      const { sends } = await withReply(i % 2 ? closed : gone, () => acquire());
      expect(sends).toBe(0);
      await clock.advance(SECOND);
    }
    await withReply({}, () => sharedRate.onSuccess(now(), epoch));
    expect(sharedRate.closed).toBe(false);
  });

  it('sends another probe if the first one has taken 5 s', async () => {
    const { withReply, clock, acquire } = await probing();
    await withReply(gone, () => clock.advance(5 * SECOND - 1));
    expect(await acquire()).toMatchObject({ sends: 0 });
    await clock.advance(1);
    expect(await acquire()).toMatchObject({ sends: 1 });
  });

  it('keeps the answer to a probe that Redis could not be told of', async () => {
    const { sharedRate, now, withReply } = await probing();
    await withReply(gone, () => sharedRate.onSuccess(now(), sharedRate.epoch));
    expect(sharedRate.closed).toBe(false);
  });

  it('tells Redis of an opening that it missed', async () => {
    const { sharedRate, now, withReply, clock, acquire, runs } = await probing();
    await withReply(gone, () => sharedRate.onSuccess(now(), sharedRate.epoch));
    await clock.advance(SECOND);
    await withReply({}, () => acquire());
    runs.splice(0);
    const { epoch } = sharedRate;
    await withReply({ sends: 1 }, () => acquire());
    expect(runs).toMatchObject([{ successes: 1, epoch: 100, wanted: 1, knownClosedFor: -1 }]);
    expect(sharedRate.epoch).toBeGreaterThan(epoch);
  });

  it('keeps the rate of before the closing', async () => {
    const { opened, sharedRate, now, withReply, clock, acquire } = setUp();
    await opened();
    for (let i = 0; i < 40; i += 1) {
      sharedRate.onSuccess(now(), sharedRate.epoch);
      await clock.advance(50);
    }
    const throttle = { epoch: sharedRate.epoch, closedFor: 30 * SECOND };
    await withReply({ epoch: 200, closed: true, closedFor: 30 * SECOND }, () =>
      sharedRate.onThrottled(now(), throttle),
    );
    await withReply(gone, () => clock.advance(30 * SECOND));
    expect((await acquire()).sends).toBe(1);
    sharedRate.onSuccess(now(), sharedRate.epoch);
    const { at } = await acquire();
    expect(at - now()).toBeCloseTo(50, -1);
  });
});

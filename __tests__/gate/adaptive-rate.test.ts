import fc from 'fast-check';
import { AdaptiveRate, RATE } from '../../src/gate/adaptive-rate.js';
import type { Herd } from '../support/herd.js';
import { Bucket, FixedWindow, runHerd } from '../support/herd.js';

const SECOND = 1_000;
/** When the tests begin. */
const T = Date.UTC(2030, 0, 1);

/** A limiter at its first throttle. */
function throttled(closedFor = SECOND, burst = 0, span = 0): AdaptiveRate {
  const limiter = new AdaptiveRate();
  limiter.onThrottled(T, { epoch: 0, closedFor, burst, span });
  return limiter;
}

/** A limiter whose probe succeeded a second after the first throttle. */
function opened(burst = 0, span = 0): AdaptiveRate {
  const limiter = throttled(SECOND, burst, span);
  limiter.acquire(T + SECOND);
  limiter.onSuccess(T + SECOND, limiter.epoch);
  return limiter;
}

/** Sends all that is granted between two times, asking every `step` ms; every send succeeds. */
function sendAll(limiter: AdaptiveRate, from: number, to: number, step = 1): number[] {
  const times: number[] = [];
  for (let now = from; now <= to; now += step) {
    for (let grant = limiter.acquire(now); grant.sends > 0; grant = limiter.acquire(now)) {
      times.push(now);
      limiter.onSuccess(now, grant.epoch);
    }
  }
  return times;
}

/** Sends all that is granted between two times, and is throttled then. */
function sendUntilThrottled(
  limiter: AdaptiveRate,
  from: number,
  to: number,
  closedFor = SECOND,
): AdaptiveRate {
  sendAll(limiter, from, to);
  limiter.onThrottled(to, { epoch: limiter.epoch, closedFor });
  return limiter;
}

/** Sends the probe that is due; it succeeds. Returns the time. */
function probe(limiter: AdaptiveRate): number {
  const at = limiter.closedUntil;
  expect(limiter.acquire(at).sends).toBe(1);
  limiter.onSuccess(at, limiter.epoch);
  return at;
}

describe('a limiter after a throttle', () => {
  it('is closed until Retry-After is over', () => {
    const limiter = throttled(7 * SECOND);
    expect([limiter.closed, limiter.closedUntil]).toEqual([true, T + 7 * SECOND]);
    for (const passed of [0, 1, 6_999]) {
      expect(limiter.acquire(T + passed)).toMatchObject({ sends: 0, at: T + 7 * SECOND });
    }
    expect(limiter.acquire(T + 7 * SECOND)).toMatchObject({ sends: 1, at: T + 7 * SECOND });
  });

  it('is closed until the longest Retry-After of several is over', () => {
    const limiter = throttled(9 * SECOND);
    limiter.onThrottled(T + SECOND, { epoch: 0, closedFor: SECOND });
    expect(limiter.closedUntil).toBe(T + 9 * SECOND);
    limiter.onThrottled(T + 2 * SECOND, { epoch: limiter.epoch, closedFor: 30 * SECOND });
    expect(limiter.closedUntil).toBe(T + 32 * SECOND);
  });

  it('has another epoch than before', () => {
    expect(new AdaptiveRate().epoch).toBe(0);
    expect(throttled().epoch).toBeGreaterThan(0);
  });

  it('is closed until a probe has succeeded, however long that takes', () => {
    const limiter = throttled();
    expect(limiter.closed).toBe(true);
    limiter.acquire(T + SECOND);
    expect(limiter.closed).toBe(true);
    limiter.onSuccess(T + 3 * SECOND, limiter.epoch);
    expect(limiter.closed).toBe(false);
  });
});

describe('a probe', () => {
  it('is a single send with a lease of 5 s', () => {
    const limiter = throttled();
    expect(limiter.acquire(T + SECOND).sends).toBe(1);
    expect(limiter.acquire(T + SECOND)).toMatchObject({ sends: 0, at: T + 6 * SECOND });
    expect(limiter.acquire(T + 6 * SECOND - 1).sends).toBe(0);
    expect(limiter.acquire(T + 6 * SECOND).sends).toBe(1);
    expect(limiter.acquire(T + 6 * SECOND).sends).toBe(0);
  });

  it('opens the key even if it succeeds after its lease', () => {
    const limiter = throttled();
    const { epoch } = limiter.acquire(T + SECOND);
    limiter.acquire(T + 6 * SECOND);
    limiter.onSuccess(T + 6 * SECOND + 1, epoch);
    expect(limiter.closed).toBe(false);
  });

  it('makes room for another one if it ends without evidence', () => {
    const limiter = throttled();
    const { epoch } = limiter.acquire(T + SECOND);
    limiter.onIgnored(T + SECOND + 30, epoch);
    expect(limiter.closed).toBe(true);
    expect(limiter.acquire(T + SECOND + 30).sends).toBe(1);
    expect(limiter.acquire(T + SECOND + 30).sends).toBe(0);
  });

  it('closes the key again if it is throttled', () => {
    const limiter = throttled();
    const { epoch } = limiter.acquire(T + SECOND);
    limiter.onThrottled(T + 1200, { epoch, closedFor: 4 * SECOND });
    expect(limiter.closedUntil).toBe(T + 5200);
    expect(limiter.acquire(T + 5199).sends).toBe(0);
    expect(limiter.acquire(T + 5200).sends).toBe(1);
  });

  it('does not open the key if a late throttle has closed it for longer', () => {
    const limiter = throttled();
    const { epoch } = limiter.acquire(T + SECOND);
    limiter.onThrottled(T + SECOND + 10, { epoch: 0, closedFor: 20 * SECOND });
    limiter.onSuccess(T + SECOND + 20, epoch);
    expect(limiter.closed).toBe(true);
    expect(limiter.acquire(T + 21 * SECOND).sends).toBe(0);
    expect(limiter.acquire(T + 21 * SECOND + 10).sends).toBe(1);
  });

  it('opens the key if a late throttle closed it for no longer', () => {
    const limiter = throttled();
    const { epoch } = limiter.acquire(T + SECOND);
    limiter.onThrottled(T + SECOND + 10, { epoch: 0, closedFor: 10 });
    limiter.onSuccess(T + SECOND + 20, epoch);
    expect(limiter.closed).toBe(false);
  });

  it('is not answered by results of an earlier epoch', () => {
    const limiter = throttled();
    limiter.onSuccess(T + 2 * SECOND, 0);
    limiter.onIgnored(T + 2 * SECOND, 0);
    expect(limiter.closed).toBe(true);
    limiter.acquire(T + 2 * SECOND);
    limiter.onIgnored(T + 2 * SECOND, 0);
    expect(limiter.acquire(T + 2 * SECOND).sends).toBe(0);
  });
});

describe('slow start', () => {
  it('begins at 30 sends over the first closing, and at 10 per second at least', () => {
    const at = (closedFor: number): number => {
      const limiter = throttled(closedFor);
      return limiter.rateAt(probe(limiter));
    };
    expect([100, SECOND, 2 * SECOND, 5 * SECOND].map(at)).toEqual([30, 30, 15, 10]);
  });

  it('begins at the rate of the first burst and the closing after it if that is higher', () => {
    const at = (closedFor: number, burst: number): number => {
      const limiter = throttled(closedFor, burst, 100);
      return limiter.rateAt(probe(limiter));
    };
    expect(at(SECOND, 66)).toBeCloseTo(60, 5);
    expect(at(2 * SECOND, 63)).toBeCloseTo(30, 5);
    expect(at(60 * SECOND, 64)).toBe(10);
    expect(at(100, 66)).toBeCloseTo(60, 5);
  });

  it('counts sends of the first burst that succeed up to 25 ms after the throttle', () => {
    const limiter = throttled(SECOND, 40, 30);
    for (let i = 0; i < 10; i += 1) limiter.onSuccess(T + 25, 0);
    for (let i = 0; i < 10; i += 1) limiter.onSuccess(T + 26, 0);
    expect(limiter.rateAt(probe(limiter))).toBeCloseTo(50 / 1.055, 5);
  });

  it('does not count the probe among the sends of the first burst', () => {
    const limiter = throttled(10, 40, 0);
    expect(limiter.rateAt(probe(limiter))).toBe(40);
  });

  it('may be followed by a lower rate than it began with', () => {
    const limiter = sendUntilThrottled(opened(60), T + SECOND, T + SECOND + 60);
    expect(limiter.rateAt(probe(limiter))).toBeLessThan(60);
  });

  it('doubles every 350 ms', () => {
    const limiter = opened();
    const rates = [0, 350, 700, 1050].map((passed) => limiter.rateAt(T + SECOND + passed));
    expect(rates).toEqual([30, 60, 120, 240]);
  });

  it('grants at that rate', () => {
    const times = sendAll(opened(), T + SECOND, T + 2 * SECOND);
    // The integral of 30 × 2^(t/0.35) over a second, minus the interval after the probe.
    expect(times.length).toBeGreaterThan(90);
    expect(times.length).toBeLessThanOrEqual(95);
    expect(times[0]).toBe(T + SECOND + 34);
  });

  it('may continue forever if nothing is throttled', () => {
    const limiter = opened();
    for (const passed of [10, 60, 600, 36_000]) {
      const now = T + passed * SECOND;
      const grant = limiter.acquire(now);
      expect(grant.sends).toBe(1);
      expect(grant.interval).toBeGreaterThanOrEqual(0);
    }
    const now = T + 36_000 * SECOND;
    limiter.onThrottled(now, { epoch: limiter.epoch, closedFor: SECOND });
    expect(limiter.rateAt(probe(limiter))).toBeGreaterThanOrEqual(RATE.MIN_RATE);
    expect(Number.isFinite(limiter.rateAt(now + SECOND))).toBe(true);
  });
});

describe('late sends', () => {
  it('are made up for up to 50 ms', () => {
    const limiter = sendUntilThrottled(opened(), T + SECOND, T + 3 * SECOND);
    const at = probe(limiter);
    const rate = limiter.rateAt(at);
    const now = at + 5 * SECOND;
    let sends = 0;
    while (limiter.acquire(now).sends > 0) sends += 1;
    expect(sends).toBeGreaterThanOrEqual(Math.floor(0.05 * rate));
    expect(sends).toBeLessThanOrEqual(Math.ceil(0.05 * rate) + 1);
  });

  it('are made up for in full by a caller that asks every 20 ms', () => {
    const often = sendUntilThrottled(opened(), T + SECOND, T + 3 * SECOND);
    const rarely = sendUntilThrottled(opened(), T + SECOND, T + 3 * SECOND);
    const [one, other] = [often, rarely].map((limiter) => {
      const at = probe(limiter);
      return sendAll(limiter, at, at + 5 * SECOND, limiter === often ? 1 : 20).length;
    }) as [number, number];
    expect(Math.abs(one - other)).toBeLessThanOrEqual(0.02 * one);
  });
});

describe('a measured rate', () => {
  /** A limiter that was throttled by a server of 100 per second, and has opened again. */
  function held(closedFor = SECOND): { limiter: AdaptiveRate; at: number; rate: number } {
    const limiter = opened();
    const bucket = new Bucket(100, 1);
    let now = T + SECOND;
    for (; now < T + 60 * SECOND; now += 1) {
      const grant = limiter.acquire(now);
      if (grant.sends === 0) continue;
      if (bucket.answer(now - T) === 0) limiter.onSuccess(now, grant.epoch);
      else {
        limiter.onThrottled(now, { epoch: grant.epoch, closedFor });
        break;
      }
    }
    const at = probe(limiter);
    return { limiter, at, rate: limiter.rateAt(at) };
  }

  it.each([
    [10, SECOND],
    [SECOND, 20 * SECOND],
    [2 * SECOND, 40 * SECOND],
    [60 * SECOND, 60 * SECOND],
  ])(
    'after slow start and a closing of %d ms is held for %d ms: twenty times as long, from 1 s to 60 s',
    (closedFor, hold) => {
      const { limiter, at, rate } = held(closedFor);
      // It grows by 4 % meanwhile.
      expect(limiter.rateAt(at + hold / 2)).toBeCloseTo(1.02 * rate, 5);
      expect(limiter.rateAt(at + hold)).toBeCloseTo(1.04 * rate, 5);
      expect(limiter.rateAt(at + hold + 1)).toBeLessThan(1.05 * rate);
      expect(limiter.rateAt(at + hold + 2 * SECOND)).toBeGreaterThan(2 * rate);
    },
  );

  it.each([
    [10, SECOND],
    [SECOND, 10 * SECOND],
    [60 * SECOND, 60 * SECOND],
  ])(
    'after a later closing of %d ms is held for %d ms: ten times as long, from 1 s to 60 s',
    (closedFor, hold) => {
      const { limiter, at: first } = held();
      sendUntilThrottled(limiter, first, first + 2 * SECOND, closedFor);
      const at = probe(limiter);
      const rate = limiter.rateAt(at);
      expect(limiter.rateAt(at + hold)).toBeCloseTo(1.04 * rate, 5);
      expect(limiter.rateAt(at + hold + SECOND)).toBeCloseTo(2.08 * rate, 5);
    },
  );

  it('is held at 0.98 of itself, and half of the tokens refilled while it was closed on top', () => {
    const at = (burst: number): number => {
      const limiter = opened(burst);
      for (let sent = 0; sent < 60; sent += 1) limiter.onSuccess(T + 1500 + sent, limiter.epoch);
      limiter.onThrottled(T + 1999, { epoch: limiter.epoch, closedFor: SECOND });
      return limiter.rateAt(probe(limiter));
    };
    // 61 sends are accepted, 60 of them in the last 499 ms.
    const without = (60 + 0.5) / 0.499;
    expect(at(0)).toBeCloseTo(0.98 * without, 5);
    const measured = (60 + 0.5 - 12) / 0.499;
    expect(at(12)).toBeCloseTo(0.98 * measured + (0.5 * 12) / 20, 5);
  });

  it('is half of the rate that is throttled within 200 ms of the opening, at least', () => {
    const limiter = opened(60);
    const rate = limiter.rateAt(T + SECOND + 100);
    limiter.onThrottled(T + SECOND + 100, { epoch: limiter.epoch, closedFor: SECOND });
    const [half, refill] = [0.98 * (rate / 2), Math.min(60, rate / 2)];
    expect(limiter.rateAt(probe(limiter))).toBeCloseTo(half + (0.5 * refill) / 20, 5);
  });

  it('doubles every second after that', () => {
    const { limiter, at } = held();
    const after = [1, 2, 3].map((seconds) => limiter.rateAt(at + 20 * SECOND + seconds * SECOND));
    expect((after[1] as number) / (after[0] as number)).toBeCloseTo(2, 5);
    expect((after[2] as number) / (after[1] as number)).toBeCloseTo(2, 5);
  });

  it('falls to at most 0.95 of itself when it is throttled during the hold', () => {
    const { limiter, at } = held();
    const before = limiter.rateAt(at + 2 * SECOND);
    sendUntilThrottled(limiter, at, at + 2 * SECOND);
    expect(limiter.rateAt(probe(limiter))).toBeLessThanOrEqual(0.95 * before + 1e-9);
  });

  it('does not fall when it is throttled after the hold', () => {
    const { limiter, at, rate } = held();
    sendAll(limiter, at, at + 15 * SECOND);
    limiter.onThrottled(at + 23 * SECOND, { epoch: limiter.epoch, closedFor: SECOND });
    expect(limiter.rateAt(probe(limiter))).toBe(rate);
  });

  it('falls when it is throttled in the last millisecond of the hold, but not in the next one', () => {
    for (const [after, falls] of [
      [0, true],
      [1, false],
    ] as const) {
      const { limiter, at, rate } = held();
      sendAll(limiter, at + 20 * SECOND - 10, at + 20 * SECOND);
      const now = at + 20 * SECOND + after;
      limiter.onThrottled(now, { epoch: limiter.epoch, closedFor: SECOND });
      expect(limiter.rateAt(probe(limiter)) < rate).toBe(falls);
    }
  });

  it('is at least one per second', () => {
    const limiter = opened();
    for (let i = 0; i < 60; i += 1) {
      const at = probe(i === 0 ? sendUntilThrottled(limiter, T + SECOND, T + SECOND + 5) : limiter);
      limiter.onThrottled(at + 5, { epoch: limiter.epoch, closedFor: SECOND });
    }
    expect(limiter.rateAt(probe(limiter))).toBe(1);
  });

  it('does not fall with a throttle of an earlier epoch, which closes the key all the same', () => {
    const { limiter, at, rate } = held();
    const before = limiter.epoch;
    limiter.onThrottled(at + SECOND, { epoch: before - 1, closedFor: 3 * SECOND });
    expect([limiter.closed, limiter.closedUntil]).toEqual([true, at + 4 * SECOND]);
    expect(limiter.epoch).toBe(before + 1);
    expect(limiter.rateAt(probe(limiter))).toBe(rate);
  });

  it('keeps what slow start has reached after such a throttle', () => {
    const limiter = opened();
    const { epoch } = limiter;
    const rate = limiter.rateAt(T + SECOND + 700);
    limiter.onThrottled(T + SECOND + 700, { epoch: epoch - 1, closedFor: SECOND });
    limiter.onThrottled(T + SECOND + 900, { epoch: epoch - 1, closedFor: SECOND });
    expect(limiter.rateAt(probe(limiter))).toBe(rate);
  });

  it.each([
    [20, 5],
    [50, 20],
    [100, 10],
    [100, 30],
    [300, 50],
  ])(
    'is within 15 %% of the rate of a token bucket of %d per second and burst %d',
    (rate, burst) => {
      for (let seed = 1; seed <= 5; seed += 1) {
        const { rates } = runHerd({ limit: new Bucket(rate, burst), count: 15 * rate, seed });
        const [, found = 0] = rates[1] ?? [];
        expect(Math.abs(found / rate - 1)).toBeLessThanOrEqual(0.15);
      }
    },
  );
});

describe('a state that is taken over', () => {
  const resumed = (state: { rate?: number; closed?: boolean; until?: number }): AdaptiveRate => {
    const limiter = new AdaptiveRate();
    limiter.resume(T, { rate: 40, closed: false, until: T, ...state });
    return limiter;
  };

  it('is held for a second, and then its rate doubles every second', () => {
    const limiter = resumed({});
    expect(limiter.closed).toBe(false);
    const rates = [0, 1, 2].map((seconds) => limiter.rateAt(T + seconds * SECOND));
    expect(rates).toEqual([40, 1.04 * 40, 2 * 1.04 * 40]);
    expect(limiter.acquire(T)).toMatchObject({ sends: 1, at: T, interval: 25 });
    expect(limiter.acquire(T)).toMatchObject({ sends: 0, at: T + 25 });
  });

  it('has a rate of at least one per second', () => {
    expect(resumed({ rate: 0.1 }).rateAt(T)).toBe(1);
  });

  it('has a later epoch', () => {
    expect(resumed({}).epoch).toBe(1);
  });

  it('stays closed until its time, and opens at its rate when a probe succeeds', () => {
    const limiter = resumed({ closed: true, until: T + 5 * SECOND });
    expect(limiter.closed).toBe(true);
    expect(limiter.acquire(T + 4999)).toMatchObject({ sends: 0, at: T + 5 * SECOND });
    expect(limiter.rateAt(probe(limiter))).toBe(40);
  });
});

describe('2,000 requests at once', () => {
  const seeds = [1, 2, 3, 4, 5];
  const run = (herd: Partial<Herd> & Pick<Herd, 'limit'>) => runHerd({ count: 2000, ...herd });

  it.each(seeds)('to a token bucket of 100 per second and burst 10 (seed %d)', (seed) => {
    const { perSuccess, time } = run({ limit: new Bucket(100, 10), seed });
    expect(perSuccess).toBeLessThanOrEqual(1.05);
    expect(time).toBeLessThanOrEqual(1.2 * 19_900);
  });

  it.each(seeds)('to a token bucket of 100 per second and burst 100 (seed %d)', (seed) => {
    const { perSuccess, time } = run({ limit: new Bucket(100, 100), seed });
    expect(perSuccess).toBeLessThanOrEqual(1.05);
    expect(time).toBeLessThanOrEqual(1.08 * 19_000);
  });

  it.each(seeds)('to a fixed window of 1,000 per minute (seed %d)', (seed) => {
    const { perSuccess, time } = run({ limit: new FixedWindow(1000, 60 * SECOND), seed });
    expect(perSuccess).toBeLessThanOrEqual(1.17);
    expect(time).toBeLessThanOrEqual(1.08 * 60 * SECOND);
  });

  it.each([
    ['a token bucket, burst 10', () => new Bucket(100, 10), 19_900],
    ['a token bucket, burst 100', () => new Bucket(100, 100), 19_000],
  ])('to %s, with a round trip of 50 ms', (_words, limit, ideal) => {
    const all = seeds.map((seed) => run({ limit: limit(), seed, roundTrip: 50 }));
    for (const { perSuccess } of all) expect(perSuccess).toBeLessThanOrEqual(1.05);
    const mean = all.reduce((sum, { time }) => sum + time, 0) / all.length;
    expect(mean).toBeLessThanOrEqual(1.2 * ideal);
  });
});

describe('a limit that changes', () => {
  it('is found within 15 s of being raised', () => {
    for (let raisedAt = 20 * SECOND; raisedAt <= 36 * SECOND; raisedAt += 2 * SECOND) {
      const limit = new Bucket(100, 10);
      const raise = (): void => {
        limit.rate = 200;
      };
      const { successes } = runHerd({
        limit,
        count: 20_000,
        until: 60 * SECOND,
        events: [[raisedAt, raise]],
      });
      const found = successes.find((at, i) => {
        const before = successes[i - 180];
        return before !== undefined && before > raisedAt && at - before <= SECOND;
      });
      expect(found).toBeLessThanOrEqual(raisedAt + 15 * SECOND);
    }
  });

  it('costs few throttles when it is lowered', () => {
    const limit = new Bucket(100, 10);
    const lower = (): void => {
      limit.rate = 10;
    };
    const { perSuccess } = runHerd({ limit, count: 1500, events: [[10 * SECOND, lower]] });
    expect(perSuccess).toBeLessThanOrEqual(1.1);
  });
});

describe('through any events, a limiter', () => {
  const event = fc.oneof(
    { weight: 4, arbitrary: fc.record({ wait: fc.constantFrom(0, 1, 20, 300, 5000, 90_000) }) },
    { weight: 6, arbitrary: fc.constant('acquire' as const) },
    { weight: 4, arbitrary: fc.record({ success: fc.nat(30) }) },
    { weight: 1, arbitrary: fc.record({ ignored: fc.nat(30) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        throttled: fc.nat(30),
        closedFor: fc.constantFrom(0, 10, 1000, 30_000),
      }),
    },
  );
  const events = fc.array(event, { maxLength: 150 });

  /** Applies the events, and collects the grants that came while it should be closed. */
  function run(all: typeof events extends fc.Arbitrary<infer L> ? L : never) {
    const limiter = throttled();
    /** The epochs of the sends in flight. */
    const inFlight: number[] = [0, 0, 0];
    const early: number[] = [];
    let until = T + SECOND;
    let now = T;
    const acquire = () => {
      const grant = limiter.acquire(now);
      if (grant.sends > 0 && now < until) early.push(now);
      if (grant.sends > 0) inFlight.push(grant.epoch);
      else expect(grant.at).toBeGreaterThan(now);
      return grant;
    };
    const answered = (i: number): number | undefined => inFlight.splice(i % inFlight.length, 1)[0];
    for (const one of all) {
      if (one === 'acquire') acquire();
      else if ('wait' in one) now += one.wait;
      else if (inFlight.length === 0) continue;
      else if ('success' in one) limiter.onSuccess(now, answered(one.success) as number);
      else if ('ignored' in one) limiter.onIgnored(now, answered(one.ignored) as number);
      else {
        limiter.onThrottled(now, {
          epoch: answered(one.throttled) as number,
          closedFor: one.closedFor,
        });
        until = Math.max(until, now + one.closedFor);
      }
      expect(limiter.closedUntil).toBe(until);
    }
    return { limiter, early, now, acquire };
  }

  it('grants nothing while it is closed', () => {
    fc.assert(
      fc.property(events, (all) => {
        expect(run(all).early).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('grants a send at the time that it says', () => {
    fc.assert(
      fc.property(events, (all) => {
        const { limiter, now } = run(all);
        const grant = limiter.acquire(now);
        const at = grant.sends > 0 ? now : grant.at;
        expect(at - now).toBeLessThanOrEqual(35 * SECOND);
        if (grant.sends === 0) expect(limiter.acquire(at).sends).toBe(1);
      }),
      { numRuns: 500 },
    );
  });

  it('has a rate of at least one per second while it is open', () => {
    fc.assert(
      fc.property(events, (all) => {
        const { limiter, now } = run(all);
        if (!limiter.closed) expect(limiter.rateAt(now)).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });
});

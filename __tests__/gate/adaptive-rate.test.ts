import fc from 'fast-check';
import { AdaptiveRate, RATE } from '../../src/gate/adaptive-rate.js';
import type { Herd } from '../support/herd.js';
import { Bucket, FixedWindow, runHerd } from '../support/herd.js';

const SECOND = 1_000;
/** When the tests begin: a time as a clock has it. */
const T = Date.UTC(2030, 0, 1);

/** A pace that was just refused for the first time. */
function refused(closedFor = SECOND, burst = 0, span = 0): AdaptiveRate {
  const pace = new AdaptiveRate();
  pace.onThrottled(T, { epoch: 0, closedFor, burst, span });
  return pace;
}

/** One whose probe was answered at once, a second after it was refused. */
function opened(burst = 0, span = 0): AdaptiveRate {
  const pace = refused(SECOND, burst, span);
  pace.acquire(T + SECOND);
  pace.onSuccess(T + SECOND, pace.epoch);
  return pace;
}

/** Sends whatever may be sent from one time to another, looking each `step` ms; each is a success. */
function sendAll(pace: AdaptiveRate, from: number, to: number, step = 1): number[] {
  const times: number[] = [];
  for (let now = from; now <= to; now += step) {
    for (let grant = pace.acquire(now); grant.sends > 0; grant = pace.acquire(now)) {
      times.push(now);
      pace.onSuccess(now, grant.epoch);
    }
  }
  return times;
}

/** Refused at a rate that is held: sends at it until a time, and then is told of a refusal. */
function cut(pace: AdaptiveRate, from: number, to: number, closedFor = SECOND): AdaptiveRate {
  sendAll(pace, from, to);
  pace.onThrottled(to, { epoch: pace.epoch, closedFor });
  return pace;
}

/** Lets the probe through that is due. */
function probe(pace: AdaptiveRate): number {
  const at = pace.closedUntil;
  expect(pace.acquire(at).sends).toBe(1);
  pace.onSuccess(at, pace.epoch);
  return at;
}

describe('a pace that was refused', () => {
  it('is closed until Retry-After is over', () => {
    const pace = refused(7 * SECOND);
    expect([pace.closed, pace.closedUntil]).toEqual([true, T + 7 * SECOND]);
    for (const passed of [0, 1, 6_999]) {
      expect(pace.acquire(T + passed)).toMatchObject({ sends: 0, at: T + 7 * SECOND });
    }
    expect(pace.acquire(T + 7 * SECOND)).toMatchObject({ sends: 1, at: T + 7 * SECOND });
  });

  it('is closed until the longest of several is over', () => {
    const pace = refused(9 * SECOND);
    pace.onThrottled(T + SECOND, { epoch: 0, closedFor: SECOND });
    expect(pace.closedUntil).toBe(T + 9 * SECOND);
    pace.onThrottled(T + 2 * SECOND, { epoch: pace.epoch, closedFor: 30 * SECOND });
    expect(pace.closedUntil).toBe(T + 32 * SECOND);
  });

  it('is of another epoch than before', () => {
    expect(new AdaptiveRate().epoch).toBe(0);
    expect(refused().epoch).toBeGreaterThan(0);
  });

  it('is closed until a probe is answered, for as long as that takes', () => {
    const pace = refused();
    expect(pace.closed).toBe(true);
    pace.acquire(T + SECOND);
    expect(pace.closed).toBe(true);
    pace.onSuccess(T + 3 * SECOND, pace.epoch);
    expect(pace.closed).toBe(false);
  });
});

describe('a probe', () => {
  it('is one, and has a lease of 5 s', () => {
    const pace = refused();
    expect(pace.acquire(T + SECOND).sends).toBe(1);
    expect(pace.acquire(T + SECOND)).toMatchObject({ sends: 0, at: T + 6 * SECOND });
    expect(pace.acquire(T + 6 * SECOND - 1).sends).toBe(0);
    expect(pace.acquire(T + 6 * SECOND).sends).toBe(1);
    expect(pace.acquire(T + 6 * SECOND).sends).toBe(0);
  });

  it('that was late opens it all the same', () => {
    const pace = refused();
    const { epoch } = pace.acquire(T + SECOND);
    pace.acquire(T + 6 * SECOND);
    pace.onSuccess(T + 6 * SECOND + 1, epoch);
    expect(pace.closed).toBe(false);
  });

  it('that told nothing makes room for the next', () => {
    const pace = refused();
    const { epoch } = pace.acquire(T + SECOND);
    pace.onIgnored(T + SECOND + 30, epoch);
    expect(pace.closed).toBe(true);
    expect(pace.acquire(T + SECOND + 30).sends).toBe(1);
    expect(pace.acquire(T + SECOND + 30).sends).toBe(0);
  });

  it('that was refused closes again, for as long as it was told', () => {
    const pace = refused();
    const { epoch } = pace.acquire(T + SECOND);
    pace.onThrottled(T + 1200, { epoch, closedFor: 4 * SECOND });
    expect(pace.closedUntil).toBe(T + 5200);
    expect(pace.acquire(T + 5199).sends).toBe(0);
    expect(pace.acquire(T + 5200).sends).toBe(1);
  });

  it('does not open what was closed anew in the meantime', () => {
    const pace = refused();
    const { epoch } = pace.acquire(T + SECOND);
    pace.onThrottled(T + SECOND + 10, { epoch: 0, closedFor: 20 * SECOND });
    pace.onSuccess(T + SECOND + 20, epoch);
    expect(pace.closed).toBe(true);
    expect(pace.acquire(T + 21 * SECOND).sends).toBe(0);
    expect(pace.acquire(T + 21 * SECOND + 10).sends).toBe(1);
  });

  it('is not the answer to what was sent before', () => {
    const pace = refused();
    pace.onSuccess(T + 2 * SECOND, 0);
    pace.onIgnored(T + 2 * SECOND, 0);
    expect(pace.closed).toBe(true);
    pace.acquire(T + 2 * SECOND);
    pace.onIgnored(T + 2 * SECOND, 0);
    expect(pace.acquire(T + 2 * SECOND).sends).toBe(0);
  });
});

describe('slow start', () => {
  it('begins with 10 in a second', () => {
    expect(opened().rateAt(T + SECOND)).toBe(10);
  });

  it('begins with what was accepted until the closing is over, per second, where that is more', () => {
    const at = (closedFor: number, burst: number): number => {
      const pace = refused(closedFor, burst, 100);
      return pace.rateAt(probe(pace));
    };
    expect(at(SECOND, 66)).toBeCloseTo(60, 5);
    expect(at(2 * SECOND, 63)).toBeCloseTo(30, 5);
    expect(at(60 * SECOND, 64)).toBe(10);
    expect(at(100, 66)).toBeCloseTo(60, 5);
  });

  it('counts what was accepted of the burst after the refusal too', () => {
    const pace = refused(SECOND, 20, 30);
    for (let i = 0; i < 10; i += 1) pace.onSuccess(T + 5, 0);
    expect(pace.rateAt(probe(pace))).toBeCloseTo(30 / 1.035, 5);
  });

  it('doubles each 350 ms', () => {
    const pace = opened();
    const rates = [0, 350, 700, 1050].map((passed) => pace.rateAt(T + SECOND + passed));
    expect(rates).toEqual([10, 20, 40, 80]);
  });

  it('sends by that rate', () => {
    const times = sendAll(opened(), T + SECOND, T + 2 * SECOND);
    // The integral of 10 × 2^(t/0.35) over a second, less the probe's own interval.
    expect(times.length).toBeGreaterThan(28);
    expect(times.length).toBeLessThanOrEqual(32);
    expect(times[0]).toBe(T + SECOND + 100);
  });

  it('goes on without end where nothing is refused, and breaks nothing', () => {
    const pace = opened();
    for (const passed of [10, 60, 600, 36_000]) {
      const now = T + passed * SECOND;
      const grant = pace.acquire(now);
      expect(grant.sends).toBe(1);
      expect(grant.interval).toBeGreaterThanOrEqual(0);
    }
    const now = T + 36_000 * SECOND;
    pace.onThrottled(now, { epoch: pace.epoch, closedFor: SECOND });
    expect(pace.rateAt(probe(pace))).toBeGreaterThanOrEqual(RATE.MIN_RATE);
    expect(Number.isFinite(pace.rateAt(now + SECOND))).toBe(true);
  });
});

describe('late sends', () => {
  it('are made up for within 50 ms only', () => {
    const pace = cut(opened(), T + SECOND, T + 3 * SECOND);
    const at = probe(pace);
    const rate = pace.rateAt(at);
    const now = at + 5 * SECOND;
    let sends = 0;
    while (pace.acquire(now).sends > 0) sends += 1;
    expect(sends).toBeGreaterThanOrEqual(Math.floor(0.05 * rate));
    expect(sends).toBeLessThanOrEqual(Math.ceil(0.05 * rate) + 1);
  });

  it('are made up for within them: looking each 20 ms loses nothing', () => {
    const often = cut(opened(), T + SECOND, T + 3 * SECOND);
    const rarely = cut(opened(), T + SECOND, T + 3 * SECOND);
    const [one, other] = [often, rarely].map((pace) => {
      const at = probe(pace);
      return sendAll(pace, at, at + 5 * SECOND, pace === often ? 1 : 20).length;
    }) as [number, number];
    expect(Math.abs(one - other)).toBeLessThanOrEqual(0.02 * one);
  });
});

describe('a rate that was seen to work', () => {
  /** At 100 a second, seen to be refused after three seconds. */
  function held(closedFor = SECOND): { pace: AdaptiveRate; at: number; rate: number } {
    const pace = opened();
    const bucket = new Bucket(100, 1);
    let now = T + SECOND;
    for (; now < T + 60 * SECOND; now += 1) {
      const grant = pace.acquire(now);
      if (grant.sends === 0) continue;
      if (bucket.answer(now - T) === 0) pace.onSuccess(now, grant.epoch);
      else {
        pace.onThrottled(now, { epoch: grant.epoch, closedFor });
        break;
      }
    }
    const at = probe(pace);
    return { pace, at, rate: pace.rateAt(at) };
  }

  it.each([
    [10, SECOND],
    [SECOND, 10 * SECOND],
    [2 * SECOND, 20 * SECOND],
    [60 * SECOND, 60 * SECOND],
  ])('is held for 10 closings, 1 to 60 s: closed for %d ms, for %d ms', (closedFor, hold) => {
    const { pace, at, rate } = held(closedFor);
    // It rises by 4 % meanwhile.
    expect(pace.rateAt(at + hold / 2)).toBeCloseTo(1.02 * rate, 5);
    expect(pace.rateAt(at + hold)).toBeCloseTo(1.04 * rate, 5);
    expect(pace.rateAt(at + hold + 1)).toBeLessThan(1.05 * rate);
    expect(pace.rateAt(at + hold + 2 * SECOND)).toBeGreaterThan(2 * rate);
  });

  it('doubles each second after that', () => {
    const { pace, at } = held();
    const after = [1, 2, 3].map((seconds) => pace.rateAt(at + 10 * SECOND + seconds * SECOND));
    expect((after[1] as number) / (after[0] as number)).toBeCloseTo(2, 5);
    expect((after[2] as number) / (after[1] as number)).toBeCloseTo(2, 5);
  });

  it('falls to at most 0.95 of it when it is refused', () => {
    const { pace, at } = held();
    const before = pace.rateAt(at + 2 * SECOND);
    cut(pace, at, at + 2 * SECOND);
    expect(pace.rateAt(probe(pace))).toBeLessThanOrEqual(0.95 * before + 1e-9);
  });

  it('does not fall when only more than it is refused', () => {
    const { pace, at, rate } = held();
    cut(pace, at, at + 13 * SECOND);
    expect(pace.rateAt(probe(pace))).toBeGreaterThanOrEqual(0.95 * rate);
  });

  it('is one a second at least', () => {
    const pace = opened();
    for (let i = 0; i < 60; i += 1) {
      const at = probe(i === 0 ? cut(pace, T + SECOND, T + SECOND + 5) : pace);
      pace.onThrottled(at + 5, { epoch: pace.epoch, closedFor: SECOND });
    }
    expect(pace.rateAt(probe(pace))).toBe(1);
  });

  it('is not cut by a refusal of what was sent before the last closing, which closes it all the same', () => {
    const { pace, at, rate } = held();
    const before = pace.epoch;
    pace.onThrottled(at + SECOND, { epoch: before - 1, closedFor: 3 * SECOND });
    expect([pace.closed, pace.closedUntil]).toEqual([true, at + 4 * SECOND]);
    expect(pace.epoch).toBe(before + 1);
    expect(pace.rateAt(probe(pace))).toBe(rate);
  });

  it('is kept in slow start too, as far as it had come, by such a refusal', () => {
    const pace = opened();
    const { epoch } = pace;
    const rate = pace.rateAt(T + SECOND + 700);
    pace.onThrottled(T + SECOND + 700, { epoch: epoch - 1, closedFor: SECOND });
    expect(pace.rateAt(probe(pace))).toBe(rate);
  });

  it.each([
    [20, 5],
    [50, 20],
    [100, 10],
    [100, 30],
    [300, 50],
  ])('is within 15 % of what a token bucket of %d a second, burst %d, takes', (rate, burst) => {
    for (let seed = 1; seed <= 5; seed += 1) {
      const { rates } = runHerd({ limit: new Bucket(rate, burst), count: 15 * rate, seed });
      const [, found = 0] = rates[1] ?? [];
      expect(Math.abs(found / rate - 1)).toBeLessThanOrEqual(0.15);
    }
  });
});

describe('2,000 requests at once', () => {
  const seeds = [1, 2, 3, 4, 5];
  const run = (herd: Partial<Herd> & Pick<Herd, 'limit'>) => runHerd({ count: 2000, ...herd });

  it.each(seeds)('to a token bucket of 100 a second, burst 10 (seed %d)', (seed) => {
    const { perSuccess, time } = run({ limit: new Bucket(100, 10), seed });
    expect(perSuccess).toBeLessThanOrEqual(1.1);
    expect(time).toBeLessThanOrEqual(1.25 * 19_900);
  });

  it.each(seeds)('to a token bucket of 100 a second, burst 100 (seed %d)', (seed) => {
    const { perSuccess, time } = run({ limit: new Bucket(100, 100), seed });
    expect(perSuccess).toBeLessThanOrEqual(1.1);
    expect(time).toBeLessThanOrEqual(1.1 * 19_000);
  });

  it.each(seeds)('to a fixed window of 1,000 a minute (seed %d)', (seed) => {
    const { perSuccess, time } = run({ limit: new FixedWindow(1000, 60 * SECOND), seed });
    expect(perSuccess).toBeLessThanOrEqual(1.25);
    expect(time).toBeLessThanOrEqual(1.1 * 60 * SECOND);
  });

  it.each([
    ['a token bucket, burst 10', () => new Bucket(100, 10), 19_900],
    ['a token bucket, burst 100', () => new Bucket(100, 100), 19_000],
  ])('to %s, at 50 ms’ distance', (_words, limit, ideal) => {
    const all = seeds.map((seed) => run({ limit: limit(), seed, roundTrip: 50 }));
    for (const { perSuccess } of all) expect(perSuccess).toBeLessThanOrEqual(1.1);
    const mean = all.reduce((sum, { time }) => sum + time, 0) / all.length;
    expect(mean).toBeLessThanOrEqual(1.3 * ideal);
  });
});

describe('a limit that changes', () => {
  it('is found within 15 s when it is raised, whenever that is', () => {
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

  it('costs few refusals when it is lowered', () => {
    const limit = new Bucket(100, 10);
    const lower = (): void => {
      limit.rate = 10;
    };
    const { perSuccess } = runHerd({ limit, count: 1500, events: [[10 * SECOND, lower]] });
    expect(perSuccess).toBeLessThanOrEqual(1.1);
  });
});

describe('whatever happens to a pace', () => {
  const act = fc.oneof(
    { weight: 4, arbitrary: fc.record({ pass: fc.constantFrom(0, 1, 20, 300, 5000, 90_000) }) },
    { weight: 6, arbitrary: fc.constant('take' as const) },
    { weight: 4, arbitrary: fc.record({ passed: fc.nat(30) }) },
    { weight: 1, arbitrary: fc.record({ lost: fc.nat(30) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        refused: fc.nat(30),
        closedFor: fc.constantFrom(0, 10, 1000, 30_000),
      }),
    },
  );
  const acts = fc.array(act, { maxLength: 150 });

  /** Carries it out; `check` is told of each leave to send, and when it may ask again. */
  function carryOut(all: typeof acts extends fc.Arbitrary<infer L> ? L : never) {
    const pace = refused();
    const out: number[] = [0, 0, 0];
    const early: number[] = [];
    let until = T + SECOND;
    let now = T;
    const take = () => {
      const grant = pace.acquire(now);
      if (grant.sends > 0 && now < until) early.push(now);
      if (grant.sends > 0) out.push(grant.epoch);
      else expect(grant.at).toBeGreaterThan(now);
      return grant;
    };
    const answered = (i: number): number | undefined => out.splice(i % out.length, 1)[0];
    for (const one of all) {
      if (one === 'take') take();
      else if ('pass' in one) now += one.pass;
      else if (out.length === 0) continue;
      else if ('passed' in one) pace.onSuccess(now, answered(one.passed) as number);
      else if ('lost' in one) pace.onIgnored(now, answered(one.lost) as number);
      else {
        pace.onThrottled(now, { epoch: answered(one.refused) as number, closedFor: one.closedFor });
        until = Math.max(until, now + one.closedFor);
      }
      expect(pace.closedUntil).toBe(until);
    }
    return { pace, early, now, take };
  }

  it('it gives no leave while it is closed', () => {
    fc.assert(
      fc.property(acts, (all) => {
        expect(carryOut(all).early).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('it gives leave when the time has come that it says', () => {
    fc.assert(
      fc.property(acts, (all) => {
        const { pace, now } = carryOut(all);
        const grant = pace.acquire(now);
        const at = grant.sends > 0 ? now : grant.at;
        expect(at - now).toBeLessThanOrEqual(35 * SECOND);
        if (grant.sends === 0) expect(pace.acquire(at).sends).toBe(1);
      }),
      { numRuns: 500 },
    );
  });

  it('its rate is never below one a second, nor no number, while it is open', () => {
    fc.assert(
      fc.property(acts, (all) => {
        const { pace, now } = carryOut(all);
        if (!pace.closed) expect(pace.rateAt(now)).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });
});

import type { GateOutcome, RetryCall, RetryPermit } from '../../src/core/extensions.js';
import { Limiter } from '../../src/gate/limiter.js';
import type { Grant, RateLimiter, Throttle } from '../../src/gate/rate-limiter.js';
import { MonotonicTimers } from '../../src/wait/monotonic-timers.js';
import type { WaitResult } from '../../src/wait/wait-list.js';
import { WaitList } from '../../src/wait/wait-list.js';
import { callOf } from '../support/stub-call.js';
import { stubClock } from '../support/stub-server.js';

const T = 1_000_000;

/** A pacer that gives leave when a test says so, as one does that must ask elsewhere. */
class HandPacer implements RateLimiter {
  epoch = 1;
  closedUntil = 0;
  closed = false;
  /** Those who ask, and for how many. */
  readonly asked: { wanted: number; give(grant: Partial<Grant>): Promise<void> }[] = [];
  readonly told: unknown[][] = [];
  /** Set: what it answers at once. */
  atOnce: ((now: number) => Grant) | undefined;

  acquire(now: number, wanted: number): Grant | Promise<Grant> {
    if (this.atOnce) return this.atOnce(now);
    return new Promise((resolve) => {
      const give = async (grant: Partial<Grant>): Promise<void> => {
        resolve({ sends: 1, at: now, interval: 0, epoch: this.epoch, ...grant });
        await new Promise((settled) => setImmediate(settled));
      };
      this.asked.push({ wanted, give });
    });
  }

  onBypass(): void {
    this.told.push(['hurried']);
  }

  onSuccess(now: number, epoch: number): void {
    this.told.push(['passed', now - T, epoch]);
  }

  onIgnored(now: number, epoch: number): void {
    this.told.push(['lost', now - T, epoch]);
  }

  onThrottled(now: number, refusal: Throttle): void {
    this.told.push(['refused', now - T, refusal]);
    this.closedUntil = Math.max(this.closedUntil, now + refusal.closedFor);
  }
}

function setUp({ initialConcurrency = 4, maxQueued = 1000 } = {}) {
  const clock = stubClock(T);
  const waits = new WaitList(clock);
  const timers = new MonotonicTimers(clock, () => undefined);
  const pacer = new HandPacer();
  let changed: () => void = () => undefined;
  const key = new Limiter({
    timers,
    initialConcurrency,
    maxQueued,
    createRateLimiter(told) {
      changed = told;
      return pacer;
    },
  });
  const host = { clock, waits, maxRetries: 5, detached: false };
  const placed: string[] = [];
  const places = new Map<string, RetryPermit>();
  const ends: [string, WaitResult][] = [];
  const call = (name: string, more: Partial<RetryCall> = {}) => callOf({ url: name }, more);
  function enter(name: string): boolean {
    const place = key.tryAcquire(call(name));
    if (place) places.set(name, place);
    if (place) placed.push(name);
    return place !== undefined;
  }
  function stand(...names: string[]): void {
    for (const name of names) {
      void key.enqueue(call(name), host).then((end) => {
        if (typeof end !== 'object' || !('release' in end)) {
          ends.push([name, end]);
          return;
        }
        places.set(name, end);
        placed.push(name);
      });
    }
  }
  const leave = (name: string, outcome: GateOutcome) => places.get(name)?.release(outcome);
  /** Has it refused once, so that the pacer has a say. */
  function refuse(): void {
    enter('first');
    leave('first', { status: 429, retryAfter: 0 });
    placed.splice(0);
    pacer.told.splice(0);
  }
  const wait = (name: string) => waits.list().find(({ url }) => url === name);
  return {
    ...{ clock, waits, pacer, key, placed, ends, call, enter, stand, leave, refuse, wait },
    changed: () => changed(),
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a key that was never refused', () => {
  it('lets in as many as its window, and makes the others stand in line', async () => {
    const { enter, stand, leave, placed, clock } = setUp({ initialConcurrency: 2 });
    expect(['a', 'b', 'c'].map(enter)).toEqual([true, true, false]);
    stand('c', 'd');
    await turn();
    expect(placed).toEqual(['a', 'b']);
    leave('a', {});
    await clock.advance(0);
    expect(placed).toEqual(['a', 'b', 'c']);
  });

  it('lets nobody jump the line', async () => {
    const { enter, stand, leave } = setUp({ initialConcurrency: 1 });
    enter('a');
    stand('b', 'c');
    leave('a', {});
    expect(enter('d')).toBe(false);
  });

  it('is idle but while somebody is there', async () => {
    const { enter, stand, leave, key, wait, clock } = setUp({ initialConcurrency: 1 });
    expect(key.idle).toBe(true);
    enter('a');
    expect(key.idle).toBe(false);
    stand('b');
    leave('a', { status: 200 });
    await clock.advance(0);
    expect(key.idle).toBe(false);
    leave('b', { status: 200 });
    expect([key.idle, key.stale, wait('b')]).toEqual([true, false, undefined]);
  });

  it('tells the pacer of its first refusal what burst there was before it', () => {
    const { enter, leave, pacer } = setUp();
    for (const name of ['a', 'b', 'c']) enter(name);
    leave('a', { status: 200 });
    leave('b', { status: 200 });
    leave('c', { status: 503, retryAfter: 2000 });
    expect(pacer.told).toEqual([['refused', 0, { epoch: 0, closedFor: 2000, burst: 2, span: 0 }]]);
  });
});

describe('a key tells its pacer what came of each send', () => {
  it.each<[string, GateOutcome, string]>([
    ['200', { status: 200 }, 'passed'],
    ['304', { status: 304 }, 'passed'],
    ['404', { status: 404 }, 'passed'],
    ['429 without Retry-After', { status: 429 }, 'lost'],
    ['500', { status: 500 }, 'lost'],
    ['502 with Retry-After', { status: 502, retryAfter: 9000 }, 'lost'],
    ['504', { status: 504 }, 'lost'],
    ['nothing', {}, 'lost'],
  ])('%s', (_words, outcome, told) => {
    const { refuse, enter, leave, pacer } = setUp();
    refuse();
    pacer.atOnce = (at) => ({ sends: 1, at, interval: 0, epoch: 1 });
    enter('a');
    leave('a', outcome);
    expect(pacer.told).toEqual([[told, 0, 1]]);
  });

  it.each<[string, GateOutcome, number]>([
    ['429 with Retry-After', { status: 429, retryAfter: 7000 }, 7000],
    ['503 with Retry-After', { status: 503, retryAfter: 7000 }, 7000],
    ['529 with Retry-After', { status: 529, retryAfter: 7000 }, 7000],
    ['503 without', { status: 503 }, 8000],
    ['529 without', { status: 529 }, 8000],
    ['429 with 0', { status: 429, retryAfter: 0 }, 0],
  ])('%s', (_words, outcome, closedFor) => {
    const { refuse, enter, leave, pacer } = setUp();
    refuse();
    pacer.atOnce = (at) => ({ sends: 1, at, interval: 0, epoch: 1 });
    enter('a');
    leave('a', outcome);
    expect(pacer.told).toEqual([['refused', 0, { epoch: 1, closedFor }]]);
  });

  it('with the epoch in which it was sent, 0 for before the first refusal', () => {
    const { enter, leave, pacer, refuse } = setUp();
    enter('early');
    refuse();
    leave('early', { status: 200 });
    pacer.atOnce = (at) => ({ sends: 1, at, interval: 0, epoch: pacer.epoch });
    enter('a');
    pacer.epoch = 2;
    leave('a', { status: 200 });
    expect(pacer.told).toEqual([
      ['passed', 0, 0],
      ['passed', 0, 1],
    ]);
  });

  it('and that a person has let one in', async () => {
    const { refuse, stand, wait, placed, pacer, ends } = setUp();
    refuse();
    stand('a', 'b');
    wait('b')?.retryNow();
    await turn();
    expect([placed, ends]).toEqual([['b'], []]);
    expect(pacer.told).toEqual([['hurried']]);
  });
});

describe('a pacer that must ask elsewhere', () => {
  it('is asked once for all who wait', async () => {
    const { refuse, stand, pacer } = setUp();
    refuse();
    stand('a', 'b', 'c');
    await turn();
    expect(pacer.asked).toHaveLength(1);
  });

  it('lets in as many as it gave leave for, one each interval, the first that came first', async () => {
    const { refuse, stand, pacer, placed, clock } = setUp();
    refuse();
    stand('a', 'b', 'c', 'd');
    await pacer.asked[0]?.give({ sends: 3, at: T, interval: 100 });
    expect(placed).toEqual(['a']);
    await clock.advance(99);
    expect(placed).toEqual(['a']);
    await clock.advance(1);
    expect(placed).toEqual(['a', 'b']);
    await clock.advance(100);
    expect(placed).toEqual(['a', 'b', 'c']);
    expect(pacer.asked[1]?.wanted).toBe(1);
  });

  it('is asked for as many as wait', async () => {
    const { refuse, stand, pacer } = setUp();
    refuse();
    stand('a', 'b', 'c', 'd');
    await pacer.asked[0]?.give({ sends: 1 });
    expect(pacer.asked[1]?.wanted).toBe(3);
  });

  it('is asked again when it says so', async () => {
    const { refuse, stand, pacer, clock, placed } = setUp();
    refuse();
    stand('a');
    await pacer.asked[0]?.give({ sends: 0, at: T + 500 });
    await clock.advance(499);
    expect(pacer.asked).toHaveLength(1);
    await clock.advance(1);
    expect(pacer.asked).toHaveLength(2);
    await pacer.asked[1]?.give({});
    expect(placed).toEqual(['a']);
  });

  it('is asked again when it has learned something', async () => {
    const { refuse, stand, pacer, changed } = setUp();
    refuse();
    stand('a');
    await pacer.asked[0]?.give({ sends: 0, at: T + 5000 });
    changed();
    expect(pacer.asked).toHaveLength(2);
  });

  it('shows those who wait a closing that it has learned of', async () => {
    const { refuse, stand, pacer, changed, wait } = setUp();
    refuse();
    stand('a');
    pacer.closedUntil = T + 5000;
    await pacer.asked[0]?.give({ sends: 0, at: T + 5000 });
    expect(wait('a')?.dueAt).toBe(T + 5000);
    pacer.closedUntil = T + 9000;
    changed();
    expect(wait('a')?.dueAt).toBe(T + 9000);
  });

  it('is not heeded where the leave is of an earlier epoch', async () => {
    const { refuse, stand, pacer, placed } = setUp();
    refuse();
    stand('a');
    pacer.epoch = 2;
    await pacer.asked[0]?.give({ sends: 5, epoch: 1 });
    expect([placed, pacer.asked.length]).toEqual([[], 2]);
    await pacer.asked[1]?.give({ epoch: 2 });
    expect(placed).toEqual(['a']);
  });

  it('is not heeded where what is left of the leave is more than a second old', async () => {
    const { refuse, stand, pacer, placed, clock } = setUp();
    refuse();
    stand('a');
    await pacer.asked[0]?.give({ sends: 5, interval: 10 });
    expect(placed).toEqual(['a']);
    await clock.advance(5000);
    stand('b');
    await turn();
    expect([placed, pacer.asked.length]).toEqual([['a'], 2]);
  });

  it('keeps a leave that comes when nobody waits any more, for the next', async () => {
    const { refuse, stand, pacer, wait, enter } = setUp();
    refuse();
    stand('a');
    wait('a')?.cancel();
    await pacer.asked[0]?.give({ sends: 1 });
    expect(enter('b')).toBe(true);
  });

  it('forgets what is left of a leave when it is refused', async () => {
    const { refuse, stand, pacer, leave, placed, clock } = setUp();
    refuse();
    stand('a', 'b');
    await pacer.asked[0]?.give({ sends: 2, interval: 50 });
    leave('a', { status: 429, retryAfter: 3000 });
    await clock.advance(1000);
    expect(placed).toEqual(['a']);
    expect(pacer.asked).toHaveLength(2);
  });
});

describe('the places of a key', () => {
  it('are as many as are given back: after any bustle it is idle or remembers', async () => {
    const { stand, leave, key, placed, clock, wait, enter, call } = setUp({
      initialConcurrency: 3,
    });
    const names = Array.from({ length: 60 }, (_, i) => `c${i}`);
    for (const name of names) if (!enter(name)) stand(name);
    wait('c10')?.cancel();
    wait('c20')?.retryNow();
    for (let left = 0; left < 59; left += 1) {
      await clock.advance(1);
      const name = placed[left];
      expect(name).toBeDefined();
      expect(key.idle).toBe(false);
      leave(String(name), [{ status: 200 }, { status: 500 }, {}][left % 3] as GateOutcome);
    }
    expect(new Set(placed).size).toBe(59);
    expect([key.idle, call('x').retries]).toEqual([true, 0]);
  });
});

describe('what a key remembers of a refusal', () => {
  it('it keeps for 60 s after its last use', async () => {
    const { refuse, key, clock } = setUp();
    refuse();
    await clock.advance(60_000);
    expect([key.stale, key.idle]).toEqual([false, false]);
    await clock.advance(1);
    expect([key.stale, key.idle]).toEqual([true, true]);
  });

  it('it keeps for 60 s after the end of the closing', async () => {
    const { enter, leave, key, clock } = setUp();
    enter('a');
    leave('a', { status: 429, retryAfter: 100_000 });
    await clock.advance(160_000);
    expect(key.stale).toBe(false);
    await clock.advance(1);
    expect(key.stale).toBe(true);
  });

  it('it keeps while somebody is there', async () => {
    const { refuse, stand, enter, leave, key, clock, pacer, wait } = setUp();
    pacer.atOnce = (at) => ({ sends: 1, at, interval: 0, epoch: 1 });
    refuse();
    enter('a');
    await clock.advance(100_000);
    expect([key.stale, key.idle]).toEqual([false, false]);
    pacer.atOnce = undefined;
    stand('b');
    leave('a', { status: 200 });
    await clock.advance(100_000);
    expect([key.stale, key.idle]).toEqual([false, false]);
    wait('b')?.cancel();
    expect(key.stale).toBe(true);
  });
});

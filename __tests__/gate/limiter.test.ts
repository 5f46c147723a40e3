import type { GateOutcome, RetryCall, RetryPermit } from '../../src/core/extensions.js';
import { Limiter } from '../../src/gate/limiter.js';
import type { Grant, RateLimiter, Throttle } from '../../src/gate/rate-limiter.js';
import { MonotonicTimers } from '../../src/wait/monotonic-timers.js';
import type { WaitResult } from '../../src/wait/wait-list.js';
import { WaitList } from '../../src/wait/wait-list.js';
import { callOf } from '../support/stub-call.js';
import { stubClock } from '../support/stub-server.js';

const T = 1_000_000;

/** A rate limiter that grants when a test says so, like one that asks another process. */
class ManualRateLimiter implements RateLimiter {
  epoch = 1;
  closedUntil = 0;
  closed = false;
  /** The calls of `acquire` that are not answered yet. */
  readonly requests: { wanted: number; grant(grant: Partial<Grant>): Promise<void> }[] = [];
  /** The other calls. */
  readonly events: unknown[][] = [];
  /** Set: answers at once. */
  grantNow: ((now: number) => Grant) | undefined;

  acquire(now: number, wanted: number): Grant | Promise<Grant> {
    if (this.grantNow) return this.grantNow(now);
    return new Promise((resolve) => {
      const resolveWith = async (grant: Partial<Grant>): Promise<void> => {
        resolve({ sends: 1, at: now, interval: 0, epoch: this.epoch, ...grant });
        await new Promise((settled) => setImmediate(settled));
      };
      this.requests.push({ wanted, grant: resolveWith });
    });
  }

  onBypass(): void {
    this.events.push(['bypass']);
  }

  onSuccess(now: number, epoch: number): void {
    this.events.push(['success', now - T, epoch]);
  }

  onIgnored(now: number, epoch: number): void {
    this.events.push(['ignored', now - T, epoch]);
  }

  onThrottled(now: number, throttle: Throttle): void {
    this.events.push(['throttled', now - T, throttle]);
    this.closedUntil = Math.max(this.closedUntil, now + throttle.closedFor);
  }
}

function setUp({ initialConcurrency = 4, maxQueued = 1000 } = {}) {
  const clock = stubClock(T);
  const waits = new WaitList(clock);
  const timers = new MonotonicTimers(clock, () => undefined);
  const rateLimiter = new ManualRateLimiter();
  let onChange: () => void = () => undefined;
  const limiter = new Limiter({
    timers,
    initialConcurrency,
    maxQueued,
    createRateLimiter(callback) {
      onChange = callback;
      return rateLimiter;
    },
  });
  const instance = { clock, waits, maxRetries: 5, detached: false };
  /** In the order in which they got their permits. */
  const admitted: string[] = [];
  const permits = new Map<string, RetryPermit>();
  const ends: [string, WaitResult][] = [];
  const call = (name: string, more: Partial<RetryCall> = {}) => callOf({ url: name }, more);
  function tryAcquire(name: string): boolean {
    const permit = limiter.tryAcquire(call(name));
    if (permit) permits.set(name, permit);
    if (permit) admitted.push(name);
    return permit !== undefined;
  }
  function enqueue(...names: string[]): void {
    for (const name of names) {
      void limiter.enqueue(call(name), instance).then((result) => {
        if ('type' in result) {
          ends.push([name, result]);
          return;
        }
        permits.set(name, result);
        admitted.push(name);
      });
    }
  }
  const release = (name: string, outcome: GateOutcome) => permits.get(name)?.release(outcome);
  /** Throttles it once, for 0 ms, so that the rate limiter is in charge. */
  function throttle(): void {
    tryAcquire('first');
    release('first', { status: 429, retryAfter: 0 });
    admitted.splice(0);
    rateLimiter.events.splice(0);
  }
  const wait = (name: string) => waits.list().find(({ url }) => url === name);
  return {
    ...{ clock, waits, rateLimiter, limiter, admitted, ends, call, wait },
    ...{ tryAcquire, enqueue, release, throttle },
    onChange: () => onChange(),
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a key that was never throttled', () => {
  it('admits as many calls as its window, and queues the others', async () => {
    const { tryAcquire, enqueue, release, admitted, clock } = setUp({ initialConcurrency: 2 });
    expect(['a', 'b', 'c'].map(tryAcquire)).toEqual([true, true, false]);
    enqueue('c', 'd');
    await turn();
    expect(admitted).toEqual(['a', 'b']);
    release('a', {});
    await clock.advance(0);
    expect(admitted).toEqual(['a', 'b', 'c']);
  });

  it('admits no new call before a queued one', async () => {
    const { tryAcquire, enqueue, release } = setUp({ initialConcurrency: 1 });
    tryAcquire('a');
    enqueue('b', 'c');
    release('a', {});
    expect(tryAcquire('d')).toBe(false);
  });

  it('is idle unless it has requests', async () => {
    const { tryAcquire, enqueue, release, limiter, wait, clock } = setUp({ initialConcurrency: 1 });
    expect(limiter.idle).toBe(true);
    tryAcquire('a');
    expect(limiter.idle).toBe(false);
    enqueue('b');
    release('a', { status: 200 });
    await clock.advance(0);
    expect(limiter.idle).toBe(false);
    release('b', { status: 200 });
    expect([limiter.idle, limiter.stale, wait('b')]).toEqual([true, false, undefined]);
  });

  it('reports the burst before the first throttle to the rate limiter', () => {
    const { tryAcquire, release, rateLimiter } = setUp();
    for (const name of ['a', 'b', 'c']) tryAcquire(name);
    release('a', { status: 200 });
    release('b', { status: 200 });
    release('c', { status: 503, retryAfter: 2000 });
    expect(rateLimiter.events).toEqual([
      ['throttled', 0, { epoch: 0, closedFor: 2000, burst: 2, span: 0 }],
    ]);
  });
});

describe('a limiter reports each result to its rate limiter', () => {
  it.each<[string, GateOutcome, string]>([
    ['200', { status: 200 }, 'success'],
    ['304', { status: 304 }, 'success'],
    ['404', { status: 404 }, 'success'],
    ['429 without Retry-After', { status: 429 }, 'ignored'],
    ['500', { status: 500 }, 'ignored'],
    ['502 with Retry-After', { status: 502, retryAfter: 9000 }, 'ignored'],
    ['504', { status: 504 }, 'ignored'],
    ['nothing', {}, 'ignored'],
  ])('%s', (_words, outcome, event) => {
    const { throttle, tryAcquire, release, rateLimiter } = setUp();
    throttle();
    rateLimiter.grantNow = (at) => ({ sends: 1, at, interval: 0, epoch: 1 });
    tryAcquire('a');
    release('a', outcome);
    expect(rateLimiter.events).toEqual([[event, 0, 1]]);
  });

  it.each<[string, GateOutcome, number]>([
    ['429 with Retry-After', { status: 429, retryAfter: 7000 }, 7000],
    ['503 with Retry-After', { status: 503, retryAfter: 7000 }, 7000],
    ['529 with Retry-After', { status: 529, retryAfter: 7000 }, 7000],
    ['503 without', { status: 503 }, 8000],
    ['529 without', { status: 529 }, 8000],
    ['429 with 0', { status: 429, retryAfter: 0 }, 0],
  ])('%s', (_words, outcome, closedFor) => {
    const { throttle, tryAcquire, release, rateLimiter } = setUp();
    throttle();
    rateLimiter.grantNow = (at) => ({ sends: 1, at, interval: 0, epoch: 1 });
    tryAcquire('a');
    release('a', outcome);
    expect(rateLimiter.events).toEqual([['throttled', 0, { epoch: 1, closedFor }]]);
  });

  it('with the epoch of the send, 0 before the first throttle', () => {
    const { tryAcquire, release, rateLimiter, throttle } = setUp();
    tryAcquire('early');
    throttle();
    release('early', { status: 200 });
    rateLimiter.grantNow = (at) => ({ sends: 1, at, interval: 0, epoch: rateLimiter.epoch });
    tryAcquire('a');
    rateLimiter.epoch = 2;
    release('a', { status: 200 });
    expect(rateLimiter.events).toEqual([
      ['success', 0, 0],
      ['success', 0, 1],
    ]);
  });

  it('and each call that a person has sent', async () => {
    const { throttle, enqueue, wait, admitted, rateLimiter, ends } = setUp();
    throttle();
    enqueue('a', 'b');
    wait('b')?.retryNow();
    await turn();
    expect([admitted, ends]).toEqual([['b'], []]);
    expect(rateLimiter.events).toEqual([['bypass']]);
  });
});

describe('a rate limiter that answers later', () => {
  it('is asked once for all queued calls', async () => {
    const { throttle, enqueue, rateLimiter } = setUp();
    throttle();
    enqueue('a', 'b', 'c');
    await turn();
    expect(rateLimiter.requests).toHaveLength(1);
  });

  it('admits as many calls as it granted, in order, one per interval', async () => {
    const { throttle, enqueue, rateLimiter, admitted, clock } = setUp();
    throttle();
    enqueue('a', 'b', 'c', 'd');
    await rateLimiter.requests[0]?.grant({ sends: 3, at: T, interval: 100 });
    expect(admitted).toEqual(['a']);
    await clock.advance(99);
    expect(admitted).toEqual(['a']);
    await clock.advance(1);
    expect(admitted).toEqual(['a', 'b']);
    await clock.advance(100);
    expect(admitted).toEqual(['a', 'b', 'c']);
    expect(rateLimiter.requests[1]?.wanted).toBe(1);
  });

  it('is asked for as many sends as there are queued calls', async () => {
    const { throttle, enqueue, rateLimiter } = setUp();
    throttle();
    enqueue('a', 'b', 'c', 'd');
    await rateLimiter.requests[0]?.grant({ sends: 1 });
    expect(rateLimiter.requests[1]?.wanted).toBe(3);
  });

  it('is asked again at the time that it says', async () => {
    const { throttle, enqueue, rateLimiter, clock, admitted } = setUp();
    throttle();
    enqueue('a');
    await rateLimiter.requests[0]?.grant({ sends: 0, at: T + 500 });
    await clock.advance(499);
    expect(rateLimiter.requests).toHaveLength(1);
    await clock.advance(1);
    expect(rateLimiter.requests).toHaveLength(2);
    await rateLimiter.requests[1]?.grant({});
    expect(admitted).toEqual(['a']);
  });

  it('is asked again when it reports a change', async () => {
    const { throttle, enqueue, rateLimiter, onChange } = setUp();
    throttle();
    enqueue('a');
    await rateLimiter.requests[0]?.grant({ sends: 0, at: T + 5000 });
    onChange();
    expect(rateLimiter.requests).toHaveLength(2);
  });

  it('has its closings shown by the queued calls', async () => {
    const { throttle, enqueue, rateLimiter, onChange, wait } = setUp();
    throttle();
    enqueue('a');
    rateLimiter.closedUntil = T + 5000;
    await rateLimiter.requests[0]?.grant({ sends: 0, at: T + 5000 });
    expect(wait('a')?.dueAt).toBe(T + 5000);
    rateLimiter.closedUntil = T + 9000;
    onChange();
    expect(wait('a')?.dueAt).toBe(T + 9000);
  });

  it('is asked again if its grant is of an earlier epoch', async () => {
    const { throttle, enqueue, rateLimiter, admitted } = setUp();
    throttle();
    enqueue('a');
    rateLimiter.epoch = 2;
    await rateLimiter.requests[0]?.grant({ sends: 5, epoch: 1 });
    expect([admitted, rateLimiter.requests.length]).toEqual([[], 2]);
    await rateLimiter.requests[1]?.grant({ epoch: 2 });
    expect(admitted).toEqual(['a']);
  });

  it('is asked again if the rest of its grant is more than a second old', async () => {
    const { throttle, enqueue, rateLimiter, admitted, clock } = setUp();
    throttle();
    enqueue('a');
    await rateLimiter.requests[0]?.grant({ sends: 5, interval: 10 });
    expect(admitted).toEqual(['a']);
    await clock.advance(5000);
    enqueue('b');
    await turn();
    expect([admitted, rateLimiter.requests.length]).toEqual([['a'], 2]);
  });

  it('leaves a grant that arrives when no call waits any more to the next call', async () => {
    const { throttle, enqueue, rateLimiter, wait, tryAcquire } = setUp();
    throttle();
    enqueue('a');
    wait('a')?.cancel();
    await rateLimiter.requests[0]?.grant({ sends: 1 });
    expect(tryAcquire('b')).toBe(true);
  });

  it('is asked again if a throttle came before the rest of its grant was used', async () => {
    const { throttle, enqueue, rateLimiter, release, admitted, clock } = setUp();
    throttle();
    enqueue('a', 'b');
    await rateLimiter.requests[0]?.grant({ sends: 2, interval: 50 });
    release('a', { status: 429, retryAfter: 3000 });
    await clock.advance(1000);
    expect(admitted).toEqual(['a']);
    expect(rateLimiter.requests).toHaveLength(2);
  });
});

describe('the permits of a key', () => {
  it('are all released: afterwards it is idle', async () => {
    const { enqueue, release, limiter, admitted, clock, wait, tryAcquire, call } = setUp({
      initialConcurrency: 3,
    });
    const names = Array.from({ length: 60 }, (_, i) => `c${i}`);
    for (const name of names) if (!tryAcquire(name)) enqueue(name);
    wait('c10')?.cancel();
    wait('c20')?.retryNow();
    for (let left = 0; left < 59; left += 1) {
      await clock.advance(1);
      const name = admitted[left];
      expect(name).toBeDefined();
      expect(limiter.idle).toBe(false);
      release(String(name), [{ status: 200 }, { status: 500 }, {}][left % 3] as GateOutcome);
    }
    expect(new Set(admitted).size).toBe(59);
    expect([limiter.idle, call('x').retries]).toEqual([true, 0]);
  });
});

describe('what a key has learned from a throttle', () => {
  it('is kept for 60 s after its last use', async () => {
    const { throttle, limiter, clock } = setUp();
    throttle();
    await clock.advance(60_000);
    expect([limiter.stale, limiter.idle]).toEqual([false, false]);
    await clock.advance(1);
    expect([limiter.stale, limiter.idle]).toEqual([true, true]);
  });

  it('is kept for 60 s after the end of the closing', async () => {
    const { tryAcquire, release, limiter, clock } = setUp();
    tryAcquire('a');
    release('a', { status: 429, retryAfter: 100_000 });
    await clock.advance(160_000);
    expect(limiter.stale).toBe(false);
    await clock.advance(1);
    expect(limiter.stale).toBe(true);
  });

  it('is kept while it has requests', async () => {
    const { throttle, enqueue, tryAcquire, release, limiter, clock, rateLimiter, wait } = setUp();
    rateLimiter.grantNow = (at) => ({ sends: 1, at, interval: 0, epoch: 1 });
    throttle();
    tryAcquire('a');
    await clock.advance(100_000);
    expect([limiter.stale, limiter.idle]).toEqual([false, false]);
    rateLimiter.grantNow = undefined;
    enqueue('b');
    release('a', { status: 200 });
    await clock.advance(100_000);
    expect([limiter.stale, limiter.idle]).toEqual([false, false]);
    wait('b')?.cancel();
    expect(limiter.stale).toBe(true);
  });
});

import type {
  AttachedInstance,
  GateOutcome,
  RetryCall,
  RetryPermit,
} from '../../src/core/extensions.js';
import type { Admission, Admitted } from '../../src/gate/admission.js';
import { Limiter } from '../../src/gate/limiter.js';
import type { GateOptions } from '../../src/gate/options.js';
import { readGateOptions } from '../../src/gate/options.js';
import type { Quota } from '../../src/hints/quota.js';
import { MonotonicTimers } from '../../src/wait/monotonic-timers.js';
import type { WaitResult } from '../../src/wait/wait-list.js';
import { WaitList } from '../../src/wait/wait-list.js';
import { callOf } from '../support/stub-call.js';
import { stubClock } from '../support/stub-server.js';

const T = 1_000_000;

/** Admits when a test says so. */
class ManualAdmission implements Admission {
  epoch = 1;
  closed = false;
  throttled = true;
  forgettable = false;
  holdsUntil = Number.NEGATIVE_INFINITY;
  until = Number.NEGATIVE_INFINITY;
  rate: number | undefined;
  /** Until when what costs more than 1 is held. */
  dearUntil = Number.NEGATIVE_INFINITY;
  /** How many sends may go without a look at the time. */
  easyRoom = 0;
  /** How many sends may go, and when to ask again after that. */
  room = 0;
  askAt = Number.POSITIVE_INFINITY;
  /** The calls of `admit` and those that report. */
  readonly asked: { at: number; cost: number; queued: number }[] = [];
  readonly events: unknown[][] = [];

  closedUntil(_now: number, cost = 1): number {
    return cost > 1 ? Math.max(this.until, this.dearUntil) : this.until;
  }

  tryAdmit(): boolean {
    this.easyRoom -= 1;
    return this.easyRoom >= 0;
  }

  admit(now: number, cost: number, queued: number): number {
    this.asked.push({ at: now - T, cost, queued });
    if (this.room === 0) return this.askAt;
    this.room -= 1;
    return 0;
  }

  onBypass(now: number, cost: number): void {
    this.events.push(['bypass', now - T, cost]);
  }

  onQuotas(_now: number, { cost }: Admitted, quotas: readonly Quota[]): void {
    if (quotas.length > 0) this.events.push(['quotas', cost, ...quotas]);
    for (const { reset = 0 } of quotas) this.until = T + reset;
  }

  onSuccess(now: number, { epoch }: Admitted): void {
    this.events.push(['success', now - T, epoch]);
  }

  onIgnored(now: number, { epoch }: Admitted): void {
    this.events.push(['ignored', now - T, epoch]);
  }

  onThrottled(now: number, { epoch }: Admitted, closedFor: number): void {
    this.events.push(['throttled', now - T, epoch, closedFor]);
    this.until = Math.max(this.until, now + closedFor);
  }

  rateAt(): number | undefined {
    return this.rate;
  }

  quotaAt() {
    return { name: 'minute', remaining: 3, limit: 10, resetAt: T + 5000 };
  }
}

function setUp(options: GateOptions = {}) {
  const clock = stubClock(T);
  const waits = new WaitList(clock);
  const timers = new MonotonicTimers(clock, () => limiter.updateWaits());
  const admission = new ManualAdmission();
  let onChange: () => void = () => undefined;
  const limiter = new Limiter(readGateOptions('test', options), timers, (callback) => {
    onChange = callback;
    return admission;
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
  /** Lets some sends go at once. */
  async function admit(room: number): Promise<void> {
    admission.room = room;
    onChange();
    await turn();
  }
  const release = (name: string, outcome: GateOutcome, headers?: object) =>
    permits.get(name)?.release(outcome, headers);
  const wait = (name: string) => waits.list().find(({ url }) => url === name);
  return {
    ...{ clock, waits, admission, limiter, admitted, permits, ends, call, wait, instance },
    ...{ tryAcquire, enqueue, release, admit, onChange: () => onChange() },
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the queue of a key', () => {
  it('is empty while calls are admitted without a look at the time', () => {
    const { tryAcquire, admission } = setUp();
    admission.easyRoom = 2;
    expect(['a', 'b', 'c'].map(tryAcquire)).toEqual([true, true, false]);
    expect(admission.asked).toHaveLength(1);
  });

  it.each<GateOptions>([{ maxConcurrency: 1 }, { maxRate: { requests: 1, per: 1000 } }])(
    'holds what goes beyond %j, even if the admission needs no look at the time',
    (options) => {
      const { tryAcquire, admission } = setUp(options);
      Object.assign(admission, { easyRoom: 9, room: 9 });
      expect(['a', 'b'].map(tryAcquire)).toEqual([true, false]);
    },
  );

  it('is empty while calls are admitted at once', () => {
    const { tryAcquire, admission, limiter } = setUp();
    admission.room = 2;
    expect(['a', 'b', 'c'].map(tryAcquire)).toEqual([true, true, false]);
    expect(limiter.inspect('k')).toMatchObject({ inFlight: 2, queued: 0 });
  });

  it('admits in order', async () => {
    const { enqueue, admit, admitted } = setUp();
    enqueue('a', 'b', 'c');
    await admit(2);
    expect(admitted).toEqual(['a', 'b']);
  });

  it('lets no new call pass a queued one', () => {
    const { tryAcquire, enqueue, admission } = setUp();
    enqueue('a');
    admission.room = 5;
    expect(tryAcquire('b')).toBe(false);
  });

  it('lets a higher priority go first if there are priorities', async () => {
    const { enqueue, admit, admitted } = setUp({ priority: ({ url }) => Number(url) });
    enqueue('1', '3', '2', '3.5');
    await admit(3);
    expect(admitted).toEqual(['3.5', '3', '2']);
  });

  it('refuses more than maxQueued calls', async () => {
    const { enqueue, limiter, call, instance } = setUp({ maxQueued: 1 });
    enqueue('a');
    expect(() => limiter.enqueue(call('b'), instance)).toThrow(/queue is full: maxQueued \(1\)/);
  });

  it('tells the admission how many wait and what the next one costs', () => {
    const { enqueue, admission } = setUp({ cost: ({ url }) => Number(url) });
    enqueue('2', '7');
    expect(admission.asked.at(-1)).toEqual({ at: 0, cost: 2, queued: 2 });
  });

  it('asks again at the time that the admission says', async () => {
    const { enqueue, admission, clock, admitted } = setUp();
    admission.askAt = T + 500;
    enqueue('a');
    admission.room = 1;
    await clock.advance(499);
    expect(admitted).toEqual([]);
    await clock.advance(1);
    expect(admitted).toEqual(['a']);
  });

  it('asks again for the next call when the first one is cancelled, as it may cost less', async () => {
    const { enqueue, admission, wait, clock, admitted } = setUp({ cost: () => 1 });
    admission.askAt = T + 50_000;
    enqueue('a', 'b');
    admission.room = 1;
    wait('a')?.cancel();
    await clock.advance(0);
    expect(admitted).toEqual(['b']);
  });

  it('sets no timer while only a result can bring the next turn', () => {
    const { enqueue, clock } = setUp();
    enqueue('a');
    expect(clock.timers.size).toBe(0);
  });

  it('sets no timer for a call that does not wait', () => {
    const { tryAcquire, admission, clock } = setUp();
    admission.askAt = T + 500;
    expect(tryAcquire('a')).toBe(false);
    expect(clock.timers.size).toBe(0);
  });

  it('leaves no timer when all are cancelled', () => {
    const { enqueue, admission, wait, clock } = setUp();
    admission.askAt = T + 50_000;
    enqueue('a', 'b');
    wait('a')?.cancel();
    wait('b')?.cancel();
    expect(clock.timers.size).toBe(0);
  });

  it('is shown when a closing ends, and again when that is later', async () => {
    const { enqueue, admission, onChange, wait } = setUp();
    admission.until = T + 5000;
    enqueue('a');
    expect(wait('a')?.dueAt).toBe(T + 5000);
    admission.until = T + 9000;
    onChange();
    expect(wait('a')?.dueAt).toBe(T + 9000);
  });

  it('is shown another end of a closing only if that is later by 100 ms', () => {
    const { enqueue, admission, onChange, wait } = setUp();
    admission.until = T + 5000;
    onChange();
    enqueue('a');
    for (const [until, shown] of [
      [5099, 5000],
      [5100, 5100],
    ] as const) {
      admission.until = T + until;
      onChange();
      expect(wait('a')?.dueAt).toBe(T + shown);
    }
  });

  it('is shown a short closing after one that is over', () => {
    const { enqueue, admission, onChange, wait } = setUp();
    enqueue('a');
    admission.until = T;
    onChange();
    admission.until = T + 50;
    onChange();
    expect(wait('a')?.dueAt).toBe(T + 50);
  });

  it('is shown the time left of a closing, and none if the key is open', () => {
    const { enqueue, admission, wait } = setUp();
    enqueue('a');
    admission.until = T + 5000;
    enqueue('b');
    expect([wait('a'), wait('b')]).toMatchObject([
      { dueAt: T, delay: 0 },
      { dueAt: T + 5000, delay: 5000 },
    ]);
  });

  it('is shown a closing that an answer tells, by its status or by its quotas', () => {
    for (const [outcome, quotas] of [
      [{ status: 429, retryAfter: 5000 }, []],
      [{ status: 200 }, [{ name: 'q', remaining: 0, reset: 5000 }]],
    ] as const) {
      const { tryAcquire, enqueue, release, admission, wait } = setUp({ quotas: () => quotas });
      admission.room = 1;
      tryAcquire('a');
      enqueue('b');
      release('a', outcome, {});
      expect(wait('b')?.dueAt).toBe(T + 5000);
    }
  });

  it('is shown until when its first call is held for its cost', () => {
    const { enqueue, admission, onChange, wait } = setUp({ cost: ({ url }) => Number(url) });
    enqueue('2');
    admission.dearUntil = T + 5000;
    onChange();
    expect(wait('2')?.dueAt).toBe(T + 5000);
  });

  it('is shown a closing that ends before an earlier one that was called off', async () => {
    const { enqueue, admission, onChange, wait } = setUp();
    admission.until = T + 60_000;
    onChange();
    admission.until = T;
    onChange();
    enqueue('a');
    admission.until = T + 5000;
    onChange();
    expect(wait('a')?.dueAt).toBe(T + 5000);
  });

  it('hands over no call that was aborted before', async () => {
    const { limiter, call, instance, admission } = setUp();
    const defer = jest.fn();
    admission.until = T + 60_000;
    const aborted = call('a', {
      abortable: { signal: AbortSignal.abort() },
      policy: { ...call('a').policy, maxDelay: 1000 },
    });
    const deferral = { defer } as unknown as NonNullable<AttachedInstance['deferral']>;
    const result = limiter.enqueue(aborted, { ...instance, deferral });
    expect(await result).toEqual({ type: 'aborted' });
    expect(defer).not.toHaveBeenCalled();
  });

  it('keeps a call that has no time left while the key is open', () => {
    const { limiter, call, instance, admission, wait } = setUp();
    admission.until = T;
    const { policy, summary } = call('a');
    const late = call('a', {
      policy: { ...policy, maxElapsed: 1000 },
      firstSentAt: T - 2000,
      summary: () => ({ ...summary(), retryNumber: 1 }),
    });
    void limiter.enqueue(late, instance);
    expect(wait('a')).toBeDefined();
  });

  it('keeps no call whose signal cannot be watched', async () => {
    const { limiter, call, instance, admit } = setUp();
    const signal = {
      addEventListener() {
        throw new Error('no listeners');
      },
    };
    const broken = call('a', { abortable: { signal } as never });
    await expect(limiter.enqueue(broken, instance)).rejects.toThrow('no listeners');
    await admit(1);
    expect(limiter.inspect('k')).toMatchObject({ inFlight: 0, queued: 0 });
  });
});

describe('a limiter reports each result', () => {
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
    const { tryAcquire, release, admission } = setUp();
    admission.room = 1;
    tryAcquire('a');
    release('a', outcome);
    expect(admission.events).toEqual([[event, 0, 1]]);
  });

  it.each<[string, GateOutcome, number]>([
    ['429 with Retry-After', { status: 429, retryAfter: 7000 }, 7000],
    ['503 with Retry-After', { status: 503, retryAfter: 7000 }, 7000],
    ['529 with Retry-After', { status: 529, retryAfter: 7000 }, 7000],
    ['503 without', { status: 503 }, 8000],
    ['529 without', { status: 529 }, 8000],
    ['429 with 0', { status: 429, retryAfter: 0 }, 0],
  ])('%s', (_words, outcome, closedFor) => {
    const { tryAcquire, release, admission } = setUp();
    admission.room = 1;
    tryAcquire('a');
    release('a', outcome);
    expect(admission.events).toEqual([['throttled', 0, 1, closedFor]]);
  });

  it('with the epoch in which it was sent', () => {
    const { tryAcquire, release, admission, permits } = setUp();
    admission.room = 1;
    tryAcquire('a');
    admission.epoch = 2;
    admission.closed = true;
    expect(permits.get('a')?.isExpired?.()).toBe(true);
    release('a', { status: 200 });
    expect(admission.events).toEqual([['success', 0, 1]]);
  });

  it('and what its headers tell of quotas, before', () => {
    const read = jest.fn(() => [{ name: 'q', remaining: 5 }]);
    const { tryAcquire, release, admission } = setUp({ quotas: read, cost: () => 4 });
    admission.room = 1;
    tryAcquire('a');
    release('a', { status: 404 }, { x: '1' });
    expect(read.mock.calls).toEqual([[{ status: 404, headers: { x: '1' }, receivedAt: T }]]);
    expect(admission.events).toMatchObject([
      ['quotas', 4, { name: 'q', remaining: 5 }],
      ['success', 0, 1],
    ]);
  });

  it('also if a reader throws', () => {
    const { tryAcquire, release, admission, limiter } = setUp({
      quotas: () => {
        throw new Error('a bug');
      },
    });
    admission.room = 1;
    tryAcquire('a');
    expect(() => release('a', { status: 200 }, {})).toThrow('a bug');
    expect(admission.events).toEqual([['success', 0, 1]]);
    expect(limiter.inspect('k').inFlight).toBe(0);
  });

  it('and asks no reader if there was no answer', () => {
    const read = jest.fn(() => []);
    const { tryAcquire, release, admission } = setUp({ quotas: read });
    admission.room = 1;
    tryAcquire('a');
    release('a', {});
    expect(read).not.toHaveBeenCalled();
    expect(admission.events).toEqual([['ignored', 0, 1]]);
  });

  it('and each call that a person has sent', async () => {
    const { enqueue, wait, admitted, admission, ends } = setUp({ cost: () => 2 });
    enqueue('a', 'b');
    wait('b')?.retryNow();
    await turn();
    expect([admitted, ends]).toEqual([['b'], []]);
    expect(admission.events).toEqual([['bypass', 0, 2]]);
  });
});

describe('a person may send a queued call', () => {
  it.each([
    ['while the key is open', false, T, true],
    ['but not while it is closed', false, T + 1, false],
    ['nor while a probe is out', true, T, false],
  ])('%s', async (_words, closed, until, isSent) => {
    const { enqueue, wait, admission, admitted } = setUp();
    enqueue('a');
    Object.assign(admission, { closed, until });
    wait('a')?.retryNow();
    await turn();
    expect(admitted).toEqual(isSent ? ['a'] : []);
  });
});

describe('when a request ends', () => {
  const end = (throttled: boolean) => {
    const all = setUp();
    all.admission.room = 1;
    all.tryAcquire('a');
    all.enqueue('b', 'c', 'd');
    Object.assign(all.admission, { throttled, room: 2 });
    all.release('a', { status: 200 });
    return all;
  };

  it('one follows at once, and more after the answers that have come already', async () => {
    const { admitted, limiter, clock, wait } = end(false);
    wait('d')?.cancel();
    expect(limiter.inspect('k')).toMatchObject({ inFlight: 1, queued: 1 });
    await clock.advance(0);
    expect(admitted).toEqual(['a', 'b', 'c']);
  });

  it('the last one follows, and leaves no timer', async () => {
    const { enqueue, tryAcquire, release, admission, admitted, clock } = setUp();
    Object.assign(admission, { throttled: false, room: 1, askAt: T + 500 });
    tryAcquire('a');
    enqueue('b');
    admission.room = 1;
    release('a', { status: 200 });
    await turn();
    expect([admitted, clock.timers.size]).toEqual([['a', 'b'], 0]);
  });

  it('all that may go follow at once if there is a rate', () => {
    expect(end(true).limiter.inspect('k')).toMatchObject({ inFlight: 2, queued: 1 });
  });
});

describe('maxConcurrency', () => {
  it('holds the number of requests in flight', async () => {
    const { tryAcquire, enqueue, release, admission, admitted } = setUp({ maxConcurrency: 2 });
    admission.room = 100;
    expect(['a', 'b', 'c'].map(tryAcquire)).toEqual([true, true, false]);
    enqueue('c', 'd');
    release('b', {});
    await turn();
    expect(admitted).toEqual(['a', 'b', 'c']);
  });

  it('takes requests as lost when none has ended for 5 minutes', async () => {
    const { tryAcquire, enqueue, admission, admitted, clock } = setUp({ maxConcurrency: 1 });
    admission.room = 100;
    tryAcquire('a');
    enqueue('b', 'c');
    await clock.advance(299_999);
    expect(admitted).toEqual(['a']);
    await clock.advance(2);
    expect(admitted).toEqual(['a', 'b']);
  });

  it('does not send then what the admission holds', async () => {
    const { tryAcquire, enqueue, admission, admitted, clock } = setUp({ maxConcurrency: 1 });
    admission.room = 1;
    tryAcquire('a');
    enqueue('b');
    await clock.advance(400_000);
    expect(admitted).toEqual(['a']);
  });

  it('makes no room when lost requests end after all', async () => {
    const { tryAcquire, enqueue, admission, admitted, clock, release } = setUp({
      maxConcurrency: 2,
    });
    admission.room = 100;
    for (const name of ['a', 'b']) tryAcquire(name);
    enqueue('c');
    await clock.advance(300_001);
    release('a', {});
    release('b', {});
    enqueue('d', 'e', 'f');
    await turn();
    expect(admitted).toEqual(['a', 'b', 'c', 'd']);
  });

  it('counts what a person has sent', async () => {
    const { tryAcquire, enqueue, admission, wait, release, admitted } = setUp({
      maxConcurrency: 1,
    });
    admission.room = 100;
    tryAcquire('a');
    enqueue('b', 'c');
    wait('c')?.retryNow();
    await turn();
    release('a', { status: 200 });
    await turn();
    expect(admitted).toEqual(['a', 'c']);
    release('c', { status: 200 });
    await turn();
    expect(admitted).toEqual(['a', 'c', 'b']);
  });
});

describe('maxRate', () => {
  it('holds the number of sends in a time', async () => {
    const { tryAcquire, enqueue, release, admission, admitted, clock } = setUp({
      maxRate: { requests: 2, per: 1000 },
    });
    admission.room = 100;
    expect(['a', 'b', 'c'].map(tryAcquire)).toEqual([true, true, false]);
    release('a', { status: 200 });
    release('b', { status: 200 });
    enqueue('c');
    await clock.advance(999);
    expect(admitted).toEqual(['a', 'b']);
    await clock.advance(1);
    expect(admitted).toEqual(['a', 'b', 'c']);
  });

  it('counts a send from when its task is over, however long its answer takes', async () => {
    const { enqueue, admit, admitted, clock } = setUp({ maxRate: { requests: 1, per: 1000 } });
    await admit(100);
    enqueue('a', 'b', 'c');
    for (const sent of [['a'], ['a', 'b'], ['a', 'b', 'c']]) {
      await clock.advance(0);
      expect(admitted).toEqual(sent);
      await clock.advance(1009);
      expect(admitted).toEqual(sent);
      await clock.advance(1);
    }
  });

  it('is remembered by a key without requests', async () => {
    const { tryAcquire, release, admission, limiter, clock } = setUp({
      maxRate: { requests: 1, per: 100_000 },
    });
    admission.forgettable = true;
    admission.room = 1;
    tryAcquire('a');
    release('a', { status: 200 });
    await clock.advance(160_000);
    expect([limiter.stale, limiter.idle]).toEqual([false, false]);
    await clock.advance(1);
    expect([limiter.stale, limiter.idle]).toEqual([true, true]);
  });
});

describe('inspect', () => {
  it('shows a key that is open, with its rate and its quota', () => {
    const { limiter, admission } = setUp();
    admission.rate = 12;
    expect(limiter.inspect('k')).toEqual({
      key: 'k',
      state: 'open',
      rate: 12,
      inFlight: 0,
      queued: 0,
      quota: { name: 'minute', remaining: 3, limit: 10, resetAt: T + 5000 },
    });
  });

  it('shows a key that is closed, and then probing', async () => {
    const { limiter, admission, clock } = setUp();
    admission.rate = 12;
    admission.closed = true;
    admission.until = T + 5000;
    expect(limiter.inspect('k')).toMatchObject({ state: 'closed', closedUntil: T + 5000 });
    await clock.advance(5000);
    const shown = limiter.inspect('k');
    expect(shown).toMatchObject({ state: 'probing' });
    expect([shown.closedUntil, shown.rate]).toEqual([undefined, undefined]);
  });
});

describe('options that are functions', () => {
  it.each([
    ['cost', Number.NaN],
    ['cost', -1],
    ['cost', Number.POSITIVE_INFINITY],
    ['cost', '1'],
    ['cost', undefined],
    ['priority', Number.NaN],
    ['priority', '5'],
    ['priority', undefined],
  ])('%s must not return %p', (name, value) => {
    const { limiter, call, instance } = setUp({ [name]: () => value });
    expect(() => limiter.enqueue(call('a'), instance)).toThrow(
      new RegExp(`the result of option "${name}" takes a number`),
    );
    expect(limiter.inspect('k')).toMatchObject({ inFlight: 0, queued: 0 });
  });
});

describe('what a key has learned', () => {
  const used = (options: GateOptions = {}) => {
    const all = setUp(options);
    all.admission.room = 1;
    all.tryAcquire('a');
    all.release('a', { status: 200 });
    return all;
  };

  it('is not worth keeping if its admission says so', async () => {
    const { limiter, admission, clock } = used();
    expect([limiter.stale, limiter.idle]).toEqual([false, false]);
    admission.forgettable = true;
    expect([limiter.stale, limiter.idle]).toEqual([false, true]);
    await clock.advance(100_000);
    expect([limiter.stale, limiter.idle]).toEqual([false, true]);
  });

  it('is kept for 60 s after its last use', async () => {
    const { limiter, clock } = used();
    await clock.advance(60_000);
    expect([limiter.stale, limiter.idle]).toEqual([false, false]);
    await clock.advance(1);
    expect([limiter.stale, limiter.idle]).toEqual([true, true]);
  });

  it('is kept for 60 s after it holds no more', async () => {
    const { limiter, clock, admission } = used();
    admission.holdsUntil = T + 100_000;
    await clock.advance(160_000);
    expect(limiter.stale).toBe(false);
    await clock.advance(1);
    expect(limiter.stale).toBe(true);
  });

  it('is kept while it has requests', async () => {
    const { limiter, clock, admission, tryAcquire, enqueue, release, wait } = used();
    admission.room = 1;
    tryAcquire('b');
    await clock.advance(100_000);
    expect([limiter.stale, limiter.idle]).toEqual([false, false]);
    enqueue('c');
    release('b', { status: 200 });
    await clock.advance(100_000);
    expect([limiter.stale, limiter.idle]).toEqual([false, false]);
    wait('c')?.cancel();
    expect(limiter.stale).toBe(true);
  });
});

describe('a permit that a hook or an interceptor keeps', () => {
  const quotas = () => [];

  it('counts for 5 minutes, and is outdated when it counts as lost', async () => {
    const { tryAcquire, enqueue, admission, permits, clock } = setUp({ maxConcurrency: 1 });
    admission.room = 100;
    tryAcquire('a');
    enqueue('b');
    await clock.advance(299_999);
    expect(permits.get('a')?.isExpired?.()).toBe(false);
    await clock.advance(2);
    expect(['a', 'b'].map((name) => permits.get(name)?.isExpired?.())).toEqual([true, false]);
  });

  it('gives its place back if it was taken when others counted as lost', async () => {
    const { tryAcquire, enqueue, admission, admitted, clock, release } = setUp({
      maxConcurrency: 1,
    });
    admission.room = 100;
    tryAcquire('a');
    enqueue('b');
    await clock.advance(300_001);
    enqueue('c');
    release('b', {});
    await turn();
    expect(admitted).toEqual(['a', 'b', 'c']);
  });

  it('is outdated after a refusal that a quota explains, until the key is open again', async () => {
    const { tryAcquire, admission, permits, clock, release } = setUp({ quotas });
    admission.room = 2;
    for (const name of ['kept', 'refused']) tryAcquire(name);
    expect(permits.get('kept')?.isExpired?.()).toBe(false);
    release('refused', { status: 429, retryAfter: 1000 });
    expect(permits.get('kept')?.isExpired?.()).toBe(true);
    await clock.advance(1001);
    expect(permits.get('kept')?.isExpired?.()).toBe(false);
  });

  it('stays in force if its own send took the last of a quota', () => {
    const { tryAcquire, admission, permits } = setUp({ quotas });
    admission.room = 1;
    tryAcquire('last');
    admission.until = T + 1000;
    expect(permits.get('last')?.isExpired?.()).toBe(false);
  });

  it('stays in force if it was given after the refusal', async () => {
    const { tryAcquire, admission, permits, clock, release } = setUp({ quotas });
    admission.room = 2;
    tryAcquire('refused');
    release('refused', { status: 429, retryAfter: 1000 });
    await clock.advance(1);
    tryAcquire('probe');
    expect(permits.get('probe')?.isExpired?.()).toBe(false);
  });

  it('follows the epochs alone where no quotas are read', () => {
    const { tryAcquire, admission, permits, release } = setUp();
    admission.room = 2;
    for (const name of ['kept', 'refused']) tryAcquire(name);
    release('refused', { status: 429, retryAfter: 1000 });
    expect(permits.get('kept')?.isExpired?.()).toBe(false);
  });
});

import type { RetryCall, RetryDeferral, RetryPermit } from '../../src/core/extensions.js';
import type { QueueOwner } from '../../src/gate/queued-call.js';
import { QueuedCall } from '../../src/gate/queued-call.js';
import type { WaitResult } from '../../src/wait/wait-list.js';
import { WaitList } from '../../src/wait/wait-list.js';
import { callOf } from '../support/stub-call.js';
import { stubClock } from '../support/stub-server.js';

const permit: RetryPermit = { release: () => undefined };
const skipPermit: RetryPermit = { release: () => undefined };

/** A call in the queue of a stub. */
function setUp(
  policy: Partial<RetryCall['policy']> = {},
  retryNumber = 0,
  defer?: RetryDeferral['defer'],
) {
  const clock = stubClock(100_000);
  const waits = new WaitList(clock);
  const owner = {
    canSkip: true as boolean,
    acquireNow: jest.fn((_queued: QueuedCall) => skipPermit),
    dequeued: jest.fn(),
  } satisfies QueueOwner;
  const plain = callOf();
  const call = callOf(
    {},
    {
      firstSentAt: 40_000,
      policy: { ...plain.policy, ...policy },
      summary: () => ({ ...plain.summary(), retryNumber }),
    },
  );
  const deferral = defer && { attach: () => undefined, defer };
  const instance = { clock, waits, maxRetries: 5, detached: false, ...(deferral && { deferral }) };
  const ends: (RetryPermit | WaitResult)[] = [];
  const place = { cost: 3, priority: 7, queuedAt: 100_000 };
  const queued = new QueuedCall(call, instance, owner, (end) => ends.push(end), place);
  queued.begin(105_000, 5000);
  return { waits, owner, queued, ends, call };
}

const first = (waits: WaitList) => waits.list()[0];

describe('a queued call', () => {
  it('is shown as a wait at the gate', () => {
    const { waits, queued, owner } = setUp();
    expect(waits.list()).toMatchObject([{ basis: 'gate', dueAt: 105_000, delay: 5000 }]);
    expect([queued.removed, owner.dequeued.mock.calls.length]).toEqual([false, 0]);
  });

  it('knows its place: cost, priority and age', () => {
    expect(setUp().queued).toMatchObject({ cost: 3, priority: 7, queuedAt: 100_000 });
  });

  it('leaves the queue when a signal cannot be watched', () => {
    const { owner, call, queued: model } = setUp();
    const signal = {
      addEventListener() {
        throw new Error('no listeners');
      },
    };
    const broken = { ...call, abortable: { signal } } as unknown as RetryCall;
    const queued = new QueuedCall(broken, model.instance, owner, () => undefined, model);
    expect(() => queued.begin(105_000, 5000)).toThrow('no listeners');
    expect([queued.removed, owner.dequeued.mock.calls.length]).toEqual([true, 1]);
  });

  it('settles with its permit when it is admitted', () => {
    const { waits, queued, owner, ends } = setUp();
    queued.admit(permit);
    expect(ends).toEqual([permit]);
    expect([queued.removed, waits.list()]).toEqual([true, []]);
    expect(owner.dequeued).not.toHaveBeenCalled();
  });

  it('leaves the queue once when it is cancelled, and settles with the reason', () => {
    const { waits, queued, owner, ends } = setUp();
    const shown = first(waits);
    shown?.cancel();
    shown?.cancel();
    expect([ends, queued.removed]).toEqual([[{ type: 'gave-up', reason: 'canceled' }], true]);
    expect(owner.dequeued).toHaveBeenCalledTimes(1);
  });

  it('gets a permit out of turn from retryNow()', () => {
    const { waits, owner, ends, queued } = setUp();
    first(waits)?.retryNow();
    expect(owner.acquireNow.mock.calls).toEqual([[queued]]);
    expect(owner.dequeued).toHaveBeenCalledTimes(1);
    expect(ends).toEqual([skipPermit]);
  });

  it('ignores retryNow() while the gate is closed', () => {
    const { waits, owner, ends } = setUp();
    owner.canSkip = false;
    first(waits)?.retryNow();
    expect([ends, waits.list().length]).toEqual([[], 1]);
  });
});

describe('a queued call whose gate closes', () => {
  it('is shown with the new time, later or earlier', () => {
    const { waits, queued } = setUp();
    queued.gateClosed(190_000, 90_000);
    expect(first(waits)?.dueAt).toBe(190_000);
    queued.gateClosed(110_000, 10_000);
    expect(first(waits)?.dueAt).toBe(110_000);
  });

  it('is not shown anew if the time is the same', () => {
    const { waits, queued } = setUp();
    const before = waits.list();
    queued.gateClosed(105_000, 5000);
    expect(waits.list()).toBe(before);
  });

  it('waits up to exactly maxDelay and maxElapsed', () => {
    const { queued, ends } = setUp({ maxDelay: 90_000, maxElapsed: 90_000 });
    queued.gateClosed(190_000, 90_000);
    expect([ends, queued.removed]).toEqual([[], false]);
  });

  it.each([
    ['maxElapsed', { maxElapsed: 7000, totalTimeout: 8000 }, 'maxElapsed (7000 ms)'],
    ['totalTimeout', { maxElapsed: 8000, totalTimeout: 7000 }, 'totalTimeout (7000 ms)'],
    ['maxDelay', { maxDelay: 7000, totalTimeout: 7000 }, 'maxDelay (7000 ms)'],
  ])('fails with the limit that forbids it: %s', async (_name, policy, limit) => {
    const { queued, ends } = setUp(policy);
    queued.gateClosed(107_000.5, 7000.5);
    await new Promise((resolve) => setImmediate(resolve));
    const message = `axios-status-retry: the gate is closed for another 7001 ms, longer than ${limit}; see axios-status-retry/errors.md#err-gate-closed`;
    expect(ends).toMatchObject([{ type: 'failed', error: { message } }]);
  });

  it('fails only once its wait has begun, though a clock that is set back closes the gate before', () => {
    const { call, owner, queued: model } = setUp({ maxElapsed: 1 });
    const ends: (RetryPermit | WaitResult)[] = [];
    const queued = new QueuedCall(call, model.instance, owner, (end) => ends.push(end), model);
    queued.gateClosed(190_000, 90_000);
    expect([ends, queued.removed]).toEqual([[], false]);
    queued.begin(190_000, 90_000);
    queued.gateClosed(190_000, 90_000);
    expect(ends).toMatchObject([{ type: 'failed', error: { code: 'ERR_GATE_CLOSED' } }]);
  });

  it('counts the time since its first send only before a retry', () => {
    const policy = { maxElapsed: 149_999 };
    const [one, other] = [setUp(policy, 0), setUp(policy, 1)];
    one.queued.gateClosed(190_000, 90_000);
    other.queued.gateClosed(190_000, 90_000);
    expect(one.ends).toEqual([]);
    expect(other.ends).toMatchObject([{ error: { code: 'ERR_GATE_CLOSED', notBefore: 190_000 } }]);
    expect(other.owner.dequeued).toHaveBeenCalledTimes(1);
  });

  it('fails if that is too long and there is no deferral', async () => {
    const { queued, ends, owner, waits } = setUp({ maxDelay: 89_999 });
    queued.gateClosed(190_000, 90_000);
    await Promise.resolve();
    await Promise.resolve();
    expect(ends).toMatchObject([{ error: { code: 'ERR_GATE_CLOSED', reason: 'gate' } }]);
    expect([owner.dequeued.mock.calls.length, waits.list()]).toEqual([1, []]);
  });

  it('is handed over with its time and status: out of the queue but still shown', async () => {
    let saved: (error: Error) => void = () => undefined;
    const defer = jest.fn(
      () =>
        new Promise<Error>((resolve) => {
          saved = resolve;
        }),
    );
    const { queued, ends, owner, waits, call } = setUp({ maxDelay: 1 }, 0, defer);
    queued.gateClosed(190_000, 90_000);
    expect(defer.mock.calls).toEqual([
      [call, { notBefore: 190_000, status: undefined, cause: undefined }],
    ]);
    expect([queued.removed, owner.dequeued.mock.calls.length]).toEqual([true, 1]);
    expect(waits.list()).toHaveLength(1);
    first(waits)?.retryNow();
    expect(ends).toEqual([]);
    const deferred = new Error('deferred');
    saved(deferred);
    await new Promise((resolve) => setImmediate(resolve));
    expect([ends, waits.list()]).toEqual([[{ type: 'failed', error: deferred }], []]);
    expect(owner.dequeued).toHaveBeenCalledTimes(1);
  });
});

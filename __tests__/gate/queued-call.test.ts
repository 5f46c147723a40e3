import type { RetryCall, RetryDeferral, RetryPermit } from '../../src/core/extensions.js';
import type { QueueOwner } from '../../src/gate/queued-call.js';
import { QueuedCall } from '../../src/gate/queued-call.js';
import type { WaitResult } from '../../src/wait/wait-list.js';
import { WaitList } from '../../src/wait/wait-list.js';
import { callOf } from '../support/stub-call.js';
import { stubClock } from '../support/stub-server.js';

const place: RetryPermit = { release: () => undefined };
const hurriedPlace: RetryPermit = { release: () => undefined };

/** A call that stands at a turnstile. */
function setUp(
  limits: Partial<RetryCall['policy']> = {},
  retryNumber = 0,
  defer?: RetryDeferral['defer'],
) {
  const clock = stubClock(100_000);
  const waits = new WaitList(clock);
  const turnstile = {
    canSkip: true as boolean,
    acquireNow: jest.fn((_call: RetryCall) => hurriedPlace),
    dequeued: jest.fn(),
  } satisfies QueueOwner;
  const plain = callOf();
  const call = callOf(
    {},
    {
      firstSentAt: 40_000,
      policy: { ...plain.policy, ...limits },
      summary: () => ({ ...plain.summary(), retryNumber }),
    },
  );
  const deferral = defer && { attach: () => undefined, defer };
  const host = { clock, waits, maxRetries: 5, detached: false, ...(deferral && { deferral }) };
  const ends: (RetryPermit | WaitResult)[] = [];
  const standing = new QueuedCall(call, host, turnstile, (end) => ends.push(end));
  standing.begin(105_000, 5000);
  return { waits, turnstile, standing, ends, call };
}

const first = (waits: WaitList) => waits.list()[0];

describe('a call that stands in line', () => {
  it('is shown as a wait at the gate', () => {
    const { waits, standing, turnstile } = setUp();
    expect(waits.list()).toMatchObject([{ basis: 'gate', dueAt: 105_000, delay: 5000 }]);
    expect([standing.removed, turnstile.dequeued.mock.calls.length]).toEqual([false, 0]);
  });

  it('is admitted with a place, and did not leave without its turn', () => {
    const { waits, standing, turnstile, ends } = setUp();
    standing.admit(place);
    expect(ends).toEqual([place]);
    expect([standing.removed, waits.list()]).toEqual([true, []]);
    expect(turnstile.dequeued).not.toHaveBeenCalled();
  });

  it('leaves the line once when it is cancelled, and is told how', () => {
    const { waits, standing, turnstile, ends } = setUp();
    const shown = first(waits);
    shown?.cancel();
    shown?.cancel();
    expect([ends, standing.removed]).toEqual([[{ type: 'gave-up', reason: 'canceled' }], true]);
    expect(turnstile.dequeued).toHaveBeenCalledTimes(1);
  });

  it('gets a place out of turn when it is hurried', () => {
    const { waits, turnstile, ends, call } = setUp();
    first(waits)?.retryNow();
    expect(turnstile.acquireNow.mock.calls).toEqual([[call]]);
    expect(turnstile.dequeued).toHaveBeenCalledTimes(1);
    expect(ends).toEqual([hurriedPlace]);
  });

  it('is not hurried where the gate says no', () => {
    const { waits, turnstile, ends } = setUp();
    turnstile.canSkip = false;
    first(waits)?.retryNow();
    expect([ends, waits.list().length]).toEqual([[], 1]);
  });
});

describe('a call that stands in line as the gate is closed', () => {
  it('is shown with the new time, be it later or earlier', () => {
    const { waits, standing } = setUp();
    standing.gateClosed(190_000, 90_000);
    expect(first(waits)?.dueAt).toBe(190_000);
    standing.gateClosed(110_000, 10_000);
    expect(first(waits)?.dueAt).toBe(110_000);
  });

  it('is not shown anew where the time is the same', () => {
    const { waits, standing } = setUp();
    const before = waits.list();
    standing.gateClosed(105_000, 5000);
    expect(waits.list()).toBe(before);
  });

  it('waits just as long as it may', () => {
    const { standing, ends } = setUp({ maxDelay: 90_000, maxElapsed: 90_000 });
    standing.gateClosed(190_000, 90_000);
    expect(ends).toEqual([]);
  });

  it('counts the time since the first send for a retry, and not for a first send', () => {
    const limits = { maxElapsed: 149_999 };
    const [one, other] = [setUp(limits, 0), setUp(limits, 1)];
    one.standing.gateClosed(190_000, 90_000);
    other.standing.gateClosed(190_000, 90_000);
    expect(one.ends).toEqual([]);
    expect(other.ends).toMatchObject([{ error: { code: 'ERR_GATE_CLOSED', notBefore: 190_000 } }]);
    expect(other.turnstile.dequeued).toHaveBeenCalledTimes(1);
  });

  it('is refused where it may not wait as long and there is no deferral', async () => {
    const { standing, ends, turnstile, waits } = setUp({ maxDelay: 89_999 });
    standing.gateClosed(190_000, 90_000);
    await Promise.resolve();
    await Promise.resolve();
    expect(ends).toMatchObject([{ error: { code: 'ERR_GATE_CLOSED', reason: 'gate' } }]);
    expect([turnstile.dequeued.mock.calls.length, waits.list()]).toEqual([1, []]);
  });

  it('is handed over with its time and status, out of the line but still shown', async () => {
    let saved: (error: Error) => void = () => undefined;
    const defer = jest.fn(
      () =>
        new Promise<Error>((resolve) => {
          saved = resolve;
        }),
    );
    const { standing, ends, turnstile, waits, call } = setUp({ maxDelay: 1 }, 0, defer);
    standing.gateClosed(190_000, 90_000);
    expect(defer.mock.calls).toEqual([
      [call, { notBefore: 190_000, status: undefined, cause: undefined }],
    ]);
    expect([standing.removed, turnstile.dequeued.mock.calls.length]).toEqual([true, 1]);
    expect(waits.list()).toHaveLength(1);
    first(waits)?.retryNow();
    expect(ends).toEqual([]);
    const taken = new Error('taken over');
    saved(taken);
    await new Promise((resolve) => setImmediate(resolve));
    expect([ends, waits.list()]).toEqual([[{ type: 'failed', error: taken }], []]);
    expect(turnstile.dequeued).toHaveBeenCalledTimes(1);
  });
});

import type { RetryCall, RetryDeferral, RetryPlace } from '../../src/core/extensions.js';
import type { Turnstile } from '../../src/gate/queued-call.js';
import { Standing } from '../../src/gate/queued-call.js';
import type { WaitEnd } from '../../src/wait/wait-list.js';
import { Waits } from '../../src/wait/wait-list.js';
import { callOf } from '../support/stub-call.js';
import { stubClock } from '../support/stub-server.js';

const place: RetryPlace = { leave: () => undefined };
const hurriedPlace: RetryPlace = { leave: () => undefined };

/** A call that stands at a turnstile. */
function setUp(
  limits: Partial<RetryCall['limits']> = {},
  retryNumber = 0,
  defer?: RetryDeferral['defer'],
) {
  const clock = stubClock(100_000);
  const waits = new Waits(clock);
  const turnstile = {
    mayHurry: true as boolean,
    hurry: jest.fn((_call: RetryCall) => hurriedPlace),
    left: jest.fn(),
  } satisfies Turnstile;
  const plain = callOf();
  const call = callOf(
    {},
    {
      firstSentAt: 40_000,
      limits: { ...plain.limits, ...limits },
      describe: () => ({ ...plain.describe(), retryNumber }),
    },
  );
  const deferral = defer && { attach: () => undefined, defer };
  const host = { clock, waits, maxRetries: 5, detached: false, ...(deferral && { deferral }) };
  const ends: (RetryPlace | WaitEnd)[] = [];
  const standing = new Standing(call, host, turnstile, (end) => ends.push(end));
  standing.begin(105_000, 5000);
  return { waits, turnstile, standing, ends, call };
}

const first = (waits: Waits) => waits.list()[0];

describe('a call that stands in line', () => {
  it('is shown as a wait at the gate', () => {
    const { waits, standing, turnstile } = setUp();
    expect(waits.list()).toMatchObject([{ basis: 'gate', dueAt: 105_000, delay: 5000 }]);
    expect([standing.over, turnstile.left.mock.calls.length]).toEqual([false, 0]);
  });

  it('is admitted with a place, and did not leave without its turn', () => {
    const { waits, standing, turnstile, ends } = setUp();
    standing.admit(place);
    expect(ends).toEqual([place]);
    expect([standing.over, waits.list()]).toEqual([true, []]);
    expect(turnstile.left).not.toHaveBeenCalled();
  });

  it('leaves the line once when it is cancelled, and is told how', () => {
    const { waits, standing, turnstile, ends } = setUp();
    const shown = first(waits);
    shown?.cancel();
    shown?.cancel();
    expect([ends, standing.over]).toEqual([['canceled'], true]);
    expect(turnstile.left).toHaveBeenCalledTimes(1);
  });

  it('gets a place out of turn when it is hurried', () => {
    const { waits, turnstile, ends, call } = setUp();
    first(waits)?.retryNow();
    expect(turnstile.hurry.mock.calls).toEqual([[call]]);
    expect(turnstile.left).toHaveBeenCalledTimes(1);
    expect(ends).toEqual([hurriedPlace]);
  });

  it('is not hurried where the gate says no', () => {
    const { waits, turnstile, ends } = setUp();
    turnstile.mayHurry = false;
    first(waits)?.retryNow();
    expect([ends, waits.list().length]).toEqual([[], 1]);
  });
});

describe('a call that stands in line as the gate is closed', () => {
  it('is shown with the new time, be it later or earlier', () => {
    const { waits, standing } = setUp();
    standing.closed(190_000, 90_000);
    expect(first(waits)?.dueAt).toBe(190_000);
    standing.closed(110_000, 10_000);
    expect(first(waits)?.dueAt).toBe(110_000);
  });

  it('is not shown anew where the time is the same', () => {
    const { waits, standing } = setUp();
    const before = waits.list();
    standing.closed(105_000, 5000);
    expect(waits.list()).toBe(before);
  });

  it('waits just as long as it may', () => {
    const { standing, ends } = setUp({ maxDelay: 90_000, maxElapsed: 90_000 });
    standing.closed(190_000, 90_000);
    expect(ends).toEqual([]);
  });

  it('counts the time since the first send for a retry, and not for a first send', () => {
    const limits = { maxElapsed: 149_999 };
    const [one, other] = [setUp(limits, 0), setUp(limits, 1)];
    one.standing.closed(190_000, 90_000);
    other.standing.closed(190_000, 90_000);
    expect(one.ends).toEqual([]);
    expect(other.ends).toMatchObject([{ code: 'ERR_GATE_CLOSED', notBefore: 190_000 }]);
    expect(other.turnstile.left).toHaveBeenCalledTimes(1);
  });

  it('is refused where it may not wait as long and there is no deferral', async () => {
    const { standing, ends, turnstile, waits } = setUp({ maxDelay: 89_999 });
    standing.closed(190_000, 90_000);
    await Promise.resolve();
    await Promise.resolve();
    expect(ends).toMatchObject([{ code: 'ERR_GATE_CLOSED', reason: 'gate' }]);
    expect([turnstile.left.mock.calls.length, waits.list()]).toEqual([1, []]);
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
    standing.closed(190_000, 90_000);
    expect(defer.mock.calls).toEqual([
      [call, { notBefore: 190_000, status: undefined, cause: undefined }],
    ]);
    expect([standing.over, turnstile.left.mock.calls.length]).toEqual([true, 1]);
    expect(waits.list()).toHaveLength(1);
    first(waits)?.retryNow();
    expect(ends).toEqual([]);
    const taken = new Error('taken over');
    saved(taken);
    await new Promise((resolve) => setImmediate(resolve));
    expect([ends, waits.list()]).toEqual([[taken], []]);
    expect(turnstile.left).toHaveBeenCalledTimes(1);
  });
});

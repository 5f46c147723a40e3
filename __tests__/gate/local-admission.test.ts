import type { Admitted } from '../../src/gate/admission.js';
import { LocalAdmission } from '../../src/gate/local-admission.js';
import type { GateOptions } from '../../src/gate/options.js';
import { readGateOptions } from '../../src/gate/options.js';
import type { Quota } from '../../src/hints/quota.js';

const T = 1_000_000;

function setUp(options: GateOptions = {}) {
  const admission = new LocalAdmission(readGateOptions('test', options));
  /** How many sends may go at a time. */
  function room(now: number, cost = 1): number {
    let sends = 0;
    while (sends < 100 && admission.admit(now, cost) <= now) sends += 1;
    return sends;
  }
  const sentAt = (at: number, cost = 1): Admitted => ({ epoch: admission.epoch, at, cost });
  /** A send that an answer refuses for some time, telling quotas. */
  function refuse(now: number, closedFor: number, quotas: readonly Quota[] = []): void {
    const sent = sentAt(now);
    admission.admit(now, 1);
    admission.onQuotas(now, sent, quotas);
    admission.onThrottled(now, sent, closedFor);
  }
  return { admission, room, sentAt, refuse };
}

const readers = { quotas: () => [] };
const used = (reset: number): Quota[] => [{ name: 'a', remaining: 0, reset, limit: 50 }];

describe('a key that was never throttled', () => {
  it('admits as many sends as its window', () => {
    expect(setUp({ initialConcurrency: 3 }).room(T)).toBe(3);
  });

  it('admits without a look at the time, unless quotas are read', () => {
    const { admission } = setUp({ initialConcurrency: 1 });
    expect([admission.tryAdmit(), admission.tryAdmit()]).toEqual([true, false]);
    expect(setUp(readers).admission.tryAdmit()).toBe(false);
  });

  it('has learned nothing worth keeping', () => {
    const { admission } = setUp();
    expect(admission).toMatchObject({ forgettable: true, throttled: false, closed: false });
    expect([admission.rateAt(T), admission.quotaAt(T)]).toEqual([undefined, undefined]);
  });
});

describe('a key that was throttled', () => {
  it('is closed, and then sends a probe', () => {
    const { admission, room, refuse } = setUp();
    refuse(T, 5000);
    expect(admission).toMatchObject({
      closed: true,
      throttled: true,
      forgettable: false,
      epoch: 1,
    });
    expect([admission.closedUntil(T), admission.holdsUntil]).toEqual([T + 5000, T + 5000]);
    expect([room(T + 4999), room(T + 5000)]).toEqual([0, 1]);
  });

  it('opens at a rate when the probe succeeds', () => {
    const { admission, room, sentAt, refuse } = setUp();
    refuse(T, 5000);
    room(T + 5000);
    admission.onSuccess(T + 5010, sentAt(T + 5000));
    expect([admission.closed, admission.rateAt(T + 5010)]).toEqual([false, 10]);
  });
});

describe('a quota that is used up', () => {
  it('explains a refusal: its end opens the key without a probe, for what the window gives', () => {
    const { admission, room, refuse } = setUp(readers);
    refuse(T, 5000, used(4000));
    expect(admission).toMatchObject({ throttled: false, closed: false, epoch: 0 });
    expect(admission.closedUntil(T)).toBe(T + 5000);
    expect(room(T + 4999)).toBe(0);
    expect(room(T + 5000)).toBe(32);
  });

  it('does not explain that the server is overloaded', () => {
    const { admission, sentAt } = setUp(readers);
    admission.admit(T, 1);
    admission.onQuotas(T, sentAt(T), used(4000));
    admission.onThrottled(T, sentAt(T), 5000, true);
    expect(admission).toMatchObject({ throttled: true, closed: true });
  });

  it('does not explain one that told that something is left', () => {
    const { admission, refuse } = setUp(readers);
    refuse(T, 5000, [{ name: 'a', remaining: 20, reset: 4000, limit: 50 }]);
    expect(admission).toMatchObject({ throttled: true, closed: true });
  });

  it('closes the key for sends that take more than is left', () => {
    const { admission, sentAt } = setUp(readers);
    admission.onQuotas(T, sentAt(T), [{ name: 'a', remaining: 3, reset: 4000, limit: 50 }]);
    expect([admission.closedUntil(T) <= T, admission.closedUntil(T, 4)]).toEqual([true, T + 4000]);
  });

  it('is remembered until its window ends', () => {
    const { admission, sentAt } = setUp(readers);
    admission.onQuotas(T, sentAt(T), used(4000));
    expect([admission.forgettable, admission.holdsUntil]).toEqual([false, T + 4000]);
    expect(admission.quotaAt(T)).toMatchObject({ name: 'a', remaining: 0, limit: 50 });
  });

  it('and a closing together hold until the later of both', () => {
    const { admission, sentAt, refuse } = setUp(readers);
    refuse(T, 5000);
    admission.onQuotas(T, sentAt(T), used(9000));
    expect(admission.closedUntil(T)).toBe(T + 9000);
    admission.onQuotas(T, sentAt(T), used(1000));
    expect(admission.closedUntil(T)).toBe(T + 5000);
  });
});

describe('a send of a person', () => {
  it('counts towards the window and the quotas', () => {
    const { admission, room } = setUp({ ...readers, initialConcurrency: 2 });
    admission.onBypass(T, 1);
    expect(room(T)).toBe(1);
  });

  it('passes by the rate of a key that was throttled', () => {
    const { admission, refuse, sentAt, room } = setUp();
    refuse(T, 5000);
    room(T + 5000);
    admission.onSuccess(T + 5000, sentAt(T + 5000));
    admission.onBypass(T + 5050, 1);
    expect([room(T + 5099), room(T + 5100)]).toEqual([0, 1]);
  });
});

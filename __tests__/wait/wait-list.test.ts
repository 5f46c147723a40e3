import { getEventListeners } from 'node:events';
import axios from 'axios';
import type { GiveUpReason } from '../../src/policy/decision.js';
import type { Abortable } from '../../src/wait/abort.js';
import type { RetryWait, Wait, Waiter, WaitResult } from '../../src/wait/wait-list.js';
import { WaitList } from '../../src/wait/wait-list.js';
import { COLLECTING, leftOf } from '../support/garbage.js';
import { SkewedClock } from '../support/skewed-clock.js';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

const request = {
  method: 'GET',
  url: '/users',
  status: 503,
  retryNumber: 1,
  maxRetries: 5,
};

/** A waiting request, with every result it was notified of. */
class Request implements Waiter {
  /** How its waits ended: a type, a reason or an error. */
  readonly ends: unknown[] = [];
  described = 0;

  constructor(readonly abortable: Abortable = {}) {}

  summary() {
    this.described += 1;
    return request;
  }

  onEnd(result: WaitResult): void {
    if (result.type === 'gave-up') this.ends.push(result.reason);
    else this.ends.push(result.type === 'failed' ? result.error : result.type);
  }
}

type Ending = Exclude<WaitResult['type'], 'gave-up' | 'failed'> | GiveUpReason | Error;

function resultOf(ending: Ending): WaitResult {
  if (ending instanceof Error) return { type: 'failed', error: ending };
  if (ending === 'elapsed' || ending === 'skipped' || ending === 'aborted') return { type: ending };
  return { type: 'gave-up', reason: ending };
}

function setUp() {
  const clock = new SkewedClock();
  const waits = new WaitList(clock);
  /** Begins a wait as a call does. */
  function begin(waiter: Waiter, delay = HOUR, basis: RetryWait['basis'] = 'backoff'): Wait {
    return waits.begin(waiter, clock.now() + delay, delay, basis);
  }
  return { clock, waits, begin };
}

function nth(waits: WaitList, index: number): RetryWait {
  const wait = waits.list()[index];
  if (wait === undefined) throw new Error(`${waits.list().length} requests wait.`);
  return wait;
}

async function microtasks(): Promise<void> {
  for (let i = 0; i < 10; i += 1) await undefined;
}

describe('a wait', () => {
  it('ends when it is due, and notifies its request once', () => {
    const { clock, waits, begin } = setUp();
    const waiter = new Request();
    const wait = begin(waiter, 8 * SECOND);
    clock.pass(8 * SECOND - 1);
    expect([wait.canceled, waiter.ends]).toEqual([false, []]);
    clock.pass(1);
    expect([wait.canceled, waiter.ends]).toEqual([true, ['elapsed']]);
    expect(waits.list()).toEqual([]);
    expect([clock.live, clock.elapsed]).toEqual([0, 8 * SECOND]);
  });

  it.each<Ending>(['skipped', 'canceled', 'budget', new Error('broken')])(
    'can be ended early: %p',
    (end) => {
      const { clock, waits, begin } = setUp();
      const waiter = new Request();
      const wait = begin(waiter);
      wait.end(resultOf(end));
      expect(waiter.ends).toEqual([end]);
      expect([wait.canceled, waits.list(), waits.all.size, clock.live]).toEqual([true, [], 0, 0]);
    },
  );

  it('ends once, whatever is called later', () => {
    const { clock, waits, begin } = setUp();
    const controller = new AbortController();
    const waiter = new Request({ signal: controller.signal });
    const wait = begin(waiter);
    const shown = nth(waits, 0);
    shown.cancel();
    shown.cancel();
    shown.retryNow();
    wait.fire();
    wait.aborted();
    controller.abort();
    clock.pass(2 * HOUR);
    expect(waiter.ends).toEqual(['canceled']);
  });

  it('leaves the list before its request is notified', () => {
    const { waits, begin } = setUp();
    let seen: unknown;
    const one: Waiter = {
      abortable: {},
      summary: () => request,
      onEnd: () => {
        seen = [waits.list(), waits.all.size];
        wait.end(resultOf('skipped'));
      },
    };
    const wait = begin(one);
    expect(waits.list()).toHaveLength(1);
    wait.cancel();
    expect(seen).toEqual([[], 0]);
  });

  it('keeps no reference to its request after its end', () => {
    const { begin } = setUp();
    const { signal } = new AbortController();
    const wait = begin(new Request({ signal }));
    expect(wait.abortable).toEqual({ signal });
    wait.cancel();
    expect(wait.waiter).toBeUndefined();
    expect(wait.abortable).toEqual({});
  });

  it('may begin when another ends', () => {
    const { clock, waits, begin } = setUp();
    const second = new Request();
    begin({ abortable: {}, summary: () => request, onEnd: () => begin(second, SECOND) }, SECOND);
    clock.pass(SECOND);
    expect(waits.list()).toHaveLength(1);
    clock.pass(SECOND);
    expect(second.ends).toEqual(['elapsed']);
  });

  it('has the highest id so far', () => {
    const { begin } = setUp();
    const first = begin(new Request());
    first.cancel();
    expect([first.id, begin(new Request()).id, begin(new Request()).id]).toEqual([1, 2, 3]);
  });

  it('counts its request as not in flight until it ends, in any way', () => {
    const { clock, begin } = setUp();
    const told: number[] = [];
    Object.assign(clock, { inFlight: (change: number) => told.push(change) });
    begin(new Request(), SECOND);
    const wait = begin(new Request(), HOUR, 'gate');
    begin(new Request({ signal: AbortSignal.abort() }));
    expect(told).toEqual([-1, -1, -1, 1]);
    clock.pass(SECOND);
    wait.cancel();
    wait.cancel();
    expect(told).toEqual([-1, -1, -1, 1, 1, 1]);
  });
});

describe('a wait that is due when it begins', () => {
  it.each([0, -HOUR])('lets other tasks run before it ends (%p ms)', async (delay) => {
    const { clock, waits, begin } = setUp();
    const waiter = new Request();
    begin(waiter, delay);
    await microtasks();
    expect([waiter.ends, waits.all.size, clock.live]).toEqual([[], 1, 1]);
    clock.pass(0);
    expect([waiter.ends, waits.all.size, clock.elapsed]).toEqual([['elapsed'], 0, 0]);
  });
});

describe('a wait at a gate', () => {
  it('has no timer: only the gate ends it', () => {
    const { clock, begin } = setUp();
    const waiter = new Request();
    const wait = begin(waiter, SECOND, 'gate');
    expect(clock.asked).toEqual([]);
    clock.pass(HOUR);
    expect(waiter.ends).toEqual([]);
    wait.end(resultOf('elapsed'));
    expect(waiter.ends).toEqual(['elapsed']);
  });

  it('shows the new time when the gate moves it', () => {
    const { clock, waits, begin } = setUp();
    const wait = begin(new Request(), SECOND, 'gate');
    const before = waits.list();
    wait.move(clock.now() + HOUR);
    expect(waits.list()).not.toBe(before);
    expect(nth(waits, 0)).toMatchObject({ basis: 'gate', dueAt: clock.now() + HOUR });
    expect(before[0]?.dueAt).toBe(clock.now() + SECOND);
  });

  it('can be aborted or cancelled without an effect on waits with a timer', () => {
    const { clock, waits, begin } = setUp();
    const controller = new AbortController();
    const waiters = [new Request({ signal: controller.signal }), new Request(), new Request()];
    const [aborted, canceled, timed] = waiters as [Request, Request, Request];
    begin(aborted, HOUR, 'gate');
    const wait = begin(canceled, HOUR, 'gate');
    begin(timed, SECOND);
    controller.abort();
    wait.cancel();
    expect(waits.list()).toHaveLength(1);
    clock.pass(SECOND);
    expect(waiters.map(({ ends }) => ends)).toEqual([['aborted'], ['canceled'], ['elapsed']]);
    expect(clock.live).toBe(0);
  });
});

describe('an abort', () => {
  it('ends the wait at once, and leaves no listener or timer', () => {
    const { clock, waits, begin } = setUp();
    const controller = new AbortController();
    const waiter = new Request({ signal: controller.signal });
    begin(waiter);
    controller.abort();
    expect(waiter.ends).toEqual(['aborted']);
    expect(waits.list()).toEqual([]);
    expect([clock.live, getEventListeners(controller.signal, 'abort').length]).toEqual([0, 0]);
  });

  it.each(['elapsed', 'skipped', 'canceled'] as const)(
    'has no listener after a wait that ended: %s',
    (end) => {
      const { clock, begin } = setUp();
      const controller = new AbortController();
      const waiter = new Request({ signal: controller.signal });
      const wait = begin(waiter);
      expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
      if (end === 'elapsed') clock.pass(HOUR);
      else wait.end(resultOf(end));
      expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
      controller.abort();
      expect(waiter.ends).toEqual([end]);
    },
  );

  it('before the wait ends it as soon as it begins, and leaves nothing behind', async () => {
    const { token, cancel } = axios.CancelToken.source();
    cancel();
    await microtasks();
    for (const abortable of [{ signal: AbortSignal.abort() }, { cancelToken: token }]) {
      const { clock, waits, begin } = setUp();
      const waiter = new Request(abortable);
      const wait = begin(waiter);
      expect(wait.canceled).toBe(true);
      expect(waiter.ends).toEqual(['aborted']);
      expect(waits.list()).toEqual([]);
      expect(clock.live).toBe(0);
      if (abortable.signal) expect(getEventListeners(abortable.signal, 'abort')).toHaveLength(0);
    }
  });

  it('ends every wait on its signal, which has one listener, and no others', () => {
    const { clock, waits, begin } = setUp();
    const controller = new AbortController();
    const sharing = Array.from({ length: 500 }, () => new Request(controller));
    const other = new Request(new AbortController());
    for (const waiter of [...sharing, other]) begin(waiter);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    expect(clock.live).toBe(1);
    controller.abort();
    expect(sharing.every(({ ends }) => ends.length === 1 && ends[0] === 'aborted')).toBe(true);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    expect([other.ends, waits.list().length]).toEqual([[], 1]);
  });

  it('does not end a wait twice if another wait on the signal ends it', () => {
    const { begin } = setUp();
    const controller = new AbortController();
    const last = new Request(controller);
    const waits: Wait[] = [];
    const first: Waiter = {
      abortable: controller,
      summary: () => request,
      onEnd: () => waits[1]?.cancel(),
    };
    waits.push(begin(first), begin(last));
    controller.abort();
    expect(last.ends).toEqual(['canceled']);
  });
});

describe('the list of waits', () => {
  it('shows each wait with all its fields, oldest first', () => {
    const { clock, waits, begin } = setUp();
    begin(new Request(), HOUR);
    begin(new Request(), SECOND, 'retry-after');
    begin(new Request(), 0, 'gate');
    const methods = { retryNow: expect.any(Function), cancel: expect.any(Function) };
    const now = clock.now();
    expect(waits.list()).toEqual([
      { ...request, ...methods, id: 1, delay: HOUR, dueAt: now + HOUR, basis: 'backoff' },
      { ...request, ...methods, id: 2, delay: SECOND, dueAt: now + SECOND, basis: 'retry-after' },
      { ...request, ...methods, id: 3, delay: 0, dueAt: now, basis: 'gate' },
    ]);
  });

  it('is the same array of the same objects until something changes', () => {
    const { clock, waits, begin } = setUp();
    const empty = waits.list();
    expect(waits.list()).toBe(empty);
    const [waiter] = [new Request(), begin(new Request(), SECOND)];
    begin(waiter);
    const both = waits.list();
    clock.pass(SECOND - 1);
    expect(waits.list()).toBe(both);
    clock.pass(1);
    const one = waits.list();
    expect(one).not.toBe(both);
    expect([both.length, one.length]).toEqual([2, 1]);
    expect(one[0]).toBe(both[1]);
    expect(waiter.described).toBe(1);
  });

  it('is frozen, and so is each wait', () => {
    const { waits, begin } = setUp();
    expect(Object.isFrozen(waits.list())).toBe(true);
    begin(new Request());
    expect(Object.isFrozen(waits.list())).toBe(true);
    expect(Object.isFrozen(nth(waits, 0))).toBe(true);
  });

  it('is built when it is read, not before', () => {
    const { clock, begin } = setUp();
    const waiter = new Request();
    begin(waiter, SECOND);
    clock.pass(SECOND);
    expect(waiter.described).toBe(0);
  });

  it('shows a wait as its hook gets it', () => {
    const { waits, begin } = setUp();
    const wait = begin(new Request());
    const shown = waits.show(wait);
    expect(nth(waits, 0)).toBe(shown);
  });

  it('shows an earlier time after the clock was set back, in a new array', async () => {
    const { clock, waits, begin } = setUp();
    const told = jest.fn();
    waits.subscribe(told);
    begin(new Request(), HOUR);
    begin(new Request(), 2 * HOUR);
    await microtasks();
    told.mockClear();
    clock.pass(15 * SECOND);
    const before = waits.list();
    clock.step(-HOUR);
    clock.pass(15 * SECOND);
    await microtasks();
    expect(told).toHaveBeenCalledTimes(1);
    expect(waits.list()).not.toBe(before);
    const times = (list: readonly RetryWait[]) => list.map(({ dueAt }) => dueAt);
    expect(times(waits.list())).toEqual(times(before).map((dueAt) => dueAt - HOUR));
    expect(waits.list().map(({ delay }) => delay)).toEqual([HOUR, 2 * HOUR]);
  });
});

describe('an entry of the list', () => {
  it('ends its wait by cancel() and retryNow()', () => {
    const { clock, waits, begin } = setUp();
    const waiters = [new Request(), new Request()];
    for (const waiter of waiters) begin(waiter);
    const [first, second] = [nth(waits, 0), nth(waits, 1)];
    first.cancel();
    second.retryNow();
    expect(waiters.map(({ ends }) => ends)).toEqual([['canceled'], ['skipped']]);
    expect(clock.live).toBe(0);
  });

  it('ends its wait even after the list was rebuilt', () => {
    const { waits, begin } = setUp();
    const waiter = new Request();
    const wait = begin(waiter, SECOND, 'gate');
    const old = nth(waits, 0);
    wait.move(0);
    old.cancel();
    expect(waiter.ends).toEqual(['canceled']);
  });

  it('ignores retryNow() if its wait may not be skipped', () => {
    const { waits, begin } = setUp();
    let open = false;
    const waiter = Object.assign(new Request(), { canSkip: () => open });
    begin(waiter, HOUR, 'gate');
    nth(waits, 0).retryNow();
    expect(waiter.ends).toEqual([]);
    open = true;
    nth(waits, 0).retryNow();
    expect(waiter.ends).toEqual(['skipped']);
  });
});

describe('a subscription', () => {
  it('is notified once per microtask, however much changed', async () => {
    const { waits, begin } = setUp();
    const told = jest.fn(() => waits.list().length);
    waits.subscribe(told);
    for (let i = 0; i < 10; i += 1) begin(new Request());
    nth(waits, 0).cancel();
    expect(told).not.toHaveBeenCalled();
    await microtasks();
    expect(told.mock.results).toEqual([{ type: 'return', value: 9 }]);
    nth(waits, 0).cancel();
    await microtasks();
    expect(told).toHaveBeenCalledTimes(2);
    await microtasks();
    expect(told).toHaveBeenCalledTimes(2);
  });

  it('is notified of a change that a listener makes', async () => {
    const { waits, begin } = setUp();
    const lengths: number[] = [];
    waits.subscribe(() => {
      lengths.push(waits.list().length);
      waits.list()[0]?.cancel();
    });
    begin(new Request());
    begin(new Request());
    await microtasks();
    expect(lengths).toEqual([2, 1, 0]);
  });

  it('is not notified after it ended, even between a change and the notification', async () => {
    const { waits, begin } = setUp();
    const told = jest.fn();
    const end = waits.subscribe(told);
    begin(new Request());
    end();
    end();
    await microtasks();
    begin(new Request());
    await microtasks();
    expect(told).not.toHaveBeenCalled();
  });

  it('is not notified if an earlier listener ended it; ending itself does not affect others', async () => {
    const { waits, begin } = setUp();
    const told: string[] = [];
    const ends: (() => void)[] = [];
    for (const name of ['first', 'second', 'third']) {
      ends.push(
        waits.subscribe(() => {
          told.push(name);
          if (name === 'first') for (const end of ends.slice(0, 2)) end();
        }),
      );
    }
    begin(new Request());
    await microtasks();
    expect(told).toEqual(['first', 'third']);
  });

  it('counts separately, even with the same function', async () => {
    const { waits, begin } = setUp();
    const told = jest.fn();
    const [end] = [waits.subscribe(told), waits.subscribe(told)];
    begin(new Request());
    await microtasks();
    expect(told).toHaveBeenCalledTimes(2);
    end();
    begin(new Request());
    await microtasks();
    expect(told).toHaveBeenCalledTimes(3);
  });

  it('is notified even if another throws, whose error is not swallowed', async () => {
    const thrown: unknown[] = [];
    const real = globalThis.queueMicrotask;
    jest.spyOn(globalThis, 'queueMicrotask').mockImplementation((run) => {
      real(() => {
        try {
          run();
        } catch (error) {
          thrown.push(error);
        }
      });
    });
    const { waits, begin } = setUp();
    const broken = new Error('broken');
    const told = jest.fn();
    waits.subscribe(() => {
      throw broken;
    });
    waits.subscribe(told);
    for (let round = 1; round <= 2; round += 1) {
      begin(new Request());
      await microtasks();
      expect(told).toHaveBeenCalledTimes(round);
    }
    expect(thrown).toEqual([broken, broken]);
  });

  it('costs nothing if there is none', () => {
    const queue = jest.spyOn(globalThis, 'queueMicrotask');
    const { waits, begin } = setUp();
    waits.subscribe(() => undefined)();
    begin(new Request()).cancel();
    expect(queue).not.toHaveBeenCalled();
  });
});

describe('memory after a wait', () => {
  it.each<Ending>(['elapsed', 'skipped', 'canceled', 'aborted'])(
    'does not include the request, even among waits that continue: %s',
    async (end) => {
      const { clock, waits, begin } = setUp();
      for (let i = 0; i < 5; i += 1) begin(new Request());
      const kept: Wait[] = [];
      /** In a function, so that nothing on the stack refers to it. */
      function come(): WeakRef<object>[] {
        const controller = new AbortController();
        const waiter = new Request({ signal: controller.signal });
        const wait = begin(waiter, SECOND);
        const shown = nth(waits, 5);
        if (end === 'elapsed') clock.pass(SECOND);
        else if (end === 'aborted') controller.abort();
        else wait.end(resultOf(end));
        expect(waiter.ends).toEqual([end]);
        // A reference to the wait itself is the worst case.
        kept.push(wait);
        return [new WeakRef(waiter), new WeakRef(controller.signal), new WeakRef(shown)];
      }
      const refs = come();
      expect(waits.list()).toHaveLength(5);
      expect(await leftOf(refs)).toBe(0);
      expect([waits.list().length, kept.length]).toEqual([5, 1]);
    },
    COLLECTING,
  );

  it(
    'does not include the request, even through an entry of the list',
    async () => {
      const { waits, begin } = setUp();
      function come(): [RetryWait, WeakRef<object>] {
        const waiter = new Request();
        begin(waiter);
        const shown = nth(waits, 0);
        shown.cancel();
        return [shown, new WeakRef(waiter)];
      }
      const [shown, ref] = come();
      expect(await leftOf([ref])).toBe(0);
      expect(shown.id).toBe(1);
    },
    COLLECTING,
  );

  it('is freed for 100,000 waits that are begun and cancelled', () => {
    const { clock, waits, begin } = setUp();
    const { signal } = new AbortController();
    const waiter = new Request({ signal });
    const begun = Array.from({ length: 100_000 }, (_, i) => begin(waiter, HOUR + i));
    expect(clock.live).toBe(1);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    for (const wait of begun) wait.cancel();
    expect(waiter.ends).toHaveLength(100_000);
    expect([waits.all.size, clock.live]).toEqual([0, 0]);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

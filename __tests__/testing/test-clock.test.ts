import axios from 'axios';
import MockAdapter from 'axios-mock-adapter';
import { attachRetry, retryReport } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';

const START = Date.UTC(2030, 0, 1);
const SECOND = 1_000;
const SCHEDULE = [8, 64, 512, 4_096, 32_768].map((seconds) => seconds * SECOND);
const { setImmediate: realImmediate } = globalThis;

afterEach(() => {
  jest.useRealTimers();
});

/** Turns of the event loop, also under fake timers. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => realImmediate(resolve));
}

describe('createTestClock', () => {
  it('starts at the beginning of 2030 or at a given time, and does not advance by itself', async () => {
    const clock = createTestClock();
    expect(clock.now()).toBe(START);
    await turns(3);
    expect(clock.now()).toBe(START);
    expect(createTestClock(17).now()).toBe(17);
    expect(createTestClock(0).now()).toBe(0);
  });

  it('returns independent clocks', async () => {
    const [one, other] = [createTestClock(), createTestClock()];
    await one.advance(5);
    expect([one.now(), other.now()]).toEqual([START + 5, START]);
  });

  it('runs no timer by itself', async () => {
    const clock = createTestClock();
    const run = jest.fn();
    clock.setTimeout(run, 0);
    await turns(5);
    expect(run).not.toHaveBeenCalled();
  });
});

describe('advance', () => {
  it('advances the clock, even without timers', async () => {
    const clock = createTestClock(0);
    await clock.advance(250);
    await clock.advance(0);
    await clock.advance(0.5);
    expect(clock.now()).toBe(250.5);
  });

  it('runs due timers once, each at its time', async () => {
    const clock = createTestClock(0);
    const ran: [string, number][] = [];
    for (const ms of [30, 10, 20, 21]) {
      clock.setTimeout(() => ran.push([`after ${ms}`, clock.now()]), ms);
    }
    await clock.advance(20);
    expect(ran).toEqual([
      ['after 10', 10],
      ['after 20', 20],
    ]);
    expect(clock.now()).toBe(20);
    await clock.advance(10);
    expect(ran.slice(2)).toEqual([
      ['after 21', 21],
      ['after 30', 30],
    ]);
    await clock.advance(1_000);
    expect(ran).toHaveLength(4);
  });

  it('runs timers with the same time in the order they were set', async () => {
    const clock = createTestClock(0);
    const ran: number[] = [];
    for (let i = 0; i < 20; i += 1) clock.setTimeout(() => ran.push(i), i % 2 === 0 ? 5 : 3);
    await clock.advance(5);
    const odd = Array.from({ length: 10 }, (_, i) => 2 * i + 1);
    const even = Array.from({ length: 10 }, (_, i) => 2 * i);
    expect(ran).toEqual([...odd, ...even]);
  });

  it('runs timers that timers set, if they are due in time', async () => {
    const clock = createTestClock(0);
    const ran: number[] = [];
    const again = () => {
      ran.push(clock.now());
      clock.setTimeout(again, 10);
    };
    clock.setTimeout(again, 10);
    await clock.advance(35);
    expect(ran).toEqual([10, 20, 30]);
    expect(clock.now()).toBe(35);
  });

  it('runs a timer with a delay of 0 or less without advancing', async () => {
    const clock = createTestClock(100);
    const ran: [number, number][] = [];
    for (const ms of [0, -50]) clock.setTimeout(() => ran.push([ms, clock.now()]), ms);
    await clock.advance(0);
    expect(ran).toEqual([
      [0, 100],
      [-50, 100],
    ]);
  });

  it('does not run a cancelled timer, even if another timer of the same time cancels it', async () => {
    const clock = createTestClock();
    const run = jest.fn();
    const first = clock.setTimeout(run, 5);
    clock.setTimeout(() => clock.clearTimeout(second), 5);
    const second = clock.setTimeout(run, 5);
    clock.clearTimeout(first);
    clock.clearTimeout(first);
    await clock.advance(10);
    expect(run).not.toHaveBeenCalled();
  });

  it.each([undefined, null, 0, 'x'])('ignores %p as a timer to cancel', async (id) => {
    const clock = createTestClock();
    const run = jest.fn();
    clock.setTimeout(run, 5);
    clock.clearTimeout(id);
    await clock.advance(5);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it.each([
    -1,
    Number.NaN,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    undefined,
    'soon',
    '5',
    {},
  ])('throws for %p, and does not advance', async (ms) => {
    const clock = createTestClock(0);
    const run = jest.fn();
    clock.setTimeout(run, 1);
    await expect(clock.advance(ms as number)).rejects.toThrow(RangeError);
    expect(clock.now()).toBe(0);
    expect(run).not.toHaveBeenCalled();
  });

  it('names the accepted and the given value', async () => {
    await expect(createTestClock().advance(-5)).rejects.toThrow(
      new RangeError('axios-status-retry: advance takes milliseconds, 0 or more; got -5'),
    );
  });

  it('rejects with the error of a timer, and can continue', async () => {
    const clock = createTestClock(0);
    const run = jest.fn();
    clock.setTimeout(() => {
      throw new Error('broken');
    }, 5);
    clock.setTimeout(run, 6);
    await expect(clock.advance(10)).rejects.toThrow('broken');
    expect(run).not.toHaveBeenCalled();
    await clock.advance(10);
    expect(run).toHaveBeenCalledTimes(1);
  });
});

describe('runAll', () => {
  it('runs all timers, each at its time, and stops at the last', async () => {
    const clock = createTestClock(0);
    const ran: number[] = [];
    for (const ms of [32_768_000, 8_000, Number.MAX_SAFE_INTEGER]) {
      clock.setTimeout(() => ran.push(clock.now()), ms);
    }
    await clock.runAll();
    expect(ran).toEqual([8_000, 32_768_000, Number.MAX_SAFE_INTEGER]);
    expect(clock.now()).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('resolves at once without timers, and does not advance', async () => {
    const clock = createTestClock();
    await clock.runAll();
    clock.clearTimeout(clock.setTimeout(() => undefined, 5));
    await clock.runAll();
    expect(clock.now()).toBe(START);
  });

  it.each([0, 1])('leaves a timer of Infinity alone, with %d others', async (others) => {
    const clock = createTestClock(0);
    const run = jest.fn();
    clock.setTimeout(run, Number.POSITIVE_INFINITY);
    for (let i = 0; i < others; i += 1) clock.setTimeout(() => undefined, 5);
    await clock.runAll();
    expect(clock.now()).toBe(5 * others);
    expect(run).not.toHaveBeenCalled();
  });

  it('runs timers that timers set, until none is left', async () => {
    const clock = createTestClock(0);
    let left = 100;
    const again = () => {
      left -= 1;
      if (left > 0) clock.setTimeout(again, 15_000);
    };
    clock.setTimeout(again, 15_000);
    await clock.runAll();
    expect([left, clock.now()]).toEqual([0, 1_500_000]);
  });
});

describe('between timers', () => {
  it('promises settle, over many steps', async () => {
    const clock = createTestClock(0);
    const events: string[] = [];
    clock.setTimeout(() => {
      void (async () => {
        for (let i = 0; i < 50; i += 1) await undefined;
        events.push('settled');
      })();
    }, 5);
    clock.setTimeout(() => events.push('next'), 6);
    await clock.runAll();
    expect(events).toEqual(['settled', 'next']);
  });

  it('promises settle before the first and after the last timer', async () => {
    const clock = createTestClock(0);
    const events: string[] = [];
    const begin = async (name: string) => {
      await turns(2);
      events.push(name);
    };
    void begin('before');
    clock.setTimeout(() => {
      events.push('timer');
      void begin('after');
    }, 5);
    await clock.advance(5);
    expect(events).toEqual(['before', 'timer', 'after']);
  });

  it('a request that settles can set a timer that is still due in time', async () => {
    const clock = createTestClock(0);
    const ran: number[] = [];
    void turns(2).then(() => clock.setTimeout(() => ran.push(clock.now()), 5));
    await clock.advance(10);
    expect(ran).toEqual([5]);
  });

  it('requests in flight are awaited for some turns of the event loop', async () => {
    const clock = createTestClock(0);
    const events: string[] = [];
    clock.setTimeout(() => {
      clock.inFlight?.(1);
      void turns(200).then(() => {
        events.push('answered');
        clock.inFlight?.(-1);
      });
    }, 5);
    clock.setTimeout(() => events.push('next'), 6);
    await clock.runAll();
    expect(events).toEqual(['answered', 'next']);
  });

  it('promises settle even without MessageChannel, as in a simulated browser', async () => {
    const ports = Object.getOwnPropertyDescriptor(globalThis, 'MessageChannel') ?? {};
    Reflect.deleteProperty(globalThis, 'MessageChannel');
    try {
      const clock = createTestClock(0);
      const events: string[] = [];
      clock.setTimeout(() => void turns(1).then(() => events.push('settled')), 5);
      clock.setTimeout(() => events.push('next'), 6);
      await clock.runAll();
      expect(events).toEqual(['settled', 'next']);
    } finally {
      Object.defineProperty(globalThis, 'MessageChannel', ports);
    }
  });

  /** A clock for which 100 ms pass in real time with each look at it, and the count of those looks. */
  async function impatientClock() {
    let looks = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => {
      looks += 1;
      return looks * 100;
    });
    let clock = createTestClock(0);
    // The clock takes Date.now when it is loaded.
    await jest.isolateModulesAsync(async () => {
      const fresh = await import('../../src/testing/index.js');
      clock = fresh.createTestClock(0);
    });
    jest.restoreAllMocks();
    return { clock, looks: () => looks };
  }

  it('a request that never ends is not awaited for ever', async () => {
    const { clock, looks } = await impatientClock();
    clock.inFlight?.(1);
    await clock.advance(5);
    expect(clock.now()).toBe(5);
    expect(looks()).toBeGreaterThan(20);
  });

  it('a request that never ends is awaited once, and others nevertheless', async () => {
    const { clock, looks } = await impatientClock();
    clock.inFlight?.(1);
    await clock.advance(0);
    const before = looks();
    for (let i = 0; i < 100; i += 1) clock.setTimeout(() => undefined, i);
    await clock.advance(100);
    // Each time that the clock settles it looks at the time once.
    expect(looks() - before).toBeLessThan(110);
    const events: string[] = [];
    clock.setTimeout(() => {
      clock.inFlight?.(1);
      void turns(6).then(() => {
        events.push('answered');
        clock.inFlight?.(-1);
      });
    }, 5);
    clock.setTimeout(() => events.push('next'), 6);
    await clock.runAll();
    expect(events).toEqual(['answered', 'next']);
  });

  it('a request is awaited that begins after a hanging one has been aborted', async () => {
    const { clock } = await impatientClock();
    clock.inFlight?.(1);
    await clock.advance(0);
    const events: string[] = [];
    clock.setTimeout(() => {
      clock.inFlight?.(-1);
      clock.inFlight?.(1);
      void turns(6).then(() => {
        events.push('answered');
        clock.inFlight?.(-1);
      });
    }, 5);
    clock.setTimeout(() => events.push('next'), 6);
    await clock.runAll();
    expect(events).toEqual(['answered', 'next']);
  });
});

/** An instance on a test clock with scripted responses; records when each attempt was sent. */
function setUp(...statuses: number[]) {
  const clock = createTestClock();
  const api = axios.create();
  const mock = new MockAdapter(api);
  const sent: number[] = [];
  mock.onGet('/users').reply(() => {
    sent.push(clock.now() - START);
    return [statuses[sent.length - 1] ?? 503, { count: sent.length }];
  });
  const handle = attachRetry(api, { clock });
  return { clock, api, handle, sent };
}

describe.each(['real', 'fake'])("the platform's whole schedule, under %s timers", (timers) => {
  beforeEach(() => {
    if (timers === 'fake') jest.useFakeTimers();
  });

  it('of 10.4 hours runs within the time of a test', async () => {
    const { clock, api, handle, sent } = setUp();
    const failure = api.get('/users').catch((error: unknown) => error);
    await clock.runAll();
    const total = SCHEDULE.reduce((sum, delay) => sum + delay, 0);
    expect(total / 3_600_000).toBeCloseTo(10.4, 2);
    expect(clock.now() - START).toBe(total);
    expect(sent).toEqual([0, 1, 2, 3, 4, 5].map((n) => sumOf(SCHEDULE.slice(0, n))));
    const report = retryReport(await failure);
    expect(report?.attempts.map(({ delay }) => delay)).toEqual([...SCHEDULE, undefined]);
    expect(report?.gaveUp).toBe('max-retries');
    expect(handle.waits).toEqual([]);
  });

  it('takes one timer for each wait', async () => {
    const { clock, api } = setUp();
    const timers = jest.spyOn(clock, 'setTimeout');
    void api.get('/users').catch(() => undefined);
    await clock.runAll();
    expect(timers.mock.calls.map(([, ms]) => ms)).toEqual(SCHEDULE);
  });

  it('can be stepped through wait by wait', async () => {
    const { clock, api, handle, sent } = setUp(503, 502, 200);
    const response = api.get('/users');
    await clock.advance(0);
    expect(handle.waits.map(({ status, dueAt }) => [status, dueAt])).toEqual([
      [503, START + 8 * SECOND],
    ]);
    await clock.advance(8 * SECOND - 1);
    expect(sent).toHaveLength(1);
    await clock.advance(1);
    expect(sent).toHaveLength(2);
    expect(handle.waits.map(({ status, retryNumber }) => [status, retryNumber])).toEqual([
      [502, 2],
    ]);
    await clock.advance(64 * SECOND);
    expect(handle.waits).toEqual([]);
    expect((await response).data).toEqual({ count: 3 });
  });

  it('runs for several requests at once', async () => {
    const { clock, api, sent } = setUp(503, 503, 503, 200, 200, 200);
    const responses = Promise.all([1, 2, 3].map(() => api.get('/users')));
    await clock.runAll();
    expect((await responses).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(sent).toEqual([0, 0, 0, 8_000, 8_000, 8_000]);
  });
});

function sumOf(delays: readonly number[]): number {
  return delays.reduce((sum, delay) => sum + delay, 0);
}

describe('a wait without end', () => {
  it('stays a wait when all timers have run', async () => {
    const clock = createTestClock();
    const api = axios.create();
    new MockAdapter(api).onAny().reply(503);
    const handle = attachRetry(api, {
      clock,
      backoff: () => Number.POSITIVE_INFINITY,
      maxDelay: Number.POSITIVE_INFINITY,
    });
    const outcome = api.get('/users').then(
      () => 'sent',
      () => 'failed',
    );
    await clock.runAll();
    expect(clock.now()).toBe(START);
    expect(handle.waits).toHaveLength(1);
    handle.waits[0]?.cancel();
    expect(await outcome).toBe('failed');
  });
});

describe('a clock loaded under fake timers', () => {
  it('waits for requests nevertheless', async () => {
    jest.useFakeTimers();
    await jest.isolateModulesAsync(async () => {
      const fresh = await import('../../src/testing/index.js');
      const clock = fresh.createTestClock(0);
      clock.inFlight?.(1);
      let answered = false;
      void turns(50).then(() => {
        answered = true;
        clock.inFlight?.(-1);
      });
      await clock.advance(5);
      expect([answered, clock.now()]).toEqual([true, 5]);
    });
  });
});

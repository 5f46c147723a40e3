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

/** Waits for turns of the event loop, also under fake timers. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => realImmediate(resolve));
}

describe('createTestClock', () => {
  it('starts in 2030 or at the given time, and stands still', async () => {
    const clock = createTestClock();
    expect(clock.now()).toBe(START);
    await turns(3);
    expect(clock.now()).toBe(START);
    expect(createTestClock(17).now()).toBe(17);
    expect(createTestClock(0).now()).toBe(0);
  });

  it('creates independent clocks', async () => {
    const [one, other] = [createTestClock(), createTestClock()];
    await one.advance(5);
    expect([one.now(), other.now()]).toEqual([START + 5, START]);
  });

  it('does not run timers by itself', async () => {
    const clock = createTestClock();
    const run = jest.fn();
    clock.setTimeout(run, 0);
    await turns(5);
    expect(run).not.toHaveBeenCalled();
  });
});

describe('advance', () => {
  it('moves the clock forward, with or without timers', async () => {
    const clock = createTestClock(0);
    await clock.advance(250);
    await clock.advance(0);
    await clock.advance(0.5);
    expect(clock.now()).toBe(250.5);
  });

  it('runs every timer that becomes due, once and at its time', async () => {
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

  it('runs timers of the same time in the order they were set', async () => {
    const clock = createTestClock(0);
    const ran: number[] = [];
    for (let i = 0; i < 20; i += 1) clock.setTimeout(() => ran.push(i), i % 2 === 0 ? 5 : 3);
    await clock.advance(5);
    const odd = Array.from({ length: 10 }, (_, i) => 2 * i + 1);
    const even = Array.from({ length: 10 }, (_, i) => 2 * i);
    expect(ran).toEqual([...odd, ...even]);
  });

  it('runs timers that are set by timers, if they become due', async () => {
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

  it('runs a timer with a delay of 0 or less without moving', async () => {
    const clock = createTestClock(100);
    const ran: [number, number][] = [];
    for (const ms of [0, -50]) clock.setTimeout(() => ran.push([ms, clock.now()]), ms);
    await clock.advance(0);
    expect(ran).toEqual([
      [0, 100],
      [-50, 100],
    ]);
  });

  it('does not run a cleared timer, even if another timer of the same time clears it', async () => {
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

  it.each([undefined, null, 0, 'x'])('ignores clearTimeout(%p)', async (id) => {
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
  ])('rejects with a RangeError for %p and does not move', async (ms) => {
    const clock = createTestClock(0);
    const run = jest.fn();
    clock.setTimeout(run, 1);
    await expect(clock.advance(ms as number)).rejects.toThrow(RangeError);
    expect(clock.now()).toBe(0);
    expect(run).not.toHaveBeenCalled();
  });

  it('says what it takes and what it got', async () => {
    await expect(createTestClock().advance(-5)).rejects.toThrow(
      new RangeError('axios-status-retry: advance takes milliseconds, 0 or more; got -5'),
    );
  });

  it('rejects with the error of a timer, and can be called again', async () => {
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
  it('runs every timer at its time and stops at the last', async () => {
    const clock = createTestClock(0);
    const ran: number[] = [];
    for (const ms of [32_768_000, 8_000, Number.MAX_SAFE_INTEGER]) {
      clock.setTimeout(() => ran.push(clock.now()), ms);
    }
    await clock.runAll();
    expect(ran).toEqual([8_000, 32_768_000, Number.MAX_SAFE_INTEGER]);
    expect(clock.now()).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('does not move the clock if there are no timers', async () => {
    const clock = createTestClock();
    await clock.runAll();
    clock.clearTimeout(clock.setTimeout(() => undefined, 5));
    await clock.runAll();
    expect(clock.now()).toBe(START);
  });

  it('runs timers that are set by timers, until there are none', async () => {
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
  it('promises settle, also after many steps', async () => {
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

  it('promises settle from before the first timer and from the last', async () => {
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

  it('a promise that settles can set a timer that still becomes due', async () => {
    const clock = createTestClock(0);
    const ran: number[] = [];
    void turns(2).then(() => clock.setTimeout(() => ran.push(clock.now()), 5));
    await clock.advance(10);
    expect(ran).toEqual([5]);
  });

  it('the clock waits for requests under way, however many turns of the event loop they take', async () => {
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

  it('promises settle also without MessageChannel, as in a simulated browser', async () => {
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

  it('the clock does not wait forever for a request that never ends', async () => {
    let time = 0;
    // The clock keeps the Date.now of the time it is loaded. This one reaches the time-out at the third call.
    jest.spyOn(Date, 'now').mockImplementation(() => {
      time += SECOND;
      return time;
    });
    await jest.isolateModulesAsync(async () => {
      const fresh = await import('../../src/testing/index.js');
      const clock = fresh.createTestClock(0);
      clock.inFlight?.(1);
      await clock.advance(5);
      expect(clock.now()).toBe(5);
    });
    expect(time).toBeGreaterThan(2 * SECOND);
  });
});

/** An instance on a test clock that gets these statuses, and when each attempt was sent. */
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

  it('of 10.4 hours runs within a test', async () => {
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

describe('a clock that is loaded under fake timers', () => {
  it('waits for requests in real time', async () => {
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

import { systemClock } from '../../src/wait/clock.js';

afterEach(() => {
  jest.useRealTimers();
});

describe('systemClock', () => {
  it("returns the system's time", () => {
    const before = Date.now();
    const now = systemClock.now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });

  it('runs a function once after a delay', async () => {
    const before = performance.now();
    await new Promise<void>((resolve) => systemClock.setTimeout(resolve, 5));
    expect(performance.now() - before).toBeGreaterThan(3);
  });

  it('cancels a timer', () => {
    const [set, clear] = [
      jest.spyOn(globalThis, 'setTimeout'),
      jest.spyOn(globalThis, 'clearTimeout'),
    ];
    systemClock.clearTimeout(systemClock.setTimeout(() => undefined, 10_000));
    expect(clear.mock.calls).toEqual([[set.mock.results[0]?.value]]);
    jest.restoreAllMocks();
  });

  it('needs no timer for a delay of 0: other tasks run first, and it can be cancelled', async () => {
    const timer = jest.spyOn(globalThis, 'setTimeout');
    const ran: string[] = [];
    systemClock.clearTimeout(systemClock.setTimeout(() => ran.push('taken back'), 0));
    await new Promise<void>((resolve) => {
      systemClock.setTimeout(() => resolve(void ran.push('at once')), 0);
      queueMicrotask(() => ran.push('before'));
    });
    expect(ran).toEqual(['before', 'at once']);
    expect(timer).not.toHaveBeenCalled();
    jest.restoreAllMocks();
  });

  it('uses a timer of 0 ms if nothing faster exists, as in a browser', async () => {
    const { setImmediate } = globalThis;
    Reflect.deleteProperty(globalThis, 'setImmediate');
    try {
      const timer = jest.spyOn(globalThis, 'setTimeout');
      await new Promise<void>((resolve) => systemClock.setTimeout(resolve, 0));
      expect(timer).toHaveBeenCalledTimes(1);
    } finally {
      Object.assign(globalThis, { setImmediate });
      jest.restoreAllMocks();
    }
  });

  it('cannot cancel a task where tasks have no cancellation', () => {
    const { clearImmediate } = globalThis;
    Reflect.deleteProperty(globalThis, 'clearImmediate');
    try {
      const id = systemClock.setTimeout(() => undefined, 0);
      expect(() => systemClock.clearTimeout(id)).not.toThrow();
    } finally {
      Object.assign(globalThis, { clearImmediate });
    }
  });

  it('ignores a timer that has run or was cancelled', () => {
    jest.useFakeTimers();
    const run = jest.fn();
    const id = systemClock.setTimeout(run, 10);
    jest.advanceTimersByTime(10);
    systemClock.clearTimeout(id);
    systemClock.clearTimeout(id);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('uses fake timers that were installed after it was loaded', () => {
    jest.useFakeTimers({ now: 1_000 });
    const run = jest.fn();
    systemClock.setTimeout(run, 50);
    const cleared = systemClock.setTimeout(run, 60);
    systemClock.clearTimeout(cleared);
    expect(systemClock.now()).toBe(1_000);
    jest.advanceTimersByTime(49);
    expect(run).not.toHaveBeenCalled();
    jest.advanceTimersByTime(50);
    expect(run).toHaveBeenCalledTimes(1);
    expect(systemClock.now()).toBe(1_099);
  });

  it('does not count requests in flight', () => {
    expect(systemClock.inFlight).toBeUndefined();
  });
});

import { ConcurrencyWindow } from '../../src/gate/concurrency-window.js';
import type { RateLimiter } from '../../src/gate/rate-limiter.js';

const SECOND = 1_000;
const THROTTLE = { epoch: 0, closedFor: SECOND };

/** Typed as its limiter sees it. */
const createWindow = (size: number) =>
  new ConcurrencyWindow(size) as ConcurrencyWindow & RateLimiter;

/** Acquires until nothing is granted; returns how many were. */
function acquireAll(window: ConcurrencyWindow, now: number, limit = 10_000): number {
  let acquired = 0;
  while (acquired < limit && window.acquire(now).sends > 0) acquired += 1;
  return acquired;
}

describe('a concurrency window', () => {
  it.each([1, 2, 32])('of size %d admits that many at once', (size) => {
    const window = createWindow(size);
    expect(acquireAll(window, 100)).toBe(size);
    expect(window.acquire(100)).toMatchObject({ sends: 0 });
  });

  it('grants one send at a time, for now', () => {
    expect(new ConcurrencyWindow(2).acquire(100)).toEqual({
      sends: 1,
      at: 100,
      interval: 0,
      epoch: 0,
    });
  });

  it('is never closed', () => {
    const window = createWindow(1);
    acquireAll(window, 0);
    window.onThrottled(1, THROTTLE);
    expect([window.closed, window.closedUntil, window.epoch]).toEqual([false, -Infinity, 0]);
  });

  it('admits one for each send that ends, and one more for each success', () => {
    const window = createWindow(8);
    acquireAll(window, 0);
    window.onIgnored(1, 0);
    expect(acquireAll(window, 1)).toBe(1);
    window.onThrottled(2, THROTTLE);
    expect(acquireAll(window, 2)).toBe(1);
    window.onSuccess(3, 0);
    expect(acquireAll(window, 3)).toBe(2);
  });

  it('doubles when all its sends have succeeded', () => {
    const window = createWindow(16);
    acquireAll(window, 0);
    for (let i = 0; i < 16; i += 1) window.onSuccess(1, 0);
    expect(acquireAll(window, 1)).toBe(32);
  });

  it('grows by one per success up to 48, and by one per four from there', () => {
    const window = createWindow(47);
    const sizes = [1, 2, 3].map(() => {
      window.onSuccess(0, 0);
      return window.size;
    });
    expect(sizes).toEqual([48, 48.25, 48.5]);
  });

  it('grows from 64 to 100 in two rounds', () => {
    const window = createWindow(64);
    for (const size of [64, 80, 100]) {
      expect(acquireAll(window, 0)).toBe(size);
      for (let i = 0; i < size; i += 1) window.onSuccess(0, 0);
    }
  });

  it('of size Infinity admits everything', () => {
    const window = createWindow(Number.POSITIVE_INFINITY);
    expect(acquireAll(window, 0, 5000)).toBe(5000);
    window.onSuccess(0, 0);
    expect(acquireAll(window, 0, 5000)).toBe(5000);
  });

  it('tells its size, what is in flight, and whether that is more than half of it', () => {
    const window = createWindow(4);
    const busy = [1, 2, 3].map(() => window.tryAcquire() && window.busy);
    expect(busy).toEqual([false, false, true]);
    expect([window.size, window.inFlight]).toEqual([4, 3]);
  });

  it('that is a part of a shared one is linear up to the same part of 48', () => {
    const window = createWindow(1);
    window.resize(12, 1 / 4);
    expect([window.size, acquireAll(window, 0)]).toEqual([12, 12]);
    window.onSuccess(1);
    expect(window.size).toBe(12.25);
    window.resize(11, 1 / 4);
    window.onSuccess(1);
    expect(window.size).toBe(12);
  });

  it('counts a send that bypassed it', () => {
    const window = createWindow(2);
    acquireAll(window, 0);
    window.onBypass();
    window.onIgnored(1, 0);
    expect(acquireAll(window, 1)).toBe(0);
    window.onIgnored(1, 0);
    expect(acquireAll(window, 1)).toBe(1);
  });

  it('does not grow from results of sends that it did not count', () => {
    const window = createWindow(2);
    for (let i = 0; i < 9; i += 1) window.onIgnored(0, 0);
    expect(acquireAll(window, 0)).toBe(2);
  });
});

describe('a full concurrency window', () => {
  it('says when to ask again: 30 s after the last result', () => {
    const window = createWindow(2);
    acquireAll(window, 7);
    expect(window.acquire(9)).toMatchObject({ sends: 0, at: 7 + 30 * SECOND });
    window.onIgnored(20, 0);
    acquireAll(window, 21);
    expect(window.acquire(25)).toMatchObject({ sends: 0, at: 21 + 30 * SECOND });
  });

  it('takes the sends that have not ended by then for lost', () => {
    const window = createWindow(4);
    acquireAll(window, 0);
    expect(acquireAll(window, 30 * SECOND - 1)).toBe(0);
    expect(acquireAll(window, 30 * SECOND)).toBe(4);
  });

  it('takes no send for lost once it has become larger', () => {
    const window = createWindow(2);
    acquireAll(window, 0);
    window.resize(4, 1);
    expect(acquireAll(window, 30 * SECOND)).toBe(2);
  });

  it('never counts below empty when those end after all', () => {
    const window = createWindow(4);
    acquireAll(window, 0);
    acquireAll(window, 30 * SECOND);
    for (let i = 0; i < 8; i += 1) window.onIgnored(31 * SECOND, 0);
    expect(acquireAll(window, 31 * SECOND)).toBe(4);
  });
});

describe('the burst before the first throttle', () => {
  it('is the sends accepted within a second, and how long they took', () => {
    const window = createWindow(32);
    for (const at of [100, 150, 400]) window.onSuccess(at, 0);
    expect(window.burst(600)).toEqual({ burst: 3, span: 500 });
  });

  it('starts over after a second', () => {
    const window = createWindow(32);
    for (const at of [100, 1100, 1101, 1200]) window.onSuccess(at, 0);
    expect(window.burst(1300)).toEqual({ burst: 2, span: 199 });
  });

  it('is absent when nothing was accepted, or long ago', () => {
    const window = createWindow(32);
    window.onIgnored(0, 0);
    expect(window.burst(1)).toEqual({});
    window.onSuccess(10, 0);
    expect(window.burst(2010)).toEqual({ burst: 1, span: 2000 });
    expect(window.burst(2011)).toEqual({});
  });
});

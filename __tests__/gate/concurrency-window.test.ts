import { ConcurrencyWindow } from '../../src/gate/concurrency-window.js';
import type { RateLimiter } from '../../src/gate/rate-limiter.js';

const SECOND = 1_000;
const REFUSAL = { epoch: 0, closedFor: SECOND };

/** One as its key sees it. */
const windowOf = (size: number) => new ConcurrencyWindow(size) as ConcurrencyWindow & RateLimiter;

/** Takes what there is to be had. */
function takeAll(window: ConcurrencyWindow, now: number, most = 10_000): number {
  let taken = 0;
  while (taken < most && window.acquire(now).sends > 0) taken += 1;
  return taken;
}

describe('a start window', () => {
  it.each([1, 2, 32])('of %d lets in as many, at once', (size) => {
    const window = windowOf(size);
    expect(takeAll(window, 100)).toBe(size);
    expect(window.acquire(100)).toMatchObject({ sends: 0 });
  });

  it('gives leave one by one, for now', () => {
    expect(new ConcurrencyWindow(2).acquire(100)).toEqual({
      sends: 1,
      at: 100,
      interval: 0,
      epoch: 0,
    });
  });

  it('is never closed', () => {
    const window = windowOf(1);
    takeAll(window, 0);
    window.onThrottled(1, REFUSAL);
    expect([window.closed, window.closedUntil, window.epoch]).toEqual([false, -Infinity, 0]);
  });

  it('admits one for each that comes back, and one more for each success', () => {
    const window = windowOf(8);
    takeAll(window, 0);
    window.onIgnored(1, 0);
    expect(takeAll(window, 1)).toBe(1);
    window.onThrottled(2, REFUSAL);
    expect(takeAll(window, 2)).toBe(1);
    window.onSuccess(3, 0);
    expect(takeAll(window, 3)).toBe(2);
  });

  it('has twice the size when as many have succeeded', () => {
    const window = windowOf(32);
    takeAll(window, 0);
    for (let i = 0; i < 32; i += 1) window.onSuccess(1, 0);
    expect(takeAll(window, 1)).toBe(64);
  });

  it('grows by an eighth of that from 256 on', () => {
    const window = windowOf(256);
    for (const size of [256, 288, 324]) {
      expect(takeAll(window, 0)).toBe(size);
      for (let i = 0; i < size; i += 1) window.onSuccess(0, 0);
    }
  });

  it('of Infinity lets in everybody', () => {
    const window = windowOf(Number.POSITIVE_INFINITY);
    expect(takeAll(window, 0, 5000)).toBe(5000);
    window.onSuccess(0, 0);
    expect(takeAll(window, 0, 5000)).toBe(5000);
  });

  it('counts one that was hurried in', () => {
    const window = windowOf(2);
    takeAll(window, 0);
    window.onBypass();
    window.onIgnored(1, 0);
    expect(takeAll(window, 1)).toBe(0);
    window.onIgnored(1, 0);
    expect(takeAll(window, 1)).toBe(1);
  });

  it('does not grow by answers of which it did not count the send', () => {
    const window = windowOf(2);
    for (let i = 0; i < 9; i += 1) window.onIgnored(0, 0);
    expect(takeAll(window, 0)).toBe(2);
  });
});

describe('a full start window', () => {
  it('says when to ask again: 30 s after anything last moved', () => {
    const window = windowOf(2);
    takeAll(window, 7);
    expect(window.acquire(9)).toMatchObject({ sends: 0, at: 7 + 30 * SECOND });
    window.onIgnored(20, 0);
    takeAll(window, 21);
    expect(window.acquire(25)).toMatchObject({ sends: 0, at: 21 + 30 * SECOND });
  });

  it('takes what has not come back by then for lost', () => {
    const window = windowOf(4);
    takeAll(window, 0);
    expect(takeAll(window, 30 * SECOND - 1)).toBe(0);
    expect(takeAll(window, 30 * SECOND)).toBe(4);
  });

  it('is not less than empty when that comes back after all', () => {
    const window = windowOf(4);
    takeAll(window, 0);
    takeAll(window, 30 * SECOND);
    for (let i = 0; i < 8; i += 1) window.onIgnored(31 * SECOND, 0);
    expect(takeAll(window, 31 * SECOND)).toBe(4);
  });
});

describe('the burst before the first refusal', () => {
  it('is what was accepted within a second, and in how long', () => {
    const window = windowOf(32);
    for (const at of [100, 150, 400]) window.onSuccess(at, 0);
    expect(window.burst(600)).toEqual({ burst: 3, span: 500 });
  });

  it('begins anew after a second', () => {
    const window = windowOf(32);
    for (const at of [100, 1100, 1101, 1200]) window.onSuccess(at, 0);
    expect(window.burst(1300)).toEqual({ burst: 2, span: 199 });
  });

  it('is none where nothing was accepted, or that is long ago', () => {
    const window = windowOf(32);
    window.onIgnored(0, 0);
    expect(window.burst(1)).toEqual({});
    window.onSuccess(10, 0);
    expect(window.burst(2011)).toEqual({});
  });
});

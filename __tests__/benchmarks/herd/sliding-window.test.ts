// Tests the rate limit that looks back.
import { SlidingWindow } from '../../../benchmarks/herd/sliding-window.js';

describe('a sliding window', () => {
  it('accepts at most its limit in any stretch of its length', () => {
    const window = new SlidingWindow(2, 1000);
    expect([0, 600].map((now) => window.answer(now))).toEqual([0, 0]);
    expect(window.answer(999)).toBe(1000);
    expect(window.answer(1000)).toBe(0);
    expect(window.answer(1001)).toBe(1000);
    expect(window.answer(1600)).toBe(0);
  });

  it('answers with the time until the oldest request leaves, in whole seconds rounded up', () => {
    const window = new SlidingWindow(1, 60_000);
    window.answer(500);
    expect(window.answer(500)).toBe(60_000);
    expect(window.answer(58_501)).toBe(2000);
    expect(window.answer(60_499)).toBe(1000);
  });

  it('holds in the long run, whatever the times', () => {
    const window = new SlidingWindow(7, 100);
    const accepted: number[] = [];
    for (let now = 0; now < 10_000; now += 1 + ((now * 31) % 13)) {
      if (window.answer(now) === 0) accepted.push(now);
    }
    expect(accepted.length).toBeGreaterThan(600);
    const spans = accepted.slice(7).map((time, i) => time - (accepted[i] ?? 0));
    expect(Math.min(...spans)).toBeGreaterThanOrEqual(100);
  });
});

// Tests the rate limits that the herd benchmark and the gate tests run against.
import { FixedWindow, limits, TokenBucket } from '../../../benchmarks/herd/limits.js';

describe('a token bucket', () => {
  it('accepts a burst at once, then answers with Retry-After', () => {
    const bucket = new TokenBucket(100, 3);
    expect([0, 0, 0, 0].map((now) => bucket.answer(now))).toEqual([0, 0, 0, 1000]);
  });

  it('refills at its rate, up to the burst', () => {
    const bucket = new TokenBucket(100, 2);
    for (const now of [0, 0]) bucket.answer(now);
    expect(bucket.answer(9)).toBe(1000);
    expect(bucket.answer(11)).toBe(0);
    expect([5000, 5000, 5000].map((now) => bucket.answer(now))).toEqual([0, 0, 1000]);
  });

  it('follows a rate that changes', () => {
    const bucket = new TokenBucket(100, 1);
    bucket.answer(0);
    bucket.rate = 200;
    expect(bucket.answer(5)).toBe(0);
  });
});

describe('a fixed window', () => {
  it('answers with the time until its end, in whole seconds rounded up', () => {
    const window = new FixedWindow(2, 60_000);
    expect([500, 600].map((now) => window.answer(now))).toEqual([0, 0]);
    expect(window.answer(700)).toBe(60_000);
    expect(window.answer(60_499)).toBe(1000);
    expect(window.answer(60_500)).toBe(0);
  });

  it('keeps its grid when a window passes without a request', () => {
    const window = new FixedWindow(1, 1000);
    window.answer(0);
    expect(window.answer(2700)).toBe(0);
    expect(window.answer(2999)).toBe(1000);
    expect(window.answer(3000)).toBe(0);
  });
});

describe('the limits', () => {
  it.each([
    ['burst-10', 2000, 19.9],
    ['burst-100', 2000, 19],
    ['burst-100', 50, 0],
    ['fixed', 1000, 0],
    ['fixed', 2000, 60],
    ['sliding-100-per-s', 2000, 19],
    ['sliding-1000-per-min', 2000, 60],
    ['quota-1000-per-min', 1000, 0],
    ['quota-1000-per-min', 2001, 120],
    ['quota-1000-per-min-draft-6', 2000, 60],
  ] as const)('%s accepts %i requests in %d s at best', (name, requests, seconds) => {
    expect(limits[name].idealSeconds(requests)).toBeCloseTo(seconds);
  });

  it.each(Object.entries(limits))('accept the rate that clients are told: %s', (_name, limit) => {
    const { known, create } = limit;
    const server = create();
    const answers = [0, 1, 2, 3].flatMap((round) =>
      Array.from({ length: known.requests }, () => server.answer(round * known.per)),
    );
    expect(answers.filter((retryAfterMs) => retryAfterMs > 0)).toEqual([]);
    expect(server.answer(3 * known.per)).toBeGreaterThan(0);
  });

  it('start fresh for each run', () => {
    for (const { create } of Object.values(limits)) expect(create()).not.toBe(create());
  });
});

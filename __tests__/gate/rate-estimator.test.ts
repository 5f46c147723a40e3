import { RateEstimator } from '../../src/gate/rate-estimator.js';

/** A multiple of 50 ms and of 4 s, as sends are counted in 80 slots of 50 ms. */
const T = Date.UTC(2030, 0, 1);

/** An estimator of a key that opens at `T`. */
function opened(burst = 0, span = 0): RateEstimator {
  const estimator = new RateEstimator();
  estimator.learnThrottle(T - 1000, { epoch: 0, closedFor: 1000, burst, span });
  estimator.reset();
  return estimator;
}

/** Counts as many accepted sends every 50 ms, from one time until before another. */
function countEvery50(estimator: RateEstimator, accepted: number, from: number, to: number): void {
  for (let now = T + from; now < T + to; now += 50) estimator.count(now, accepted);
}

describe('the estimate of a rate', () => {
  it('is the highest of all times until now that are 200 ms or longer', () => {
    const estimator = opened();
    countEvery50(estimator, 1, 0, 500);
    countEvery50(estimator, 10, 500, 1000);
    // 40 sends in the last 200 ms; half a send more is on its way on average.
    expect(estimator.estimate(T + 1000, T, 500)).toBe(40.5 / 0.2);
  });

  it('takes whole slots, so that 240 ms may be the shortest time', () => {
    const estimator = opened();
    estimator.count(T + 1000, 60);
    expect(estimator.estimate(T + 1040, T, 0)).toBe(60.5 / 0.24);
  });

  it('is over all of the time if only that is long enough to subtract the burst', () => {
    const estimator = opened(20);
    countEvery50(estimator, 5, 0, 500);
    expect(estimator.estimate(T + 500, T, 500)).toBe((50.5 - 20) / 0.5);
  });

  it('takes a shorter time for 200 ms, and halves the rate at most', () => {
    const estimator = opened();
    estimator.count(T + 30, 10);
    expect(estimator.estimate(T + 100, T, 60)).toBe(10.5 / 0.2);
    expect(estimator.estimate(T + 100, T, 120)).toBe(60);
    expect(estimator.estimate(T + 199, T, 120)).toBe(60);
    expect(estimator.estimate(T + 200, T, 120)).toBe(10.5 / 0.2);
  });

  it('uses no sends from before the opening', () => {
    const estimator = opened();
    estimator.count(T - 50, 100);
    estimator.count(T, 10);
    expect(estimator.estimate(T + 400, T, 0)).toBe(10.5 / 0.4);
  });

  it('uses none that were counted before a reset', () => {
    const estimator = opened();
    estimator.count(T, 100);
    estimator.reset();
    estimator.count(T, 10);
    expect(estimator.estimate(T + 400, T, 0)).toBe(10.5 / 0.4);
  });

  it('looks back for 4 s', () => {
    const estimator = opened(10);
    countEvery50(estimator, 1, 0, 10_050);
    // The 80 slots until now. The longest time is the best to subtract the burst.
    expect(estimator.estimate(T + 10_000, T, 0)).toBe((80.5 - 10) / 3.95);
  });

  it('forgets older sends even if none were counted since', () => {
    for (const passed of [4000, 4050, 7950, 60_000]) {
      const estimator = opened();
      countEvery50(estimator, 100, 0, 100);
      expect(estimator.estimate(T + 50 + passed, T, 0)).toBe(0.5 / 0.2);
    }
  });
});

describe('the burst that an estimate subtracts', () => {
  it('is less what was refilled while it was sent', () => {
    const estimator = opened(60, 200);
    countEvery50(estimator, 10, 0, 1000);
    // The last second accepted 190. At that rate 38 were refilled, so the rate is 178.5; at that, 35.7 were.
    expect(estimator.estimate(T + 1000, T, 0)).toBeCloseTo(200.5 - (60 - 35.7), 9);
  });

  it('is a quarter of what was accepted at least', () => {
    const estimator = opened(60, 1000);
    countEvery50(estimator, 10, 0, 1000);
    expect(estimator.estimate(T + 1000, T, 0)).toBe(200.5 - 15);
  });

  it('is half of what the last second accepted at most', () => {
    const estimator = opened(500);
    countEvery50(estimator, 9, 0, 4000);
    // 19 slots of the last second have 9 sends each, the newest has none yet.
    expect(estimator.estimate(T + 4000, T, 0)).toBe((9 * 79 + 0.5 - (9 * 19) / 2) / 3.95);
  });
});

describe('the tokens that refill while a key is closed', () => {
  it('are what the rate gives in that time, but no more than the first burst', () => {
    const estimator = opened(50);
    expect(estimator.refill(20, 2000)).toBe(40);
    expect(estimator.refill(30, 2000)).toBe(50);
  });
});

describe('the first burst', () => {
  it('lasts from its first send to its last one, or to the throttle', () => {
    const estimator = new RateEstimator();
    estimator.learnThrottle(T, { epoch: 0, closedFor: 2000, burst: 90, span: 100 });
    expect(estimator.burstRate()).toBe(90 / 2.1);
    estimator.learnBurst(T + 20, 3);
    expect(estimator.burstRate()).toBe(93 / 2.12);
  });

  it('begins with the first of several throttles', () => {
    const estimator = new RateEstimator();
    estimator.learnThrottle(T, { epoch: 0, closedFor: 1000, burst: 60, span: 100 });
    estimator.learnThrottle(T + 20, { epoch: 0, closedFor: 2000 });
    // So this is too late to count, and the time of the burst stays.
    estimator.learnBurst(T + 26, 50);
    expect(estimator.burstRate()).toBeCloseTo(60 / 2.1, 9);
  });
});

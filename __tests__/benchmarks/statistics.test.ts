// Tests the figures that the guard and the published tables rest on.
import { compare, median, medianRow, percentile } from '../../benchmarks/statistics.js';

describe('median', () => {
  it('is the middle value, whatever the order', () => {
    expect(median([30, 1, 2])).toBe(2);
  });

  it('is the mean of the two middle values', () => {
    expect(median([10, 1, 3, 2])).toBe(2.5);
  });

  it('is NaN for an empty list', () => {
    expect(median([])).toBeNaN();
  });
});

describe('medianRow', () => {
  it('is the median of each number by itself', () => {
    const runs = [
      { contender: 'a', heapBytes: 1, cancelMs: 30 },
      { contender: 'a', heapBytes: 3, cancelMs: 10 },
      { contender: 'a', heapBytes: 2, cancelMs: 20 },
    ];
    expect(medianRow(runs)).toEqual({ contender: 'a', heapBytes: 2, cancelMs: 20 });
  });

  it('has no figure that is missing in the first run', () => {
    const runs = [{ cancelMs: undefined }, { cancelMs: 20 }];
    expect(medianRow<{ cancelMs: number | undefined }>(runs).cancelMs).toBeUndefined();
  });
});

describe('percentile', () => {
  it('is the smallest value with at least that share at or below it', () => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect([0, 0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([1, 50, 99, 100]);
    expect(percentile([7], 0.99)).toBe(7);
  });

  it('is NaN for an empty list', () => {
    expect(percentile([], 0.5)).toBeNaN();
  });
});

describe('compare', () => {
  const round = (bare: number, peer: number, ours: number) =>
    new Map(Object.entries({ bare, peer, ours }));

  it('takes differences and ratios within each round, then the median', () => {
    // The second round ran on a machine twice as slow, and the third was disturbed.
    const rounds = [round(10, 14, 11), round(20, 28, 22), round(10, 14, 50)];
    expect(compare(rounds, 'bare', 'peer')).toEqual([
      { contender: 'bare', totalUs: 10, addedUs: 0, ratio: 0 },
      { contender: 'peer', totalUs: 14, addedUs: 4, ratio: 1 },
      { contender: 'ours', totalUs: 22, addedUs: 2, ratio: 0.25 },
    ]);
  });

  it('is empty without a round', () => {
    expect(compare([], 'bare', 'peer')).toEqual([]);
  });
});

import { AXIOS_RETRY, BARE, OURS } from '../../benchmarks/names.js';
import { compare, median, shuffle } from '../../benchmarks/statistics.js';

describe('median', () => {
  it('is the middle value, whatever the order', () => {
    expect(median([30, 1, 2])).toBe(2);
  });

  it('is the mean of the two in the middle', () => {
    expect(median([10, 1, 3, 2])).toBe(2.5);
  });

  it('is NaN of nothing', () => {
    expect(median([])).toBeNaN();
  });

  it('leaves its input as it is', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('compare', () => {
  const round = (bare: number, peer: number, ours: number) =>
    new Map([
      [BARE, bare],
      [AXIOS_RETRY, peer],
      [OURS, ours],
    ]);

  it('takes differences and ratios within each round, then the median', () => {
    // The second round ran on a machine twice as slow, the third was disturbed.
    const rows = compare([round(10, 14, 11), round(20, 28, 22), round(10, 14, 50)]);
    expect(rows).toEqual([
      { contestant: BARE, total: 10, added: 0, ratio: 0 },
      { contestant: AXIOS_RETRY, total: 14, added: 4, ratio: 1 },
      { contestant: OURS, total: 22, added: 2, ratio: 0.25 },
    ]);
  });

  it('is empty without a round', () => {
    expect(compare([])).toEqual([]);
  });
});

describe('shuffle', () => {
  it('keeps every item and leaves its input as it is', () => {
    const items = [1, 2, 3, 4];
    expect(shuffle(items).sort()).toEqual([1, 2, 3, 4]);
    expect(items).toEqual([1, 2, 3, 4]);
  });
});

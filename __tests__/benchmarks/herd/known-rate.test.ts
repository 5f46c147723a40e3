// Tests the shares of a known limit that several processes are given.
import { shareOf } from '../../../benchmarks/herd/known-rate.js';

describe('the share of a process', () => {
  it('is the whole limit for one process', () => {
    expect(shareOf({ requests: 10, per: 100 }, 1)).toEqual({ requests: 10, per: 100 });
  });

  it('is a part of the requests', () => {
    expect(shareOf({ requests: 1000, per: 60_000 }, 4)).toEqual({ requests: 250, per: 60_000 });
  });

  it.each([
    [10, 100, 4],
    [3, 1000, 4],
    [100, 1000, 7],
  ])(
    'adds up to the rate, also where %i requests per %i ms do not divide by %i',
    (requests, per, processes) => {
      const share = shareOf({ requests, per }, processes);
      expect(Number.isInteger(share.requests)).toBe(true);
      expect((processes * share.requests) / share.per).toBeCloseTo(requests / per);
    },
  );
});

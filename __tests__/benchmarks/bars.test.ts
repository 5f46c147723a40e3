import { verdicts } from '../../benchmarks/bars.js';
import { AXIOS_RETRY, OURS } from '../../benchmarks/names.js';
import type { Results } from '../../benchmarks/results.js';
import { results, waiting } from '../support/results.js';

const find = (run: Results, what: RegExp) => verdicts(run).find((one) => what.test(one.what));

describe('the bars', () => {
  it('are all reached by a run that is good enough', () => {
    expect(verdicts(results()).filter(({ reached }) => !reached)).toEqual([]);
  });

  it('look at the worst row', () => {
    expect(find(results(), /over bare/)).toEqual({
      what: 'happy path, over bare Axios (GET or POST, the worse)',
      bar: '≤ 1.00 µs (aim 0.60 µs)',
      measured: '0.75 µs',
      reached: true,
    });
  });

  it('compare the cancelling of the most requests', () => {
    const bar = find(results(), /^cancelling 100,000/);
    expect(bar).toMatchObject({ measured: '0.10 ×', reached: true });
  });

  it('are missed where a figure is over the limit', () => {
    const sizes = [{ contestant: OURS, minified: 9000, gzipped: 5001 }];
    const bar = find(results({ sizes }), /^bundle/);
    expect(bar).toMatchObject({ measured: '5,001 B', reached: false });
  });

  it('are missed where the run cannot tell', () => {
    const capped = { contestant: AXIOS_RETRY, count: 20_000, signals: 'shared', cap: 60 } as const;
    const run = results({ waiting: [capped, waiting(OURS, 20_000, 'shared')] });
    expect(find(run, /^cancelling/)).toMatchObject({ measured: 'not known', reached: false });
    expect(find(results({ happy: [] }), /over bare/)).toMatchObject({ reached: false });
  });
});

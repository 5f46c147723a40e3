import { AXIOS_RETRY, BARE, OURS } from '../../benchmarks/names.js';
import { reading } from '../../benchmarks/reading.js';
import { results, waiting } from '../support/results.js';

describe('the reading', () => {
  it('says so where every bar is reached', () => {
    expect(reading(results())[0]).toBe('Every bar is reached.');
  });

  it('names each bar that is not', () => {
    const sizes = [{ contestant: OURS, minified: 9000, gzipped: 6000 }];
    expect(reading(results({ sizes }))).toContain(
      'Not reached: bundle, minified and gzipped: 6,000 B, the bar is ≤ 5,000 B.',
    );
  });

  it('names each plugin that is ahead', () => {
    const imports = [
      { contestant: AXIOS_RETRY, took: 2 },
      { contestant: OURS, took: 9 },
    ];
    expect(reading(results({ imports }))).toContain(
      'Others are ahead: import: axios-retry 2.0 ms; here 9.0 ms.',
    );
  });

  it('does not count bare Axios among them', () => {
    const run = results({
      waiting: [waiting(BARE, 10, 'none', { heap: 1 }), waiting(OURS, 10, 'none')],
    });
    expect(reading(run).join()).not.toContain(BARE);
  });
});

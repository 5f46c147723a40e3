import { middle } from '../../benchmarks/middle.js';
import { OURS } from '../../benchmarks/names.js';
import { waiting } from '../support/results.js';

const run = (more: Parameters<typeof waiting>[3]) => waiting(OURS, 100, 'own', more);

describe('the middle of several processes', () => {
  it('is the median of each figure by itself', () => {
    const runs = [
      run({ heap: 1, cancel: 30, leftover: 5 }),
      run({ heap: 3, cancel: 10, leftover: 4 }),
      run({ heap: 2, cancel: 20, leftover: -1 }),
    ];
    expect(middle(runs)).toEqual(run({ heap: 2, cancel: 20, leftover: 4 }));
  });

  it('has no time to cancel where one of them has none', () => {
    expect(middle([run({ cancel: undefined }), run({ cancel: 20 })])?.cancel).toBeUndefined();
  });

  it('is nothing where all were ended', () => {
    expect(middle([])).toBeUndefined();
  });
});

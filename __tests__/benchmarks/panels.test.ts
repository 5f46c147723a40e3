import { OURS, RETRY_AXIOS } from '../../benchmarks/names.js';
import { panels } from '../../benchmarks/panels.js';
import { results } from '../support/results.js';

const find = (title: string) => panels(results()).find((panel) => panel.title === title);

describe('the panels of the chart', () => {
  it('have a bar of ours each', () => {
    const all = panels(results());
    expect(all).toHaveLength(6);
    for (const { bars } of all) expect(bars.map(({ name }) => name)).toContain(OURS);
  });

  it('show the memory of the fewest requests and the cancelling of the most', () => {
    expect(find('Memory while waiting')?.note).toContain('20,000');
    expect(find('Cancelling all that wait')?.note).toContain('100,000');
  });

  it('say of a plugin that cannot be cancelled that it waits on', () => {
    const bar = find('Cancelling all that wait')?.bars.find(({ name }) => name === RETRY_AXIOS);
    expect(bar).toEqual({ name: RETRY_AXIOS, value: undefined, label: 'waits on' });
  });
});

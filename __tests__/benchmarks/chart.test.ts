import { renderChart } from '../../benchmarks/chart.js';
import { panels } from '../../benchmarks/panels.js';
import { results } from '../support/results.js';

describe('the chart', () => {
  it('is one SVG with every title, name and label, in light and dark', async () => {
    const all = panels(results());
    const svg = await renderChart(all);
    expect(svg).toMatch(/^<svg [^>]*><style>@media \(prefers-color-scheme:dark\)/);
    expect(svg).toMatch(/<\/svg>\n$/);
    for (const { title, note, bars } of all) {
      for (const text of [title, note, ...bars.flatMap(({ name, label }) => [name, label])]) {
        expect(svg).toContain(`>${text}<`);
      }
    }
  });
});

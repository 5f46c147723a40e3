import { renderDocument } from '../../benchmarks/document.js';
import { setups } from '../../benchmarks/names.js';
import { sections } from '../../benchmarks/sections.js';
import { results } from '../support/results.js';

const document = renderDocument(results());

describe('docs/benchmarks.md', () => {
  it('has every table, once', () => {
    for (const { title } of sections(results())) {
      expect(document.split(`## ${title}\n`)).toHaveLength(2);
    }
  });

  it('tells the machine, the versions, the day and how each was set up', () => {
    expect(document).toContain('A Processor, 2 cores, Node v20.0.0, Linux on x64');
    expect(document).toContain('axios-status-retry 1.0.0, axios 1.2.3');
    expect(document).toContain('2030-01-31');
    for (const [name, setup] of setups) expect(document).toContain(`| ${name} | ${setup} |`);
  });

  it('leaves no figure out', () => {
    expect(document).not.toMatch(/NaN|undefined/);
  });
});

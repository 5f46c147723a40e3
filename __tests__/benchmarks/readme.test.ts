import { readmeLines, withLines } from '../../benchmarks/readme.js';
import { results } from '../support/results.js';

const BEGIN = '<!-- benchmarks: written by npm run bench -->';
const END = '<!-- /benchmarks -->';

describe('the lines for the README', () => {
  it('are three, with our figures beside those of axios-retry', () => {
    const lines = readmeLines(results());
    expect(lines).toHaveLength(3);
    expect(lines.join(' ')).toContain('0.50 µs (axios-retry: 4.00 µs)');
    expect(lines.join(' ')).toContain('100,000 in 100 ms (axios-retry: 1.0 s)');
    expect(lines.join(' ')).not.toContain('NaN');
    expect(lines[2]).toContain('(docs/benchmarks.md)');
    expect(lines[2]).toContain('Axios 1.2.3, axios-retry 4.0.0, Node v20.0.0, A Processor');
  });

  it('replace what is between the markers and nothing else', () => {
    const readme = `# Title\n\n${BEGIN}\nold\nolder\n${END}\n\nMore.\n`;
    const fresh = `# Title\n\n${BEGIN}\none\ntwo\n${END}\n\nMore.\n`;
    expect(withLines(readme, ['one', 'two'])).toBe(fresh);
    expect(withLines(fresh, ['one', 'two'])).toBe(fresh);
  });

  it.each([`${END}\n${BEGIN}`, BEGIN, END, ''])(
    'need both markers, in their order: %j',
    (readme) => {
      expect(() => withLines(readme, [])).toThrow('markers');
    },
  );
});

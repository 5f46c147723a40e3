import { asMarkdown, asText } from '../../benchmarks/tables.js';

const section = {
  title: 'Title',
  note: 'A note.',
  columns: ['', 'first', 'second'],
  rows: [
    ['one', '1', '22'],
    ['three', '333,333', '4'],
  ],
};

describe('a section', () => {
  it('has its columns in line on a terminal', () => {
    expect(asText(section).split('\n')).toEqual([
      'Title',
      'A note.',
      '',
      '          first   second',
      '─'.repeat(24),
      'one           1       22',
      'three   333,333        4',
      '',
    ]);
  });

  it('is a table in Markdown, with figures to the right', () => {
    expect(asMarkdown(section).split('\n')).toEqual([
      '## Title',
      '',
      'A note.',
      '',
      '|  | first | second |',
      '| --- | ---: | ---: |',
      '| one | 1 | 22 |',
      '| three | 333,333 | 4 |',
      '',
    ]);
  });
});

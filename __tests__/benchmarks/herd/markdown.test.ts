// Tests the tables that the herd benchmark prints.
import { markdownOf } from '../../../benchmarks/herd/markdown.js';

const FIGURES = {
  sendsPerSuccess: 1.024,
  failed: 1509,
  early: 0,
  timeOverIdeal: 1.25,
  p50Ms: 4140,
  p99Ms: 25_400,
};

describe('a table of races', () => {
  it('has a line for each race', () => {
    const lines = markdownOf([{ contender: 'gate', processes: 4, ...FIGURES }]).split('\n');
    expect(lines.slice(1)).toEqual([
      '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
      '| gate | 4 | 1.02 | 1,509 | 0 | 1.25 | 4.1 s | 25 s |',
    ]);
  });

  it.each([
    [24.6, '25 ms'],
    [999.4, '999 ms'],
    [9940, '9.9 s'],
    [9960, '10 s'],
  ])('rounds %d ms to %s', (p50Ms, shown) => {
    const table = markdownOf([{ contender: 'gate', processes: 1, ...FIGURES, p50Ms }]);
    expect(table).toContain(` | ${shown} | 25 s |`);
  });

  it('says why a race has no figures', () => {
    const table = markdownOf([
      { contender: 'a', processes: 1, note: 'took more than 400 s' },
      { contender: 'b', processes: 1, ...FIGURES, sendsPerSuccess: Number.POSITIVE_INFINITY },
    ]);
    expect(table).toContain('| a | 1 | took more than 400 s |  |');
    expect(table).toContain('| b | 1 | no success |  |');
  });
});

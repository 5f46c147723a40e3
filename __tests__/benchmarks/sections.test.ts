import { AXIOS_RETRY, OURS, RETRY_AXIOS } from '../../benchmarks/names.js';
import type { Results } from '../../benchmarks/results.js';
import { sections } from '../../benchmarks/sections.js';
import { results, waiting } from '../support/results.js';

const rows = (run: Results, title: string) =>
  sections(run).find((section) => section.title === title)?.rows ?? [];

describe('the tables of a run', () => {
  it('have as many cells in each row as columns', () => {
    for (const { columns, rows } of sections(results())) {
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) expect(row).toHaveLength(columns.length);
    }
  });

  it('show what each adds and its ratio, and of bare Axios the whole', () => {
    const [bare, , peer] = rows(results(), 'The happy path');
    expect(bare).toEqual(['bare Axios', '20.00 µs', '20.00 µs']);
    expect(peer).toEqual(['axios-retry', '+4.00 µs (1.00 ×)', '+4.00 µs (1.00 ×)']);
  });

  it('say which requests an abort does not reach', () => {
    const run = results({ waiting: [waiting(RETRY_AXIOS, 1000, 'shared')] });
    expect(rows(run, 'Cancelling all that wait')).toContainEqual([
      RETRY_AXIOS,
      '1,000',
      '1,000 wait on',
      '–',
      '–',
      '–',
    ]);
  });

  it('say which process was ended, and after how long', () => {
    const capped = { contestant: AXIOS_RETRY, count: 1000, signals: 'shared', cap: 180 } as const;
    const run = results({ waiting: [capped] });
    const row = rows(run, 'Memory while waiting').find(([name]) => name === AXIOS_RETRY);
    expect(row?.[3]).toBe('> 180 s, ended');
  });

  it('name what is outside the heap only where there is something', () => {
    const run = results({ waiting: [waiting(OURS, 1000, 'none', { external: 64 })] });
    const row = rows(run, 'Memory while waiting').find(([name]) => name === OURS);
    expect(row?.[2]).toBe('2,500 B + 64 B external');
  });
});

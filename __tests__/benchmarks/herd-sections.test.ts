import type { HerdResults, RaceDone } from '../../benchmarks/herd/herd-results.js';
import { full, onlyOf, quick, withKept } from '../../benchmarks/herd/herd-scale.js';
import { herdSections } from '../../benchmarks/herd/herd-sections.js';
import { figuresOf, percentile } from '../../benchmarks/herd/herd-statistics.js';
import { measuredOn, setupLines } from '../../benchmarks/herd/herd-words.js';
import { sectionLines, withPart } from '../../benchmarks/herd/parts.js';
import { peerNames, words } from '../../benchmarks/herd/peer-names.js';
import { renderTimelines } from '../../benchmarks/herd/timeline-chart.js';
import { timelines } from '../../benchmarks/herd/timelines.js';

function race(changes: Partial<RaceDone> = {}): RaceDone {
  return {
    contestant: 'gate',
    limit: 'burst-10',
    processes: 1,
    requests: 210,
    sends: [120, 100, 11],
    successes: [100, 100, 10],
    latencies: Array.from({ length: 210 }, (_, i) => 10 * (i + 1)),
    failures: {},
    seconds: 2.2,
    ...changes,
  };
}

const results: HerdResults = {
  date: '2030-01-31',
  machine: { cpu: 'a CPU', cores: 2, node: 'v20.0.0', os: 'Linux on x64' },
  versions: { 'axios-status-retry': '1', axios: '2', 'axios-retry': '3', 'retry-axios': '4' },
  races: [
    race(),
    race({ contestant: 'axios-retry', failures: { 429: 2, ECONNRESET: 1 }, sends: [2100] }),
    { contestant: 'redis-gate', limit: 'burst-10', processes: 4, requests: 210, note: 'left out' },
    race({ contestant: 'no-gate-without-end', seconds: 9 }),
    race({ limit: 'burst-100', seconds: 5 }),
  ],
  overhead: [{ work: 'in line', without: 20_000, with: 20_800, added: 790, ratio: 1.04 }],
};

describe('percentile', () => {
  it('is the least value that so large a share is not above', () => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect([0, 0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([1, 50, 99, 100]);
    expect(percentile([7], 0.99)).toBe(7);
  });

  it('is NaN of nothing', () => {
    expect(percentile([], 0.5)).toBeNaN();
  });
});

describe('the figures of a race', () => {
  it('are of what succeeded', () => {
    const figures = figuresOf(race());
    expect(figures.sendsPerSuccess).toBeCloseTo(1.1);
    expect(figures.timeOverIdeal).toBeCloseTo(1.1);
    expect(figures).toMatchObject({ failures: 0, p50: 1050, p99: 2080 });
  });
});

describe('the races', () => {
  it('leave a shared gate out of one process, and the fixed window too unless it is wanted', () => {
    expect(quick.races).toHaveLength(6);
    const { races } = full(false);
    expect(races.some(({ limit }) => limit === 'fixed')).toBe(false);
    expect(races.filter(({ contestant }) => contestant === 'redis-gate')).toHaveLength(2);
    expect(full(true).races).toHaveLength((races.length / 2) * 3);
  });
});

describe('a run of some contestants', () => {
  it('holds only their races', () => {
    const { races } = onlyOf(full(true), ['gate', 'redis-gate']);
    expect(races).toHaveLength(9);
    expect(onlyOf(quick)).toBe(quick);
  });

  it('takes the place of what was kept, in its order', () => {
    const anew = { ...results, races: [race({ seconds: 7 })] };
    const { races } = withKept(anew, results.races);
    expect(races).toHaveLength(results.races.length);
    expect(races[0]).toMatchObject({ contestant: 'gate', seconds: 7 });
    expect(races.slice(1)).toEqual(results.races.slice(1));
  });
});

describe('the tables of a run', () => {
  const [bucket, small, bars, overhead] = herdSections(results);

  it('have a row for each race, also for one that was left out', () => {
    expect(bucket?.rows).toEqual([
      [words.gate.label, '1', '1.10', '0', '1.10', '1.1 s', '2.1 s'],
      [words['axios-retry'].label, '1', '10.00', '3', '1.10', '1.1 s', '2.1 s'],
      [words['redis-gate'].label, '4', 'left out', '–', '–', '–', '–'],
      [words['no-gate-without-end'].label, '1', '1.10', '0', '4.50', '1.1 s', '2.1 s'],
    ]);
    expect(small?.rows).toHaveLength(1);
  });

  it('hold only the gates to the bars', () => {
    expect(bars?.rows.map((row) => [row[0], row[4], row.at(-1)])).toEqual([
      [`${words.gate.label}: token bucket, 100/s, burst 10`, '1.10', 'yes'],
      [`${words.gate.label}: token bucket, 100/s, burst 100`, '4.55', 'no'],
    ]);
  });

  it('hold the overhead to its bar', () => {
    expect(overhead?.rows).toEqual([
      ['in line', '20,000 ns', '20,800 ns', '790 ns', '1.040 ×', '≤ 1,000 ns', 'yes'],
    ]);
  });

  it('say where it was and how each was set up', () => {
    expect(measuredOn(results)).toContain('a CPU, 2 cores, Node v20.0.0');
    const lines = setupLines(results);
    expect(lines).toHaveLength(2 + 4 + 1);
    for (const name of peerNames) expect(words[name].setup).not.toContain('|');
  });
});

describe('the document', () => {
  const marked = [
    'before',
    '<!-- written by npm run bench:herd -- --write -->',
    'old',
    '<!-- /bench:herd -->',
    'after',
  ].join('\n');

  it('has a part between its markers written anew, and again', () => {
    const once = withPart(marked, 'herd', ['new']);
    expect(once).toBe(marked.replace('old', '\nnew'));
    expect(withPart(once, 'herd', ['new'])).toBe(once);
  });

  it('is not written without its markers', () => {
    expect(() => withPart(marked, 'gate-rules', [])).toThrow('lost the markers of gate-rules');
  });

  it('has its sections one level lower', () => {
    const [line] = sectionLines([{ title: 'T', note: 'N', columns: ['a'], rows: [] }]);
    expect(line).toMatch(/^### T\n\nN\n/);
  });
});

describe('the chart', () => {
  it('shows who was in the run, in light and dark', async () => {
    const all = timelines(results);
    expect(all).toHaveLength(3);
    const svg = await renderTimelines(all);
    expect(svg).toMatch(/^<svg [^>]*><style>@media \(prefers-color-scheme:dark\)/);
    for (const { title } of all) expect(svg).toContain(`>${title}<`);
    for (const name of ['sends', 'successes']) expect(svg).toContain(`>${name}<`);
  });

  it('leaves out who was not', () => {
    expect(timelines({ ...results, races: [] })).toEqual([]);
  });
});

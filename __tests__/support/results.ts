import { AXIOS_RETRY, BARE, NAIVE, OURS, plugins, RETRY_AXIOS } from '../../benchmarks/names.js';
import type { Comparison, Results, SignalUse, Waiting } from '../../benchmarks/results.js';

function comparison(work: string, ours: number): Comparison {
  const row = (contestant: string, added: number) => ({
    contestant,
    total: 20 + added,
    added,
    ratio: added / 4,
  });
  return {
    work,
    rows: [
      row(BARE, 0),
      row(NAIVE, 0.25),
      row(AXIOS_RETRY, 4),
      row(RETRY_AXIOS, 3),
      row(OURS, ours),
    ],
  };
}

export function waiting(
  contestant: string,
  count: number,
  signals: SignalUse,
  more: Partial<Waiting> = {},
): Waiting {
  const settles = contestant === OURS || contestant === AXIOS_RETRY;
  const cancels = signals !== 'none' && settles;
  return {
    contestant,
    count,
    signals,
    heap: contestant === OURS ? 2500 : 5000,
    external: 0,
    arrayBuffers: 0,
    timers: contestant === OURS ? 1 : count,
    cancel: cancels ? (contestant === OURS ? 100 : 1000) : undefined,
    leftover: cancels ? 50 : undefined,
    unsettled: signals === 'none' || settles ? 0 : count,
    ...more,
  };
}

/** A run in which every bar is reached, but for what a test changes. */
export function results(more: Partial<Results> = {}): Results {
  return {
    scale: 'full',
    date: '2030-01-31',
    seconds: 90,
    machine: { cpu: 'A Processor', cores: 2, node: 'v20.0.0', os: 'Linux on x64' },
    versions: { 'axios-status-retry': '1.0.0', axios: '1.2.3', 'axios-retry': '4.0.0' },
    happy: [comparison('GET', 0.5), comparison('POST', 0.75)],
    retry: [
      { ...comparison('alone', 1), failures: 1, atOnce: 1 },
      { ...comparison('together', 2), failures: 3, atOnce: 500 },
    ],
    waiting: [20_000, 100_000].flatMap((count) =>
      (['none', 'shared', 'own'] as const).flatMap((signals) =>
        [BARE, ...plugins].map((name) => waiting(name, count, signals)),
      ),
    ),
    imports: [AXIOS_RETRY, RETRY_AXIOS, OURS].map((contestant) => ({ contestant, took: 5 })),
    sizes: plugins.map((contestant) => ({ contestant, minified: 9000, gzipped: 4000 })),
    engine: [{ count: 1000, begin: 100, due: 200, cancel: 50 }],
    requests: [{ count: 1000, fail: 50, succeed: 30 }],
    ...more,
  };
}

import { setImmediate as turn } from 'node:timers/promises';
import axios from 'axios';
import { failingFirst } from './adapter.js';
import { attachRetry } from './built.js';
import { ManualClock } from './manual-clock.js';
import type { RequestCost } from './results.js';
import { median } from './statistics.js';

const HOUR = 3_600_000;
/** Turns of the event loop in which what has failed begins to wait. */
const TURNS = 20;
const REPEATS = 3;

/** What one of our own requests costs among ever more that wait; their delays are random. */
export async function measureRequests(counts: readonly number[]): Promise<RequestCost[]> {
  await runOnce(2_000);
  const costs: RequestCost[] = [];
  for (const count of counts) {
    const runs: RequestCost[] = [];
    for (let i = 0; i < REPEATS; i += 1) runs.push(await runOnce(count));
    const over = (part: 'fail' | 'succeed') => median(runs.map((run) => run[part]));
    costs.push({ count, fail: over('fail'), succeed: over('succeed') });
  }
  return costs;
}

async function runOnce(count: number): Promise<RequestCost> {
  const clock = new ManualClock();
  const api = axios.create({ adapter: failingFirst(1, count) });
  const handle = attachRetry(api, { clock, backoff: () => Math.random() * HOUR });
  const begun = performance.now();
  const all = Promise.all(Array.from({ length: count }, (_, i) => api.get(`/${i}`)));
  for (let i = 0; i < TURNS; i += 1) await turn();
  const waiting = performance.now();
  if (handle.waits.length !== count) throw new Error(`${handle.waits.length} of ${count} wait`);
  const due = performance.now();
  clock.jump(HOUR);
  await all;
  const ended = performance.now();
  return {
    count,
    fail: ((waiting - begun) * 1000) / count,
    succeed: ((ended - due) * 1000) / count,
  };
}

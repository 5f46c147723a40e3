// How does the cost of one wait, and of one request, grow with the number of others?
import { setImmediate as turn } from 'node:timers/promises';
import axios from 'axios';
import type { Waiter } from '../src/wait/wait-list.js';
import { WaitList } from '../src/wait/wait-list.js';
import { failingFirst } from './adapter.js';
import { attachRetry } from './built.js';
import { ManualClock } from './manual-clock.js';
import { medianRow, shuffle } from './statistics.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Waits that are begun for one figure: small lists are measured more often. */
const WAITS_IN_ALL = 500_000;
const [MIN_REPEATS, MAX_REPEATS] = [3, 25];
const REQUEST_REPEATS = 3;
/** Event loop turns in which failed requests begin to wait. */
const TURNS = 20;

/** Nanoseconds for each wait. */
interface WaitCost {
  readonly waits: number;
  readonly beginNs: number;
  readonly dueNs: number;
  readonly cancelNs: number;
}

/** The list of waits alone, without requests; delays are random. */
export function measureWaits(counts: readonly number[]): WaitCost[] {
  measureWaitsOnce(10_000);
  return counts.map((waits) => {
    const wanted = Math.ceil(WAITS_IN_ALL / waits);
    const repeats = Math.min(Math.max(wanted, MIN_REPEATS), MAX_REPEATS);
    return medianRow(Array.from({ length: repeats }, () => measureWaitsOnce(waits)));
  });
}

function measureWaitsOnce(waits: number): WaitCost {
  const due = runWaits(waits, 'due');
  const canceled = runWaits(waits, 'canceled');
  const beginNs = (due.beginNs + canceled.beginNs) / 2;
  return { waits, beginNs, dueNs: due.endNs, cancelNs: canceled.endNs };
}

function runWaits(count: number, end: 'due' | 'canceled') {
  const clock = new ManualClock();
  const list = new WaitList(clock);
  let ended = 0;
  const waiter: Waiter = {
    abortable: {},
    summary: () => ({ method: 'GET', url: '/', status: 503, retryNumber: 1, maxRetries: 5 }),
    onEnd() {
      ended += 1;
    },
  };
  const delays = Float64Array.from({ length: count }, () => Math.random() * DAY_MS);
  let waits: ReturnType<WaitList['begin']>[] = [];
  const beginNs = timeEach(count, () => {
    waits = Array.from(delays, (delay) =>
      list.begin(waiter, clock.now() + delay, delay, 'backoff'),
    );
  });
  if (end === 'canceled') waits = shuffle(waits);
  const endNs = timeEach(count, () => {
    if (end === 'due') clock.jump(DAY_MS);
    else for (const wait of waits) wait.cancel();
  });
  if (ended !== count) throw new Error(`${ended} of ${count} waits ended`);
  return { beginNs, endNs };
}

/** @returns Nanoseconds per item. */
function timeEach(count: number, run: () => void): number {
  const begun = performance.now();
  run();
  return ((performance.now() - begun) * 1e6) / count;
}

/** Microseconds for each request, with the cost of Axios and its errors. */
interface RequestCost {
  readonly requests: number;
  /** Sent, failed, and put to wait. */
  readonly failUs: number;
  /** Due, sent again, and settled. */
  readonly succeedUs: number;
}

/** Requests that fail once, wait for a random time, and succeed. */
export async function measureRequests(counts: readonly number[]): Promise<RequestCost[]> {
  await measureRequestsOnce(2_000);
  const costs: RequestCost[] = [];
  for (const requests of counts) {
    const runs: RequestCost[] = [];
    for (let i = 0; i < REQUEST_REPEATS; i += 1) runs.push(await measureRequestsOnce(requests));
    costs.push(medianRow(runs));
  }
  return costs;
}

async function measureRequestsOnce(requests: number): Promise<RequestCost> {
  const clock = new ManualClock();
  const api = axios.create({ adapter: failingFirst(1, requests) });
  const handle = attachRetry(api, { clock, backoff: () => Math.random() * HOUR_MS });
  const begun = performance.now();
  const all = Promise.all(Array.from({ length: requests }, (_, i) => api.get(`/${i}`)));
  for (let i = 0; i < TURNS; i += 1) await turn();
  const failUs = ((performance.now() - begun) * 1000) / requests;
  const waiting = handle.waits.length;
  if (waiting !== requests) throw new Error(`${waiting} of ${requests} requests wait`);
  const due = performance.now();
  clock.jump(HOUR_MS);
  await all;
  return { requests, failUs, succeedUs: ((performance.now() - due) * 1000) / requests };
}

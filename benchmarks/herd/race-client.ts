// The client process of a race: sends all its requests at once, through one contender.
import { Agent } from 'node:http';
import type { AxiosAdapter } from 'axios';
import axios from 'axios';
import { ToldClosing } from './early-sends.js';
import { withMargin } from './known-rate.js';
import type { LimitName } from './limits.js';
import { limits } from './limits.js';
import type { PeerName } from './peer-names.js';
import { peers } from './peers.js';

export interface ClientJob {
  readonly contender: PeerName;
  readonly limit: LimitName;
  readonly url: string;
  readonly requests: number;
  /** How many of them run. */
  readonly processes: number;
  readonly redisPort: number;
}

export interface ClientReport {
  /** Milliseconds from the call to its answer, for each success. */
  readonly latencies: readonly number[];
  readonly failed: number;
  /** Milliseconds from the start until the last success. */
  readonly tookMs: number;
}

const job: ClientJob = JSON.parse(process.argv[2] ?? '');
const httpAgent = new Agent({ keepAlive: true });
const http = axios.getAdapter('http');
const told = new ToldClosing();

/** Below every contender, so that it sees each send and each answer. */
const adapter: AxiosAdapter = async (config) => {
  config.headers.set(told.headers());
  try {
    return await http(config);
  } catch (error) {
    if (axios.isAxiosError(error) && error.response) told.read(error.response.headers);
    throw error;
  }
};
const api = axios.create({ baseURL: job.url, httpAgent, proxy: false, adapter });

const latencies: number[] = [];
let failed = 0;
let lastAt = 0;

async function send(path: string): Promise<void> {
  const begun = performance.now();
  try {
    await api.get(path);
    lastAt = performance.now();
    latencies.push(lastAt - begun);
  } catch {
    failed += 1;
  }
}

process.once('disconnect', () => process.exit());
process.once('message', async () => {
  const begun = performance.now();
  await Promise.all(Array.from({ length: job.requests }, (_, i) => send(`/items/${i}`)));
  const report: ClientReport = { latencies, failed, tookMs: lastAt - begun };
  process.send?.(report);
});
const { processes, redisPort } = job;
const { known, marginMs } = limits[job.limit];
const safe = withMargin(known, marginMs);
await peers[job.contender]({ instance: api, known, safe, processes, redisPort });
process.send?.('ready');

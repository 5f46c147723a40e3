// The client process of a race: sends all its requests at once, through one contender.
import { Agent } from 'node:http';
import axios from 'axios';
import type { PeerName } from './peers.js';
import { peers } from './peers.js';

export interface ClientJob {
  readonly contender: PeerName;
  readonly url: string;
  readonly requests: number;
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
const api = axios.create({ baseURL: job.url, httpAgent, proxy: false });

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
await peers[job.contender](api, job.redisPort);
process.send?.('ready');

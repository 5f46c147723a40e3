// A backend that loses no request when it is stopped: SIGTERM → drain() → queue → exit 0. Copy this file.
import { Agent } from 'node:http';
import axios from 'axios';
import { Queue, Worker } from 'bullmq';
// In your project, import these from 'axios-status-retry/bullmq', 'axios-status-retry/deferral' and
// 'axios-status-retry'.
import { createProcessor, saveTo } from '../../src/bullmq/index.js';
import type { RetryTicket } from '../../src/deferral/index.js';
import { createDeferral, isRetryDeferred } from '../../src/deferral/index.js';
import { attachRetry, exponentialBackoff } from '../../src/index.js';

const { API_URL = 'http://localhost:3000', REDIS_URL = 'redis://localhost:6379' } = process.env;
/** How long requests in flight may still be answered after SIGTERM. */
const GRACE_PERIOD_MS = 500;

const connection = { url: REDIS_URL };
// While Redis is away, saving fails, and so does the request. By default both would hang.
const queue = new Queue('retries', { connection: { ...connection, maxRetriesPerRequest: 1 } });
const put = saveTo(queue, { job: { removeOnComplete: true, attempts: 5, backoff: 5000 } });
async function save(ticket: RetryTicket): Promise<void> {
  await put(ticket);
  console.log(`${new URL(ticket.url).pathname}: ${ticket.lastStatus ?? 'cut off'}, queued`);
}
const deferral = createDeferral({ save });

const httpAgent = new Agent({ keepAlive: true }); // an httpsAgent for https
const api = axios.create({ baseURL: API_URL, timeout: 5000, httpAgent, proxy: false });
attachRetry(api, {
  deferral,
  maxDelay: 60_000, // ms; shorter waits stay in this process with their caller, longer ones are queued
  idempotencyKey: true,
  networkErrors: true,
  backoff: exponentialBackoff({ base: 2000, factor: 8 }), // to keep the example short; starts at 8 s by default
  onRetry: ({ url, status, delay }) =>
    console.log(`${url}: ${status ?? 'cut off'}, waits ${delay / 1000} s here`),
});

const processor = createProcessor(deferral, {
  config: { retry: { maxDelay: 0 } }, // a job that waits here would occupy one of the worker's slots
  onResponse: ({ config, status }) => console.log(`${config.url}: ${status}`),
});
const options = { connection, concurrency: 10, maxStalledCount: 10 };
const worker = new Worker('retries', processor, options);
worker.on('error', console.error).on('failed', (_job, error) => console.error(error.message));

/** Stands for your request handler. */
async function order(item: string): Promise<void> {
  try {
    const { config, status } = await api.post(`/orders/${item}`);
    console.log(`${config.url}: ${status}`);
  } catch (error) {
    if (!isRetryDeferred(error)) throw error; // if it is deferred, answer the caller with 202
  }
}
const work = Promise.allSettled(process.argv.slice(2).map(order)); // in your app, until the server has closed

process.once('SIGTERM', async () => {
  const closed = worker.close(); // takes no more jobs; close your server here too
  // A broken connection is a wait too. Do this only with services that know Idempotency-Key.
  setTimeout(() => httpAgent.destroy(), GRACE_PERIOD_MS);
  // Also what is in flight may be refused, and then waits. If a ticket cannot be saved, the process fails.
  await deferral.drain(Promise.all([closed, work]));
  await queue.close();
  process.exit(0);
});

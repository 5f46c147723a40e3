// A backend that loses no request when it is stopped: SIGTERM → suspend() → queue → exit 0. Copy it.
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';
import { Queue, Worker } from 'bullmq';
import { createProcessor } from '../../src/bullmq/processor.js';
import { saveTo } from '../../src/bullmq/queue.js';
// In your project: from 'axios-status-retry/bullmq', 'axios-status-retry/deferral' and 'axios-status-retry'.
import type { RetryTicket } from '../../src/deferral/index.js';
import { createDeferral, isRetryDeferred } from '../../src/deferral/index.js';
import { attachRetry, exponentialBackoff } from '../../src/index.js';

const { API_URL = 'http://localhost:3000', REDIS_URL = 'redis://localhost:6379' } = process.env;
/** Milliseconds that what is in flight at SIGTERM has to be answered. */
const GRACE = 500;

const connection = { url: REDIS_URL };
// When Redis is away a save fails, and so does its request; by default both would hang.
const queue = new Queue('retries', { connection: { ...connection, maxRetriesPerRequest: 1 } });
const put = saveTo(queue, { job: { removeOnComplete: true, attempts: 5, backoff: 5000 } });
async function save(ticket: RetryTicket): Promise<void> {
  await put(ticket);
  console.log(`${new URL(ticket.url).pathname}: ${ticket.lastStatus ?? 'cut off'}, on the queue`);
}
const deferral = createDeferral({ save });

const httpAgent = new Agent({ keepAlive: true }); // for https: an `httpsAgent`
const api = axios.create({ baseURL: API_URL, timeout: 5000, httpAgent, proxy: false });
attachRetry(api, {
  deferral,
  maxDelay: 60_000, // ms: so long a call of the app waits here with its caller; the rest is the queue's
  idempotencyKey: true,
  networkErrors: true,
  backoff: exponentialBackoff({ base: 2000, factor: 8 }), // for the show: the default begins at 8 s
  onRetry: ({ url, status, delay }) =>
    console.log(`${url}: ${status ?? 'cut off'}, waits ${delay / 1000} s here`),
});

const processor = createProcessor(deferral, {
  config: { retry: { maxDelay: 0 } }, // a job that waits here holds a place of the worker
  onResponse: ({ config, status }) => console.log(`${config.url}: ${status}`),
});
const options = { connection, concurrency: 10, maxStalledCount: 10 };
const worker = new Worker('retries', processor, options);
worker.on('error', console.error).on('failed', (_job, error) => console.error(error.message));

/** What a handler of yours does. */
async function order(item: string): Promise<void> {
  try {
    const { config, status } = await api.post(`/orders/${item}`);
    console.log(`${config.url}: ${status}`);
  } catch (error) {
    if (!isRetryDeferred(error)) throw error; // else it will be done: 202 for the caller
  }
}
const work = Promise.allSettled(process.argv.slice(2).map(order)); // yours: when the server has closed

process.once('SIGTERM', async () => {
  const closed = worker.close(); // takes no more jobs; close your server here too
  const done = Promise.all([closed, work]).then(() => true);
  const end = Date.now() + GRACE;
  do {
    // Again and again: what is in flight may still be refused, and then it waits.
    await Promise.all((await deferral.suspend()).map(save));
    // A lost connection is waited for too. Only for services that know Idempotency-Key.
    if (Date.now() >= end) httpAgent.destroy();
  } while (!(await Promise.race([done, sleep(20)])));
  await queue.close();
  process.exit(0);
});

import { setTimeout as sleep } from 'node:timers/promises';
import type { AxiosInstance } from 'axios';
import axios from 'axios';
import type { DefaultJobOptions, Job, WorkerOptions } from 'bullmq';
import { Queue, Worker } from 'bullmq';
import { createProcessor } from '../../src/bullmq/processor.js';
import { saveTo } from '../../src/bullmq/queue.js';
import type { Deferral, RetryTicket } from '../../src/deferral/index.js';
import { createDeferral, isRetryDeferred } from '../../src/deferral/index.js';
import type { RetryHandle, RetryOptions } from '../../src/index.js';
import { attachRetry, retryCount } from '../../src/index.js';
import { describeWithRedis, RedisServer } from '../support/redis-server.js';
import { startServer } from '../support/scripted-server.js';
import { dueTicket } from '../support/tickets.js';
import { waitFor } from '../support/wait-for.js';

const HOUR = 3_600_000;

/** A request as the server received it. */
interface Send {
  readonly at: number;
  readonly key: unknown;
  readonly token: unknown;
  readonly retryNumber: number;
  /** How many other requests were in flight. */
  readonly others: number;
}

/** An app process, and the server it sends to. */
interface App {
  readonly api: AxiosInstance;
  readonly deferral: Deferral;
  readonly queue: Queue<RetryTicket>;
  readonly handle: RetryHandle;
  /** Of the server. */
  readonly url: string;
  readonly sends: readonly Send[];
  /** Makes a request whose wait becomes a ticket. */
  handOver(): Promise<RetryTicket>;
  work(options?: Partial<WorkerOptions>): Worker<RetryTicket>;
}

describeWithRedis('over BullMQ', () => {
  /** After each failed attempt, in milliseconds. */
  const WAIT = 300;

  let redis: RedisServer;
  let queues = 0;
  const ends: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    redis = await RedisServer.start();
  });

  afterEach(async () => {
    // Newest first: a worker ends before the server it waits for.
    for (const end of ends.splice(0).reverse()) await end();
  });

  afterAll(() => redis.stop());

  async function start(
    statuses: readonly number[],
    { jobs = {}, ...retry }: RetryOptions & { readonly jobs?: DefaultJobOptions } = {},
  ): Promise<App> {
    const sends: Send[] = [];
    let underWay = 0;
    const server = await startServer(({ headers }, res) => {
      const status = statuses[Math.min(sends.length, statuses.length - 1)] ?? 200;
      sends.push({
        at: Date.now(),
        key: headers['idempotency-key'],
        token: headers.authorization,
        retryNumber: Number(headers['x-retry']),
        others: underWay,
      });
      underWay += 1;
      setTimeout(() => {
        underWay -= 1;
        res.writeHead(status).end();
      }, 50);
    });
    const connection = { host: '127.0.0.1', port: redis.port };
    queues += 1;
    const name = `retries-${queues}`;
    const queue = new Queue<RetryTicket>(name, { connection, defaultJobOptions: jobs });
    ends.push(
      () => server.close(),
      () => queue.close(),
    );
    const api = axios.create({ baseURL: server.url, proxy: false });
    api.interceptors.request.use((config) => {
      config.headers.set({
        Authorization: `Bearer ${sends.length}`,
        'X-Retry': retryCount(config),
      });
      return config;
    });
    const deferral = createDeferral({ save: saveTo(queue) });
    const options = { maxDelay: 0, backoff: () => WAIT, idempotencyKey: true, ...retry };
    const handle = attachRetry(api, { deferral, ...options });
    return {
      api,
      deferral,
      handle,
      queue,
      url: server.url,
      sends,
      async handOver() {
        const error = await api.post('/orders', { item: 'tea' }).catch((error: unknown) => error);
        if (isRetryDeferred(error)) return error.ticket;
        throw error;
      },
      work(more) {
        const options = { connection, ...more };
        const worker = new Worker<RetryTicket>(name, createProcessor(deferral), options);
        ends.push(() => {
          // Otherwise the worker would wait for the waits inside it.
          handle.detach();
          return worker.close();
        });
        return worker;
      },
    };
  }

  /** The job of a ticket, once it is in the given state. */
  async function jobIn(
    state: string,
    { queue }: App,
    { id }: RetryTicket,
  ): Promise<Job<RetryTicket>> {
    await waitFor(async () => (await queue.getJobState(id)) === state);
    return (await queue.getJob(id)) as Job<RetryTicket>;
  }

  it('stores a wait as a delayed job without credentials', async () => {
    const app = await start([503], { backoff: () => HOUR });
    const ticket = await app.handOver();
    const job = await jobIn('delayed', app, ticket);
    expect(job).toMatchObject({ id: ticket.id, name: 'retry', data: ticket });
    expect(ticket.headers).toHaveProperty('Idempotency-Key', ticket.idempotencyKey);
    expect(JSON.stringify(job)).not.toContain('Bearer');
    expect(job.timestamp + job.delay).toBeGreaterThanOrEqual(ticket.notBefore);
    expect(job.timestamp + job.delay).toBeLessThan(ticket.notBefore + 1000);
  });

  it('stores one job for a ticket that is saved twice', async () => {
    const app = await start([503], { backoff: () => HOUR });
    const ticket = await app.handOver();
    await saveTo(app.queue)(ticket);
    expect(await app.queue.getJobCounts()).toMatchObject({ delayed: 1, waiting: 0 });
  });

  it('sends the request when it is due, through the interceptors, as retry 1 with the same key', async () => {
    const app = await start([503, 200]);
    app.work();
    const ticket = await app.handOver();
    const job = await jobIn('completed', app, ticket);
    expect(job.returnvalue).toEqual({ status: 200 });
    expect(app.sends).toMatchObject([
      { token: 'Bearer 0', retryNumber: 0, key: ticket.idempotencyKey },
      { token: 'Bearer 1', retryNumber: 1, key: ticket.idempotencyKey },
    ]);
    expect(app.sends[1]?.at).toBeGreaterThanOrEqual(ticket.notBefore);
    // The queue wakes its worker; a poll would come later.
    expect(app.sends[1]?.at).toBeLessThan(ticket.notBefore + 3000);
  });

  it('reuses the job when the retry fails', async () => {
    const app = await start([503, 503, 200], { backoff: (n) => n * WAIT });
    const ticket = await app.handOver();
    app.work();
    const job = await jobIn('completed', app, ticket);
    const attempts = [{ delay: WAIT }, { delay: 2 * WAIT }];
    expect(job.data).toMatchObject({ id: ticket.id, retries: 1, attempts });
    expect(app.sends.map(({ retryNumber }) => retryNumber)).toEqual([0, 1, 2]);
    expect(new Set(app.sends.map(({ key }) => key)).size).toBe(1);
    expect(app.sends[2]?.at).toBeGreaterThanOrEqual(job.data.notBefore);
    expect(await app.queue.getJobCounts()).toMatchObject({ completed: 1, delayed: 0, failed: 0 });
  });

  it('fails a job without retries left, with its report, whatever its attempts option', async () => {
    const app = await start([503], { maxRetries: 2, jobs: { attempts: 3 } });
    const ticket = await app.handOver();
    const errors: unknown[] = [];
    app.work().on('failed', (_job, error) => errors.push(error));
    const job = await jobIn('failed', app, ticket);
    await sleep(WAIT);
    expect(await job.getState()).toBe('failed');
    expect(app.sends.map(({ retryNumber }) => retryNumber)).toEqual([0, 1, 2]);
    const [message, report] = job.failedReason.split('; ');
    expect(message).toBe('Request failed with status code 503');
    expect(JSON.parse(String(report))).toEqual({
      attempts: [
        { sentAt: expect.any(Number), status: 503, delay: WAIT },
        { sentAt: expect.any(Number), status: 503, delay: WAIT },
        { sentAt: expect.any(Number), status: 503 },
      ],
      gaveUp: 'max-retries',
    });
    expect(errors).toMatchObject([{ report: { gaveUp: 'max-retries' } }]);
  });

  it('fails a job for good on a status that is never retried', async () => {
    const app = await start([503, 404], { jobs: { attempts: 3 } });
    const ticket = await app.handOver();
    app.work();
    const job = await jobIn('failed', app, ticket);
    expect(job.failedReason).toMatch(/^Request failed with status code 404; .*"gaveUp":"status"/);
    expect(app.sends).toHaveLength(2);
  });

  it('retries a job by its attempts option when an interceptor throws', async () => {
    const app = await start([503, 200], { jobs: { attempts: 2 } });
    const ticket = await app.handOver();
    let failures = 0;
    app.api.interceptors.request.use((config) => {
      failures += 1;
      if (failures === 1) throw new Error('no token');
      return config;
    });
    app.work();
    const job = await jobIn('completed', app, ticket);
    expect(job.attemptsMade).toBe(2);
    expect(app.sends.map(({ retryNumber }) => retryNumber)).toEqual([0, 1]);
  });

  it.each([false, true])(
    'sends a finished ticket again when it is saved again, with removed jobs: %s',
    async (removeOnComplete) => {
      const app = await start([503, 200], { jobs: { removeOnComplete } });
      const ticket = await app.handOver();
      const worker = app.work();
      await new Promise((resolve) => worker.once('completed', resolve));
      expect(await app.queue.getJobState(ticket.id)).toBe(
        removeOnComplete ? 'unknown' : 'completed',
      );
      await saveTo(app.queue)(ticket);
      await new Promise((resolve) => worker.once('completed', resolve));
      expect(app.sends).toHaveLength(3);
    },
  );

  it('sends no more requests at once than the worker’s concurrency', async () => {
    const app = await start([503, 503, 503, 200]);
    const tickets = await Promise.all([app.handOver(), app.handOver(), app.handOver()]);
    app.work({ concurrency: 1 });
    for (const ticket of tickets) await jobIn('completed', app, ticket);
    expect(app.sends.slice(3)).toMatchObject([{ others: 0 }, { others: 0 }, { others: 0 }]);
  });

  /** Puts a ticket that is due on the queue. */
  async function save({ queue, url }: App): Promise<RetryTicket> {
    const now = Date.now();
    const ticket = dueTicket({ url: `${url}/orders`, notBefore: now, firstSentAt: now });
    await saveTo(queue)(ticket);
    return ticket;
  }

  it('keeps a job during a wait that is longer than its lock', async () => {
    const app = await start([503, 200], { maxDelay: 2500, backoff: () => 2500 });
    const stalled: string[] = [];
    for (const options of [{ name: 'one' }, { name: 'other' }]) {
      const worker = app.work({ ...options, lockDuration: 1500, stalledInterval: 400 });
      worker.on('stalled', (id) => stalled.push(id));
    }
    const job = await jobIn('completed', app, await save(app));
    expect(app.sends.map(({ retryNumber }) => retryNumber)).toEqual([1, 2]);
    expect(job.attemptsStarted).toBe(1);
    expect(stalled).toEqual([]);
  });

  it('ends the wait of a cancelled job, and leaves the rest to the attempts option', async () => {
    const app = await start([503], { maxDelay: HOUR, backoff: () => HOUR });
    const worker = app.work();
    const ticket = await save(app);
    await waitFor(() => app.handle.waits.length === 1);
    expect(worker.cancelJob(ticket.id)).toBe(true);
    const job = await jobIn('failed', app, ticket);
    expect(job.failedReason).toBe('canceled');
    expect(app.sends).toHaveLength(1);
  });

  it('returns the waits of a worker that shuts down to the queue', async () => {
    const app = await start([503], { maxDelay: HOUR, backoff: () => HOUR });
    const worker = app.work();
    const ticket = await save(app);
    await waitFor(() => app.handle.waits.length === 1);
    const [suspended] = await app.deferral.suspend();
    await worker.close();
    const job = await jobIn('delayed', app, ticket);
    expect(job.data).toEqual(suspended);
    expect(job.data).toMatchObject({ id: ticket.id, retries: 1 });
    expect(job.delay).toBeGreaterThan(HOUR - 10_000);
  });
});

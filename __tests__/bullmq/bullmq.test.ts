import { setTimeout as sleep } from 'node:timers/promises';
import type { AxiosInstance, AxiosResponse } from 'axios';
import axios from 'axios';
import type { DefaultJobOptions, Job, WorkerOptions } from 'bullmq';
import { Queue, Worker } from 'bullmq';
import type { ProcessorOptions, Resumer, TicketJob } from '../../src/bullmq/processor.js';
import { createProcessor } from '../../src/bullmq/processor.js';
import type { TicketQueue } from '../../src/bullmq/queue.js';
import { saveTo } from '../../src/bullmq/queue.js';
import type { Deferral, RetryTicket } from '../../src/deferral/index.js';
import { createDeferral, isRetryDeferred, RetryDeferredError } from '../../src/deferral/index.js';
import type { GiveUpReason, RetryHandle, RetryOptions } from '../../src/index.js';
import { attachRetry, retryCount } from '../../src/index.js';
import { CONFIG_KEY } from '../../src/request/state.js';
import { describeWithRedis, RedisServer } from '../support/redis-server.js';
import { startServer } from '../support/scripted-server.js';

// Some waits are real here, and a machine may be busy.
jest.setTimeout(30_000);

const NOW = Date.UTC(2030, 0, 1);
const HOUR = 3_600_000;

function ticketWith(more: Partial<RetryTicket> = {}): RetryTicket {
  return {
    version: 1,
    id: 'one',
    method: 'POST',
    url: 'https://api.example/orders',
    headers: {},
    sent: true,
    retries: 0,
    notBefore: NOW,
    firstSentAt: NOW - 1000,
    lastStatus: 503,
    attempts: [{ sentAt: NOW - 1000, status: 503, delay: 1000 }],
    ...more,
  };
}

describe('saveTo', () => {
  beforeEach(() => {
    jest.spyOn(Date, 'now').mockReturnValue(NOW);
  });

  /** A queue that has one job of that id, in that state, and what is done to it. */
  function queueWith(state?: string) {
    const done: unknown[] = [];
    const job = {
      getState: () => Promise.resolve(String(state)),
      remove: async () => void done.push('remove'),
    };
    const queue: TicketQueue = {
      add: async (...args) => void done.push(args),
      getJob: () => Promise.resolve(state === undefined ? undefined : job),
    };
    return { queue, done };
  }

  it('adds a delayed job whose id is that of the ticket', async () => {
    const { queue, done } = queueWith();
    const ticket = ticketWith({ notBefore: NOW + 1000.4 });
    await saveTo(queue)(ticket);
    expect(done).toEqual([['retry', ticket, { jobId: 'one', delay: 1001 }]]);
  });

  it('adds one that is due already without a delay', async () => {
    const { queue, done } = queueWith();
    await saveTo(queue)(ticketWith({ notBefore: NOW - 1 }));
    expect(done).toEqual([['retry', expect.anything(), { jobId: 'one', delay: 0 }]]);
  });

  it('takes a name and options of jobs; the id and the delay stay its own', async () => {
    const { queue, done } = queueWith();
    const job = { removeOnComplete: true, jobId: 'other', delay: 7 };
    await saveTo(queue, { name: 'orders', job })(ticketWith());
    const options = { removeOnComplete: true, jobId: 'one', delay: 0 };
    expect(done).toEqual([['orders', expect.anything(), options]]);
  });

  it.each(['completed', 'failed'])('removes a %s job of that id before', async (state) => {
    const { queue, done } = queueWith(state);
    await saveTo(queue)(ticketWith());
    expect(done).toEqual(['remove', expect.any(Array)]);
  });

  it.each(['delayed', 'waiting', 'active'])('leaves a job of that id that is %s', async (state) => {
    const { queue, done } = queueWith(state);
    await saveTo(queue)(ticketWith());
    expect(done).toEqual([expect.any(Array)]);
  });

  it('fails with the error of the queue', async () => {
    const { queue } = queueWith();
    const away = new Error('Redis is away');
    const save = saveTo({ ...queue, add: () => Promise.reject(away) });
    await expect(save(ticketWith())).rejects.toBe(away);
  });

  it.each<[string, unknown, unknown, RegExp]>([
    ['no queue', undefined, {}, /saveTo takes a Queue of BullMQ; got undefined/],
    ['what is no queue', { add() {} }, {}, /saveTo takes a Queue of BullMQ; got/],
    ['an unknown option', queueWith().queue, { jobs: {} }, /saveTo: unknown option "jobs"/],
  ])('refuses %s', (_what, queue, options, message) => {
    const save = saveTo as (queue: unknown, options: unknown) => unknown;
    expect(() => save(queue, options)).toThrow(TypeError);
    expect(() => save(queue, options)).toThrow(message);
  });
});

describe('createProcessor', () => {
  beforeEach(() => {
    jest.spyOn(Date, 'now').mockReturnValue(NOW);
  });

  const answer = { status: 201 } as AxiosResponse;

  interface Case extends ProcessorOptions {
    readonly ticket?: unknown;
    readonly resume?: Resumer['resume'];
  }

  /** Has a job processed, and tells what was done in which order. */
  async function process({ ticket = ticketWith(), resume, ...options }: Case) {
    const done: unknown[] = [];
    const job: TicketJob = {
      data: ticket as RetryTicket,
      updateData: async (data) => void done.push(['updateData', data]),
      moveToDelayed: async (at, token) => void done.push(['moveToDelayed', at, token]),
    };
    const deferral: Resumer = {
      resume: (...args) => {
        done.push(['resume', ...args]);
        return resume?.(...args) ?? Promise.resolve(answer);
      },
    };
    const { signal } = new AbortController();
    const processor = createProcessor(deferral, options);
    const [value, error] = await processor(job, 'token', signal).then(
      (value) => [value, undefined],
      (error: unknown) => [undefined, error],
    );
    return { done, job, value, error, signal };
  }

  /** What a request fails with, as far as a report tells. */
  function failure(gaveUp: GiveUpReason, message = 'Request failed with status code 503'): Error {
    const report = { attempts: [{ sentAt: NOW, status: 503 }], gaveUp };
    const config = { [CONFIG_KEY]: { retries: 0, toJSON: () => report } };
    return Object.assign(new Error(message), { config });
  }

  it('resumes the ticket, with the signal of the worker', async () => {
    const { done, value, signal } = await process({});
    expect(done).toEqual([['resume', ticketWith(), { signal }]]);
    expect(value).toEqual({ status: 201 });
  });

  it('has a third parameter, for which a worker gives its signal', () => {
    expect(createProcessor({ resume: jest.fn() })).toHaveLength(3);
  });

  it('gives the config to resume; a signal in it comes first', async () => {
    const { signal } = new AbortController();
    const { done } = await process({ config: { timeout: 5, signal } });
    expect(done).toEqual([['resume', expect.anything(), { timeout: 5, signal }]]);
  });

  it('makes what onResponse returns the value of the job', async () => {
    const onResponse = jest.fn().mockResolvedValue('kept');
    const { job, value } = await process({ onResponse });
    expect(value).toBe('kept');
    expect(onResponse).toHaveBeenCalledWith(answer, job);
  });

  it('leaves what onResponse throws to attempts', async () => {
    const full = new Error('disk full');
    const onResponse = () => Promise.reject(full);
    expect((await process({ onResponse })).error).toBe(full);
  });

  it('puts a job back, unsent, whose time is far', async () => {
    const notBefore = NOW + 5000.4;
    const { done, error } = await process({ ticket: ticketWith({ notBefore }) });
    expect(done).toEqual([['moveToDelayed', NOW + 5001, 'token']]);
    expect(error).toMatchObject({ name: 'DelayedError', message: 'DelayedError' });
  });

  it('lets resume wait for a time that is near', async () => {
    const { done } = await process({ ticket: ticketWith({ notBefore: NOW + 5000 }) });
    expect(done).toEqual([['resume', expect.anything(), expect.anything()]]);
  });

  it('writes the next ticket into the job, then puts it back', async () => {
    const next = ticketWith({ retries: 1, notBefore: NOW + HOUR });
    const resume = () => Promise.reject(new RetryDeferredError(next, {}));
    const { done, error } = await process({ resume });
    expect(done.slice(1)).toEqual([
      ['updateData', next],
      ['moveToDelayed', NOW + HOUR, 'token'],
    ]);
    expect(error).toMatchObject({ name: 'DelayedError' });
  });

  it('fails a job for good whose request is not sent any more, with the report', async () => {
    const cause = failure('max-retries');
    const { error } = await process({ resume: () => Promise.reject(cause) });
    const report = { attempts: [{ sentAt: NOW, status: 503 }], gaveUp: 'max-retries' };
    expect(error).toMatchObject({ name: 'UnrecoverableError', cause, report });
    expect((error as Error).message).toBe(
      `Request failed with status code 503; ${JSON.stringify(report)}`,
    );
  });

  it.each<[string, Error]>([
    ['what is no failure of the request', new Error('no token')],
    ['an abort', failure('canceled', 'canceled')],
  ])('leaves %s to attempts', async (_what, thrown) => {
    expect((await process({ resume: () => Promise.reject(thrown) })).error).toBe(thrown);
  });

  it.each<[string, unknown, RegExp]>([
    ['no ticket', null, /parseTicket: the ticket takes an object/],
    ['a ticket of another version', ticketWith({ version: 2 as 1 }), /ticket\.version takes 1/],
    ['a ticket with a credential', ticketWith({ headers: { Cookie: 'a' } }), /no credential/],
  ])('fails a job for good that holds %s', async (_what, ticket, message) => {
    const { done, error } = await process({ ticket });
    expect(done).toEqual([]);
    expect(error).toMatchObject({ name: 'UnrecoverableError', cause: expect.any(TypeError) });
    expect((error as Error).message).toMatch(message);
  });

  it.each<[string, unknown, unknown, RegExp]>([
    [
      'no deferral',
      undefined,
      {},
      /createProcessor takes a deferral made by createDeferral; got undef/,
    ],
    ['what is no deferral', {}, {}, /createProcessor takes a deferral made by createDeferral; got/],
    ['an unknown option', { resume() {} }, { on: 1 }, /createProcessor: unknown option "on"/],
  ])('refuses %s', (_what, deferral, options, message) => {
    const make = createProcessor as (deferral: unknown, options: unknown) => unknown;
    expect(() => make(deferral, options)).toThrow(TypeError);
    expect(() => make(deferral, options)).toThrow(message);
  });
});

/** A request as it came to the server. */
interface Send {
  readonly at: number;
  readonly key: unknown;
  readonly token: unknown;
  readonly retryNumber: number;
  /** How many others were under way. */
  readonly beside: number;
}

/** What a process has, and the server that it sends to. */
interface App {
  readonly api: AxiosInstance;
  readonly deferral: Deferral;
  readonly queue: Queue<RetryTicket>;
  readonly handle: RetryHandle;
  /** Of the server. */
  readonly url: string;
  readonly sends: readonly Send[];
  /** Makes a request whose wait is handed over. */
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
  }, 30_000);

  afterEach(async () => {
    // The newest first: a worker before the server that it waits for.
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
        beside: underWay,
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
          // Or it would wait for what waits in it.
          handle.detach();
          return worker.close();
        });
        return worker;
      },
    };
  }

  /** The job of a ticket, once it is in that state. */
  async function jobIn(
    state: string,
    { queue }: App,
    { id }: RetryTicket,
  ): Promise<Job<RetryTicket>> {
    await waitFor(async () => (await queue.getJobState(id)) === state);
    return (await queue.getJob(id)) as Job<RetryTicket>;
  }

  it('keeps a wait as a delayed job, without credentials', async () => {
    const app = await start([503], { backoff: () => HOUR });
    const ticket = await app.handOver();
    const job = await jobIn('delayed', app, ticket);
    expect(job).toMatchObject({ id: ticket.id, name: 'retry', data: ticket });
    expect(ticket.headers).toHaveProperty('Idempotency-Key', ticket.idempotencyKey);
    expect(JSON.stringify(job)).not.toContain('Bearer');
    expect(job.timestamp + job.delay).toBeGreaterThanOrEqual(ticket.notBefore);
    expect(job.timestamp + job.delay).toBeLessThan(ticket.notBefore + 1000);
  });

  it('keeps one job of a ticket that is saved twice', async () => {
    const app = await start([503], { backoff: () => HOUR });
    const ticket = await app.handOver();
    await saveTo(app.queue)(ticket);
    expect(await app.queue.getJobCounts()).toMatchObject({ delayed: 1, waiting: 0 });
  });

  it('sends it from its time on, by the interceptors, as retry 1 with the same key', async () => {
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
    // The queue wakes its worker; it is no poll that finds it.
    expect(app.sends[1]?.at).toBeLessThan(ticket.notBefore + 3000);
  });

  it('puts what fails again back into the same job', async () => {
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

  it('fails a job that is out of retries with its report, whatever attempts says', async () => {
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

  it('tries a job again, as attempts says, that fails by an interceptor', async () => {
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
    'sends a ticket anew that has finished, with removed jobs: %s',
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

  it('sends no more at once than the worker has concurrency', async () => {
    const app = await start([503, 503, 503, 200]);
    const tickets = await Promise.all([app.handOver(), app.handOver(), app.handOver()]);
    app.work({ concurrency: 1 });
    for (const ticket of tickets) await jobIn('completed', app, ticket);
    expect(app.sends.slice(3)).toMatchObject([{ beside: 0 }, { beside: 0 }, { beside: 0 }]);
  });

  /** A ticket that is due, on the queue. */
  async function save({ queue, url }: App): Promise<RetryTicket> {
    const now = Date.now();
    const ticket = ticketWith({ url: `${url}/orders`, notBefore: now, firstSentAt: now });
    await saveTo(queue)(ticket);
    return ticket;
  }

  it('keeps a job through a wait in its worker that is longer than its lock', async () => {
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

  it('ends the wait of a job that is cancelled, and leaves it to attempts', async () => {
    const app = await start([503], { maxDelay: HOUR, backoff: () => HOUR });
    const worker = app.work();
    const ticket = await save(app);
    await waitFor(() => app.handle.waits.length === 1);
    expect(worker.cancelJob(ticket.id)).toBe(true);
    const job = await jobIn('failed', app, ticket);
    expect(job.failedReason).toBe('canceled');
    expect(app.sends).toHaveLength(1);
  });

  it('puts the waits of a worker back that is to shut down', async () => {
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

async function waitFor(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 20_000; !(await isSo()); await sleep(10)) {
    if (Date.now() > end) throw new Error('It was waited for in vain');
  }
}

// A child process that makes requests which become tickets, or sends those of others. It stops at a given
// step, where the test kills it.
import axios from 'axios';
import type { Job } from 'bullmq';
import { Queue, Worker } from 'bullmq';
import { createProcessor } from '../../src/bullmq/processor.js';
import { saveTo } from '../../src/bullmq/queue.js';
import type { RetryTicket } from '../../src/deferral/index.js';
import { createDeferral, isRetryDeferred } from '../../src/deferral/index.js';
import type { RetryHandle } from '../../src/index.js';
import { attachRetry, retryCount } from '../../src/index.js';
import type { HandoverNews, HandoverTask, Step } from './handover.js';

class Handover {
  readonly #connection: { host: string; port: number };
  readonly #queue: Queue<RetryTicket>;

  constructor(readonly task: HandoverTask) {
    this.#connection = { host: '127.0.0.1', port: task.redisPort };
    this.#queue = new Queue(task.queue, { connection: this.#connection });
    // Redis is down in some tests.
    this.#queue.on('error', () => undefined);
  }

  /** An instance whose requests carry their retry number. */
  #attach() {
    const { url, waits, maxDelay } = this.task;
    const api = axios.create({ baseURL: url, proxy: false });
    api.interceptors.request.use((config) => {
      config.headers.set('X-Retry', retryCount(config));
      return config;
    });
    const save = saveTo({
      getJob: (id) => this.#queue.getJob(id),
      add: async (name, ticket, options) => {
        this.#tell({ ticket });
        await this.#reach('saving');
        await this.#queue.add(name, ticket, options);
        await this.#reach('saved');
      },
    });
    const deferral = createDeferral({ save });
    const backoff = (retryNumber: number) => waits[retryNumber - 1] ?? 0;
    const handle = attachRetry(api, { deferral, maxDelay, backoff, idempotencyKey: true });
    return { api, save, deferral, handle };
  }

  async request(): Promise<void> {
    const { api, save, deferral, handle } = this.#attach();
    process.once('SIGTERM', async () => {
      const tickets = await deferral.suspend();
      await Promise.all(tickets.map(save));
      process.exit(0);
    });
    handle.subscribe(() => this.#waits(handle));
    try {
      await api.post('/orders', { item: 'tea' });
    } catch (error) {
      if (!isRetryDeferred(error)) throw error;
      await this.#reach('told');
    }
  }

  work(): void {
    const resume = createProcessor(this.#attach().deferral, {
      onResponse: async ({ status }) => {
        await this.#reach('answered');
        return { status };
      },
    });
    const process = async (job: Job<RetryTicket>, token?: string, signal?: AbortSignal) => {
      await this.#reach('taken');
      return resume(this.#slow(job), token, signal);
    };
    const { queue, lockDuration = 30_000 } = this.task;
    const worker = new Worker(queue, process, {
      connection: this.#connection,
      lockDuration,
      stalledInterval: 200,
      maxStalledCount: 10,
    });
    worker.on('error', () => undefined);
  }

  /** A job that can be stopped between its steps. */
  #slow(job: Job<RetryTicket>) {
    return {
      data: job.data,
      updateData: async (ticket: RetryTicket) => {
        await this.#reach('updating');
        await job.updateData(ticket);
        await this.#reach('updated');
      },
      moveToDelayed: async (at: number, token?: string) => {
        await job.moveToDelayed(at, token);
        await this.#reach('delayed');
      },
    };
  }

  #waits({ waits }: RetryHandle): void {
    if (waits.length > 0) this.#tell({ step: 'waiting' });
  }

  async #reach(step: Step): Promise<void> {
    this.#tell({ step });
    if (step === this.task.stopAt) await new Promise(() => undefined);
  }

  #tell(news: Omit<HandoverNews, 'queue'>): void {
    process.send?.({ queue: this.task.queue, ...news });
  }
}

process.on('message', (message) => {
  const task = message as HandoverTask;
  const handover = new Handover(task);
  if (task.role === 'app') void handover.request();
  else handover.work();
});
// Ends with its parent.
process.on('disconnect', () => process.exit());

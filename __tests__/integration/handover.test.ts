import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from 'bullmq';
import type { RetryTicket } from '../../src/deferral/index.js';
import type { HandoverProcess, HandoverTask, Step } from '../support/handover.js';
import { HandoverPool } from '../support/handover.js';
import { describeWithRedis, RedisServer } from '../support/redis-server.js';
import { startServer } from '../support/scripted-server.js';

jest.setTimeout(60_000);

/** A moment at which something is killed. */
interface Point {
  readonly killed: 'the app' | 'the worker' | 'Redis';
  readonly when: string;
  /** How it is found; `sent` is seen by the server. */
  readonly at: Step | 'sent';
  /** What the server says; `undefined` is no answer. The rest is 200. */
  readonly answers: readonly (number | undefined)[];
  /** What the server gets, by the number of the retry. */
  readonly sends: readonly number[];
  readonly comes: string;
  /** Before retry 1, 2. */
  readonly waits?: readonly [number, number];
}

type Task = Omit<HandoverTask, 'role' | 'stopAt'>;

/** A request as it came to the server. */
interface Send {
  readonly at: number;
  readonly retryNumber: number;
  readonly key: unknown;
}

const ONCE = 'nothing is lost or sent twice';
const TWICE = 'nothing is lost; retry 1 is sent twice, with the same key';

const POINTS: readonly Point[] = [
  {
    killed: 'the app',
    when: 'before Redis has the ticket',
    at: 'saving',
    answers: [503],
    sends: [0],
    comes: 'nothing is queued, and the caller was told nothing: it is its to redo',
  },
  {
    killed: 'the app',
    when: 'after that, before the caller is told',
    at: 'saved',
    answers: [503],
    sends: [0, 1],
    comes: ONCE,
  },
  {
    killed: 'the app',
    when: 'after the caller is told',
    at: 'told',
    answers: [503],
    sends: [0, 1],
    comes: ONCE,
  },
  {
    killed: 'the worker',
    when: 'with the job, before it is sent',
    at: 'taken',
    answers: [503],
    sends: [0, 1],
    comes: ONCE,
  },
  {
    killed: 'the worker',
    when: 'after it is sent, before an answer',
    at: 'sent',
    answers: [503, undefined],
    sends: [0, 1, 1],
    comes: TWICE,
  },
  {
    killed: 'the worker',
    when: 'after an answer of 200, before the job is completed',
    at: 'answered',
    answers: [503, 200],
    sends: [0, 1, 1],
    comes: TWICE,
  },
  {
    killed: 'the worker',
    when: 'after an answer of 503, before the job has the next ticket',
    at: 'updating',
    answers: [503, 503],
    sends: [0, 1, 1],
    comes: TWICE,
  },
  {
    killed: 'the worker',
    when: 'after that, before the job is put back',
    at: 'updated',
    answers: [503, 503],
    sends: [0, 1, 2],
    comes: ONCE,
    // So long that the second worker has the job before its time.
    waits: [300, 1800],
  },
  {
    killed: 'the worker',
    when: 'after the job is put back',
    at: 'delayed',
    answers: [503, 503],
    sends: [0, 1, 2],
    comes: ONCE,
  },
  {
    killed: 'Redis',
    when: 'while the job waits, and started again (appendonly)',
    at: 'told',
    answers: [503],
    sends: [0, 1],
    comes: ONCE,
    waits: [1500, 0],
  },
];

describeWithRedis('a request is handed over, and', () => {
  // One for each kill but that of Redis, one that is suspended, and two that live on.
  const pool = new HandoverPool(POINTS.length + 2);
  const ends: (() => Promise<unknown>)[] = [];
  let folder: string;
  let redis: RedisServer;
  let queues = 0;
  /** Those that live on. */
  let app: HandoverProcess;
  let worker: HandoverProcess;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'handover-redis-'));
    redis = await RedisServer.start('--appendonly', 'yes', '--dir', folder);
    await pool.start();
    app = pool.take();
    worker = pool.take();
  });

  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  afterAll(async () => {
    await pool.stop();
    await redis?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** A queue, a server, and what processes have to know of them. */
  async function start({ answers, waits = [300, 300] }: Pick<Point, 'answers' | 'waits'>) {
    const sends: Send[] = [];
    const server = await startServer(({ headers }, res) => {
      const answer = sends.length < answers.length ? answers[sends.length] : 200;
      sends.push({
        at: Date.now(),
        retryNumber: Number(headers['x-retry']),
        key: headers['idempotency-key'],
      });
      if (answer !== undefined) res.writeHead(answer).end();
    });
    queues += 1;
    const name = `retries-${queues}`;
    const queue = new Queue(name, { connection: { host: '127.0.0.1', port: redis.port } });
    // That Redis is away is part of the play.
    queue.on('error', () => undefined);
    ends.push(
      () => server.close(),
      () => queue.close(),
    );
    const task: Task = { url: server.url, redisPort: redis.port, queue: name, waits, maxDelay: 0 };
    return { sends, queue, task };
  }

  it.each(POINTS)('$killed is killed $when: $comes', async (point) => {
    const { sends, queue, task } = await start(point);
    const first = await killAt(point, task, sends);
    if (point.at === 'saving') {
      // As long as any other takes.
      await sleep(1000);
      expect(await jobsOn(queue)).toEqual({});
    } else {
      await waitFor(async () => (await jobsOn(queue)).completed === 1);
      expect(await jobsOn(queue)).toEqual({ completed: 1 });
    }
    expect(sends.map(({ retryNumber }) => retryNumber)).toEqual(point.sends);
    expectOneKey(sends);
    expectNotBefore(sends, ticketsOf(queue, app, first, worker));
  });

  it('an app that has to end saves its waits, ends by itself, and another goes on', async () => {
    const { sends, queue, task } = await start({ answers: [503], waits: [1500, 0] });
    const first = pool.take();
    first.begin({ ...task, role: 'app', maxDelay: 3_600_000 });
    await first.reached(queue.name, 'waiting');
    expect(await first.end('SIGTERM')).toBe(0);
    expect(await jobsOn(queue)).toEqual({ delayed: 1 });
    worker.begin({ ...task, role: 'worker' });
    await waitFor(async () => (await jobsOn(queue)).completed === 1);
    expect(sends.map(({ retryNumber }) => retryNumber)).toEqual([0, 1]);
    expectOneKey(sends);
    expectNotBefore(sends, ticketsOf(queue, first, worker));
  });

  /** Has a request handed over, kills at that point, and starts a second worker. */
  async function killAt(
    { killed, at }: Point,
    task: Task,
    sends: readonly Send[],
  ): Promise<HandoverProcess> {
    const { queue } = task;
    const stopAt = at === 'sent' ? undefined : at;
    const first = killed === 'Redis' ? app : pool.take();
    if (killed === 'the app') first.begin({ ...task, role: 'app', stopAt });
    else app.begin({ ...task, role: 'app' });
    // When it is dead its job is soon another's.
    const dying = { ...task, role: 'worker', stopAt, lockDuration: 400 } as const;
    if (killed === 'the worker') first.begin(dying);
    // This worker has to find Redis again.
    if (killed === 'Redis') worker.begin({ ...task, role: 'worker' });

    if (stopAt) await first.reached(queue, stopAt);
    else await waitFor(() => sends.length === 2);

    if (killed === 'Redis') {
      await redis.stop();
      await redis.start();
    } else {
      await first.end('SIGKILL');
      worker.begin({ ...task, role: 'worker' });
    }
    return first;
  }
});

async function jobsOn(queue: Queue): Promise<Record<string, number>> {
  const counts = Object.entries(await queue.getJobCounts());
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

function ticketsOf({ name }: Queue, ...processes: HandoverProcess[]): RetryTicket[] {
  return processes.flatMap((process) => process.tickets(name));
}

function expectOneKey(sends: readonly Send[]): void {
  const [key, ...others] = new Set(sends.map(({ key }) => key));
  expect(key).toEqual(expect.any(String));
  expect(others).toEqual([]);
}

/** No retry was sent sooner than its ticket says. */
function expectNotBefore(sends: readonly Send[], tickets: readonly RetryTicket[]): void {
  for (const { at, retryNumber } of sends.slice(1)) {
    const times = tickets
      .filter(({ retries }) => retries + 1 === retryNumber)
      .map(({ notBefore }) => notBefore);
    expect(times).not.toEqual([]);
    expect(at).toBeGreaterThanOrEqual(Math.max(...times));
  }
}

async function waitFor(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 20_000; !(await isSo()); await sleep(10)) {
    if (Date.now() > end) throw new Error('It was waited for in vain');
  }
}

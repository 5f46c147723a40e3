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
import { waitFor } from '../support/wait-for.js';

/** A moment at which a process is killed. */
interface Point {
  readonly killed: 'the app' | 'the worker' | 'Redis';
  readonly when: string;
  /** How a process reports the moment; the server reports `sent`. */
  readonly at: Step | 'sent';
  /** The responses of the server; `undefined` means none. Later responses are 200. */
  readonly answers: readonly (number | undefined)[];
  /** The requests the server gets, by retry number. */
  readonly sends: readonly number[];
  readonly result: string;
  /** Before retries 1 and 2, in milliseconds. */
  readonly waits?: readonly [number, number];
}

type Task = Omit<HandoverTask, 'role' | 'stopAt'>;

/** A request as the server received it. */
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
    result: 'nothing is queued, and the caller, who got no error, must repeat it',
  },
  {
    killed: 'the app',
    when: 'after Redis has the ticket, before the caller gets the error',
    at: 'saved',
    answers: [503],
    sends: [0, 1],
    result: ONCE,
  },
  {
    killed: 'the app',
    when: 'after the caller gets the error',
    at: 'told',
    answers: [503],
    sends: [0, 1],
    result: ONCE,
  },
  {
    killed: 'the worker',
    when: 'after it takes the job, before it sends the request',
    at: 'taken',
    answers: [503],
    sends: [0, 1],
    result: ONCE,
  },
  {
    killed: 'the worker',
    when: 'after it sends the request, before a response',
    at: 'sent',
    answers: [503, undefined],
    sends: [0, 1, 1],
    result: TWICE,
  },
  {
    killed: 'the worker',
    when: 'after a 200, before the job is completed',
    at: 'answered',
    answers: [503, 200],
    sends: [0, 1, 1],
    result: TWICE,
  },
  {
    killed: 'the worker',
    when: 'after a 503, before the job has the next ticket',
    at: 'updating',
    answers: [503, 503],
    sends: [0, 1, 1],
    result: TWICE,
  },
  {
    killed: 'the worker',
    when: 'after the job has the next ticket, before it is delayed',
    at: 'updated',
    answers: [503, 503],
    sends: [0, 1, 2],
    result: ONCE,
    // Long enough for the second worker to take the job before it is due.
    waits: [300, 1800],
  },
  {
    killed: 'the worker',
    when: 'after the job is delayed',
    at: 'delayed',
    answers: [503, 503],
    sends: [0, 1, 2],
    result: ONCE,
  },
  {
    killed: 'Redis',
    when: 'while the job waits, and restarted (appendonly)',
    at: 'told',
    answers: [503],
    sends: [0, 1],
    result: ONCE,
    // Long enough for Redis to be down before the job is due: a job taken earlier is locked for 30 s.
    waits: [4000, 0],
  },
];

describeWithRedis('a request on a queue', () => {
  // One process per kill except that of Redis, one to suspend, and two that survive.
  const pool = new HandoverPool(POINTS.length + 2);
  const ends: (() => Promise<unknown>)[] = [];
  let folder: string;
  let redis: RedisServer;
  let queues = 0;
  /** The processes that survive. */
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

  /** A queue, a server, and the task that processes need. */
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
    // Redis is down in some tests.
    queue.on('error', () => undefined);
    ends.push(
      () => server.close(),
      () => queue.close(),
    );
    const task: Task = { url: server.url, redisPort: redis.port, queue: name, waits, maxDelay: 0 };
    return { sends, queue, task };
  }

  it.each(POINTS)('when $killed is killed $when: $result', async (point) => {
    const { sends, queue, task } = await start(point);
    const first = await killAt(point, task, sends);
    if (point.at === 'saving') {
      // Longer than any other case takes.
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

  it('when an app shuts down, saves its waits and exits, is sent by a worker', async () => {
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

  /** Sends a request, kills the process at the given point, and starts a second worker. */
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
    // A short lock, so another worker gets the job soon after the kill.
    const dying = { ...task, role: 'worker', stopAt, lockDuration: 400 } as const;
    if (killed === 'the worker') first.begin(dying);
    // This worker must reconnect to Redis.
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

/** No retry was sent before its ticket was due. */
function expectNotBefore(sends: readonly Send[], tickets: readonly RetryTicket[]): void {
  for (const { at, retryNumber } of sends.slice(1)) {
    const times = tickets
      .filter(({ retries }) => retries + 1 === retryNumber)
      .map(({ notBefore }) => notBefore);
    expect(times).not.toEqual([]);
    expect(at).toBeGreaterThanOrEqual(Math.max(...times));
  }
}

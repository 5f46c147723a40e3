import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster, Redis } from 'ioredis';
import { createClient, createCluster } from 'redis';
import type {
  IoredisClient,
  NodeRedisClient,
  RunScript,
  Subscription,
} from '../../src/redis/client.js';
import { bindScript, subscribe } from '../../src/redis/client.js';
import { decodeResult, encodeArgs, SCRIPT } from '../../src/redis/script.js';
import { noFleet, noRate } from '../support/redis-requests.js';
import { describeWithRedis, RedisServer } from '../support/redis-server.js';
import { waitFor } from '../support/wait-for.js';

const ECHO = 'return { KEYS[1], unpack(ARGV) }';
const HOST = '127.0.0.1';

interface Connected {
  readonly client: IoredisClient | NodeRedisClient;
  end(): unknown;
}

type Connect = (port: number) => Connected | Promise<Connected>;

const single: [string, Connect][] = [
  [
    'ioredis',
    (port) => {
      const client = new Redis(port, HOST);
      return { client, end: () => client.disconnect() };
    },
  ],
  [
    'ioredis with auto-pipelining',
    (port) => {
      const client = new Redis(port, HOST, { enableAutoPipelining: true });
      return { client, end: () => client.disconnect() };
    },
  ],
  [
    'node-redis',
    async (port) => {
      const client = createClient({ socket: { port, host: HOST } });
      await client.connect();
      return { client, end: () => client.isOpen && client.destroy() };
    },
  ],
  [
    'node-redis with RESP 3',
    async (port) => {
      const client = createClient({ socket: { port, host: HOST }, RESP: 3 });
      await client.connect();
      return { client, end: () => client.isOpen && client.destroy() };
    },
  ],
];

const cluster: [string, Connect][] = [
  [
    'ioredis’s cluster client',
    (port) => {
      const client = new Cluster([{ port, host: HOST }]);
      return { client, end: () => client.disconnect() };
    },
  ],
  [
    'node-redis’s cluster client',
    async (port) => {
      const client = createCluster({ rootNodes: [{ socket: { port, host: HOST } }] });
      await client.connect();
      return { client, end: () => client.isOpen && client.destroy() };
    },
  ],
];

/** The SHA-1 of a script is computed in another thread, after its first run. */
const settled = (): Promise<unknown> => sleep(100);

async function runOnce(run: RunScript): Promise<unknown> {
  const result = await run('k', []);
  await settled();
  return result;
}

/** A Redis and a client that inspects it. */
async function startServer(...args: string[]) {
  const server = await RedisServer.start(...args);
  const redis = new Redis(server.port, HOST);
  /** How often each command was called since the last call of this. */
  async function calls(): Promise<Record<string, number>> {
    const stats = await redis.info('commandstats');
    await redis.config('RESETSTAT');
    const counts = stats.matchAll(/cmdstat_([a-z|]+):calls=(\d+)/g);
    return Object.fromEntries([...counts].map(([, name, count]) => [name, Number(count)]));
  }
  async function end(): Promise<void> {
    redis.disconnect();
    await server.stop();
  }
  return { server, redis, calls, end };
}

/** A cluster of one node. */
async function startCluster() {
  const started = await startServer('--cluster-enabled', 'yes', '--cluster-announce-ip', HOST);
  await started.redis.cluster('ADDSLOTSRANGE', 0, 16_383);
  // A node accepts no writes in its first two seconds.
  for (;;) if (String(await started.redis.cluster('INFO')).includes('cluster_state:ok')) break;
  return started;
}

type Started = Awaited<ReturnType<typeof startServer>>;

function testBindScript(name: string, connect: Connect, started: () => Started): void {
  describe(`with ${name}`, () => {
    let connected: Connected;
    beforeEach(async () => {
      const { redis, calls, server } = started();
      connected = await connect(server.port);
      await redis.flushall();
      await redis.script('FLUSH');
      await calls();
    });
    afterEach(() => connected.end());

    it('runs a script on one key, with its arguments unchanged', async () => {
      const run = bindScript(connected.client, ECHO);
      const args = ['', '0', 'Infinity', '1.9e12', 'ü\n\0', '{other}'];
      expect(await run('a:{b}', args)).toEqual(['a:{b}', ...args]);
      expect(await run('c:{d}', [])).toEqual(['c:{d}']);
    });

    it('sends its text once, and then only its SHA-1', async () => {
      const run = bindScript(connected.client, ECHO);
      await runOnce(run);
      for (let i = 0; i < 4; i += 1) expect(await run('k', [String(i)])).toEqual(['k', String(i)]);
      expect(await started().calls()).toMatchObject({ eval: 1, evalsha: 4 });
    });

    it('sends its text again when Redis has forgotten it', async () => {
      const run = bindScript(connected.client, ECHO);
      await runOnce(run);
      await started().redis.script('FLUSH');
      expect(await run('k', ['again'])).toEqual(['k', 'again']);
      await settled();
      expect(await run('k', ['and again'])).toEqual(['k', 'and again']);
      expect(await started().calls()).toMatchObject({ eval: 2, evalsha: 2 });
    });

    it('gives each of many callers its own result', async () => {
      const run = bindScript(connected.client, "return redis.call('INCR', KEYS[1])");
      const all = (count: number) => Promise.all(Array.from({ length: count }, () => run('n', [])));
      const numbers = [...(await all(50)), ...(await all(50))];
      expect(numbers).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    });

    it('rejects when the script fails, and does not run it again', async () => {
      const text = "redis.call('INCR', KEYS[1]) return redis.error_reply('ERR mine')";
      const run = bindScript(connected.client, text);
      await expect(run('n', [])).rejects.toThrow('mine');
      await expect(run('n', [])).rejects.toThrow('mine');
      expect(await started().redis.get('n')).toBe('2');
    });

    it('runs the script of the gate', async () => {
      const run = bindScript(connected.client, SCRIPT);
      const args = encodeArgs(
        { ...noRate, throttle: { epoch: 0, closedFor: 5000 }, wanted: 1 },
        noFleet,
      );
      for (const key of ['p:{https://a.example}', 'p:{https://b.example}']) {
        const reply = decodeResult(await run(key, args));
        expect(reply).toMatchObject({ closed: true, closedFor: 5000, sends: 0, delay: 5000 });
      }
      expect(await started().redis.dbsize()).toBe(2);
    });
  });
}

describeWithRedis('bindScript', () => {
  let started: Started;
  beforeAll(async () => {
    started = await startServer();
  });
  afterAll(() => started.end());

  for (const [name, connect] of single) testBindScript(name, connect, () => started);
});

describeWithRedis('bindScript in a cluster', () => {
  let started: Started;
  beforeAll(async () => {
    started = await startCluster();
  });
  afterAll(() => started.end());

  for (const [name, connect] of cluster) testBindScript(name, connect, () => started);
});

function testSubscribe(name: string, connect: Connect, started: () => Started): void {
  describe(`with ${name}`, () => {
    let connected: Connected;
    const open: Subscription[] = [];
    beforeEach(async () => {
      connected = await connect(started().server.port);
    });
    afterEach(async () => {
      for (const one of open.splice(0)) await one.close();
      connected.end();
    });

    function listen(channel: string) {
      const events: unknown[] = [];
      const subscription = subscribe(connected.client, channel, {
        onMessage: (text) => events.push(text),
        onListening: (listening) => events.push(listening),
        onRefused: (error) => events.push(error),
      });
      open.push(subscription);
      return { events, subscription };
    }
    const clientsOf = async () => {
      const list = String(await started().redis.client('LIST'));
      return list.trim().split('\n').length;
    };

    it('hears what is published on the channel, and on no other', async () => {
      const { events } = listen('mine');
      await waitFor(() => events.length > 0);
      await started().redis.publish('other', 'no');
      await started().redis.publish('mine', 'ü {}');
      await waitFor(() => events.length > 1);
      expect(events).toEqual([true, 'ü {}']);
    });

    it('ends its connection on close', async () => {
      const { events, subscription } = listen('closed');
      await waitFor(() => events.length > 0);
      await started().redis.publish('closed', 'heard');
      await waitFor(() => events.length > 1);
      await subscription.close();
      await subscription.close();
      await waitFor(async () => (await started().redis.publish('closed', 'late')) === 0);
      expect(events).toEqual([true, 'heard']);
    });

    it('ends its connection with the client', async () => {
      const { events } = listen('mine');
      await waitFor(() => events.length > 0);
      connected.end();
      await waitFor(async () => (await clientsOf()) === 1);
    });
  });
}

describeWithRedis('subscribe', () => {
  let started: Started;
  beforeAll(async () => {
    started = await startServer();
  });
  afterAll(() => started.end());

  for (const [name, connect] of single) testSubscribe(name, connect, () => started);

  const restricted: [string, (port: number) => Connected | Promise<Connected>][] = [
    [
      'ioredis',
      (port) => {
        const client = new Redis(port, HOST, { username: 'deaf', password: 'x' });
        return { client, end: () => client.disconnect() };
      },
    ],
    [
      'node-redis',
      async (port) => {
        const account = { username: 'deaf', password: 'x' };
        const client = createClient({ socket: { port, host: HOST }, ...account });
        await client.connect();
        return { client, end: () => client.isOpen && client.destroy() };
      },
    ],
  ];
  it.each(restricted)('tells once that Redis refuses it, with %s', async (_name, connect) => {
    const { redis, server } = started;
    await redis.acl('SETUSER', 'deaf', 'on', '>x', '~*', '+@all', 'resetchannels');
    const { client, end } = await connect(server.port);
    const onRefused = jest.fn();
    const onListening = jest.fn();
    const subscription = subscribe(client, 'mine', { onMessage: () => {}, onListening, onRefused });
    await waitFor(() => onRefused.mock.calls.length > 0);
    await sleep(100);
    expect(String(onRefused.mock.calls)).toContain('NOPERM');
    expect(onRefused).toHaveBeenCalledTimes(1);
    expect(onListening).not.toHaveBeenCalled();
    // Its connection is not kept.
    await waitFor(async () => !/name= .*sub=1/.test(String(await redis.client('LIST'))));
    await subscription.close();
    end();
  });

  it('listens again after Redis was away, and says so', async () => {
    const own = await startServer();
    const client = new Redis(own.server.port, HOST, { retryStrategy: () => 20 });
    client.on('error', () => undefined);
    const events: unknown[] = [];
    const { close } = subscribe(client, 'mine', {
      onMessage: (text) => events.push(text),
      onListening: (listening) => events.push(listening),
      onRefused: (error) => events.push(error),
    });
    await waitFor(() => events.length === 1);
    own.redis.disconnect();
    await own.server.stop();
    await waitFor(() => events.length === 2);
    await own.server.start();
    await waitFor(() => events.length === 3);
    await client.publish('mine', 'again');
    await waitFor(() => events.length === 4);
    expect(events).toEqual([true, false, true, 'again']);
    await close();
    client.disconnect();
    await own.server.stop();
  });
});

describeWithRedis('subscribe in a cluster', () => {
  let started: Started;
  beforeAll(async () => {
    started = await startCluster();
  });
  afterAll(() => started.end());

  for (const [name, connect] of cluster) testSubscribe(name, connect, () => started);
});

describe('subscribe with a client', () => {
  const script = { eval: async () => 1, evalsha: async () => 2 };
  const quiet = { onMessage: () => {}, onListening: () => {} };

  it('that cannot be duplicated says so', () => {
    const onRefused = jest.fn();
    subscribe(script, 'c', { ...quiet, onRefused });
    expect(String(onRefused.mock.calls)).toContain('the client cannot be duplicated');
  });

  it('of ioredis lets the process end while it tries to connect again', () => {
    const on: Record<string, () => void> = {};
    const reconnectTimeout = { unref: jest.fn() };
    const duplicate = () => ({
      on: (event: string, run: () => void) => {
        on[event] = run;
      },
      subscribe: async () => undefined,
      reconnectTimeout,
    });
    subscribe({ ...script, duplicate }, 'c', { ...quiet, onRefused: () => {} });
    on.reconnecting?.();
    expect(reconnectTimeout.unref).toHaveBeenCalledTimes(1);
  });

  it('whose duplicate throws says so', () => {
    const onRefused = jest.fn();
    const duplicate = (): never => {
      throw new Error('mine');
    };
    subscribe({ ...script, duplicate }, 'c', { ...quiet, onRefused });
    expect(onRefused.mock.calls).toEqual([[new Error('mine')]]);
  });
});

describe('bindScript on a client', () => {
  const noScript = new Error('NOSCRIPT No matching script. Please use EVAL.');

  it('does not send the text again after a connection error', async () => {
    const closed = new Error('Connection is closed.');
    const client = { eval: jest.fn(async () => 1), evalsha: jest.fn(async () => 2) };
    const run = bindScript(client, ECHO);
    expect(await runOnce(run)).toBe(1);
    expect(await run('k', [])).toBe(2);
    client.evalsha.mockRejectedValueOnce(closed);
    await expect(run('k', [])).rejects.toBe(closed);
    expect(client.eval).toHaveBeenCalledTimes(1);
    expect(await run('k', [])).toBe(2);
  });

  it('sends the text until Redis has accepted it', async () => {
    const client = { eval: jest.fn(async () => 1), evalSha: jest.fn(async () => 2) };
    client.eval.mockRejectedValueOnce(new Error('LOADING'));
    const run = bindScript(client, ECHO);
    await expect(run('k', ['a'])).rejects.toThrow('LOADING');
    expect(await run('k', ['a'])).toBe(1);
    await settled();
    expect(await run('k', ['a'])).toBe(2);
    expect(client.eval.mock.calls).toEqual(
      new Array(2).fill([ECHO, { keys: ['k'], arguments: ['a'] }]),
    );
    const sha = expect.stringMatching(/^[\da-f]{40}$/);
    expect(client.evalSha.mock.calls).toEqual([[sha, { keys: ['k'], arguments: ['a'] }]]);
  });

  it('rejects with the error of the text when Redis does not know the SHA-1', async () => {
    const client = { eval: jest.fn(async () => 1), evalsha: jest.fn(async () => 2) };
    const run = bindScript(client, ECHO);
    await runOnce(run);
    client.evalsha.mockRejectedValueOnce(noScript);
    client.eval.mockRejectedValueOnce(new Error('OOM'));
    await expect(run('k', [])).rejects.toThrow('OOM');
  });

  it.each([
    undefined,
    null,
    7,
    'redis://localhost',
    {},
    [],
    () => {},
    { eval: () => {} },
    new Map(),
  ])('of neither kind, %p, throws a TypeError', (client) => {
    const act = () => bindScript(client as never, ECHO);
    expect(act).toThrow(TypeError);
    expect(act).toThrow(/createRedisGate takes a client of ioredis or of node-redis; got /);
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import type { Subscription } from '../../src/redis/subscription.js';
import { subscribe } from '../../src/redis/subscription.js';
import type { Connect, Connected, Started } from '../support/redis-clients.js';
import { cluster, HOST, single, startCluster, startServer } from '../support/redis-clients.js';
import { describeWithRedis } from '../support/redis-server.js';
import { waitFor } from '../support/wait-for.js';

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

describe('a duplicate of ioredis', () => {
  it('is subscribed again by the plugin alone, as ioredis does not catch what its own attempt rejects with', () => {
    const options = { autoResubscribe: true };
    const duplicate = { options, on: () => undefined, subscribe: async () => undefined };
    const client = { duplicate: () => duplicate } as unknown as Parameters<typeof subscribe>[0];
    const ignore = () => undefined;
    subscribe(client, 'news', { onMessage: ignore, onListening: ignore, onRefused: ignore });
    expect(options.autoResubscribe).toBe(false);
  });
});

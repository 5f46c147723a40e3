// Every kind of client of Redis, connected to a Redis of the test's own.
import { Cluster, Redis } from 'ioredis';
import { createClient, createCluster } from 'redis';
import type { IoredisClient, NodeRedisClient } from '../../src/redis/client.js';
import { RedisServer } from './redis-server.js';

export const HOST = '127.0.0.1';

export interface Connected {
  readonly client: IoredisClient | NodeRedisClient;
  end(): unknown;
}

export type Connect = (port: number) => Connected | Promise<Connected>;

export const single: [string, Connect][] = [
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

export const cluster: [string, Connect][] = [
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

/** A Redis and a client that inspects it. */
export async function startServer(...args: string[]) {
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
export async function startCluster() {
  const started = await startServer('--cluster-enabled', 'yes', '--cluster-announce-ip', HOST);
  await started.redis.cluster('ADDSLOTSRANGE', 0, 16_383);
  // A node accepts no writes in its first two seconds.
  for (;;) if (String(await started.redis.cluster('INFO')).includes('cluster_state:ok')) break;
  return started;
}

export type Started = Awaited<ReturnType<typeof startServer>>;

// A Redis for the length of a program.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';

export interface OwnRedis {
  readonly url: string;
  /** Kills it, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again on the same port, without data. */
  start(): Promise<void>;
}

/** Starts a `redis-server` that ends with this process. Without one, exits and says what to install. */
export async function startRedis(alternative = ''): Promise<OwnRedis> {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const inMemory = ['--save', '', '--appendonly', 'no', '--dbfilename', 'none.rdb'];
  const launch = () =>
    spawn('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', ...inMemory], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  let server = launch();
  process.once('exit', () => server.kill('SIGKILL'));
  try {
    await once(server, 'spawn');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const how = 'Debian: apt-get install redis-server; macOS: brew install redis.';
    console.error(
      `This example needs redis-server, which is not installed. ${how} ${alternative}`.trim(),
    );
    process.exit(1);
  }
  await isReady(url);
  return {
    url,
    async kill() {
      server.kill('SIGKILL');
      await once(server, 'exit');
    },
    async start() {
      server = launch();
      await isReady(url);
    },
  };
}

async function isReady(url: string): Promise<void> {
  const redis = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: 100 });
  redis.on('error', () => {}); // refused until the server listens; ping() reports the last one
  await redis.ping().finally(() => redis.disconnect());
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

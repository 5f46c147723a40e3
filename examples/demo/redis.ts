import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';

/** A `redis-server` of one's own, which keeps nothing; it ends with this process. */
export class OwnRedis {
  readonly #port: number;
  #child: ChildProcess | undefined;

  private constructor(port: number) {
    this.#port = port;
    process.once('exit', () => this.#child?.kill('SIGKILL'));
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`;
  }

  /** @throws {Error} When none is installed (code `ENOENT`), or when it does not answer. */
  static async start(): Promise<OwnRedis> {
    const redis = new OwnRedis(await freePort());
    await redis.start();
    return redis;
  }

  /** Starts one; where none is installed, ends the program and says what to install. */
  static async startOrExit(otherwise = ''): Promise<OwnRedis> {
    try {
      return await OwnRedis.start();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      const how = 'Debian: apt-get install redis-server; macOS: brew install redis.';
      console.error(`This needs a redis-server, and none is installed. ${how} ${otherwise}`.trim());
      process.exit(1);
    }
  }

  /** Starts it again on the same port, empty. */
  async start(): Promise<void> {
    const keepNothing = ['--save', '', '--appendonly', 'no', '--dbfilename', 'none.rdb'];
    const args = ['--port', `${this.#port}`, '--bind', '127.0.0.1', ...keepNothing];
    this.#child = spawn('redis-server', args, { stdio: ['ignore', 'ignore', 'inherit'] });
    await once(this.#child, 'spawn'); // or it throws what 'error' tells
    this.#child.on('error', () => {});
    for (let i = 0; i < 100; i += 1) {
      if (await answers(this.url)) return;
      await sleep(50);
    }
    throw new Error('redis-server does not answer');
  }

  /** As a crash would. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

async function answers(url: string): Promise<boolean> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: null, connectTimeout: 2000 });
  redis.on('error', () => {}); // told by the commands
  try {
    await redis.connect();
    return (await redis.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}

/** One that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

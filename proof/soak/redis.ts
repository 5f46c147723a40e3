// A real Redis, which can be killed, started again and stopped for a while.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { closedPort } from './processes.js';

const PROGRAM = 'redis-server';
/** How long it may take to answer (ms). */
const PATIENCE_MS = 20_000;

export class Redis {
  #process: ChildProcess | undefined;

  private constructor(readonly port: number) {}

  /** @returns `undefined` where there is no redis-server. */
  static async start(): Promise<Redis | undefined> {
    const redis = new Redis(await closedPort());
    return (await redis.start()) ? redis : undefined;
  }

  /** Starts it again, empty, on the same port. */
  async start(): Promise<boolean> {
    const args = ['--port', String(this.port), '--save', '', '--bind', '127.0.0.1'];
    const child = spawn(PROGRAM, args, { stdio: 'ignore' });
    const isThere = await Promise.race([
      once(child, 'spawn').then(() => true),
      once(child, 'error').then(() => false),
    ]).catch(() => false);
    if (!isThere) return false;
    this.#process = child;
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(10)) {
      if (await this.#answers()) return true;
    }
    throw new Error(`${PROGRAM} does not answer`);
  }

  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined) return;
    this.#process = undefined;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  pause(): void {
    this.#process?.kill('SIGSTOP');
  }

  continue(): void {
    this.#process?.kill('SIGCONT');
  }

  #answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1', () => socket.write('PING\r\n'));
      const done = (isThere: boolean): void => {
        socket.destroy();
        resolve(isThere);
      };
      socket.once('error', () => done(false));
      socket.once('data', (data) => done(String(data).startsWith('+PONG')));
    });
  }
}

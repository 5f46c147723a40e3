// Child processes that speak in messages, and end with their owner.
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { between } from './random.js';

export class Child {
  readonly #child: ChildProcess;
  readonly #failed: Promise<never>;

  /**
   * @param script - A TypeScript file beside this one.
   * @param env - Environment variables of its own.
   */
  constructor(script: string, job: unknown, env: Readonly<Record<string, string>> = {}) {
    const path = fileURLToPath(new URL(script, import.meta.url));
    const execArgv = ['--no-warnings', '--expose-gc', '--import', 'tsx'];
    this.#child = fork(path, [JSON.stringify(job)], {
      execArgv,
      env: { ...process.env, ...env },
    });
    this.#failed = once(this.#child, 'exit').then(([code, signal]) => {
      throw new Error(`${script} ended with ${code ?? signal}`);
    });
    this.#failed.catch(() => undefined);
  }

  /** @throws {Error} When the process ends first. */
  async next<Message>(): Promise<Message> {
    const [message] = await Promise.race([once(this.#child, 'message'), this.#failed]);
    return message as Message;
  }

  ask<Answer>(message: object | string): Promise<Answer> {
    const answer = this.next<Answer>();
    this.#child.send(message);
    return answer;
  }

  /** Lets the process end by itself. @returns Whether it did without an error, within `ms`. */
  async leave(ms: number): Promise<boolean> {
    const child = this.#child;
    if (child.connected) child.disconnect();
    if (child.exitCode === null && child.signalCode === null) {
      await Promise.race([once(child, 'exit'), sleep(ms, undefined, { ref: false })]);
    }
    return child.exitCode === 0;
  }

  /** Lets the process stand still, or go on. */
  stand(isStopped: boolean): void {
    this.#child.kill(isStopped ? 'SIGSTOP' : 'SIGCONT');
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}

/**
 * A port on which nobody listens. It is below those that the system gives to clients, as a client that
 * was given this port would connect to itself.
 */
export async function closedPort(): Promise<number> {
  for (;;) {
    const port = between(Math.random(), 20_000, 30_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    server.close();
    if (isFree) return port;
  }
}

import type { ChildProcess } from 'node:child_process';
import { fork, spawn } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Order } from './messages.js';

/** A process that is asked and answers. */
export interface Child<Message extends { readonly kind: string }> {
  send(message: object | Order): void;
  /** Its next message of a kind. */
  next<Kind extends Message['kind']>(kind: Kind): Promise<Extract<Message, { kind: Kind }>>;
}

/** The processes of one race; all of them end together. */
export class Children {
  /** Rejects when one of them ends by itself. */
  readonly ended: Promise<never>;
  readonly #all = new Set<ChildProcess>();
  readonly #end = () => this.end();
  #endedWith!: (error: Error) => void;

  constructor() {
    this.ended = new Promise((_, reject) => {
      this.#endedWith = reject;
    });
    // It may end while nobody looks.
    this.ended.catch(() => {});
    process.once('exit', this.#end);
  }

  /** @param script - A TypeScript file beside this one. */
  fork<Message extends { readonly kind: string }>(script: string, job: object): Child<Message> {
    const path = fileURLToPath(new URL(script, import.meta.url));
    const child = fork(path, { execArgv: ['--no-warnings', '--import', 'tsx'] });
    this.#add(child, script);
    child.send(job);
    return {
      send: (message) => child.send(message),
      next: (kind) => nextOf(child, kind),
    };
  }

  /** A program that prints nothing anybody wants to see. */
  spawn(program: string, args: readonly string[]): void {
    this.#add(spawn(program, args, { stdio: 'ignore' }), program);
  }

  end(): void {
    process.off('exit', this.#end);
    for (const child of this.#all) child.kill('SIGKILL');
    this.#all.clear();
  }

  #add(child: ChildProcess, name: string): void {
    this.#all.add(child);
    child.on('error', this.#endedWith);
    child.once('exit', (code, signal) => {
      this.#endedWith(new Error(`${name} ended with ${code ?? signal}`));
    });
  }
}

function nextOf<M>(child: ChildProcess, kind: string): Promise<M> {
  return new Promise((resolve) => {
    child.on('message', function told(message) {
      if ((message as { kind?: string }).kind !== kind) return;
      child.off('message', told);
      resolve(message as M);
    });
  });
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

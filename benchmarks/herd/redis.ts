import { spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Children } from './children.js';
import { freePort } from './children.js';

const PROGRAM = 'redis-server';
/** Milliseconds that it may take to start. */
const PATIENCE = 10_000;

export function hasRedis(): boolean {
  return spawnSync(PROGRAM, ['--version'], { stdio: 'ignore' }).status === 0;
}

/**
 * An empty Redis that keeps nothing.
 *
 * @returns Its port.
 * @throws {Error} When it does not start.
 */
export async function startRedis(children: Children): Promise<number> {
  const port = await freePort();
  children.spawn(PROGRAM, ['--port', String(port), '--save', '', '--bind', '127.0.0.1']);
  for (const end = performance.now() + PATIENCE; performance.now() < end; await sleep(50)) {
    if (await answers(port)) return port;
  }
  throw new Error(`${PROGRAM} did not start`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => done(true)).on('error', () => done(false));
    function done(isThere: boolean): void {
      socket.destroy();
      resolve(isThere);
    }
  });
}

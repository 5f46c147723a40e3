import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const EXAMPLE = fileURLToPath(new URL('../../examples/browser/', import.meta.url));

/** Builds the page and serves it, as a reader does; milliseconds until that is given up. */
export async function startConsole(
  patience = 60_000,
): Promise<{ url: string; stop(): Promise<void> }> {
  // A group of its own, so that all that npm starts ends with it.
  const child = spawn('npm', ['--prefix', EXAMPLE, 'start'], {
    detached: true,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
    await exited;
  };
  const limit = setTimeout(() => void stop(), patience);
  let printed = '';
  child.stderr.on('data', (chunk) => {
    printed += chunk;
  });
  for await (const line of createInterface({ input: child.stdout })) {
    printed += `${line}\n`;
    const url = /http:\/\/\S+/.exec(line)?.[0];
    if (url === undefined) continue;
    clearTimeout(limit);
    child.stdout.resume();
    return { url, stop };
  }
  clearTimeout(limit);
  throw new Error(`npm start in examples/browser printed no URL:\n${printed}`);
}

// Builds and serves the browser example.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { run } from '../package/run.js';

export const EXAMPLE = fileURLToPath(new URL('../../examples/browser/', import.meta.url));

const manifest = createRequire(`${EXAMPLE}package.json`).resolve('vite/package.json');
const VITE = fileURLToPath(new URL('bin/vite.js', `file://${manifest}`));

/**
 * Builds the page and serves it as `npm start` does, in a process that ends with this one.
 *
 * @param patience - Time for the server to start (ms).
 */
export async function startConsole(
  patience = 60_000,
): Promise<{ url: string; stop(): Promise<void> }> {
  const built = await run(process.execPath, [VITE, 'build', EXAMPLE]);
  if (built.code !== 0) throw new Error(`vite build in examples/browser: ${built.output}`);
  const child = spawn(process.execPath, [VITE, 'preview', EXAMPLE], {
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const kill = (): unknown => child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    kill();
    await exited;
  };
  const limit = setTimeout(kill, patience);
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
  throw new Error(`vite preview in examples/browser printed no URL:\n${printed}`);
}

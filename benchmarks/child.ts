import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs Node in a process of its own, which prints one line of JSON.
 *
 * @param cap - Seconds after which it is ended.
 * @returns What it printed, or undefined where it was ended.
 * @throws {Error} When it fails.
 */
export function runNode(args: readonly string[], cap: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const stdio = ['ignore', 'pipe', 'inherit'] as const;
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: [...stdio] });
    let output = '';
    let late = false;
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, cap * 1000);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      if (late) resolve(undefined);
      else if (code === 0) resolve(JSON.parse(output));
      else reject(new Error(`${args.join(' ')} ended with ${code}`));
    });
  });
}

// Measures in a fresh process, where nothing else has run.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs Node with these arguments.
 *
 * @returns The JSON it printed, or undefined if it took longer than `capSeconds`.
 * @throws {Error} When it fails.
 */
export async function runNode(args: readonly string[], capSeconds: number): Promise<unknown> {
  const options = { cwd: ROOT, timeout: capSeconds * 1000, killSignal: 'SIGKILL' } as const;
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, options);
    return JSON.parse(stdout);
  } catch (error) {
    if ((error as { killed?: boolean }).killed) return undefined;
    throw error;
  }
}

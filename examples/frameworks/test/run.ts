import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));

/** Milliseconds; an example that takes longer hangs, and is ended. */
const LIMIT = 60_000;

/**
 * Runs an example as `npm run NAME` does, but as one process, so that nothing can outlive it.
 *
 * @returns The lines it prints.
 * @throws {Error} When it does not end by itself, with 0; the message holds all it wrote.
 */
export function linesOf(name: string): Promise<string[]> {
  const program = ['--import', 'tsx', `${name}.ts`];
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      program,
      { cwd: FOLDER, timeout: LIMIT, killSignal: 'SIGKILL' },
      (error, stdout, stderr) => {
        if (error) reject(new Error(`${name}.ts: ${error.message}\n${stdout}\n${stderr}`));
        else resolve(stdout.trimEnd().split('\n'));
      },
    );
  });
}

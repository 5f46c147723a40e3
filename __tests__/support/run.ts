import { execFile } from 'node:child_process';

/**
 * Runs a program and returns its standard output.
 *
 * @throws {Error} When the exit code is not 0; the message contains all output.
 */
export function run(cwd: string, program: string, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}\n${stdout}\n${stderr}`));
      else resolve(stdout);
    });
  });
}

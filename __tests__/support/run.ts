import { execFile } from 'node:child_process';

/**
 * Runs a program and gives what it wrote to its standard output.
 *
 * @throws {Error} When it ends with another code than 0; the message holds all it wrote.
 */
export function run(cwd: string, program: string, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}\n${stdout}\n${stderr}`));
      else resolve(stdout);
    });
  });
}

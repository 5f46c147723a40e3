// Runs a program.
import { execFile } from 'node:child_process';

/** Resolves with the exit code and the whole output; the program is killed after two minutes. */
export function run(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ code: unknown; output: string }> {
  const options = { env: { ...env, NO_COLOR: '1' }, timeout: 120_000, maxBuffer: 2 ** 26 };
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) =>
      resolve({
        code: error === null ? 0 : (error.code ?? error.message),
        output: stdout + stderr,
      }),
    );
  });
}

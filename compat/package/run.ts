import { execFile } from 'node:child_process';

/** Runs a program to its end, for at most two minutes; gives its code and all it wrote. */
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

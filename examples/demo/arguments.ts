import { parseArgs } from 'node:util';

/**
 * Reads `--requests 500` and flags such as `--without`. What it does not know ends the program with
 * the usage, `--help` too.
 */
export function readArguments(
  usage: string,
  requests: number,
  ...flags: string[]
): { requests: number; isSet(flag: string): boolean } {
  const flag = { type: 'boolean' } as const;
  const options = {
    requests: { type: 'string', default: String(requests) } as const,
    ...Object.fromEntries(['help', ...flags].map((name) => [name, flag])),
  };
  try {
    const values: Record<string, unknown> = parseArgs({ options }).values;
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    const count = Number(values.requests);
    if (!Number.isSafeInteger(count) || count < 1) throw new Error('--requests takes an integer');
    return { requests: count, isSet: (name) => values[name] === true };
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
    process.exit(2);
  }
}

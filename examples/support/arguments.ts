// The command line of an example: one option with a number, and flags.
import { parseArgs } from 'node:util';

/**
 * Reads `--requests 500 --without`. Prints the usage and exits when an option is unknown or the number is
 * not an integer within `[from, below)`, and for `--help`.
 */
export function readArguments(
  usage: string,
  [name, initial, from = 1, below = Infinity]: [string, number, number?, number?],
  ...flags: string[]
): { number: number; isSet(flag: string): boolean } {
  const flag = { type: 'boolean' } as const;
  const options = {
    [name]: { type: 'string', default: `${initial}` } as const,
    ...Object.fromEntries(['help', ...flags].map((name) => [name, flag])),
  };
  try {
    const values: Record<string, unknown> = parseArgs({ options }).values;
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    const number = Number(values[name]);
    if (Number.isSafeInteger(number) && number >= from && number < below) {
      return { number, isSet: (flag) => values[flag] === true };
    }
    const limit = below === Infinity ? '' : ` and below ${below}`;
    throw new Error(`--${name} takes an integer, at least ${from}${limit}; got ${values[name]}`);
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
    process.exit(2);
  }
}

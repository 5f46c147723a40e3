// The command line of an example: flags, and one option with a number.
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
  const number = { [name]: { type: 'string', default: `${initial}` } as const };
  return read(usage, flags, number, (values) => {
    const number = Number(values[name]);
    if (Number.isSafeInteger(number) && number >= from && number < below) {
      return { number, isSet: (flag) => values[flag] === true };
    }
    const limit = below === Infinity ? '' : ` and below ${below}`;
    throw new Error(`--${name} takes an integer, at least ${from}${limit}; got ${values[name]}`);
  });
}

/** Reads flags only, such as `--slow --json`, and returns those that are set. */
export function readFlags(usage: string, ...flags: string[]): ReadonlySet<string> {
  return read(usage, flags, {}, (values) => new Set(Object.keys(values)));
}

type Values = Readonly<Record<string, unknown>>;

function read<Arguments>(
  usage: string,
  flags: readonly string[],
  others: Record<string, { type: 'string'; default: string }>,
  take: (values: Values) => Arguments,
): Arguments {
  const flag = { type: 'boolean' } as const;
  const options = {
    ...others,
    ...Object.fromEntries(['help', ...flags].map((name) => [name, flag])),
  };
  try {
    const values: Values = parseArgs({ options }).values;
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    return take(values);
  } catch (error) {
    // After its first sentence, Node explains how to pass a name that begins with a dash.
    const [message] = (error as Error).message.split('. To specify');
    console.error(`${message}\n${usage}`);
    process.exit(2);
  }
}

const MAX_LENGTH = 40;

/**
 * Prints what was given, for an error message. Never throws and is never long, whatever it is shown.
 *
 * @returns A number, `null` and the like as written; a string quoted, after 40 characters cut; of an
 *   object or a function only the kind (`[object Array]`), as its contents may be secret.
 */
export function formatValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(truncate(value));
  if (typeof value === 'bigint') return truncate(`${value}n`);
  try {
    const isObject = Object(value) === value;
    return truncate(isObject ? Object.prototype.toString.call(value) : String(value));
  } catch {
    // A revoked Proxy, or one whose traps throw, does not even say what kind it is.
    return '[object]';
  }
}

/**
 * The error for a value that is not taken: what it was for, what is accepted, what was given.
 *
 * @param Kind - `TypeError` for a wrong kind, `RangeError` for a wrong value.
 */
export function invalidArgument(
  what: string,
  takes: string,
  given: unknown,
  Kind: typeof TypeError | typeof RangeError = TypeError,
): Error {
  return new Kind(`axios-status-retry: ${what} takes ${takes}; got ${formatValue(given)}`);
}

/**
 * Refuses options that are not an object and names that are not known, so that a misspelt option is
 * not passed over in silence.
 *
 * @param owner - Whose options they are, for the message.
 * @throws {TypeError} When `options` is not an object or has an own key that is not in `known`.
 */
export function rejectUnknownKeys(owner: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`${owner}: options must be an object; got ${formatValue(options)}`);
  }
  for (const name of Reflect.ownKeys(options)) {
    if (!known.some((one) => one === name)) {
      throw new TypeError(
        `${owner}: unknown option ${formatValue(name)}; it takes ${known.join(', ')}`,
      );
    }
  }
}

function truncate(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}

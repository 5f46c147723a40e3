// Checks what a user passes in, with one shape of error message for all of it.

const MAX_LENGTH = 40;

/**
 * Formats a value for an error message. Never throws, never long.
 *
 * @returns Primitives as written, strings quoted and cut after 40 characters. Of an object or a
 *   function only its kind (`[object Array]`), because its contents may be secret, and of a URL
 *   neither user info nor query.
 */
export function formatValue(value: unknown): string {
  const isText = isString(value);
  let text = '[object]';
  try {
    text = Object(value) === value ? Object.prototype.toString.call(value) : String(value);
  } catch {
    // A revoked Proxy, or a Proxy with traps that throw.
  }
  if (isText) text = text.replace(/^.*@|[?#].*/gs, '…');
  if (typeof value === 'bigint') text += 'n';
  if (text.length > MAX_LENGTH) text = `${text.slice(0, MAX_LENGTH)}…`;
  return isText ? JSON.stringify(text) : text;
}

/**
 * The error for a value that is not accepted: where it was given, what is accepted, what was given.
 *
 * @param ErrorType - `TypeError` for a wrong kind, `RangeError` for a wrong value.
 * @param more - Added at the end.
 */
export function invalidArgument(
  where: string,
  accepted: string,
  given: unknown,
  ErrorType: typeof TypeError | typeof RangeError = TypeError,
  more = '',
): Error {
  return new ErrorType(
    `axios-status-retry: ${where} takes ${accepted}; got ${formatValue(given)}${more}`,
  );
}

/**
 * The error for a wrong result of a user's function.
 *
 * @param name - The function: `option "backoff"`.
 */
export function invalidResult(name: string, accepted: string, given: unknown): Error {
  const more = '; see axios-status-retry/errors.md#wrong-result';
  return invalidArgument(`the result of ${name}`, accepted, given, TypeError, more);
}

/**
 * How one option is checked: what it accepts, in words; whether the kind is right (else a
 * `TypeError`); and whether a value of that kind is in range (else a `RangeError`).
 */
export type OptionRule = readonly [
  accepted: string,
  isKind: (value: unknown) => boolean,
  isInRange?: (value: never) => boolean,
];

export type OptionRules<T> = Readonly<Record<keyof T, OptionRule>>;

const isNumber = (value: unknown): boolean => typeof value === 'number';
const isString = (value: unknown): boolean => typeof value === 'string';
export const isNotNegative = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0;
export const isFunction = (value: unknown): boolean => typeof value === 'function';

export const A_FUNCTION: OptionRule = ['a function', isFunction];
export const A_STRING: OptionRule = ['a string', isString];
export const A_BOOLEAN: OptionRule = ['true or false', (value) => typeof value === 'boolean'];

/** A number for which `isInRange` holds; `accepted` says so in words. */
export function number(accepted: string, isInRange: (value: number) => boolean): OptionRule {
  return [accepted, isNumber, isInRange];
}

/** An array of strings for which `isInRange` holds. */
export function strings(accepted: string, isInRange: (value: string) => boolean): OptionRule {
  const isKind = (value: unknown): boolean => Array.isArray(value) && value.every(isString);
  return [accepted, isKind, (value: string[]) => value.every(isInRange)];
}

/** An object with these methods. */
export function withMethods(...names: string[]): OptionRule {
  return [
    `an object with ${names.join(', ')}`,
    (value) => names.every((name) => isFunction((value as Record<string, unknown> | null)?.[name])),
  ];
}

/**
 * Checks one value, given or not.
 *
 * @throws {TypeError} When it is of a wrong kind.
 * @throws {RangeError} When it is out of range.
 */
export function checkValue(
  where: string,
  value: unknown,
  [accepted, isKind, isInRange]: OptionRule,
): void {
  if (!isKind(value)) throw invalidArgument(where, accepted, value);
  if (isInRange?.(value as never) === false) {
    throw invalidArgument(where, accepted, value, RangeError);
  }
}

/**
 * Checks every option that is given and fills in the defaults. `undefined` counts as not given.
 *
 * @param owner - Whose options they are, for the message.
 * @param defaults - Also holds what else the result is to have.
 * @param required - Options that must be given.
 * @param accepted - What the owner takes, in words: for the message if `options` is no object.
 * @throws {TypeError} When `options` is no object, or an option is unknown or of a wrong kind.
 * @throws {RangeError} When an option is out of range.
 */
export function readOptions<T extends object>(
  owner: string,
  options: unknown,
  rules: Readonly<Record<string, OptionRule>>,
  defaults: object = {},
  required: readonly string[] = [],
  accepted = 'an object of options',
): T {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalidArgument(owner, accepted, options);
  }
  const read: Record<string, unknown> = { ...defaults };
  // Unknown names first. The rules' names too, because an option may come from a prototype.
  for (const name of [...Reflect.ownKeys(options), ...Object.keys(rules)] as string[]) {
    if (!Object.hasOwn(rules, name)) {
      throw new TypeError(
        `axios-status-retry: ${owner}: unknown option ${formatValue(name)}; it takes ${Object.keys(rules).join(', ')}`,
      );
    }
    const value = (options as Record<string, unknown>)[name];
    if (value === undefined && !required.includes(name)) continue;
    checkValue(`${owner}: option "${name}"`, value, rules[name] as OptionRule);
    read[name] = value;
  }
  return read as T;
}

// Reads header names and values.

/** A field name or method (RFC 9110 §5.6.2). */
export const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;

/**
 * A header's value.
 *
 * @param headers - `AxiosHeaders`, or a plain object with names in any letter case.
 * @param name - In lower case.
 */
export function headerOf(headers: unknown, name: string): unknown {
  const given = (headers ?? {}) as Record<string, unknown>;
  if (typeof given.get === 'function') return given.get(name);
  const key = Object.keys(given).find((key) => key.toLowerCase() === name);
  return key && given[key];
}

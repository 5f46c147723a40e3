// Reads header names and values.

/** A field name or method (RFC 9110 §5.6.2). */
export const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;

/**
 * A header's value; an array of its values if it is repeated.
 *
 * @param headers - `AxiosHeaders`, a fetch `Headers`, a plain object with names in any letter case, or
 *   Node's `rawHeaders`: names and values in turn.
 * @param name - In lower case.
 */
export function headerOf(headers: unknown, name: string): unknown {
  const given = (headers ?? {}) as { readonly get?: unknown };
  if (typeof given.get === 'function') return given.get(name);
  const raw = Array.isArray(given) ? given : Object.entries(given).flat();
  const values = raw.filter((_, i) => i % 2 && String(raw[i - 1]).toLowerCase() === name);
  return values.length > 1 ? values.flat() : values[0];
}

/** A header's value, whatever the letter case of its name. */
export function headerOf(headers: unknown, name: string): unknown {
  const given = (headers ?? {}) as Record<string, unknown>;
  if (typeof given.get === 'function') return given.get(name);
  const key = Object.keys(given).find((key) => key.toLowerCase() === name);
  return key && given[key];
}

/** RFC 9110 §5.6.2. */
export const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;

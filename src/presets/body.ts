// Reads a text out of a body, whatever the body is.

/**
 * A text at a path of a body, such as `error`, `code`. JSON that Axios has not parsed is parsed here.
 *
 * @returns Empty text if there is none: no body, a stream, bytes, another form. Never throws.
 */
export function textIn(body: unknown, ...path: readonly string[]): string {
  try {
    let value: unknown = typeof body === 'string' ? JSON.parse(body) : body;
    for (const name of path) value = (value as Record<string, unknown>)[name];
    return typeof value === 'string' ? value : '';
  } catch {
    return '';
  }
}

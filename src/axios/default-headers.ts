// The headers that an instance gives to its requests. An app may change them at any time.
import type { PlainObject } from '../util/clone.js';

/** The value of an instance's default header, by the name in lower case. */
export type DefaultHeaders = ReadonlyMap<string, unknown>;

/** The default headers for a method: the common ones, the method's, and those set directly. */
export function defaultHeaders(instance: unknown, method: string): DefaultHeaders {
  const { headers } = (instance as { defaults?: { headers?: PlainObject } }).defaults ?? {};
  const values = new Map<string, unknown>();
  for (const group of [headers?.common, headers?.[method], headers]) {
    for (const [name, value] of Object.entries(group ?? {})) {
      // The groups are objects among them.
      if (typeof value !== 'object' || Array.isArray(value)) values.set(name.toLowerCase(), value);
    }
  }
  return values;
}

/** The names of the headers that have the instance's value. */
export function namesOfDefaults(headers: PlainObject, defaults: DefaultHeaders): string[] {
  return Object.keys(headers).filter(
    (name) => String(headers[name]) === String(defaults.get(name.toLowerCase())),
  );
}

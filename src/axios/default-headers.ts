// The headers that an instance gives to its requests, which an app may change at any time.
import type { PlainObject } from '../util/clone.js';

/** Names in lower case; the entries as the instance has them. */
export type DefaultHeaders = ReadonlyMap<string, readonly [name: string, value: unknown]>;

/** The default headers of an instance for a method: common ones, the method's, and those set directly. */
export function defaultHeaders(instance: unknown, method: string): DefaultHeaders {
  const { headers } = (instance as { defaults?: { headers?: PlainObject } }).defaults ?? {};
  const found = new Map<string, [string, unknown]>();
  for (const group of [headers?.common, headers?.[method], headers]) {
    for (const [name, value] of Object.entries(group ?? {})) {
      // The groups themselves are objects.
      if (typeof value !== 'object' || Array.isArray(value)) found.set(name.toLowerCase(), [name, value]);
    }
  }
  return found;
}

/** The headers that the caller gave: without those whose value is the instance's. */
export function withoutDefaults(headers: PlainObject, defaults: DefaultHeaders): PlainObject {
  const isOwn = ([name, value]: [string, unknown]): boolean => {
    const known = defaults.get(name.toLowerCase());
    return String(known?.[1]) !== String(value);
  };
  return Object.fromEntries(Object.entries(headers).filter(isOwn));
}

/** The opposite: the caller's headers, and the instance's that it has now. */
export function withDefaults(headers: PlainObject, defaults: DefaultHeaders): PlainObject {
  const rest = new Map(defaults);
  for (const name of Object.keys(headers)) rest.delete(name.toLowerCase());
  return { ...Object.fromEntries(rest.values()), ...headers };
}

// The headers that an instance gives to its requests. An app may change them at any time.
import { Interner } from '../request/snapshot.js';

type Headers = Record<string, unknown>;

/** The default headers of one instance. Names may differ in letter case. */
export class DefaultHeaders {
  readonly #instance: { readonly defaults?: { readonly headers?: Headers } };
  readonly #interner = new Interner<string>();

  constructor(instance: object) {
    this.#instance = instance;
  }

  /** The names of the headers that have the instance's value. */
  namesIn(headers: Headers, method: string): readonly string[] {
    const values = this.#values(method);
    const isDefault = (name: string): boolean =>
      String(headers[name]) === String(values.get(name.toLowerCase()));
    return this.#interner.intern(Object.keys(headers).filter(isDefault));
  }

  /** A copy of the headers, in which those with these names have the instance's present values. */
  renew(headers: Headers, names: readonly string[], method: string): Headers {
    const values = this.#values(method);
    const renewed = { ...headers };
    for (const name of names) renewed[name] = values.get(name.toLowerCase());
    return renewed;
  }

  /** By name in lower case: the common ones, those of the method, and those that are set directly. */
  #values(method: string): Map<string, unknown> {
    const { headers } = this.#instance.defaults ?? {};
    const values = new Map<string, unknown>();
    for (const group of [headers?.common, headers?.[method], headers]) {
      for (const [name, value] of Object.entries(group ?? {})) {
        // `headers` also holds the groups, which are objects.
        if (typeof value !== 'object' || Array.isArray(value))
          values.set(name.toLowerCase(), value);
      }
    }
    return values;
  }
}

// Which requests belong together: the key of a call, by default the origin of its URL.
import type { InternalAxiosRequestConfig } from 'axios';
import type { RetryCall } from '../core/extensions.js';
import { invalidResult } from '../util/validate.js';
import { OriginCache } from './origin-cache.js';

/** The key of a call: the result of the option `key`, or the origin. */
export class KeyGenerator {
  readonly #origins = new OriginCache();
  readonly #key: ((config: InternalAxiosRequestConfig) => string) | undefined;

  constructor(key: ((config: InternalAxiosRequestConfig) => string) | undefined) {
    this.#key = key;
  }

  /** @throws {TypeError} When the option `key` returns no string. */
  of(call: RetryCall): string {
    if (this.#key === undefined) return this.#origins.of(call);
    const key: unknown = this.#key(call.config());
    if (typeof key === 'string') return key;
    throw invalidResult('option "key"', 'a string', key);
  }
}

import type { InternalAxiosRequestConfig } from 'axios';
import { wrong } from './describe.js';
import { Origins } from './origin.js';
import type { RetryCall } from './ports.js';

/** Which requests belong together: by origin, or as a user's function says. */
export class CallKeys {
  readonly #origins = new Origins();
  readonly #key: ((config: InternalAxiosRequestConfig) => string) | undefined;

  constructor(key: ((config: InternalAxiosRequestConfig) => string) | undefined) {
    this.#key = key;
  }

  /** @throws {TypeError} When the function returns no string. */
  of(call: RetryCall): string {
    if (this.#key === undefined) return this.#origins.of(call);
    const key: unknown = this.#key(call.config());
    if (typeof key !== 'string') throw wrong('the result of option "key"', 'a string', key);
    return key;
  }
}

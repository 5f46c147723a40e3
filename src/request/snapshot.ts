// Keeps a request as its caller made it.
import type { PlainObject } from '../util/clone.js';
import { cloneData, hasHiddenKeys, isObject, isPlain } from '../util/clone.js';

function copyValue(name: string, value: unknown): unknown {
  if (!isObject(value)) return value;
  if (name === 'headers') return { ...value };
  // Axios copies these for every config, and nobody edits their contents.
  if (name === 'transitional' || name === 'env') return value;
  const isQuery = name === 'params' && value instanceof URLSearchParams;
  return isQuery ? new URLSearchParams(value) : cloneData(value);
}

/** Keys that Axios and adapters change as they send a request, and keys that identify the request. */
const SENT_KEYS: readonly string[] = [
  'data',
  'headers',
  'params',
  'url',
  'baseURL',
  'method',
  'adapter',
  'signal',
  'cancelToken',
  'timeout',
];

function copyValues(config: PlainObject, names: readonly string[]): unknown[] {
  return names.map((name) => copyValue(name, config[name]));
}

/** The keys of a config. Axios keeps symbols too, from 1.19 on; they are typed as strings here. */
function keysOf(config: object): string[] {
  const symbols: unknown[] = Object.getOwnPropertySymbols(config);
  return Object.keys(config).concat(symbols as string[]);
}

/** Shares one array among the requests whose arrays are the same, to save memory for each. */
export class Interner<T> {
  #last: readonly T[] = [];

  intern(list: readonly T[]): readonly T[] {
    const last = this.#last;
    const isSame = list.length === last.length && list.every((item, i) => item === last[i]);
    if (!isSame) this.#last = list.slice();
    return this.#last;
  }
}

/**
 * The request before the first interceptor. Each attempt starts from it, never from the output of an
 * earlier attempt. Plain objects and arrays are copied; a body that is an instance (FormData, Blob,
 * Buffer) is the same object for every attempt.
 */
export class RequestSnapshot {
  // Keys and values apart, because Axios's configs are dictionaries: slow and large to copy.
  #keys: readonly string[];
  #values: unknown[];
  /** The config itself, until the rest of it is captured. */
  #source: PlainObject | undefined;

  /**
   * @param mayChange - Whether another interceptor can change the config before its first outcome.
   *   If not, only the keys that sending changes are captured now, and the rest on demand.
   */
  constructor(config: object, mayChange = true) {
    const names = mayChange ? keysOf(config) : SENT_KEYS;
    this.#keys = names;
    this.#values = copyValues(config as PlainObject, names);
    this.#source = mayChange ? undefined : (config as PlainObject);
  }

  /** Captures the rest of the config, before anything can change it. */
  captureRest(interner?: Interner<string>): void {
    const rest = this.#source;
    if (rest) {
      this.#source = undefined;
      const names = keysOf(rest).filter((name) => !SENT_KEYS.includes(name));
      this.#keys = SENT_KEYS.concat(names);
      this.#values = this.#values.concat(copyValues(rest, names));
    }
    if (interner) this.#keys = interner.intern(this.#keys);
  }

  get(name: string): unknown {
    const at = this.#keys.indexOf(name);
    return at < 0 ? this.#source?.[name] : this.#values[at];
  }

  /** A fresh config, its headers a plain object. */
  config(): PlainObject {
    this.captureRest();
    const config: PlainObject = Object.create(null) as PlainObject;
    this.#keys.forEach((name, i) => {
      const value = this.#values[i];
      if (value !== undefined) config[name] = copyValue(name, value);
    });
    return config;
  }
}

interface SentAgain {
  data?: unknown;
  readonly headers: { delete(name: string): unknown };
}

/**
 * Restores the caller's body on a config that is sent again by someone else (a token refresher, say):
 * the config's data is the output of `transformRequest`.
 *
 * @param sentBody - The data as it was sent, if known. Any other data is a new body and stays.
 */
export function restoreBody(config: SentAgain, original: RequestSnapshot, sentBody: unknown): void {
  const { data, headers } = config;
  const isNew = isObject(data) && isPlain(data) && !hasHiddenKeys(data);
  // The length of the body that was sent; Axios sets the new one.
  headers.delete('Content-Length');
  if (sentBody === undefined ? isNew : data !== sentBody) return;
  config.data = original.config().data;
}

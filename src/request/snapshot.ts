import type { PlainObject } from '../util/clone.js';
import { cloneData, hasHiddenKeys, isObject, isPlain } from '../util/clone.js';

function copyValue(name: string, value: unknown): unknown {
  if (!isObject(value)) return value;
  switch (name) {
    case 'headers':
      return { ...value };
    // Of these every config has a fresh copy, and nobody edits what they hold.
    case 'transitional':
    case 'env':
      return value;
    case 'params':
      return value instanceof URLSearchParams ? new URLSearchParams(value) : cloneData(value);
    default:
      return cloneData(value);
  }
}

/** What Axios and adapters change of a config as they send it, and what tells which request it is. */
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

/** The values of these in their order, read one by one: by a variable name it takes 5 % longer in all. */
function readSentKeys(config: PlainObject): unknown[] {
  return [
    copyValue('data', config.data),
    copyValue('headers', config.headers),
    copyValue('params', config.params),
    config.url,
    config.baseURL,
    config.method,
    config.adapter,
    config.signal,
    config.cancelToken,
    config.timeout,
  ];
}

function copyValues(config: PlainObject, names: readonly string[]): unknown[] {
  const values = new Array<unknown>(names.length);
  for (let i = 0; i < names.length; i += 1) {
    const name = names[i] as string;
    values[i] = copyValue(name, config[name]);
  }
  return values;
}

/** Lists of names, the same list for configs that have the same: nearly all of an instance do. */
export class KeyInterner {
  #last: readonly string[] = [];

  intern(names: readonly string[]): readonly string[] {
    const last = this.#last;
    const isSame = names.length === last.length && names.every((name, i) => name === last[i]);
    if (!isSame) this.#last = names;
    return this.#last;
  }
}

/**
 * The request as the caller made it, kept from before the first interceptor so that each attempt
 * starts from there and never from an earlier attempt's output. Plain objects and arrays are copied;
 * a body that is an instance (FormData, Blob, Buffer) is the same object every time.
 */
export class RequestSnapshot {
  // Names and values apart: Axios's configs are dictionaries, which are slow and large to copy.
  #keys: readonly string[];
  #values: unknown[];
  /** The config itself, as long as what it has beside these is still to be kept. */
  #source: PlainObject | undefined;

  /**
   * @param isShared - Whether anybody else can change the config before its first outcome. Otherwise
   *   only what sending changes is kept now, and the rest when it is needed.
   */
  constructor(config: object, isShared = true) {
    const names = isShared ? Object.keys(config) : SENT_KEYS;
    this.#keys = names;
    this.#values = isShared
      ? copyValues(config as PlainObject, names)
      : readSentKeys(config as PlainObject);
    this.#source = isShared ? undefined : (config as PlainObject);
  }

  /** Keeps all of the config, before anybody can change more of it. */
  captureRest(known?: KeyInterner): void {
    const rest = this.#source;
    if (rest) {
      this.#source = undefined;
      const names = Object.keys(rest).filter((name) => !SENT_KEYS.includes(name));
      this.#keys = SENT_KEYS.concat(names);
      this.#values = this.#values.concat(copyValues(rest, names));
    }
    if (known) this.#keys = known.intern(this.#keys);
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
 * Somebody else sends a failed attempt's config again (a token refresher, say): its data is what
 * `transformRequest` made. Puts the caller's own body back.
 *
 * @param sentBody - The data as it was sent, where known. Any other is somebody's new body and stays.
 */
export function restoreBody(config: SentAgain, original: RequestSnapshot, sentBody: unknown): void {
  const { data, headers } = config;
  const isNew = isObject(data) && isPlain(data) && !hasHiddenKeys(data);
  // The length is that of the body that was sent; Axios finds out the new one.
  headers.delete('Content-Length');
  if (sentBody === undefined ? isNew : data !== sentBody) return;
  config.data = original.config().data;
}

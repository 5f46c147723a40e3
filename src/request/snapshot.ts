import type { Plain } from '../util/clone.js';
import { copy, hasMore, isObject, isPlain } from '../util/clone.js';

function copyOf(name: string, value: unknown): unknown {
  if (!isObject(value)) return value;
  switch (name) {
    case 'headers':
      return { ...value };
    // Of these every config has a fresh copy, and nobody edits what they hold.
    case 'transitional':
    case 'env':
      return value;
    case 'params':
      return value instanceof URLSearchParams ? new URLSearchParams(value) : copy(value);
    default:
      return copy(value);
  }
}

/** What Axios and adapters change of a config as they send it, and what tells which request it is. */
const SENT: readonly string[] = [
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
function sentOf(config: Plain): unknown[] {
  return [
    copyOf('data', config.data),
    copyOf('headers', config.headers),
    copyOf('params', config.params),
    config.url,
    config.baseURL,
    config.method,
    config.adapter,
    config.signal,
    config.cancelToken,
    config.timeout,
  ];
}

function valuesOf(config: Plain, names: readonly string[]): unknown[] {
  const values = new Array<unknown>(names.length);
  for (let i = 0; i < names.length; i += 1) {
    const name = names[i] as string;
    values[i] = copyOf(name, config[name]);
  }
  return values;
}

/** Lists of names, the same list for configs that have the same: nearly all of an instance do. */
export class Names {
  #last: readonly string[] = [];

  share(names: readonly string[]): readonly string[] {
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
export class Snapshot {
  // Names and values apart: Axios's configs are dictionaries, which are slow and large to copy.
  #names: readonly string[];
  #values: unknown[];
  /** The config itself, as long as what it has beside these is still to be kept. */
  #rest: Plain | undefined;

  /**
   * @param isShared - Whether anybody else can change the config before its first outcome. Otherwise
   *   only what sending changes is kept now, and the rest when it is needed.
   */
  constructor(config: object, isShared = true) {
    const names = isShared ? Object.keys(config) : SENT;
    this.#names = names;
    this.#values = isShared ? valuesOf(config as Plain, names) : sentOf(config as Plain);
    this.#rest = isShared ? undefined : (config as Plain);
  }

  /** Keeps all of the config, before anybody can change more of it. */
  complete(known?: Names): void {
    const rest = this.#rest;
    if (rest) {
      this.#rest = undefined;
      const names = Object.keys(rest).filter((name) => !SENT.includes(name));
      this.#names = SENT.concat(names);
      this.#values = this.#values.concat(valuesOf(rest, names));
    }
    if (known) this.#names = known.share(this.#names);
  }

  get(name: string): unknown {
    const at = this.#names.indexOf(name);
    return at < 0 ? this.#rest?.[name] : this.#values[at];
  }

  /** A fresh config, its headers a plain object. */
  config(): Plain {
    this.complete();
    const config: Plain = Object.create(null) as Plain;
    this.#names.forEach((name, i) => {
      const value = this.#values[i];
      if (value !== undefined) config[name] = copyOf(name, value);
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
export function restoreBody(config: SentAgain, original: Snapshot, sentBody: unknown): void {
  const { data, headers } = config;
  const isNew = isObject(data) && isPlain(data) && !hasMore(data);
  // The length is that of the body that was sent; Axios finds out the new one.
  headers.delete('Content-Length');
  if (sentBody === undefined ? isNew : data !== sentBody) return;
  config.data = original.config().data;
}

type Plain = Record<string, unknown>;

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/**
 * What a copy of an array or a plain object begins with; undefined for an instance, and for anything
 * that has more to it than a copy of its keys and values would have.
 */
function emptyLike(value: object): Plain | undefined {
  const isArray = Array.isArray(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!isArray && prototype !== Object.prototype && prototype !== null) return undefined;
  const hidden = Reflect.ownKeys(value).length - Object.keys(value).length - Number(isArray);
  if (hidden > 0 || Object.hasOwn(value, '__proto__')) return undefined;
  return isArray ? (new Array(value.length) as unknown as Plain) : {};
}

/** Copies arrays and plain objects all the way down; anything else stays itself. */
function copy(value: object, seen?: Map<object, object>): object {
  // What Axios puts into every config: short arrays of functions and strings.
  if (Array.isArray(value) && !value.some(isObject)) return value.slice();
  const target = emptyLike(value);
  if (target === undefined) return value;
  let met = seen?.set(value, target);
  for (const name of Object.keys(value)) {
    const inner = (value as Plain)[name];
    if (isObject(inner)) {
      met ??= new Map<object, object>([[value, target]]);
      target[name] = met.get(inner) ?? copy(inner, met);
    } else target[name] = inner;
  }
  return target;
}

function copyOf(name: string, value: object): unknown {
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

/**
 * The request as the caller made it, kept from before the first interceptor so that each attempt
 * starts from there and never from an earlier attempt's output. Plain objects and arrays are copied;
 * a body that is an instance (FormData, Blob, Buffer) is the same object every time.
 */
export class Snapshot {
  // Names and values apart: Axios's configs are dictionaries, which are slow and large to copy.
  readonly #names: string[];
  readonly #values: unknown[];

  constructor(config: object) {
    const names = Object.keys(config);
    const values = new Array<unknown>(names.length);
    for (let i = 0; i < names.length; i += 1) {
      const name = names[i] as string;
      const value = (config as Plain)[name];
      values[i] = isObject(value) ? copyOf(name, value) : value;
    }
    this.#names = names;
    this.#values = values;
  }

  get(name: string): unknown {
    return this.#values[this.#names.indexOf(name)];
  }

  /** A fresh config, its headers a plain object. */
  config(): Plain {
    const config: Plain = Object.create(null) as Plain;
    this.#names.forEach((name, i) => {
      const value = this.#values[i];
      config[name] = isObject(value) ? copyOf(name, value) : value;
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
  const isNew = isObject(data) && emptyLike(data) !== undefined;
  // The length is that of the body that was sent; Axios finds out the new one.
  headers.delete('Content-Length');
  if (sentBody === undefined ? isNew : data !== sentBody) return;
  config.data = original.config().data;
}

interface MaybeStream {
  readonly pipe?: unknown;
  readonly getReader?: unknown;
  readonly next?: unknown;
}

/**
 * Whether a body can be read only once: a Node or web stream, `form-data`, a generator, or an object
 * or array that holds one.
 */
export function isOneShot(body: unknown, seen = new Set<object>()): boolean {
  if (!isObject(body) || seen.has(body)) return false;
  const { pipe, getReader, next } = body as MaybeStream;
  if ([pipe, getReader, next].some((method) => typeof method === 'function')) return true;
  seen.add(body);
  return emptyLike(body) !== undefined && Object.values(body).some((part) => isOneShot(part, seen));
}

import { isSingleUseBody } from '../request/body.js';
import { isObject } from '../util/clone.js';
import { formatValue } from '../util/validate.js';

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json };

/** Nesting that is read at most. */
const MAX_DEPTH = 100;

/**
 * A value as JSON has it, where that is also what Axios would send of it.
 *
 * @returns Undefined where it would not: a Blob, a stream or bytes in it, a circle, a BigInt.
 */
export function toJson(value: unknown): Json | undefined {
  try {
    if (isSingleUseBody(value) || !isJsonSafe(value, new Set())) return undefined;
    const text = JSON.stringify(value) as string | undefined;
    return text === undefined ? undefined : (JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}

function isJsonSafe(value: unknown, seen: Set<object>): boolean {
  if (!isObject(value) || seen.has(value)) return true;
  seen.add(value);
  if (Array.isArray(value)) return value.every((one) => isJsonSafe(one, seen));
  const { toJSON, append } = value as { readonly toJSON?: unknown; readonly append?: unknown };
  if (typeof toJSON === 'function') return !ArrayBuffer.isView(value);
  // React Native's FormData has no tag.
  if (typeof append === 'function' || Symbol.iterator in value || Symbol.asyncIterator in value) {
    return false;
  }
  const tag = Object.prototype.toString.call(value);
  return tag === '[object Object]' && Object.values(value).every((one) => isJsonSafe(one, seen));
}

/** Reads JSON that comes from outside. It is copied, each property once, so that it cannot change later. */
export class BoundedJsonReader {
  #left: number;
  /** Why it is refused; no more is read then. */
  #refusal: TypeError | undefined;

  /**
   * @param owner - Who reads it, for messages.
   * @param size - Characters and values in it at most.
   */
  constructor(
    readonly owner: string,
    readonly size: number,
  ) {
    this.#left = size;
  }

  /**
   * @param what - Where the value stands, for the message.
   * @throws {TypeError} When it is no JSON (own data properties of plain objects and arrays), or too much.
   */
  read(value: unknown, what: string, depth = 0): Json {
    this.#consume(typeof value === 'string' ? value.length : 1);
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (depth > MAX_DEPTH) throw this.#refuse(`${this.owner}: the ticket is nested too deeply`);
    try {
      if (Array.isArray(value)) return this.#array(value, what, depth);
      if (isObject(value) && isRecord(value)) return this.#record(value, what, depth);
    } catch {
      // What throws when it is looked at (a Proxy) is no JSON either.
      if (this.#refusal) throw this.#refusal;
    }
    throw this.#refuse(`${this.owner}: ${what} takes plain JSON; got ${describeKind(value)}`);
  }

  #array(value: readonly unknown[], what: string, depth: number): Json {
    const copied: Json[] = [];
    for (let i = 0; i < value.length; i += 1) {
      copied.push(this.read(ownDataProperty(value, i), `${what}[${i}]`, depth + 1));
    }
    return copied;
  }

  #record(value: object, what: string, depth: number): Json {
    const copied: Record<string, Json> = {};
    for (const name of Reflect.ownKeys(value)) {
      if (typeof name !== 'string' || name === '__proto__') {
        throw this.#refuse(`${this.owner}: ${what} must not have the key ${formatValue(name)}`);
      }
      this.#consume(name.length);
      copied[name] = this.read(ownDataProperty(value, name), pathOf(what, name), depth + 1);
    }
    return copied;
  }

  #consume(characters: number): void {
    this.#left -= characters;
    if (this.#left < 0) {
      throw this.#refuse(
        `${this.owner}: the ticket takes ${this.size} bytes of JSON at most; got more`,
      );
    }
  }

  #refuse(message: string): TypeError {
    this.#refusal = new TypeError(`axios-status-retry: ${message}`);
    return this.#refusal;
  }
}

/** Of this realm or another. */
function isRecord(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** An own property that is no accessor; a hole in an array is none. */
function ownDataProperty(value: object, name: string | number): unknown {
  return Object.getOwnPropertyDescriptor(value, name)?.value as unknown;
}

/** What a value is, but not what is in it, which may be secret. */
export function describeKind(value: unknown): string {
  const kind = typeof value;
  if (typeof value === 'string') return `a string of ${value.length} characters`;
  if (kind === 'bigint' || kind === 'symbol' || Number.isFinite(value)) return `a ${kind}`;
  return formatValue(value);
}

/** Where a property stands, for messages; its name may be anything. */
export function pathOf(what: string, name: string): string {
  return /^\w{1,40}$/.test(name) ? `${what}.${name}` : `${what}[${formatValue(name)}]`;
}

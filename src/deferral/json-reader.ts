// Reads a value from outside as JSON, without trusting it.
import { isObject } from '../util/clone.js';
import { formatValue } from '../util/validate.js';
import type { Json } from './json.js';

/** Levels of nesting. A value with more is refused. */
const MAX_DEPTH = 100;

/**
 * Copies a value that is plain JSON: plain objects and arrays, with data properties only. Each
 * property is read once, so a Proxy cannot show another value later.
 *
 * @param where - The name of the value, for messages.
 * @param maxSize - The largest number of characters and values. Reading stops there.
 * @throws {TypeError} When the value is not plain JSON, is too large or is nested too deeply.
 */
export function readJson(value: unknown, where: string, maxSize: number): Json {
  let remaining = maxSize;
  let refusal: TypeError | undefined;

  function refuse(message: string): TypeError {
    refusal = ticketError(message);
    return refusal;
  }

  function consume(size: number): void {
    remaining -= size;
    if (remaining < 0) throw refuse(tooLarge(maxSize));
  }

  function read(value: unknown, where: string, depth: number): Json {
    consume(typeof value === 'string' ? value.length : 1);
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (depth > MAX_DEPTH) throw refuse('the ticket is nested too deeply');
    try {
      if (Array.isArray(value)) return readArray(value, where, depth + 1);
      if (isObject(value) && isRecord(value)) return readRecord(value, where, depth + 1);
    } catch {
      // Either something inside was refused, or a Proxy's trap threw.
      if (refusal) throw refusal;
    }
    throw refuse(`${where} takes plain JSON; got ${describeKind(value)}`);
  }

  function readArray(array: readonly unknown[], where: string, depth: number): Json {
    const copy: Json[] = [];
    for (let i = 0; i < array.length; i += 1) {
      copy.push(read(ownDataProperty(array, i), `${where}[${i}]`, depth));
    }
    return copy;
  }

  function readRecord(record: object, where: string, depth: number): Json {
    const copy: Record<string, Json> = {};
    for (const name of Reflect.ownKeys(record)) {
      if (typeof name !== 'string' || name === '__proto__') {
        throw refuse(`${where} must not have the key ${formatValue(name)}`);
      }
      consume(name.length);
      copy[name] = read(ownDataProperty(record, name), pathOf(where, name), depth);
    }
    return copy;
  }

  return read(value, where, 0);
}

/** A plain object, also one of another realm. */
function isRecord(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Undefined for an accessor and for a hole in an array. */
function ownDataProperty(value: object, name: string | number): unknown {
  return Object.getOwnPropertyDescriptor(value, name)?.value as unknown;
}

/** Describes a value without its contents, which may be secret. */
export function describeKind(value: unknown): string {
  const kind = typeof value;
  if (typeof value === 'string') return `a string of ${value.length} characters`;
  if (kind === 'bigint' || kind === 'symbol' || Number.isFinite(value)) return `a ${kind}`;
  return formatValue(value);
}

/** The path of a property, for messages. The name may be any string. */
export function pathOf(where: string, name: string): string {
  return /^\w{1,40}$/.test(name) ? `${where}.${name}` : `${where}[${formatValue(name)}]`;
}

export function ticketError(message: string): TypeError {
  return new TypeError(
    `axios-status-retry: parseTicket: ${message}; see axios-status-retry/errors.md#invalid-ticket`,
  );
}

export function tooLarge(maxSize: number): string {
  return `the ticket takes ${maxSize} bytes of JSON at most; got more`;
}

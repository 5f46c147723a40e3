// JSON as a type, and the JSON of what a caller gave.
import { isSingleUseBody } from '../request/body.js';
import { isObject } from '../util/clone.js';

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export type JsonObject = { readonly [name: string]: Json };

export function isJsonObject(value: Json): value is JsonObject {
  return isObject(value) && !Array.isArray(value);
}

/**
 * Turns a value into JSON, if Axios would send the same JSON for it.
 *
 * @returns Undefined for anything else: a Blob, a stream or bytes anywhere in it, a circle, a BigInt.
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

/** Whether Axios treats a value as data. `seen` ends the search in a circle, which `JSON.stringify` refuses. */
function isJsonSafe(value: unknown, seen: Set<object>): boolean {
  if (!isObject(value) || seen.has(value)) return true;
  seen.add(value);
  if (Array.isArray(value)) return value.every((item) => isJsonSafe(item, seen));
  const { toJSON, append } = value as { readonly toJSON?: unknown; readonly append?: unknown };
  if (typeof toJSON === 'function') return !ArrayBuffer.isView(value);
  // A FormData; React Native's has no tag.
  if (typeof append === 'function' || Symbol.iterator in value || Symbol.asyncIterator in value) {
    return false;
  }
  const tag = Object.prototype.toString.call(value);
  return tag === '[object Object]' && Object.values(value).every((one) => isJsonSafe(one, seen));
}

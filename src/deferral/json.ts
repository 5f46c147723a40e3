// The type of JSON values, and the conversion of a caller's value to JSON.
import { isSingleUseBody } from '../request/body.js';
import { isObject } from '../util/clone.js';

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export type JsonObject = { readonly [name: string]: Json };

export function isJsonObject(value: Json): value is JsonObject {
  return isObject(value) && !Array.isArray(value);
}

/**
 * Converts a value to JSON, if that is also what Axios would send.
 *
 * @returns Undefined for other values, such as a Blob, a circle, a BigInt, or a stream or bytes
 *   anywhere inside.
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

/**
 * Whether `JSON.stringify` and Axios agree on a value.
 *
 * @param seen - Ends the recursion in a circle, which `JSON.stringify` refuses.
 */
function isJsonSafe(value: unknown, seen: Set<object>): boolean {
  if (!isObject(value) || seen.has(value)) return true;
  seen.add(value);
  if (Array.isArray(value)) return value.every((item) => isJsonSafe(item, seen));
  const { toJSON, append } = value as { readonly toJSON?: unknown; readonly append?: unknown };
  if (typeof toJSON === 'function') return !ArrayBuffer.isView(value);
  // A FormData, also React Native's, which has no tag.
  if (typeof append === 'function' || Symbol.iterator in value || Symbol.asyncIterator in value) {
    return false;
  }
  const tag = Object.prototype.toString.call(value);
  return tag === '[object Object]' && Object.values(value).every((one) => isJsonSafe(one, seen));
}

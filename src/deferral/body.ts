// Writes the body of a request into its ticket, and reads it back.
import { isObject } from '../util/clone.js';
import type { Json } from './json.js';
import { toJson } from './json.js';

/** A request's body, as the caller gave it. */
export type TicketBody =
  /** A value that Axios sends as JSON, or as a form if `Content-Type` says so. */
  | { readonly type: 'json'; readonly value: Json }
  | { readonly type: 'text'; readonly value: string }
  /** `URLSearchParams`. */
  | { readonly type: 'form'; readonly value: string }
  /** A Buffer, an ArrayBuffer or a view of one, in base64. */
  | { readonly type: 'bytes'; readonly value: string };

/**
 * Writes down a body, so that Axios sends the same for what {@link readBody} makes of it.
 *
 * @param maxBytes - More bytes than these are not written down.
 * @returns Undefined if the body cannot be written down.
 */
export function writeBody(data: unknown, maxBytes: number): TicketBody | undefined {
  if (typeof data === 'string') return { type: 'text', value: data };
  if (tagOf(data) === '[object URLSearchParams]') return { type: 'form', value: String(data) };
  const bytes = bytesOf(data);
  if (bytes) {
    return bytes.length > maxBytes ? undefined : { type: 'bytes', value: toBase64(bytes) };
  }
  const value = toJson(data);
  // Axios sends the JSON of a Date, quotes included, but a string without quotes.
  if (value === undefined || isObject(value) !== isObject(data)) return undefined;
  return { type: 'json', value };
}

/** The body to give to Axios. */
export function readBody({ type, value }: TicketBody): unknown {
  if (type === 'form') return new URLSearchParams(value);
  if (type === 'bytes') return Uint8Array.from(atob(value), (char) => char.charCodeAt(0));
  return value;
}

/** The bytes that Axios sends. Of a view that is not a Buffer it sends the whole ArrayBuffer. */
function bytesOf(data: unknown): Uint8Array | undefined {
  if (tagOf(data) === '[object ArrayBuffer]') return new Uint8Array(data as ArrayBuffer);
  if (!ArrayBuffer.isView(data)) return undefined;
  const { isBuffer } = data.constructor as { isBuffer?: (data: unknown) => boolean };
  if (isBuffer?.(data)) return data as Uint8Array;
  return new Uint8Array(data.buffer);
}

/** Identifies objects of other realms too, as Axios does. */
function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value);
}

function toBase64(bytes: Uint8Array): string {
  // In chunks, because a call takes a limited number of arguments.
  const chunkSize = 8192;
  let binary = '';
  for (let start = 0; start < bytes.length; start += chunkSize) {
    binary += String.fromCharCode(...bytes.subarray(start, start + chunkSize));
  }
  return btoa(binary);
}

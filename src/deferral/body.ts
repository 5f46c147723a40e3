import { isObject } from '../util/clone.js';
import type { Json } from './json.js';
import { toJson } from './json.js';

/** A request's body, as the caller gave it. */
export type TicketBody =
  /** What Axios makes JSON of, or a form where Content-Type says so. */
  | { readonly type: 'json'; readonly value: Json }
  | { readonly type: 'text'; readonly value: string }
  /** `URLSearchParams`. */
  | { readonly type: 'form'; readonly value: string }
  /** A Buffer, an ArrayBuffer or a view of one; in base64. */
  | {
      readonly type: 'bytes';
      /** @pattern ^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$ */
      readonly value: string;
    };

/**
 * @param most - Bytes that are written at most.
 * @returns Undefined where it cannot be written down.
 */
export function writeBody(data: unknown, most: number): TicketBody | undefined {
  if (typeof data === 'string') return { type: 'text', value: data };
  if (tagOf(data) === '[object URLSearchParams]') return { type: 'form', value: String(data) };
  const bytes = bytesOf(data);
  if (bytes) {
    return bytes.length > most ? undefined : { type: 'bytes', value: base64(bytes) };
  }
  const value = toJson(data);
  // Of a Date Axios sends JSON, but a text as it is.
  return value === undefined || isObject(value) !== isObject(data)
    ? undefined
    : { type: 'json', value };
}

export function readBody({ type, value }: TicketBody): unknown {
  if (type === 'form') return new URLSearchParams(value);
  if (type === 'bytes') return Uint8Array.from(atob(value), (one) => one.charCodeAt(0));
  return value;
}

/** The bytes that Axios sends: of a Buffer its own, of any other view all those that it is a view of. */
function bytesOf(data: unknown): Uint8Array | undefined {
  if (tagOf(data) === '[object ArrayBuffer]') return new Uint8Array(data as ArrayBuffer);
  if (!ArrayBuffer.isView(data)) return undefined;
  const { isBuffer } = data.constructor as { isBuffer?: (data: unknown) => boolean };
  if (isBuffer?.(data)) return data as Uint8Array;
  return new Uint8Array(data.buffer);
}

/** As Axios tells kinds apart, across realms. */
function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value);
}

function base64(bytes: Uint8Array): string {
  let text = '';
  // A call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(text);
}

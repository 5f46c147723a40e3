import type { InternalAxiosRequestConfig } from 'axios';
import { invalidArgument } from '../util/validate.js';

const HEADER = 'Idempotency-Key';

/** A key that no other request has: a UUID, or as good where `crypto` is missing (http pages). */
export function randomKey(): string {
  const source = globalThis.crypto as Partial<Crypto> | undefined;
  if (source?.randomUUID) return source.randomUUID();
  return Array.from({ length: 4 }, () => Math.random().toString(36).slice(2)).join('-');
}

/**
 * Gives a POST or PATCH the header that lets a server tell a request sent again from a new one
 * (IETF draft-ietf-httpapi-idempotency-key-header), unless the caller did.
 */
export function setIdempotencyKey(
  { method, headers }: InternalAxiosRequestConfig,
  make: true | (() => string),
): void {
  if (!/^(post|patch)$/i.test(method ?? '') || headers.has(HEADER)) return;
  const key: unknown = make === true ? randomKey() : make();
  if (typeof key !== 'string' || key === '') {
    throw invalidArgument('the result of option "idempotencyKey"', 'a non-empty string', key);
  }
  headers.set(HEADER, key);
}

// Sets the Idempotency-Key header.
import type { InternalAxiosRequestConfig } from 'axios';
import { invalidResult } from '../util/validate.js';

const HEADER = 'Idempotency-Key';

/** A unique key: a UUID, or random text without `crypto` (on http pages). */
export function randomKey(): string {
  const { crypto } = globalThis as { crypto?: Partial<Crypto> };
  const part = (): string => Math.random().toString(36).slice(2);
  return crypto?.randomUUID?.() ?? `${part()}-${part()}-${part()}-${part()}`;
}

/**
 * Sets the header by which a server recognizes a request that is sent again
 * (IETF draft-ietf-httpapi-idempotency-key-header), on POST and PATCH, unless the caller has set it.
 */
export function setIdempotencyKey(
  { method, headers }: InternalAxiosRequestConfig,
  make: true | (() => string),
): void {
  if (!/^(post|patch)$/i.test(method ?? '') || headers.has(HEADER)) return;
  const key: unknown = make === true ? randomKey() : make();
  if (typeof key !== 'string' || key === '') {
    throw invalidResult('option "idempotencyKey"', 'a non-empty string', key);
  }
  headers.set(HEADER, key);
}

// Parses the Retry-After header.
import { parseHttpDate } from './http-date.js';

/** What a date in Retry-After is relative to. */
export interface RetryAfterContext {
  /**
   * When the response came, in epoch milliseconds.
   *
   * @defaultValue now
   */
  readonly receivedAt?: number | undefined;
  /**
   * The response's `Date` header, which corrects for a server clock that is off.
   *
   * @defaultValue none
   */
  readonly date?: unknown;
  /**
   * The response's `Age` header. A cached response has an old `Date`, which is ignored.
   *
   * @defaultValue none
   */
  readonly age?: unknown;
}

/**
 * Parses a Retry-After header (RFC 9110 §10.2.3): seconds in digits only, or an HTTP-date. Of a repeated
 * header, as an array or a comma-separated list, the largest value counts if all are valid.
 *
 * @param value - The header as received: a string, an array of strings, or nothing. A number counts as
 *   its decimal text.
 * @param context - When the response came, and its headers `Date` and `Age`, which correct a date.
 * @returns The wait in milliseconds: an integer from 0 (a past date) to `Number.MAX_SAFE_INTEGER`;
 *   `undefined` without a valid value. It never throws for what a server sends.
 */
export function parseRetryAfter(
  value: unknown,
  { receivedAt = Date.now(), date, age }: RetryAfterContext = {},
): number | undefined {
  // A repeated header is one list (RFC 9110 §5.3).
  const lines: readonly unknown[] = Array.isArray(value) ? value : [value];
  const list = lines.map(toText).join();
  // Trimmed once, because the server may send a long list of dates and a long `Date`.
  const sent = age == null && typeof date === 'string' ? date.trim() : '';
  // Not split at commas, because a date may contain one. No part of the pattern can match what the
  // next part matches, so a hostile value takes linear time.
  const member = /[ \t]*(?:(\d+)|([A-Z][a-z]+,?(?: +[\w:-]+){3,5}))[ \t]*(,|$)/y;
  // Starts at 0, so that a past date is no wait.
  for (let largest = 0; ; ) {
    const [, digits, until = '', end] = member.exec(list) ?? [];
    const delay = digits ? Number(digits) * 1000 : fromDate(until, sent, receivedAt);
    if (delay === undefined) return undefined;
    largest = Math.max(largest, delay);
    if (end === '') return Math.min(largest, Number.MAX_SAFE_INTEGER);
  }
}

/** A line as text; empty text, which is invalid, for any other value. */
function toText(line: unknown): string {
  // As a BigInt, because a large number has no decimal text.
  if (Number.isInteger(line)) return String(BigInt(line as number));
  return typeof line === 'string' ? line : '';
}

/** @param sent - The `Date` of a response that is not from a cache; else empty. */
function fromDate(until: string, sent: string, receivedAt: number): number | undefined {
  const end = parseHttpDate(until, receivedAt) ?? NaN;
  const delay = Math.ceil(end - (parseHttpDate(sent, receivedAt) ?? receivedAt));
  return Number.isFinite(delay) ? delay : undefined;
}

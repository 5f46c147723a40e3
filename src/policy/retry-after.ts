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
 * @returns The wait in milliseconds: an integer from 0 (a past date) to `Number.MAX_SAFE_INTEGER`;
 *   `undefined` without a valid value. It never throws for a value.
 */
export function parseRetryAfter(
  value: unknown,
  context: RetryAfterContext = {},
): number | undefined {
  const lines: readonly unknown[] = Array.isArray(value) ? value : [value];
  let largest: number | undefined;
  for (const line of lines) {
    const delay = typeof line === 'string' ? fromList(line, context) : fromNumber(line);
    if (delay === undefined) return undefined;
    largest = Math.max(largest ?? 0, delay);
  }
  return largest;
}

function fromList(list: string, context: RetryAfterContext): number | undefined {
  // Not split at commas, because a date may contain one. No part of the pattern can match what the
  // next part matches, so a hostile value takes linear time.
  const member = /[ \t]*(?:(\d+)|([A-Z][a-z]+,?(?: +[\w:-]+){3,5}))[ \t]*(,|$)/y;
  // Starts at 0, so that a past date is no wait.
  for (let largest = 0; ; ) {
    const [, digits, date = '', end] = member.exec(list) ?? [];
    const delay = digits ? saturate(Number(digits) * 1000) : fromDate(date, context);
    if (delay === undefined) return undefined;
    largest = Math.max(largest, delay);
    if (end === '') return largest;
  }
}

function fromNumber(seconds: unknown): number | undefined {
  return Number.isInteger(seconds) && (seconds as number) >= 0
    ? saturate((seconds as number) * 1000)
    : undefined;
}

function fromDate(text: string, context: RetryAfterContext): number | undefined {
  const { receivedAt = Date.now(), date, age } = context;
  const until = parseHttpDate(text, receivedAt);
  if (until === undefined) return undefined;
  const isFresh = age === undefined || age === null;
  const sentAt =
    isFresh && typeof date === 'string' ? parseHttpDate(date.trim(), receivedAt) : undefined;
  const delay = until - (sentAt ?? receivedAt);
  return Number.isFinite(delay) ? saturate(Math.ceil(delay)) : undefined;
}

function saturate(delay: number): number {
  return Math.min(delay, Number.MAX_SAFE_INTEGER);
}

import { parseHttpDate } from './http-date.js';

/** What a Retry-After is measured by: times, and other headers of the same response. */
export interface RetryAfterContext {
  /** When the response came, in epoch milliseconds. */
  readonly receivedAt: number;
  /** Its `Date` header: with it a date is measured by the server's own clock. Default: none. */
  readonly date?: unknown;
  /** Its `Age` header: a cached response's `Date` is old, so it is not used then. Default: none. */
  readonly age?: unknown;
}

/**
 * Reads a Retry-After header (RFC 9110 §10.2.3): seconds in digits only, or an HTTP-date. A repeated
 * header, as an array or a list with commas, counts if every member is valid, and then the largest.
 *
 * @param value - The header as it came: text, texts, or nothing; a number is taken for its decimal text.
 * @returns The wait in milliseconds: a whole number from 0 (a past date) to
 *   `Number.MAX_SAFE_INTEGER`. `undefined` when there is no valid value; it never throws for one.
 */
export function parseRetryAfter(value: unknown, context: RetryAfterContext): number | undefined {
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
  // By grammar and not by comma, as a date may hold one. No part can match what the next one can, so
  // that a hostile value takes linear time.
  const member = /[ \t]*(?:(\d+)|([A-Z][a-z]+,?(?: +[\w:-]+){3,5}))[ \t]*(,|$)/y;
  // From 0, as a past date is no wait.
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
  const { receivedAt, date, age } = context;
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

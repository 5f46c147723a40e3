// One attempt of a report, and the list of them.
import { toFiniteMs } from '../util/time.js';
import type { RetryAttempt } from './report.js';

/** A report holds at most this many attempts. */
const MAX_ATTEMPTS = 100;

/** A code longer than this, or with other characters, could carry anything into a log. */
const SAFE_CODE = /^[\w.-]{1,64}$/;

export type Attempt = { -readonly [K in keyof RetryAttempt]: RetryAttempt[K] };

/**
 * One attempt, safe for JSON and for tickets. An adapter may give anything, so an invalid status and a
 * code that is not fit to be logged are left out.
 */
export function toAttempt(sentAt: number, status = 0, code?: string): Attempt {
  const attempt: Attempt = { sentAt: toFiniteMs(sentAt) };
  if (Number.isInteger(status) && status >= 100 && status < 1000) attempt.status = status;
  if (code !== undefined && SAFE_CODE.test(code)) attempt.code = code;
  return attempt;
}

/** Adds an attempt; beyond the limit, the second oldest is dropped. */
export function addAttempt(attempts: Attempt[], attempt: Attempt): void {
  if (attempts.length === MAX_ATTEMPTS) attempts.splice(1, 1);
  attempts.push(attempt);
}

import type { RetryAttempt } from './types.js';

/** Attempts that a report holds at most. */
const LONGEST = 100;

export type Attempt = { -readonly [K in keyof RetryAttempt]: RetryAttempt[K] };

/** One attempt, with only what is fit to be logged. */
export function attemptOf(sentAt: number, status?: number, code?: string): Attempt {
  const attempt: Attempt = { sentAt };
  if (status !== undefined) attempt.status = status;
  if (code !== undefined && /^[\w.-]{1,64}$/.test(code)) attempt.code = code;
  return attempt;
}

/** Adds an attempt to those of a call; of too many the first and the latest stay. */
export function addAttempt(attempts: Attempt[], attempt: Attempt): void {
  if (attempts.length === LONGEST) attempts.splice(1, 1);
  attempts.push(attempt);
}

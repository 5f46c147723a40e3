// Counts the attempts of one call and writes its report.
import type { GiveUpReason } from '../policy/decision.js';
import type { RetryProgress } from './extensions.js';
import type { RetryAttempt, RetryReport } from './report.js';

/** A report holds at most this many attempts. */
const MAX_ATTEMPTS = 100;

/** A code longer than this, or with other characters, could carry anything into a log. */
const SAFE_CODE = /^[\w.-]{1,64}$/;

export type Attempt = { -readonly [K in keyof RetryAttempt]: RetryAttempt[K] };

/** The attempts of one call. Times are epoch milliseconds. */
export class History {
  retries = 0;
  sentAt: number;
  gaveUp: GiveUpReason | undefined;
  /** The ticket that a deferral resumed. */
  resumedFrom: unknown;
  /** Status of the only attempt, if that succeeded: a list would cost memory for every request. */
  #status: number | undefined;
  #attempts: Attempt[] | undefined;

  constructor(public firstSentAt: number) {
    this.sentAt = firstSentAt;
  }

  /** Continues the count of an earlier call of the same request. */
  continue(
    { retries, firstSentAt, attempts, resumedFrom }: RetryProgress,
    earlier?: History,
  ): void {
    this.retries = retries;
    this.firstSentAt = firstSentAt;
    this.resumedFrom = resumedFrom;
    this.#attempts = (earlier ? earlier.#attempts : attempts)?.slice();
  }

  recordFailure(status: number | undefined, code: string | undefined): void {
    const attempt = toAttempt(this.sentAt, status, code);
    // An array literal takes less memory than an empty array that grows.
    if (this.#attempts) addAttempt(this.#attempts, attempt);
    else this.#attempts = [attempt];
  }

  recordSuccess(status: number | undefined): void {
    if (this.#attempts) this.recordFailure(status, undefined);
    this.#status = status;
  }

  /** Records the wait decided after the last attempt, in milliseconds. */
  recordDelay(delay: number): void {
    const last = this.#attempts?.at(-1);
    if (last) last.delay = delay;
  }

  report(): RetryReport {
    const list = this.#attempts ?? [toAttempt(this.sentAt, this.#status)];
    const attempts = list.map((attempt) => ({ ...attempt }));
    return this.gaveUp === undefined ? { attempts } : { attempts, gaveUp: this.gaveUp };
  }
}

/** One attempt, without a code that is not fit to be logged. */
export function toAttempt(sentAt: number, status?: number, code?: string): Attempt {
  const attempt: Attempt = { sentAt };
  if (status !== undefined) attempt.status = status;
  if (code !== undefined && SAFE_CODE.test(code)) attempt.code = code;
  return attempt;
}

/** Adds an attempt; beyond the limit, the second oldest is dropped. */
export function addAttempt(attempts: Attempt[], attempt: Attempt): void {
  if (attempts.length === MAX_ATTEMPTS) attempts.splice(1, 1);
  attempts.push(attempt);
}

import type { GiveUpReason } from '../policy/decision.js';
import type { RetryProgress } from './extensions.js';
import type { RetryAttempt, RetryReport } from './report.js';

/** What has been tried for one request. Times are epoch milliseconds. */
export class History {
  retries = 0;
  sentAt: number;
  gaveUp: GiveUpReason | undefined;
  /** What a deferral took the request up from. */
  resumedFrom: unknown;
  /** Of the only attempt, where it succeeded: then there is no list. */
  #status: number | undefined;
  #attempts: Attempt[] | undefined;

  constructor(public firstSentAt: number) {
    this.sentAt = firstSentAt;
  }

  /** Goes on where another call of the same request stands. */
  continue({ retries, firstSentAt, attempts, resumedFrom }: RetryProgress, before?: History): void {
    this.retries = retries;
    this.firstSentAt = firstSentAt;
    this.resumedFrom = resumedFrom;
    this.#attempts = (before ? before.#attempts : attempts)?.slice();
  }

  recordFailure(status: number | undefined, code: string | undefined): void {
    const attempt = attemptOf(this.sentAt, status, code);
    // As a list of one, which is smaller than an empty one that grew.
    if (this.#attempts) addAttempt(this.#attempts, attempt);
    else this.#attempts = [attempt];
  }

  recordSuccess(status: number | undefined): void {
    if (this.#attempts) this.recordFailure(status, undefined);
    this.#status = status;
  }

  /** The wait decided after the last attempt, in milliseconds. */
  recordDelay(delay: number): void {
    const last = this.#attempts?.at(-1);
    if (last) last.delay = delay;
  }

  report(): RetryReport {
    const list = this.#attempts ?? [attemptOf(this.sentAt, this.#status)];
    const attempts = list.map((attempt) => ({ ...attempt }));
    return this.gaveUp === undefined ? { attempts } : { attempts, gaveUp: this.gaveUp };
  }
}

/** Attempts that a report holds at most. */
const MAX_ATTEMPTS = 100;

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
  if (attempts.length === MAX_ATTEMPTS) attempts.splice(1, 1);
  attempts.push(attempt);
}

// Counts the attempts of one call and writes its report.
import type { GiveUpReason } from '../policy/decision.js';
import { toFiniteMs } from '../util/time.js';
import type { Attempt } from './attempt.js';
import { addAttempt, toAttempt } from './attempt.js';
import type { Ending } from './ending.js';
import type { RetryProgress } from './extensions.js';
import type { RetryReport } from './report.js';

/** The attempts of one call. Times are epoch milliseconds. */
export class History {
  retries = 0;
  sentAt: number;
  gaveUp: GiveUpReason | undefined;
  /** When the request could have been sent again, if that was known. */
  retryAt: number | undefined;
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
    if (last) last.delay = toFiniteMs(delay);
  }

  /** Records the end of a call that fails, or what else is known of it. */
  end({ reason = this.gaveUp, retryAt = this.retryAt }: Ending): void {
    this.gaveUp = reason;
    this.retryAt = retryAt;
  }

  /** Copies of the attempts whose outcome is known; none of a call that succeeded at once. */
  get attempts(): Attempt[] {
    return (this.#attempts ?? []).map((attempt) => ({ ...attempt }));
  }

  /** The wait before the next attempt, if one was decided. */
  get lastDelay(): number | undefined {
    return this.#attempts?.at(-1)?.delay;
  }

  report(): RetryReport {
    const attempts = this.#attempts ? this.attempts : [toAttempt(this.sentAt, this.#status)];
    const { gaveUp, retryAt } = this;
    return {
      attempts,
      ...(gaveUp && { gaveUp }),
      // JSON has no Infinity.
      ...(Number.isFinite(retryAt) && { retryAt: retryAt as number }),
    };
  }
}

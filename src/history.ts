import type { Attempt } from './attempts.js';
import { addAttempt, attemptOf } from './attempts.js';
import type { Progress } from './ports.js';
import type { GiveUpReason, RetryReport } from './types.js';

/** What has been tried for one request. Times are epoch milliseconds. */
export class History {
  retries = 0;
  sentAt: number;
  gaveUp: GiveUpReason | undefined;
  /** What a deferral took the request up from. */
  origin: unknown;
  /** Of the only attempt, where it succeeded: then there is no list. */
  #status: number | undefined;
  #attempts: Attempt[] | undefined;

  constructor(public firstSentAt: number) {
    this.sentAt = firstSentAt;
  }

  /** Goes on where another call of the same request stands. */
  continue({ retries, firstSentAt, attempts, origin }: Progress, before?: History): void {
    this.retries = retries;
    this.firstSentAt = firstSentAt;
    this.origin = origin;
    this.#attempts = (before ? before.#attempts : attempts)?.slice();
  }

  failed(status: number | undefined, code: string | undefined): void {
    const attempt = attemptOf(this.sentAt, status, code);
    // As a list of one, which is smaller than an empty one that grew.
    if (this.#attempts) addAttempt(this.#attempts, attempt);
    else this.#attempts = [attempt];
  }

  succeeded(status: number | undefined): void {
    if (this.#attempts) this.failed(status, undefined);
    this.#status = status;
  }

  /** The wait decided after the last attempt, in milliseconds. */
  waits(delay: number): void {
    const last = this.#attempts?.at(-1);
    if (last) last.delay = delay;
  }

  report(): RetryReport {
    const list = this.#attempts ?? [attemptOf(this.sentAt, this.#status)];
    const attempts = list.map((attempt) => ({ ...attempt }));
    return this.gaveUp === undefined ? { attempts } : { attempts, gaveUp: this.gaveUp };
  }
}

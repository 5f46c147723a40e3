// A stub server that tells its quotas, and a reader of them.
import type { QuotaReader } from '../../src/hints/quota.js';

/** What an answer tells: a JSON array in one header, so that a test says exactly what a reader returns. */
export const QUOTA_HEADER = 'x-quotas';

export const readQuotaHeader: QuotaReader = ({ headers }) => {
  const text = (headers as Record<string, unknown>)[QUOTA_HEADER];
  return typeof text === 'string' ? JSON.parse(text) : [];
};

/** Accepts `limit` requests per window and tells what is left and when the window ends, in whole seconds. */
export class QuotaWindow {
  count = 0;
  #index = 0;

  constructor(
    readonly limit: number,
    readonly lengthMs: number,
    readonly name = 'window',
  ) {}

  /** Counts a request and says what to answer. */
  answer(now: number): { accepted: boolean; quota: object; retryAfter: number } {
    const index = Math.floor(now / this.lengthMs);
    if (index !== this.#index) this.count = 0;
    this.#index = index;
    this.count += 1;
    const reset = Math.ceil(((index + 1) * this.lengthMs - now) / 1000);
    const remaining = Math.max(this.limit - this.count, 0);
    return {
      accepted: this.count <= this.limit,
      quota: { name: this.name, remaining, reset: reset * 1000, limit: this.limit },
      retryAfter: reset,
    };
  }
}

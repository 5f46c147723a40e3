// What answers tell of the quota that is left.
import type { ServerAnswer } from '../policy/hint.js';

/** One quota, as an answer tells it. */
export interface Quota {
  /** Tells the quotas of one server apart. */
  readonly name: string;
  /** Units that are left until the window ends. */
  readonly remaining?: number | undefined;
  /** Milliseconds from the answer until the window ends. */
  readonly reset?: number | undefined;
  /** Units of a whole window. */
  readonly limit?: number | undefined;
  /** Length of the window, in milliseconds. */
  readonly window?: number | undefined;
  /**
   * What is counted, as in the parameter `qu` of `RateLimit-Policy`.
   *
   * @defaultValue 'requests'
   */
  readonly unit?: string | undefined;
}

/** Reads the quotas that an answer tells; an empty array if it tells none. */
export type QuotaReader = (answer: ServerAnswer) => readonly Quota[];

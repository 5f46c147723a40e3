// The report of a request: its attempts, and why it ended.
import type { GiveUpReason } from '../policy/decision.js';
import { configOf, stateOn } from '../request/state.js';

/** One send of a request and its outcome. */
export interface RetryAttempt {
  /** Epoch milliseconds. */
  readonly sentAt: number;
  /** The response's status, if there was a response. */
  readonly status?: number;
  /** Code of the error, if there was no response: `ECONNREFUSED`, `ETIMEDOUT`, … */
  readonly code?: string;
  /** The wait decided after this attempt, in milliseconds. */
  readonly delay?: number;
}

/** The attempts of a request and why it ended. Plain JSON without headers, bodies, URLs or credentials. */
export interface RetryReport {
  /** Oldest first; at most 100, the first and the last 99. */
  readonly attempts: readonly RetryAttempt[];
  /** Absent if the call succeeded, or a hook or an interceptor failed it. See docs/reference/reasons.md. */
  readonly gaveUp?: GiveUpReason;
  /**
   * When the request could have been sent again, epoch milliseconds: if a wait was known and not begun,
   * because it was too long, say, or handed over.
   */
  readonly retryAt?: number;
}

/** The plugin's state on a config, as this and other copies of the package read it. */
export interface RetryState {
  readonly retries: number;
  toJSON(): RetryReport;
}

function isState(state: unknown): state is RetryState {
  const { retries, toJSON } = (state ?? {}) as Partial<RetryState>;
  return typeof retries === 'number' && typeof toJSON === 'function';
}

/**
 * Returns which send of a request this is.
 *
 * @param config - A request's config, in an interceptor, or on its response or error.
 * @returns 0 for the first send and for requests that the plugin does not know, n for retry n.
 */
export function retryCount(config: unknown): number {
  const state = stateOn(config);
  return isState(state) ? state.retries : 0;
}

/**
 * Returns what was tried for a request, and why it ended.
 *
 * @param errorOrResponse - What the request settled with. If a hook threw, its error's `cause` has the
 *   report.
 * @returns `undefined` for anything that did not pass through the plugin.
 */
export function retryReport(errorOrResponse: unknown): RetryReport | undefined {
  const cause = (errorOrResponse as { cause?: unknown } | null | undefined)?.cause;
  const state = [errorOrResponse, cause].map((outcome) => stateOn(configOf(outcome))).find(isState);
  return state?.toJSON();
}

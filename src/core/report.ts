import type { GiveUpReason } from '../policy/decision.js';
import { configOf, stateOn } from '../request/state.js';

/** One send of a request, and how it ended. */
export interface RetryAttempt {
  /** Epoch milliseconds. */
  readonly sentAt: number;
  /** The response's status, if there was a response. */
  readonly status?: number;
  /** The error's code, if there was no response: `ECONNREFUSED`, `ETIMEDOUT`, … */
  readonly code?: string;
  /** The wait decided after this attempt, in milliseconds. */
  readonly delay?: number;
}

/** What was tried, and why it ended. Plain JSON without header, body, URL or credential. */
export interface RetryReport {
  /** Oldest first. Of more than 100, the first and the last 99. */
  readonly attempts: readonly RetryAttempt[];
  readonly gaveUp?: GiveUpReason;
}

/** What the value under the key offers, to this copy of the package and to any other. */
export interface RetryState {
  readonly retries: number;
  toJSON(): RetryReport;
}

function isState(state: unknown): state is RetryState {
  const { retries, toJSON } = (state ?? {}) as Partial<RetryState>;
  return typeof retries === 'number' && typeof toJSON === 'function';
}

/**
 * Which send of a request this is.
 *
 * @param config - A request's config, in an interceptor or on its response or error.
 * @returns 0 on the first send and on requests the plugin does not know, n on retry n.
 */
export function retryCount(config: unknown): number {
  const state = stateOn(config);
  return isState(state) ? state.retries : 0;
}

/**
 * What was tried for a request, and why it ended.
 *
 * @param errorOrResponse - What the request settled with; of an error that a hook threw, its `cause`.
 * @returns Undefined for anything that did not pass through the plugin.
 */
export function retryReport(errorOrResponse: unknown): RetryReport | undefined {
  const cause = (errorOrResponse as { cause?: unknown } | null | undefined)?.cause;
  const state = [errorOrResponse, cause].map((outcome) => stateOn(configOf(outcome))).find(isState);
  return state?.toJSON();
}

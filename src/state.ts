import type { RetryReport } from './types.js';

/**
 * The one key the plugin adds to a request's config. A string, as Axios drops symbol keys before
 * 1.19; its value is a class instance, which Axios's config merge passes on as it is.
 */
export const STATE = 'axios-status-retry';

/** What the value under the key offers, to this copy of the package and to any other. */
export interface RetryState {
  readonly retries: number;
  toJSON(): RetryReport;
}

/** The config of a response or an error, or of nothing at all. */
export function configIn(outcome: unknown): unknown {
  try {
    return (outcome as { config?: unknown } | null | undefined)?.config;
  } catch {
    // One that throws when it is looked at is none of ours.
    return undefined;
  }
}

/** What the plugin left on a config; undefined where it has not been. */
export function stateOf(config: unknown): unknown {
  return (config as Record<string, unknown> | null | undefined)?.[STATE];
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
  const state = stateOf(config);
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
  const state = [errorOrResponse, cause].map((outcome) => stateOf(configIn(outcome))).find(isState);
  return state?.toJSON();
}

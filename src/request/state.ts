/**
 * The one key the plugin adds to a request's config. A string, as Axios drops symbol keys before
 * 1.19; its value is a class instance, which Axios's config merge passes on as it is.
 */
export const CONFIG_KEY = 'axios-status-retry';

/** The config of a response or an error, or of nothing at all. */
export function configOf(outcome: unknown): unknown {
  try {
    return (outcome as { config?: unknown } | null | undefined)?.config;
  } catch {
    // One that throws when it is looked at is none of ours.
    return undefined;
  }
}

/** What the plugin left on a config; undefined where it has not been. */
export function stateOn(config: unknown): unknown {
  return (config as Record<string, unknown> | null | undefined)?.[CONFIG_KEY];
}

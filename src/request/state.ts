// The key under which the plugin stores its state on a request's config.

/**
 * The only key that the plugin adds to a config. A string because Axios drops symbol keys before 1.19;
 * its value is a class instance because Axios's config merge passes those on as they are.
 */
export const CONFIG_KEY = 'axios-status-retry';

/** The config of a response or an error, whatever it is. */
export function configOf(outcome: unknown): unknown {
  try {
    return (outcome as { config?: unknown } | null | undefined)?.config;
  } catch {
    // A value whose getter throws is not one of our errors.
    return undefined;
  }
}

/** The plugin's state on a config, if any. */
export function stateOn(config: unknown): unknown {
  return (config as Record<string, unknown> | null | undefined)?.[CONFIG_KEY];
}

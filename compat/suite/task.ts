// The message that starts the suite in a process or a page.
import type { AdapterName, Environment } from './environment.js';

export interface Task {
  readonly adapter: AdapterName;
  readonly runtime: Environment['runtime'];
  /** The version of Axios. */
  readonly version: string;
  /** The scripted server. */
  readonly serverUrl: string;
}

/** The modules that the process or page has loaded. */
interface Loaded {
  readonly axios: Environment['axios'];
  readonly MockAdapter: unknown;
  readonly plugin: Environment['plugin'];
}

export function environmentOf(
  { adapter, runtime, version, serverUrl }: Task,
  { axios, MockAdapter, plugin }: Loaded,
): Environment {
  if (axios.VERSION !== version) throw new Error(`Axios ${axios.VERSION} is not ${version}`);
  const shared = { axios, version, adapter, runtime, plugin };
  return adapter === 'mock'
    ? { ...shared, MockAdapter: MockAdapter as NonNullable<Environment['MockAdapter']> }
    : { ...shared, serverUrl };
}

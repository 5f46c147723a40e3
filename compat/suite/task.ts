import type { AdapterName, Environment } from './environment.js';

/** What a process or a page is told to try. */
export interface Task {
  readonly adapter: AdapterName;
  readonly runtime: Environment['runtime'];
  /** Of Axios. */
  readonly version: string;
  /** The scripted server. */
  readonly serverUrl: string;
}

/** What it has loaded. */
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

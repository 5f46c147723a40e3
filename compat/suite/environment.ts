// What the suite runs on: one Axios, one adapter, one runtime, one build of the package.
import type { AxiosStatic } from 'axios';
import type { Received } from '../../__tests__/support/scripted-server.js';

/** The package's exports. */
export type Plugin = typeof import('../../src/index.js') &
  typeof import('../../src/deferral/index.js') &
  typeof import('../../src/testing/index.js');

export type AdapterName = 'http' | 'fetch' | 'xhr' | 'mock';

/** A server that gives its replies in turn; the last one repeats. */
export interface Server {
  readonly url: string;
  /** The URL of each request is its path and query below the server's. */
  received(): Promise<readonly Received[]>;
}

export interface Environment {
  readonly axios: AxiosStatic;
  /** The version of Axios: `1.7.0`. */
  readonly version: string;
  readonly adapter: AdapterName;
  readonly runtime: 'node' | 'bun' | 'deno' | 'chromium';
  readonly plugin: Plugin;
  /** Only with the mock adapter. */
  readonly MockAdapter?: MockAdapterClass;
  /** The scripted server; absent with the mock adapter. */
  readonly serverUrl?: string;
  /** Only on runtimes that have it. */
  readonly AsyncLocalStorage?: typeof import('node:async_hooks').AsyncLocalStorage;
  /** A Node stream as a single-use body, only on runtimes that have them. */
  readonly nodeStream?: () => unknown;
}

type MockReply = readonly [status: number, data?: unknown, headers?: object];

/** The part of axios-mock-adapter that the suite uses. */
export type MockAdapterClass = new (
  instance: never,
) => {
  onAny(): { reply(answer: (config: MockedConfig) => MockReply | Promise<MockReply>): unknown };
};

export interface MockedConfig {
  readonly method?: string;
  readonly url?: string;
  readonly params?: object;
  readonly data?: unknown;
  readonly headers?: { toJSON(): object } | object;
}

/** `1.7.0` → 7 */
export function minorOf({ version }: Environment): number {
  return Number(version.split('.')[1]);
}

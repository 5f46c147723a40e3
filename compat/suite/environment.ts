import type { AxiosStatic } from 'axios';

/** The public names of the package, from wherever they were loaded. */
export type Plugin = typeof import('../../src/index.js') &
  typeof import('../../src/deferral/index.js') &
  typeof import('../../src/testing/index.js');

export type AdapterName = 'http' | 'fetch' | 'xhr' | 'mock';

/** What the server does instead of answering: ends the connection, answers half, never ends, or waits. */
export type Fault = 'reset' | 'truncated' | 'endless' | 'silent';

/** What the server says to one request. Plain JSON. */
export type Answer =
  | number
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string | readonly string[]>>;
      readonly body?: string;
      readonly fault?: Fault;
    };

export interface Received {
  readonly method: string;
  /** Path and query below the URL of the server. */
  readonly url: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  /** Whether the client went away before the answer was whole. */
  readonly left: boolean;
}

/** A server that gives its answers in turn, the last one for ever. */
export interface Server {
  readonly url: string;
  received(): Promise<readonly Received[]>;
}

/** What a rule is tried in: one Axios, one adapter, one runtime. */
export interface Environment {
  readonly axios: AxiosStatic;
  /** `1.7.0` */
  readonly version: string;
  readonly adapter: AdapterName;
  readonly runtime: 'node' | 'bun' | 'deno' | 'chromium';
  readonly plugin: Plugin;
  /** axios-mock-adapter's class, where that is the adapter. */
  readonly MockAdapter?: MockAdapterClass;
  /** Where the scripted server is; with the mock adapter there is none. */
  readonly platform?: string;
  /** On the runtimes that have it. */
  readonly AsyncLocalStorage?: typeof import('node:async_hooks').AsyncLocalStorage;
  /** A body of Node's that can be read only once, on the runtimes that have such. */
  readonly nodeStream?: () => unknown;
}

type MockReply = readonly [status: number, data?: unknown, headers?: object];

/** What is used of axios-mock-adapter. */
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

/** One sentence of the contract, and the check that it holds. */
export interface Rule {
  readonly name: string;
  /** Why it cannot be tried in an environment; undefined where it can. */
  unless?(environment: Environment): string | undefined;
  check(bed: import('./bed.js').Bed): Promise<void>;
}

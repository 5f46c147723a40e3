// What a rule works with: a test clock, servers, and clients with the plugin.
import type { AxiosError, AxiosInstance, AxiosResponse, CreateAxiosDefaults } from 'axios';
import type { Reply } from '../../__tests__/support/scripted-server.js';
import type { RetryHandle, RetryOptions, RetryReport } from '../../src/index.js';
import type { TestClock } from '../../src/testing/index.js';
import type { Environment, Server } from './environment.js';
import { mockServer } from './mock-server.js';
import { remoteServer } from './remote-server.js';

/** The response or the error that a request settled with. */
export type Settled = AxiosResponse | AxiosError;

export interface Client {
  readonly api: AxiosInstance;
  readonly handle: RetryHandle;
  readonly server: Server;
}

export class TestBed {
  readonly clock: TestClock;

  constructor(readonly environment: Environment) {
    this.clock = environment.plugin.createTestClock();
  }

  serve(...replies: Reply[]): Promise<Server> {
    const { serverUrl } = this.environment;
    return serverUrl === undefined
      ? Promise.resolve(mockServer(replies))
      : remoteServer(serverUrl, replies);
  }

  /** An instance for a server, without the plugin. */
  bare(server: Server, config: CreateAxiosDefaults = {}): AxiosInstance {
    const { axios, adapter, MockAdapter } = this.environment;
    if (MockAdapter === undefined) {
      // The server is on this machine, whatever proxy the environment names.
      return axios.create({ baseURL: server.url, adapter, proxy: false, ...config });
    }
    const api = axios.create({ baseURL: server.url, ...config });
    new MockAdapter(api as never).onAny().reply((server as ReturnType<typeof mockServer>).reply);
    return api;
  }

  /** A server with these replies, and an instance for it with the plugin. */
  async client(
    replies: readonly Reply[],
    options: RetryOptions = {},
    config: CreateAxiosDefaults = {},
  ): Promise<Client> {
    const server = await this.serve(...replies);
    const api = this.bare(server, config);
    return { api, handle: this.attach(api, options), server };
  }

  attach(api: AxiosInstance, options: RetryOptions = {}): RetryHandle {
    return this.environment.plugin.attachRetry(api, { clock: this.clock, ...options });
  }

  /** Runs the clock until the request settles, however long the server takes. */
  async settled<T>(request: Promise<T>): Promise<T | AxiosError> {
    let isOver = false;
    const settled = request
      .catch((error: AxiosError) => error)
      .finally(() => {
        isOver = true;
      });
    for (const end = Date.now() + LIMIT; !isOver && Date.now() < end; ) await this.clock.runAll();
    return settled;
  }

  /** Resolves when the request waits after its first attempt. */
  async untilWaiting({ handle }: Client): Promise<void> {
    await until(() => handle.waits.length > 0, 'the request does not wait');
  }

  report(outcome: unknown): RetryReport | undefined {
    return this.environment.plugin.retryReport(outcome);
  }

  /** The waits in the report of a request (ms). */
  delays(outcome: unknown): number[] {
    const attempts = this.report(outcome)?.attempts ?? [];
    return attempts.flatMap(({ delay }) => (delay === undefined ? [] : [delay]));
  }
}

/** A rule that takes longer fails (real time, ms). */
export const LIMIT = 60_000;

/** Waits in real time until a condition holds. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  otherwise: string,
): Promise<void> {
  const end = Date.now() + 5000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(otherwise);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

export function statusOf(outcome: Settled): number | undefined {
  return 'isAxiosError' in outcome ? outcome.response?.status : (outcome as AxiosResponse).status;
}

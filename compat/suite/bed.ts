import type { AxiosError, AxiosInstance, AxiosResponse, CreateAxiosDefaults } from 'axios';
import type { Reply } from '../../__tests__/support/scripted-server.js';
import type { RetryHandle, RetryOptions, RetryReport } from '../../src/index.js';
import type { TestClock } from '../../src/testing/index.js';
import type { Environment, Server } from './environment.js';
import { mockServer } from './mock-server.js';
import { remoteServer } from './remote-server.js';

/** What a request settled with: a response, or whatever it was rejected with. */
export type Settled = AxiosResponse | AxiosError;

export interface Client {
  readonly api: AxiosInstance;
  readonly handle: RetryHandle;
  readonly server: Server;
}

/** What one rule works with: a clock of its own, servers, and clients of them with the plugin. */
export class Bed {
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

  /** An instance of a server, without the plugin. */
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

  /** A server with these replies and an instance of it with the plugin. */
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

  /** Lets every wait pass, also where an answer takes longer than the clock has patience for. */
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

  /** Lets the first attempt of a request fail, and stops in its wait. */
  async untilWaiting({ handle }: Client): Promise<void> {
    await until(() => handle.waits.length > 0, 'the request does not wait');
  }

  report(outcome: unknown): RetryReport | undefined {
    return this.environment.plugin.retryReport(outcome);
  }

  /** Milliseconds waited after each attempt, by the report of a request. */
  delays(outcome: unknown): number[] {
    const attempts = this.report(outcome)?.attempts ?? [];
    return attempts.flatMap(({ delay }) => (delay === undefined ? [] : [delay]));
  }
}

/** Real time that a rule may take; none should come near it (ms). */
export const LIMIT = 15_000;

/** Waits in real time for something that comes about by itself, and soon. */
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

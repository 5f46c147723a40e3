import type { AxiosAdapter, CreateAxiosDefaults, InternalAxiosRequestConfig } from 'axios';
import axios, { AxiosError } from 'axios';
import type { RetryOptions } from '../../src/index.js';
import { attachRetry } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';
import type { Answer, ScriptedServer } from './scripted-server.js';
import { startServer } from './scripted-server.js';

const servers: ScriptedServer[] = [];
// Jest runs this after each test of a file that imports this one.
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

/** A server, a client for it and a clock. `attach` attaches the plugin, before or after a test's interceptors. */
export async function setUp(answers: Answer[], config: CreateAxiosDefaults = {}) {
  const server = await startServer(...answers);
  servers.push(server);
  const clock = createTestClock();
  const { inFlight, setTimeout } = clock;
  let busy = 0;
  const busyAtTimers = new Set<number>();
  clock.inFlight = (change) => {
    busy += change;
    inFlight?.(change);
  };
  clock.setTimeout = (run, ms) =>
    setTimeout(() => {
      busyAtTimers.add(busy);
      run();
    }, ms);
  const api = axios.create({ baseURL: server.url, ...config });
  return {
    server,
    clock,
    /** How many requests counted as in flight when a timer ran; the clock waits for those in real time. */
    busyAtTimers,
    api,
    attach: (options: RetryOptions = {}) => attachRetry(api, { clock, ...options }),
    /** Lets every wait pass, then returns the result or the error of the request. */
    outcome: (request: Promise<unknown>) => settled(request, clock),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a response, an error, or what an interceptor made of it
type Settled = any;

export async function settled(
  request: Promise<unknown>,
  clock: { runAll(): Promise<void> },
): Promise<Settled> {
  const end = request.catch((error: unknown) => error);
  await clock.runAll();
  return end;
}

/** An adapter that responds with each status in turn; the last one repeats. */
export function adapterOf(statuses: number[], headers: Record<string, string> = {}) {
  const sent: InternalAxiosRequestConfig[] = [];
  const adapter: AxiosAdapter = async (config) => {
    const status = statuses[Math.min(sent.length, statuses.length - 1)] ?? 200;
    sent.push(config);
    const response = { status, statusText: '', headers: { ...headers }, config, data: 'text' };
    if (config.validateStatus && !config.validateStatus(status)) {
      throw new AxiosError(`status ${status}`, 'ERR_TEST', config, undefined, response);
    }
    return response;
  };
  return { adapter, sent };
}

export const TWO_FAILURES: Answer[] = [503, 502, { status: 200, body: '{"ok":true}' }];

import type { AxiosRequestConfig } from 'axios';
import axios from 'axios';
import { createGate } from '../../src/gate/gate.js';
import type { GateOptions } from '../../src/gate/index.js';
import type { RetryHandle, RetryOptions } from '../../src/index.js';
import { attachRetry } from '../../src/index.js';
import type { Answer, Ending, Sent } from './stub-server.js';
import { busy, endingOf, StubServer, stubClock } from './stub-server.js';

export const START = Date.UTC(2030, 0, 1);
export const SECOND = 1_000;
export const HOUR = 3_600 * SECOND;
export const ORIGIN = 'https://api.example';

/** An instance with a gate, and a server that a test scripts. */
export function setUp(
  answer: (sent: Sent) => Answer,
  gateOptions: GateOptions = {},
  options: RetryOptions = {},
) {
  const clock = stubClock(START);
  const server = new StubServer(clock, answer);
  const gate = options.gate ?? createGate(gateOptions);
  const api = axios.create({ adapter: server.adapter, baseURL: ORIGIN });
  const handle = attachRetry(api, { clock, ...options, gate });
  const endings: Ending[] = [];
  /** Sends a request and records how it ends. */
  function get(url: string, config?: AxiosRequestConfig): Promise<Ending> {
    const ending = endingOf(url, api.get(url, config));
    void ending.then((one) => endings.push(one));
    return ending;
  }
  const getAll = (...urls: string[]) => urls.map((url) => get(url));
  /** Closes the gate by a request that is refused. */
  async function close(answered: Answer = busy(60)): Promise<{ ending: Promise<Ending> }> {
    const former = server.answer;
    server.answer = () => answered;
    const ending = get('/first');
    await clock.advance(0);
    server.answer = former;
    return { ending };
  }
  const passed = () => clock.now() - START;
  return { clock, server, gate, api, handle, endings, get, getAll, close, passed };
}

/** A gate that `/first` has closed for 60 s; it is not retried, and later requests succeed. */
export async function setUpClosed(
  gateOptions: GateOptions = {},
  options: RetryOptions = {},
  answered: Answer = busy(60),
) {
  const all = setUp(() => 200, gateOptions, options);
  const former = all.server.answer;
  all.server.answer = () => answered;
  await Promise.all([all.get('/first', { retry: { maxRetries: 0 } }), all.clock.advance(0)]);
  all.server.answer = former;
  all.server.sent.splice(0);
  all.endings.splice(0);
  return all;
}

export const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `/${i}`);

/** `/soon` closes the gate for 60 s; 10 s later `/late` extends that to 100 s. */
export function extending(url: string, index: number): Answer {
  if (index > 1) return 200;
  return url === '/late' ? { ...busy(90), after: 10 * SECOND } : busy(60);
}

export const dueTimes = ({ waits }: RetryHandle) =>
  waits.map(({ url, dueAt }) => [url, dueAt - START]);

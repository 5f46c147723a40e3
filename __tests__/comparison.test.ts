// The behaviour of this plugin, axios-retry and retry-axios on their defaults: the README's comparison.
import { Readable } from 'node:stream';
import type { AxiosInstance, AxiosRequestConfig, AxiosResponse } from 'axios';
import axios from 'axios';
import axiosRetry from 'axios-retry';
import * as retryAxios from 'retry-axios';
import { attachRetry } from '../src/index.js';
import type { Answer, Received } from './support/scripted-server.js';
import { startServer } from './support/scripted-server.js';

const PLUGINS: readonly ((api: AxiosInstance) => unknown)[] = [
  // Shorter waits than 8 s; nothing else differs from the defaults.
  (api) => attachRetry(api, { backoff: () => 10 }),
  axiosRetry,
  retryAxios.attach,
];

interface Run {
  readonly sent: readonly Received[];
  readonly outcome: number | string | undefined;
  /** Milliseconds from the call to its end. */
  readonly took: number;
}

/** Sends one request through each plugin, in the order of the README's columns. */
async function runEach(
  answers: readonly Answer[],
  makeConfig: () => AxiosRequestConfig = () => ({}),
  prepare: (api: AxiosInstance) => void = () => undefined,
): Promise<Run[]> {
  const runs: Run[] = [];
  for (const attach of PLUGINS) {
    const server = await startServer(...answers);
    const api = axios.create({ baseURL: server.url, proxy: false });
    attach(api);
    prepare(api);
    const start = performance.now();
    const outcome = await api.request(makeConfig()).then(
      ({ status }: AxiosResponse) => status,
      ({ response, code }) => response?.status ?? code,
    );
    const took = performance.now() - start;
    await server.close();
    runs.push({ sent: server.requests, outcome, took });
  }
  return runs;
}

const sends = (runs: readonly Run[]) => runs.map(({ sent }) => sent.length);
const outcomes = (runs: readonly Run[]) => runs.map(({ outcome }) => outcome);
const post = () => ({ method: 'post', data: { item: 'tea' } });

describe('axios-status-retry, axios-retry and retry-axios', () => {
  it.each<[string, Answer, (() => AxiosRequestConfig) | undefined, number[]]>([
    ['429 without Retry-After', 429, undefined, [1, 4, 4]],
    [
      '429 with an invalid Retry-After',
      { status: 429, headers: { 'Retry-After': 'soon' } },
      undefined,
      [1, 4, 1],
    ],
    ['GET that got 500', 500, undefined, [1, 4, 4]],
    ['POST that got 503', 503, post, [6, 1, 1]],
    ['GET whose connection was reset', { fault: 'reset' }, undefined, [1, 4, 4]],
  ])('%s: sends', async (_, answer, makeConfig, expected) => {
    expect(sends(await runEach([answer], makeConfig))).toEqual(expected);
  });

  it('429 without Retry-After: axios-retry does not wait, retry-axios waits 50, 150 and 350 ms', async () => {
    const [, withAxiosRetry, withRetryAxios] = await runEach([429]);
    expect(withRetryAxios?.took).toBeGreaterThan(545);
    expect(withAxiosRetry?.took).toBeLessThan(withRetryAxios?.took ?? 0);
  });

  it('timeout: of each attempt, of the whole call, of each attempt', async () => {
    const wait = { status: 503, headers: { 'Retry-After': '1' } };
    const runs = await runEach([wait, 200], () => ({ timeout: 900 }));
    expect(outcomes(runs)).toEqual([200, 503, 200]);
  });

  it('abort during a wait: ends at once, at once, after the wait', async () => {
    const wait = { status: 503, headers: { 'Retry-After': '2' } };
    const runs = await runEach([wait, 200], () => ({ signal: AbortSignal.timeout(200) }));
    expect(outcomes(runs)).toEqual(Array(3).fill('ERR_CANCELED'));
    expect(runs.map(({ took }) => took >= 1900)).toEqual([false, false, true]);
  });

  it('stream as a body: is not sent again, is sent again empty, is sent again empty', async () => {
    const stream = () => ({ method: 'put', data: Readable.from([Buffer.from('tea')]) });
    const runs = await runEach([503, 200], stream);
    expect(runs.map(({ sent }) => sent.map(({ body }) => body))).toEqual([
      ['tea'],
      ['tea', ''],
      ['tea', ''],
    ]);
  });

  it('later response interceptor: runs once, and with the others once more for each retry', async () => {
    const calls: number[] = [];
    await runEach([503, 503, 200], undefined, (api) => {
      const plugin = calls.push(0) - 1;
      api.interceptors.response.use((response) => {
        calls[plugin] = (calls[plugin] ?? 0) + 1;
        return response;
      });
    });
    expect(calls).toEqual([1, 3, 3]);
  });

  it('request interceptor: sees the first request, and with the others its own last output', async () => {
    const runs = await runEach([503, 200], undefined, (api) => {
      api.interceptors.request.use((config) => {
        config.headers.set('X-Tag', `${config.headers.get('X-Tag') ?? ''}a`);
        return config;
      });
    });
    expect(runs.map(({ sent }) => sent[1]?.headers['x-tag'])).toEqual(['a', 'aa', 'aa']);
  });
});

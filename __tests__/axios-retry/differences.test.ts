// Where the entry differs from axios-retry on purpose: the table in docs/guides/from-axios-retry.md.
import type { AxiosInstance } from 'axios';
import axiosRetry from '../../src/axios-retry/index.js';
import { attachRetry, retryReport } from '../../src/index.js';
import type { Answer, Attach } from '../support/axios-retry.js';
import { BOTH, scripted } from '../support/axios-retry.js';
import { failureOf } from '../support/failure-of.js';

const always = () => true;
const retryAfter = (seconds: string): Answer => ({
  status: 503,
  headers: { 'retry-after': seconds },
});

/** How often a GET is sent, and whether its waits took at least a second. */
async function sendsOf(attach: Attach, answers: Answer[], options = {}) {
  const { api, sent } = scripted(...answers);
  attach(api, options);
  const start = performance.now();
  await api.get('/').catch(() => undefined);
  return [sent.length, performance.now() - start >= 990];
}

describe('axios-retry, and the entry of the same name', () => {
  const both = <T>(run: (attach: Attach) => Promise<T>) =>
    Promise.all(BOTH.map(([, attach]) => run(attach)));

  it.each<[string, Answer[], object, [number, boolean][]]>([
    [
      'Retry-After beside a retryDelay',
      [retryAfter('1'), 200],
      { retryDelay: () => 0 },
      [
        [2, false],
        [2, true],
      ],
    ],
    [
      'a Retry-After of 25 days',
      [retryAfter('2160000'), 200],
      {},
      [
        [2, false],
        [1, false],
      ],
    ],
    [
      'a Retry-After of 1.5',
      [retryAfter('1.5'), 200],
      {},
      [
        [2, true],
        [2, false],
      ],
    ],
    [
      'an expired certificate',
      ['CERT_HAS_EXPIRED'],
      {},
      [
        [4, false],
        [1, false],
      ],
    ],
    [
      'too many redirects',
      ['ERR_FR_TOO_MANY_REDIRECTS'],
      {},
      [
        [4, false],
        [1, false],
      ],
    ],
    [
      'a body over its limit',
      ['ERR_FR_MAX_BODY_LENGTH_EXCEEDED'],
      {},
      [
        [4, false],
        [1, false],
      ],
    ],
  ])('sends, and whether they wait: %s', async (_, answers, options, expected) => {
    expect(await both((attach) => sendsOf(attach, answers, options))).toEqual(expected);
  });

  it('a stream is sent again, or not', async () => {
    const runs = await both(async (attach) => {
      const { api, sent } = scripted(503);
      attach(api, { retries: 1, retryCondition: always });
      const error = await failureOf(api.post('/', new ReadableStream()));
      return [sent.length, retryReport(error)?.gaveUp];
    });
    expect(runs).toEqual([
      [2, undefined],
      [1, 'body'],
    ]);
  });

  it('retryCondition is asked about an abort, or not', async () => {
    const runs = await both(async (attach) => {
      const { api } = scripted('ERR_CANCELED');
      const retryCondition = jest.fn(() => false);
      attach(api, { retryCondition });
      await failureOf(api.get('/', { signal: AbortSignal.abort() }));
      return retryCondition.mock.calls.length;
    });
    expect(runs).toEqual([1, 0]);
  });

  it('a request interceptor gets its own last output, or the request as the caller made it', async () => {
    const runs = await both(async (attach) => {
      const { api, sent } = scripted(503, 200);
      api.interceptors.request.use((config) => ({ ...config, url: `/v1${config.url}` }));
      attach(api);
      await api.get('/');
      return sent.map(({ url }) => url);
    });
    expect(runs).toEqual([
      ['/v1/', '/v1/v1/'],
      ['/v1/', '/v1/'],
    ]);
  });

  it('a response interceptor that is registered later runs once more per retry, or once', async () => {
    const runs = await both(async (attach) => {
      const { api } = scripted(503, 503, 200);
      attach(api);
      const onFulfilled = jest.fn((response) => response);
      api.interceptors.response.use(onFulfilled);
      await api.get('/');
      return onFulfilled.mock.calls.length;
    });
    expect(runs).toEqual([3, 1]);
  });
});

describe('axios-status-retry/axios-retry', () => {
  it('retries what retryCondition wants, a certificate too', async () => {
    const { api, sent } = scripted('CERT_HAS_EXPIRED', 200);
    axiosRetry(api, { retryCondition: always });
    await api.get('/');
    expect(sent).toHaveLength(2);
  });

  it('does not begin a wait of more than a day, unless maxDelay allows it', async () => {
    const { api, sent } = scripted({ status: 503, headers: { 'retry-after': '86401' } });
    axiosRetry(api);
    expect(retryReport(await failureOf(api.get('/')))?.gaveUp).toBe('max-delay');
    expect(sent).toHaveLength(1);
  });

  it.each<[string, (api: AxiosInstance) => unknown]>([
    ['axiosRetry', (api) => axiosRetry(api, { retries: 1 })],
    ['attachRetry', (api) => attachRetry(api, { maxRetries: 1, backoff: () => 0 })],
  ])('is replaced by a later %s', async (_, attachAgain) => {
    const { api, sent } = scripted(503);
    axiosRetry(api, { retries: 4, validateResponse: () => true });
    attachAgain(api);
    await failureOf(api.get('/'));
    expect(sent).toHaveLength(2);
  });
});

// What axios-retry promises, tried on axios-retry itself and on the entry of the same name.
import { getEventListeners } from 'node:events';
import type { AxiosError } from 'axios';
import { AxiosError as HttpError } from 'axios';
import type { IAxiosRetryConfigExtended, IAxiosRetryReturn } from '../../src/axios-retry/index.js';
import type { Answer } from '../support/axios-retry.js';
import { BOTH, scripted } from '../support/axios-retry.js';
import { failureOf } from '../support/failure-of.js';

const always = () => true;
/** What the plugin tells on a config. */
const toldOn = (error: AxiosError) => error.config?.['axios-retry'] as IAxiosRetryConfigExtended;

describe.each(BOTH)('%s', (_name, attach) => {
  it.each<[string, string, Answer, number]>([
    ['a GET that got a 500', 'get', 500, 4],
    ['a PUT that got a 503', 'put', 503, 4],
    ['a DELETE that got a 429', 'delete', 429, 4],
    ['no POST that got a 503', 'post', 503, 1],
    ['no PATCH that got a 500', 'patch', 500, 1],
    ['no GET that got a 404', 'get', 404, 1],
    ['a POST whose connection was reset', 'post', 'ECONNRESET', 4],
    ['no GET that timed out', 'get', 'ECONNABORTED', 1],
    ['no POST to an unknown host', 'post', 'ENOTFOUND', 1],
    ['a GET to an unknown host', 'get', 'ENOTFOUND', 4],
  ])('retries %s', async (_, method, answer, sends) => {
    const { api, sent } = scripted(answer);
    attach(api);
    await failureOf(api.request({ method, url: '/' }));
    expect(sent).toHaveLength(sends);
  });

  it.each([
    [0, 1],
    [2, 3],
    [2.5, 4],
    [-1, 1],
  ])('makes %d retries at most', async (retries, sends) => {
    const { api, sent } = scripted(503);
    attach(api, { retries });
    await failureOf(api.get('/'));
    expect(sent).toHaveLength(sends);
  });

  it('takes the options of a request before those of the instance', async () => {
    const { api, sent } = scripted(503, 503, 503, 200);
    attach(api, { retries: 0 });
    await expect(api.get('/', { 'axios-retry': { retries: 3 } })).resolves.toMatchObject({
      status: 200,
    });
    await failureOf(
      api.get('/none', { 'axios-retry': { retries: 0 } }).then(() => Promise.reject(0)),
    );
    expect(sent.filter(({ url }) => url === '/')).toHaveLength(4);
  });

  it.each<[string, unknown, number]>([
    ['true', true, 2],
    ['false', false, 1],
    ['undefined', undefined, 1],
    ['a promise of true', Promise.resolve(true), 2],
    ['a promise of false', Promise.resolve(false), 1],
    ['a promise of undefined', Promise.resolve(undefined), 2],
    ['null', null, 2],
  ])('asks retryCondition; the answer %s means %#', async (_, answer, sends) => {
    const { api, sent } = scripted(404);
    attach(api, { retries: 1, retryCondition: () => answer as boolean });
    await failureOf(api.get('/'));
    expect(sent).toHaveLength(sends);
  });

  it('does not retry when the promise of retryCondition rejects', async () => {
    const { api, sent } = scripted(503);
    attach(api, { retryCondition: () => Promise.reject(new Error('mine')) });
    expect(await failureOf(api.get('/'))).toMatchObject({ response: { status: 503 } });
    expect(sent).toHaveLength(1);
  });

  it('fails with what retryCondition throws', async () => {
    const { api } = scripted(503);
    attach(api, {
      retryCondition: () => {
        throw new Error('mine');
      },
    });
    expect(await failureOf(api.get('/'))).toMatchObject({ message: 'mine' });
  });

  it('asks retryCondition, retryDelay and onRetry in this order, with the same error and number', async () => {
    const { api } = scripted(503, 500, 200);
    const asked: unknown[] = [];
    attach(api, {
      retryCondition: (error) => asked.push(['condition', error.response?.status]) > 0,
      retryDelay: (count, error) => asked.push(['delay', count, error.response?.status]) * 0,
      onRetry: (count, error, config) => {
        asked.push(['retry', count, error.response?.status, config === error.config]);
      },
    });
    await api.get('/');
    expect(asked).toEqual([
      ['condition', 503],
      ['delay', 1, 503],
      ['retry', 1, 503, true],
      ['condition', 500],
      ['delay', 2, 500],
      ['retry', 2, 500, true],
    ]);
  });

  it.each([NaN, -5, undefined, null, '0'])('takes a delay of %s for none', async (delay) => {
    const { api, sent } = scripted(503, 200);
    attach(api, { retryDelay: () => delay as number });
    await api.get('/');
    expect(sent).toHaveLength(2);
  });

  it('tells the number of retries and its options on the config', async () => {
    const { api } = scripted(503, 503, 200);
    attach(api, { retries: 5 });
    const before = Date.now();
    const { config } = await api.get('/');
    expect(config['axios-retry']).toMatchObject({ retries: 5, retryCount: 2 });
    const { lastRequestTime = 0 } = config['axios-retry'] as IAxiosRetryConfigExtended;
    expect(lastRequestTime).toBeGreaterThanOrEqual(before);
    expect(lastRequestTime).toBeLessThanOrEqual(Date.now());
  });

  it('tells the number of retries on the config of the error', async () => {
    const { api } = scripted(503);
    attach(api, { retries: 2 });
    expect(toldOn((await failureOf(api.get('/'))) as AxiosError).retryCount).toBe(2);
  });

  it('does not change the config of the caller', async () => {
    const { api } = scripted(503, 200);
    attach(api, {
      onRetry: (_count, _error, config) => void Object.assign(config, { url: '/other' }),
    });
    const own = { url: '/', 'axios-retry': { retries: 1 } };
    await api.request(own);
    expect(own).toEqual({ url: '/', 'axios-retry': { retries: 1 } });
  });

  it('fails with what onRetry throws, or its promise', async () => {
    for (const onRetry of [
      () => Promise.reject(new Error('mine')),
      () => {
        throw new Error('mine');
      },
    ]) {
      const { api, sent } = scripted(503);
      attach(api, { onRetry });
      expect(await failureOf(api.get('/'))).toMatchObject({ message: 'mine' });
      expect(sent).toHaveLength(1);
    }
  });

  it('sends what onRetry changes in the config, in this retry and later ones', async () => {
    const { api, sent } = scripted(401, 503, 503, 200);
    attach(api, {
      retryCondition: always,
      onRetry: async (count, _error, config) => {
        if (count !== 1) return;
        await Promise.resolve();
        config.url = '/moved';
        config.headers = { ...config.headers, Authorization: 'Bearer new' };
        delete config.headers['X-Old'];
        Object.assign(config.params, { page: 2 });
        config.data = JSON.stringify({ item: 'coffee' });
      },
    });
    const headers = { 'X-Old': 'old' };
    await api.post('/', { item: 'tea' }, { params: { page: 1 }, headers });
    expect(
      sent.map(({ url, headers, params, data }) => [
        url,
        headers.get('Authorization'),
        headers.get('X-Old'),
        params as unknown,
        data,
      ]),
    ).toEqual([
      ['/', undefined, 'old', { page: 1 }, '{"item":"tea"}'],
      ...Array(3).fill(['/moved', 'Bearer new', undefined, { page: 2 }, '{"item":"coffee"}']),
    ]);
  });

  it('sends what retryCondition and retryDelay change in the config of the error', async () => {
    const { api, sent } = scripted(503, 200);
    attach(api, {
      retryCondition: ({ config }) => Boolean(config?.headers.set('X-Condition', '1')),
      retryDelay: (_count, { config }) => {
        config?.headers.set('X-Delay', '1');
        return 0;
      },
    });
    await api.get('/');
    expect(sent[1]?.headers.toJSON()).toMatchObject({ 'X-Condition': '1', 'X-Delay': '1' });
  });

  it('calls onMaxRetryTimesExceeded once, after the last retry', async () => {
    const { api } = scripted(503);
    const told: unknown[] = [];
    attach(api, {
      retries: 2,
      onMaxRetryTimesExceeded: (error, count) => void told.push([error.response?.status, count]),
    });
    await failureOf(api.get('/'));
    expect(told).toEqual([[503, 2]]);
  });

  it('calls onMaxRetryTimesExceeded for any error when no retry is left', async () => {
    const { api } = scripted(404);
    const onMaxRetryTimesExceeded = jest.fn();
    attach(api, { retries: 0, onMaxRetryTimesExceeded });
    await failureOf(api.get('/'));
    expect(onMaxRetryTimesExceeded).toHaveBeenCalledTimes(1);
  });

  it('does not call onMaxRetryTimesExceeded when retryCondition says no, or for a success', async () => {
    const { api } = scripted(503, 200, 404);
    const onMaxRetryTimesExceeded = jest.fn();
    attach(api, { onMaxRetryTimesExceeded });
    await api.get('/');
    await failureOf(api.get('/'));
    expect(onMaxRetryTimesExceeded).not.toHaveBeenCalled();
  });

  it('fails with what onMaxRetryTimesExceeded throws', async () => {
    const { api } = scripted(503);
    attach(api, { onMaxRetryTimesExceeded: () => Promise.reject(new Error('mine')) });
    expect(await failureOf(api.get('/'))).toMatchObject({ message: 'mine' });
  });

  describe('validateResponse', () => {
    const isDone = ({ data }: { data: unknown }) => data === 'done';

    it('says which responses are a success, whatever their status', async () => {
      const { api, sent } = scripted(
        { data: 'busy' },
        { data: 'busy' },
        { status: 503, data: 'done' },
      );
      attach(api, { retryCondition: always, validateResponse: isDone });
      await expect(api.get('/')).resolves.toMatchObject({ status: 503, data: 'done' });
      expect(sent).toHaveLength(3);
    });

    it('makes an AxiosError of a 200 that it refuses', async () => {
      const { api, sent } = scripted({ data: 'busy' });
      attach(api, { validateResponse: isDone });
      const error = (await failureOf(api.get('/'))) as AxiosError;
      expect(error).toBeInstanceOf(HttpError);
      expect(error.response).toMatchObject({ status: 200, data: 'busy' });
      // The default condition does not retry a 200.
      expect(sent).toHaveLength(1);
    });

    it('can be set and removed for one request', async () => {
      const { api, sent } = scripted({ data: 'busy' });
      attach(api, { validateResponse: isDone });
      await expect(
        api.get('/', { 'axios-retry': { validateResponse: null } }),
      ).resolves.toMatchObject({ data: 'busy' });
      await failureOf(api.get('/', { 'axios-retry': { validateResponse: () => false } }));
      expect(sent).toHaveLength(2);
    });
  });

  describe('timeout', () => {
    it('limits the request with its waits, so that a wait that is too long is not begun', async () => {
      const { api, sent } = scripted('ECONNRESET');
      const onMaxRetryTimesExceeded = jest.fn();
      attach(api, { retryDelay: () => 1000, onMaxRetryTimesExceeded });
      const start = performance.now();
      const error = (await failureOf(api.get('/', { timeout: 500 }))) as AxiosError;
      expect(performance.now() - start).toBeLessThan(400);
      expect([error.code, toldOn(error).retryCount]).toEqual(['ECONNRESET', 1]);
      expect(onMaxRetryTimesExceeded).not.toHaveBeenCalled();
      expect(sent).toHaveLength(1);
    });

    it('limits each attempt with shouldResetTimeout', async () => {
      const { api, sent } = scripted('ECONNRESET', 200);
      attach(api, { shouldResetTimeout: true, retryDelay: () => 60 });
      await api.get('/', { timeout: 50 });
      expect(sent.map(({ timeout }) => timeout)).toEqual([50, 50]);
    });
  });

  it('ends a wait with a CanceledError when the request is aborted, and leaves no listener', async () => {
    const { api, sent } = scripted(503);
    const controller = new AbortController();
    attach(api, {
      retryDelay: () => 60_000,
      onRetry: () => void setTimeout(() => controller.abort(), 5),
    });
    expect(await failureOf(api.get('/', { signal: controller.signal }))).toMatchObject({
      code: 'ERR_CANCELED',
    });
    // axios-retry sends it once more, and Axios refuses that.
    expect(sent).toHaveLength(1);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it('passes on an error without a config', async () => {
    const { api, sent } = scripted(503);
    const mine = new Error('mine');
    api.interceptors.response.use(undefined, () => Promise.reject(mine));
    attach(api, { retryCondition: always });
    expect(await failureOf(api.get('/'))).toBe(mine);
    expect(sent).toHaveLength(1);
  });

  it('stops retrying when its response interceptor is ejected', async () => {
    const { api, sent } = scripted(503);
    const { responseInterceptorId } = attach(api) as IAxiosRetryReturn;
    api.interceptors.response.eject(responseInterceptorId);
    await failureOf(api.get('/'));
    expect(sent).toHaveLength(1);
  });

  it('sends a body object as JSON each time', async () => {
    const { api, sent } = scripted('ECONNRESET', 200);
    attach(api);
    await api.post('/', { item: 'tea' });
    expect(sent.map(({ data }) => data as unknown)).toEqual(['{"item":"tea"}', '{"item":"tea"}']);
  });
});

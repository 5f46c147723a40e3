// What axios-retry promises, tried on axios-retry itself and on the entry of the same name.
import { getEventListeners } from 'node:events';
import type { AxiosAdapter, AxiosError, AxiosInstance } from 'axios';
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
      attach(api, { retryDelay: () => 180_000, onMaxRetryTimesExceeded });
      const start = performance.now();
      const error = (await failureOf(api.get('/', { timeout: 90_000 }))) as AxiosError;
      expect(performance.now() - start).toBeLessThan(30_000);
      expect([error.code, toldOn(error).retryCount]).toEqual(['ECONNRESET', 1]);
      expect(onMaxRetryTimesExceeded).not.toHaveBeenCalled();
      expect(sent).toHaveLength(1);
    });

    it('is given to each attempt less what is spent, and onRetry may change it', async () => {
      const { api, sent } = scripted(503, 503, 503, 200);
      attach(api, {
        retryDelay: () => 100,
        onRetry: (count, _error, config) => {
          if (count === 3) config.timeout = 9000;
        },
      });
      await api.get('/', { timeout: 5000 });
      const given = sent.map(({ timeout = 0 }) => timeout);
      expect([given[0], given[3]]).toEqual([5000, 9000]);
      expect(given[1]).toBeLessThanOrEqual(4900);
      expect(given[2]).toBeLessThanOrEqual(4800);
      expect(given[2]).toBeGreaterThan(4000);
    });

    it('does not count the time in onRetry', async () => {
      const { api, sent } = scripted(503, 200);
      attach(api, { onRetry: () => new Promise((resolve) => setTimeout(resolve, 60)) });
      await api.get('/', { timeout: 50 });
      expect(sent).toHaveLength(2);
    });

    it('asks retryCondition about a time-out, and leaves no time for a retry', async () => {
      const { api, sent } = scripted('ECONNABORTED');
      const retryCondition = jest.fn(always);
      attach(api, {
        retryCondition,
        retryDelay: () => 20,
      });
      await failureOf(api.get('/', { timeout: 20 }));
      expect([retryCondition.mock.calls.length, sent.length]).toEqual([1, 1]);
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

  describe('an interceptor', () => {
    it('that was registered later sets the options of a request: more retries, another condition', async () => {
      const { api, sent } = scripted(404, 404, 404, 200);
      attach(api, { retries: 1 });
      api.interceptors.request.use((config) => ({
        ...config,
        'axios-retry': { retries: 4, retryCondition: always },
      }));
      await api.get('/');
      expect(sent).toHaveLength(4);
    });

    it('that was registered later turns retries off, or sets validateResponse', async () => {
      const { api, sent } = scripted(503);
      attach(api);
      api.interceptors.request.use((config) => ({
        ...config,
        'axios-retry': config.url === '/done' ? { validateResponse: always } : { retries: 0 },
      }));
      await failureOf(api.get('/'));
      await api.get('/done');
      expect(sent).toHaveLength(2);
    });

    it('that was registered later finds nothing of the plugin on a first attempt', async () => {
      const { api } = scripted(200);
      attach(api);
      const found: unknown[] = [];
      api.interceptors.request.use((config) => {
        found.push(config['axios-retry']);
        return config;
      });
      await api.get('/');
      expect(found).toEqual([undefined]);
    });

    it('that waits longer than `timeout` does not end the request', async () => {
      const { api, sent } = scripted(200);
      attach(api);
      api.interceptors.request.use(async (config) => {
        await new Promise((resolve) => setTimeout(resolve, 60));
        return config;
      });
      await api.get('/', { timeout: 20 });
      expect(sent).toHaveLength(1);
    });

    it('that was registered earlier may fail with an error of its own that has a config', async () => {
      const { api, sent } = scripted(503);
      const made: unknown[] = [];
      api.interceptors.response.use(undefined, ({ config }: AxiosError) => {
        const error = Object.assign(new Error('mine'), { config });
        made.push(error);
        throw error;
      });
      const asked: unknown[] = [];
      attach(api, {
        retries: 1,
        retryCondition: (error) => asked.push(error) > 0,
        onRetry: (_count, error) => void asked.push(error),
        onMaxRetryTimesExceeded: (error) => void asked.push(error),
      });
      const error = await failureOf(api.get('/'));
      expect(made).toHaveLength(2);
      expect([...asked, error]).toEqual([made[0], made[0], made[1], made[1]]);
      expect(asked.concat(error).every((one) => made.includes(one))).toBe(true);
      expect(sent).toHaveLength(2);
    });

    it('that was registered earlier may reject with a response', async () => {
      const { api, sent } = scripted({ data: 'busy' }, { data: 'done' });
      api.interceptors.response.use((response) =>
        response.data === 'busy' ? Promise.reject(response as never) : response,
      );
      attach(api, { retryCondition: always });
      await expect(api.get('/')).resolves.toMatchObject({ data: 'done' });
      expect(sent).toHaveLength(2);
    });
  });

  it('retries an error of an adapter that is no AxiosError', async () => {
    const { api, sent } = scripted(200);
    const adapter = api.defaults.adapter as AxiosAdapter;
    api.defaults.adapter = (config) =>
      sent.length === 0 && sent.push(config)
        ? Promise.reject(Object.assign(new Error('reset'), { code: 'ECONNRESET', config }))
        : adapter(config);
    attach(api);
    await api.get('/');
    expect(sent).toHaveLength(2);
  });

  it.each(['retryCondition', 'onRetry'])(
    'sends a stream again when %s gives it a fresh one',
    async (hook) => {
      const { api, sent } = scripted(503, 503, 200);
      const fresh = [new ReadableStream(), new ReadableStream()];
      const edit = ({ config }: Pick<AxiosError, 'config'>): boolean =>
        Boolean(config && Object.assign(config, { data: fresh[sent.length - 1] }));
      const onRetry = (_count: number, error: AxiosError) => void edit(error);
      attach(
        api,
        hook === 'onRetry' ? { retryCondition: always, onRetry } : { retryCondition: edit },
      );
      const first = new ReadableStream();
      await api.post('/', first);
      expect(sent.map(({ data }) => data as unknown)).toEqual([first, ...fresh]);
      expect(sent.every(({ data }, i) => data === [first, ...fresh][i])).toBe(true);
    },
  );

  it('sends a body that onRetry sets as it is, without transformRequest', async () => {
    const { api, sent } = scripted(503, 200);
    api.defaults.transformRequest = [(data: unknown) => `encrypted(${JSON.stringify(data)})`];
    attach(api, {
      retryCondition: always,
      onRetry: (_count, _error, config) => void Object.assign(config, { data: 'encrypted(new)' }),
    });
    await api.post('/', { item: 'tea' });
    expect(sent.map(({ data }) => data as unknown)).toEqual([
      'encrypted({"item":"tea"})',
      'encrypted(new)',
    ]);
  });

  it('changes the limit of retries when onRetry changes it', async () => {
    const { api, sent } = scripted(503);
    attach(api, {
      retries: 1,
      onRetry: (_count, _error, config) =>
        void Object.assign(config['axios-retry'] ?? {}, { retries: 3 }),
    });
    await failureOf(api.get('/'));
    expect(sent).toHaveLength(4);
  });

  it('can be attached again while a request waits, which goes on with its own options', async () => {
    const { api, sent } = scripted(503, 503, 200);
    attach(api, { retryDelay: () => 30 });
    const done = api.get('/');
    await new Promise((resolve) => setTimeout(resolve, 10));
    attach(api, { retries: 0 });
    await expect(done).resolves.toMatchObject({ status: 200 });
    await api.get('/');
    expect(sent).toHaveLength(4);
  });

  it.each([true, false])(
    'waits on the fake timers of jest (legacy: %s)',
    async (legacyFakeTimers) => {
      jest.useFakeTimers({ legacyFakeTimers } as never);
      try {
        const { api, sent } = scripted(503, 503, 200);
        attach(api, { retryDelay: () => 5000 });
        let isDone = false;
        void api.get('/').finally(() => {
          isDone = true;
        });
        for (let turn = 0; turn < 1000 && !isDone; turn += 1) {
          await Promise.resolve();
          if (turn % 100 === 99) jest.advanceTimersByTime(5000);
        }
        expect([isDone, sent.length]).toEqual([true, 3]);
      } finally {
        jest.useRealTimers();
      }
    },
  );

  it('can be attached to a mocked instance', () => {
    const manager = { use: jest.fn(() => 0) };
    const mocks = [
      { interceptors: { request: manager, response: manager } },
      jest.createMockFromModule<{ default: AxiosInstance }>('axios').default,
    ];
    for (const mock of mocks) expect(() => attach(mock as AxiosInstance)).not.toThrow();
  });

  it('sends a body object as JSON each time', async () => {
    const { api, sent } = scripted('ECONNRESET', 200);
    attach(api);
    await api.post('/', { item: 'tea' });
    expect(sent.map(({ data }) => data as unknown)).toEqual(['{"item":"tea"}', '{"item":"tea"}']);
  });
});

import { getEventListeners, once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { AxiosAdapter, AxiosError, AxiosRequestConfig } from 'axios';
import axios, { AxiosHeaders } from 'axios';
import { createGate } from '../../src/gate/index.js';
import type { RetryOptions } from '../../src/index.js';
import { attachRetry, retryReport } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';
import { failureOf } from '../support/failure-of.js';
import { START } from '../support/scripted-client.js';
import { startServer } from '../support/scripted-server.js';

const SECOND = 1000;
type Script = readonly (number | { status: number; after: number } | 'silent')[];

/** Gives each answer in turn, at once or after some time, or never; an abort ends the attempt, as in Axios. */
function setUp(script: Script, options: RetryOptions = {}) {
  const clock = createTestClock(START);
  const signals: unknown[] = [];
  const adapter: AxiosAdapter = (config) =>
    new Promise((resolve, reject) => {
      const answer = script[signals.length] ?? 'silent';
      signals.push(config.signal);
      config.signal?.addEventListener?.('abort', () =>
        reject(new axios.CanceledError(undefined, config)),
      );
      if (answer === 'silent') return;
      const { status, after } = typeof answer === 'number' ? { status: answer, after: 0 } : answer;
      const headers = new AxiosHeaders();
      const response = { status, statusText: '', headers, data: '', config };
      const settle = (): void =>
        status < 400
          ? resolve(response)
          : reject(new axios.AxiosError('busy', 'ERR_BAD_RESPONSE', config, null, response));
      if (after === 0) settle();
      else clock.setTimeout(settle, after);
    });
  // The clock does not wait for attempts that never end.
  const { inFlight: _, ...quiet } = clock;
  const api = axios.create({ adapter });
  const handle = attachRetry(api, { clock: quiet, ...options });
  const seconds = () => (clock.now() - START) / SECOND;
  /** The error, and when it came. */
  async function fail(config?: AxiosRequestConfig): Promise<[AxiosError, number]> {
    const failed = failureOf(api.get('/', config)).then((error): [AxiosError, number] => [
      error,
      seconds(),
    ]);
    await clock.advance(100 * SECOND);
    return failed;
  }
  /** Attaches the plugin once more, after the interceptors of a test. */
  const attachLast = () => attachRetry(api, { clock: quiet, ...options });
  return { api, clock, handle, signals, fail, attachLast };
}

describe('totalTimeout', () => {
  it('does not begin a wait that would end later: the call ends with its last outcome', async () => {
    const { fail, signals } = setUp([503, 503], { totalTimeout: 70 * SECOND });
    const [error, at] = await fail();
    expect([error.status, at, signals.length]).toEqual([503, 8, 2]);
    expect(retryReport(error)).toMatchObject({
      gaveUp: 'total-timeout',
      retryAt: START + 72 * SECOND,
    });
  });

  it.each([
    ['first attempt', ['silent'], 10],
    ['retry', [503, 'silent'], 10],
  ] as const)(
    'aborts a %s that is under way, with Axios’s error of a time-out',
    async (_, script, at) => {
      const { fail } = setUp(script, { totalTimeout: 10 * SECOND });
      const [error, endedAt] = await fail();
      expect(endedAt).toBe(at);
      expect(error).toMatchObject({
        isAxiosError: true,
        code: 'ECONNABORTED',
        message: 'timeout of 10000ms exceeded',
      });
      expect(axios.isCancel(error)).toBe(false);
      const report = retryReport(error);
      expect(report?.gaveUp).toBe('total-timeout');
      expect(report?.attempts.at(-1)).toMatchObject({ code: 'ECONNABORTED' });
      expect(report?.attempts).toHaveLength(script.length);
    },
  );

  it('gives the error the code and the message that the request asks for', async () => {
    const { fail } = setUp(['silent'], { totalTimeout: SECOND });
    const transitional = { clarifyTimeoutError: true };
    const [error] = await fail({ transitional, timeoutErrorMessage: 'too slow' });
    expect(error).toMatchObject({ code: 'ETIMEDOUT', message: 'too slow' });
  });

  it('is one for all attempts, also where each is quick', async () => {
    const answer = { status: 503, after: 3 * SECOND };
    const options = { totalTimeout: 10 * SECOND, backoff: () => SECOND };
    const [error, at] = await setUp([answer, answer, answer], options).fail();
    expect([error.code, at]).toEqual(['ECONNABORTED', 10]);
  });

  it.each(['decide', 'onRetry', 'beforeRetry'])(
    'ends a call whose hook %s does not answer',
    async (hook) => {
      const never = () => new Promise<never>(() => undefined);
      const { fail, handle } = setUp([503], { totalTimeout: 10 * SECOND, [hook]: never });
      const [error, at] = await fail();
      expect([error.status, at, handle.waits]).toEqual([503, 10, []]);
      expect(retryReport(error)?.gaveUp).toBe('total-timeout');
    },
  );

  it('takes an instance without transforms', async () => {
    const clock = createTestClock(START);
    const adapter: AxiosAdapter = async (config) => ({
      ...{ status: 200, statusText: '', headers: {}, data: '', config },
    });
    const api = new axios.Axios({ adapter });
    attachRetry(api, { clock, totalTimeout: SECOND });
    const { config } = await api.get('/');
    expect(config.transformRequest).toEqual([]);
  });

  it('ends a retry that waits at a gate', async () => {
    const options = { totalTimeout: 20 * SECOND, gate: createGate({ initialConcurrency: 1 }) };
    const { api, clock, handle } = setUp([502, 'silent'], options);
    const failing = failureOf(api.get('/'));
    await clock.advance(0);
    void api.get('/other', { retry: { totalTimeout: 1e9 } }).catch(() => undefined);
    await clock.advance(20 * SECOND - 1);
    expect(handle.waits).toMatchObject([{ url: '/', basis: 'gate' }]);
    await clock.advance(1);
    const error = await failing;
    expect([error.status, handle.waits]).toEqual([502, []]);
    expect(retryReport(error)?.gaveUp).toBe('total-timeout');
  });

  it('tells onGiveUp after a retry', async () => {
    const onGiveUp = jest.fn();
    await setUp([503, 'silent'], { totalTimeout: 10 * SECOND, onGiveUp }).fail();
    expect(onGiveUp).toHaveBeenCalledTimes(1);
    expect(onGiveUp.mock.calls[0][0].gaveUp).toBe('total-timeout');
  });

  it('does not end a call that is in time, and leaves no timer', async () => {
    const { api, clock } = setUp([503, 200], { totalTimeout: 10 * SECOND });
    const request = api.get('/');
    await clock.advance(9 * SECOND);
    expect((await request).status).toBe(200);
    await clock.runAll();
    // A timer that was left would have moved the clock.
    expect(clock.now()).toBe(START + 9 * SECOND);
  });

  it('does not replace the error of an abort that came first, and that an interceptor held', async () => {
    const { api, clock, attachLast } = setUp(['silent'], { totalTimeout: 10 * SECOND });
    api.interceptors.response.use(undefined, async (error) => {
      await new Promise<void>((resolve) => void clock.setTimeout(resolve, 20 * SECOND));
      throw error;
    });
    attachLast();
    const controller = new AbortController();
    const failed = failureOf(api.get('/', { signal: controller.signal }));
    await clock.advance(SECOND);
    controller.abort();
    await clock.advance(30 * SECOND);
    expect(axios.isCancel(await failed)).toBe(true);
  });

  it('does not replace the error of a cancelToken while a request interceptor holds the request', async () => {
    const { api, clock, attachLast } = setUp(['silent'], { totalTimeout: 10 * SECOND });
    api.interceptors.request.use(async (config) => {
      await new Promise<void>((resolve) => void clock.setTimeout(resolve, 20 * SECOND));
      return config;
    });
    attachLast();
    const source = axios.CancelToken.source();
    const failed = failureOf(api.get('/', { cancelToken: source.token }));
    await clock.advance(SECOND);
    source.cancel();
    await clock.advance(30 * SECOND);
    expect(axios.isCancel(await failed)).toBe(true);
  });

  it('counts from the first send, also where another call continues the request', async () => {
    const { api, fail } = setUp([{ status: 401, after: 6 * SECOND }], {
      totalTimeout: 10 * SECOND,
    });
    api.interceptors.response.use(undefined, (error: AxiosError) =>
      error.response?.status === 401 ? api.request(error.config ?? {}) : Promise.reject(error),
    );
    const [error, at] = await fail();
    expect([error.code, at]).toEqual(['ECONNABORTED', 10]);
  });
});

describe('the signal of an attempt without a totalTimeout', () => {
  it('is the caller’s own', async () => {
    const { api, signals } = setUp([200, 200]);
    const { signal } = controllerOf();
    await Promise.all([api.get('/'), api.get('/', { signal })]);
    expect(signals).toEqual([undefined, signal]);
  });
});

describe('the signal of an attempt with a totalTimeout', () => {
  it.each([
    ['the caller', false],
    ['a request interceptor', true],
  ])('is aborted by that of %s too, with its CanceledError', async (_, byInterceptor) => {
    const { api, clock } = setUp(['silent'], { totalTimeout: 10 * SECOND });
    const { signal, abort } = controllerOf();
    if (byInterceptor) api.interceptors.request.use((config) => ({ ...config, signal }));
    const failing = failureOf(api.get('/', byInterceptor ? {} : { signal }));
    await clock.advance(SECOND);
    abort();
    const error = await failing;
    expect(axios.isCancel(error)).toBe(true);
    expect(retryReport(error)?.gaveUp).toBe('canceled');
  });

  it('replaces one that an interceptor has set, and is not shown on the error', async () => {
    const { api, fail, signals } = setUp(['silent'], { totalTimeout: 10 * SECOND });
    const { signal } = controllerOf();
    api.interceptors.request.use((config) => ({ ...config, signal }));
    const [error, at] = await fail();
    expect([error.code, at]).toEqual(['ECONNABORTED', 10]);
    expect(signals).not.toEqual([signal]);
    expect(error.config?.signal).toBe(signal);
    expect(error.config?.transformRequest).toEqual(axios.defaults.transformRequest);
  });

  it('is aborted before the send if beforeRetry gives the attempt one that is', async () => {
    const { fail, signals } = setUp([503, 200], {
      totalTimeout: 10 * SECOND,
      beforeRetry: (config) => {
        config.signal = AbortSignal.abort();
      },
    });
    const [error] = await fail();
    expect([axios.isCancel(error), signals.length]).toEqual([true, 1]);
  });

  it('leaves no listener on the caller’s', async () => {
    const { api, clock } = setUp([503, 200], { totalTimeout: 10 * SECOND });
    const { signal } = controllerOf();
    const [add, remove] = [
      jest.spyOn(signal, 'addEventListener'),
      jest.spyOn(signal, 'removeEventListener'),
    ];
    const request = api.get('/', { signal });
    await clock.advance(8 * SECOND);
    await request;
    expect(add.mock.calls.length).toBeGreaterThan(0);
    expect(remove).toHaveBeenCalledTimes(add.mock.calls.length);
  });
});

function controllerOf() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

describe('an unread body of a call with a totalTimeout', () => {
  it('is ended by an abort of the caller, as without it', async () => {
    const server = await startServer((_req, res) => {
      res.writeHead(200).write('half');
    });
    const api = axios.create({ baseURL: server.url });
    attachRetry(api, { totalTimeout: 60_000 });
    const { signal, abort } = controllerOf();
    const { data } = await api.get('/', { responseType: 'stream', signal });
    const ended = once(data, 'error');
    data.resume();
    abort();
    expect(String(await ended)).toMatch(/cancel|abort/i);
    await server.close();
  });

  const read = async (data: Readable | ReadableStream): Promise<void> => {
    expect(await text(data)).toBe('whole');
  };
  const discard = async (data: Readable | ReadableStream): Promise<void> => {
    if ('destroy' in data) data.destroy();
    else await data.cancel();
  };

  it.each([
    ['read', 'http', read],
    ['read', 'fetch', read],
    ['discarded', 'http', discard],
    ['discarded', 'fetch', discard],
  ] as const)(
    'leaves no listener on the caller’s signal once it is %s (%s)',
    async (_how, adapter, use) => {
      const server = await startServer(503, { body: 'whole' });
      const api = axios.create({ baseURL: server.url, adapter });
      attachRetry(api, { totalTimeout: 60_000, backoff: () => 0 });
      const { signal } = controllerOf();
      const { data } = await api.get('/', { responseType: 'stream', signal });
      const before = getEventListeners(signal, 'abort').length;
      await use(data);
      await new Promise((resolve) => setImmediate(resolve));
      const after = getEventListeners(signal, 'abort').length;
      await server.close();
      expect([before > 0, after]).toEqual([true, 0]);
    },
  );
});

describe('a request that someone sends again', () => {
  it('reports the end of its time while a refresher works', async () => {
    const { api, clock, fail, attachLast } = setUp([401, 'silent'], { totalTimeout: SECOND });
    api.interceptors.response.use(undefined, async (error: AxiosError) => {
      if (error.response?.status !== 401) throw error;
      await new Promise<void>((resolve) => clock.setTimeout(resolve, 2 * SECOND));
      return api.request(error.config ?? {});
    });
    attachLast();
    const [error] = await fail();
    expect(error.code).toBe('ECONNABORTED');
    expect(retryReport(error)).toEqual({
      gaveUp: 'total-timeout',
      attempts: [{ sentAt: START + 2 * SECOND, code: 'ECONNABORTED' }],
    });
  });

  it('has its own signal and transforms, also where the plugin is turned off', async () => {
    const { api, fail, attachLast } = setUp([401, 401], { totalTimeout: SECOND });
    const { signal } = controllerOf();
    api.interceptors.response.use(undefined, (error: AxiosError) => {
      if (error.config?.retry === false) throw error;
      return api.request({ ...error.config, retry: false });
    });
    attachLast();
    const [error] = await fail({ signal });
    expect(error.config?.signal).toBe(signal);
    expect(error.config?.transformRequest).toEqual(axios.defaults.transformRequest);
  });

  it('has all of its time again after it has run out', async () => {
    const { api, fail, clock } = setUp(['silent', { status: 200, after: 500 }], {
      totalTimeout: SECOND,
    });
    const [error] = await fail();
    const again = api.request(error.config ?? {});
    await clock.advance(SECOND);
    expect((await again).status).toBe(200);
  });
});

describe('the time-out of an attempt', () => {
  it('does not end a call with a totalTimeout', async () => {
    const { api, clock } = setUp([503, 200], { totalTimeout: 100 * SECOND });
    const controllers: AbortController[] = [];
    api.interceptors.request.use((config) => {
      controllers.push(new AbortController());
      return { ...config, signal: controllers.at(-1)?.signal as AbortSignal };
    });
    const request = api.get('/');
    await clock.advance(0);
    controllers[0]?.abort(new DOMException('too slow', 'TimeoutError'));
    await clock.advance(8 * SECOND);
    expect((await request).status).toBe(200);
  });

  it('ends an attempt whose transforms an interceptor has replaced', async () => {
    const { api, fail } = setUp(['silent'], { totalTimeout: SECOND });
    api.interceptors.request.use((config) => ({ ...config, transformRequest: [String] }));
    expect((await fail())[1]).toBe(1);
  });
});

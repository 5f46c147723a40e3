import { inspect } from 'node:util';
import type { AxiosAdapter, AxiosError, AxiosInstance, AxiosRequestConfig } from 'axios';
import axios from 'axios';
import type { RetryGate, RetryOptions, RetryWait } from '../../src/index.js';
import { attachRetry, retryReport } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';
import type { Answer, ScriptedServer } from '../support/scripted-server.js';
import { startServer } from '../support/scripted-server.js';

const START = Date.UTC(2030, 0, 1);
const HOUR = 3_600_000;
const servers: ScriptedServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function setUp(answers: Answer[], options: RetryOptions = {}, config = {}) {
  const server = await startServer(...answers);
  servers.push(server);
  const clock = createTestClock(START);
  const api = axios.create({ baseURL: server.url, ...config });
  const handle = attachRetry(api, { clock, ...options });
  /** Sends, and returns when the first attempt has ended; the request may still be pending. */
  async function begin(request: AxiosRequestConfig = {}) {
    const sent = api.request({ url: '/', ...request });
    const failure = sent.then(
      () => Promise.reject(new Error('It was to fail, and succeeded.')),
      (error: AxiosError) => error,
    );
    failure.catch(() => undefined);
    await clock.advance(0);
    return { response: sent, failure };
  }
  return { server, clock, api, handle, begin };
}

const hangUp: Answer = (req) => req.socket.destroy();
const busy: Answer = {
  status: 503,
  headers: { 'Content-Type': 'application/json', 'X-Request-Id': '7' },
  body: '{"message":"busy"}',
};

function only(waits: readonly RetryWait[]): RetryWait {
  const [wait] = waits;
  if (wait === undefined || waits.length > 1) throw new Error(`${waits.length} requests wait.`);
  return wait;
}

async function microtasks(): Promise<void> {
  for (let i = 0; i < 10; i += 1) await undefined;
}

describe('handle.waits', () => {
  it('is empty before and after a wait', async () => {
    const { handle, clock, begin } = await setUp([503, 200]);
    expect(handle.waits).toEqual([]);
    const { response } = await begin();
    expect(handle.waits).toHaveLength(1);
    await clock.runAll();
    await response;
    expect(handle.waits).toEqual([]);
  });

  it('shows a wait with all its fields', async () => {
    const answers: Answer[] = [{ status: 529, headers: { 'Retry-After': '90' } }, 503];
    const { handle, clock, begin } = await setUp(answers, { maxRetries: 2 });
    const { failure } = await begin({ method: 'put', url: '/users?page=2' });
    const common = {
      method: 'PUT',
      url: '/users?page=2',
      maxRetries: 2,
      retryNow: expect.any(Function),
      cancel: expect.any(Function),
    };
    expect(handle.waits).toEqual([
      {
        ...common,
        id: expect.any(Number),
        status: 529,
        retryNumber: 1,
        delay: 90_000,
        dueAt: START + 90_000,
        basis: 'retry-after',
      },
    ]);
    const { id } = only(handle.waits);
    await clock.advance(90_000);
    expect(handle.waits).toEqual([
      {
        ...common,
        id: expect.any(Number),
        status: 503,
        retryNumber: 2,
        delay: 64_000,
        dueAt: START + 154_000,
        basis: 'backoff',
      },
    ]);
    expect(only(handle.waits).id).toBeGreaterThan(id);
    await clock.runAll();
    await failure;
  });

  it('shows no status after a network error', async () => {
    const { handle, begin } = await setUp([hangUp], { networkErrors: true });
    await begin();
    expect(only(handle.waits).status).toBeUndefined();
  });

  it('lists the waits from oldest to newest', async () => {
    const { handle, begin } = await setUp([503]);
    for (const url of ['/a', '/b', '/c']) await begin({ url });
    expect(handle.waits.map(({ url }) => url)).toEqual(['/a', '/b', '/c']);
    const ids = handle.waits.map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
  });

  it('is frozen, and so is each wait', async () => {
    const { handle, begin } = await setUp([503]);
    expect(Object.isFrozen(handle.waits)).toBe(true);
    await begin();
    expect(Object.isFrozen(handle.waits)).toBe(true);
    expect(Object.isFrozen(only(handle.waits))).toBe(true);
  });

  it('is the same array until something changes', async () => {
    const { handle, clock, begin } = await setUp([503]);
    const none = handle.waits;
    expect(handle.waits).toBe(none);
    await begin({ url: '/a' });
    const one = handle.waits;
    expect(one).not.toBe(none);
    await clock.advance(1000);
    expect(handle.waits).toBe(one);
    await begin({ url: '/b' });
    const two = handle.waits;
    expect(two).not.toBe(one);
    expect(one).toHaveLength(1);
    expect(two[0]).toBe(one[0]);
    two[0]?.cancel();
    expect(handle.waits).toEqual([two[1]]);
    expect(two).toHaveLength(2);
  });

  it.each([
    ['https://user:secret@api.test/users?a=b@c', 'https://api.test/users?a=b@c'],
    ['HTTPS://user@api.test', 'HTTPS://api.test'],
    ['http://user:p@ss@api.test/a@b', 'http://api.test/a@b'],
    ['http://user:pa:ss@[::1]:8080/', 'http://[::1]:8080/'],
    ['//user:secret@api.test/users', '//api.test/users'],
    ['/users/me@home.test', '/users/me@home.test'],
    ['users?next=//a@b', 'users?next=//a@b'],
  ])('shows %s as %s, without user info', async (url, shown) => {
    expect(await shownAs(url)).toBe(shown);
  });

  it.each([
    ' https://user:secret@api.test/',
    '\thttps://user:secret@api.test/',
    'ht\ntps://user:secret@api.test/',
    'https:///user:secret@api.test/',
  ])('shows no user info of %j, which is still sent', async (url) => {
    expect(await shownAs(url)).not.toContain('secret');
  });

  async function shownAs(url: string): Promise<string> {
    const clock = createTestClock();
    const api = axios.create({
      adapter: (config) => {
        const response = { status: 503, statusText: '', headers: {}, data: '', config };
        return Promise.reject(new axios.AxiosError('', '', config, {}, response));
      },
    });
    const handle = attachRetry(api, { clock });
    api.get(url).catch(() => undefined);
    await clock.advance(0);
    return only(handle.waits).url;
  }
});

describe('handle.subscribe', () => {
  it('notifies once per microtask of all changes', async () => {
    const { handle, begin } = await setUp([503]);
    for (const url of ['/a', '/b', '/c']) await begin({ url });
    const listener = jest.fn();
    handle.subscribe(listener);
    for (const wait of handle.waits) wait.cancel();
    expect(listener).not.toHaveBeenCalled();
    await microtasks();
    expect(listener).toHaveBeenCalledTimes(1);
    expect(handle.waits).toHaveLength(0);
  });

  it('notifies when a wait begins and when it ends, and shows the new waits then', async () => {
    const { handle, clock, begin } = await setUp([503, 200]);
    const seen: number[] = [];
    handle.subscribe(() => seen.push(handle.waits.length));
    await begin();
    await clock.runAll();
    expect(seen).toEqual([1, 0]);
  });

  it('does not notify after unsubscribing, even in the same microtask', async () => {
    const { handle, begin } = await setUp([503]);
    const [gone, kept] = [jest.fn(), jest.fn()];
    const stop = handle.subscribe(gone);
    handle.subscribe(kept);
    await begin();
    expect(gone).toHaveBeenCalledTimes(1);
    only(handle.waits).cancel();
    stop();
    stop();
    await microtasks();
    expect(gone).toHaveBeenCalledTimes(1);
    expect(kept).toHaveBeenCalledTimes(2);
  });

  it('counts each subscription, even if the function is the same', async () => {
    const { handle, begin } = await setUp([503]);
    const listener = jest.fn();
    const stop = handle.subscribe(listener);
    handle.subscribe(listener);
    await begin();
    expect(listener).toHaveBeenCalledTimes(2);
    stop();
    only(handle.waits).cancel();
    await microtasks();
    expect(listener).toHaveBeenCalledTimes(3);
  });

  it('does not notify while nothing changes', async () => {
    const { handle, clock, begin } = await setUp([
      { status: 429, headers: { 'Retry-After': '60' } },
    ]);
    await begin();
    const listener = jest.fn();
    handle.subscribe(listener);
    await clock.advance(59_999);
    expect(handle.waits).toHaveLength(1);
    expect(listener).not.toHaveBeenCalled();
  });
});

describe('wait.retryNow', () => {
  it('sends at once', async () => {
    const { handle, clock, begin, server } = await setUp([503, 200]);
    const { response } = await begin();
    await clock.advance(1000);
    only(handle.waits).retryNow();
    expect((await response).status).toBe(200);
    expect(clock.now() - START).toBe(1000);
    expect(handle.waits).toEqual([]);
    await clock.advance(HOUR);
    expect(server.requests).toHaveLength(2);
  });

  it('sends before Retry-After is over, as the user may decide so', async () => {
    const { handle, clock, begin } = await setUp([
      { status: 429, headers: { 'Retry-After': '3600' } },
      200,
    ]);
    const { response } = await begin();
    only(handle.waits).retryNow();
    expect((await response).status).toBe(200);
    expect(clock.now()).toBe(START);
  });

  it('counts as a retry', async () => {
    const { handle, clock, begin, server } = await setUp([503], { maxRetries: 2 });
    const { failure } = await begin();
    only(handle.waits).retryNow();
    await clock.advance(0);
    expect(only(handle.waits)).toMatchObject({ retryNumber: 2, delay: 64_000 });
    only(handle.waits).retryNow();
    expect(retryReport(await failure)?.gaveUp).toBe('max-retries');
    expect(server.requests).toHaveLength(3);
  });

  it('has no effect after the wait', async () => {
    const { handle, clock, begin, server } = await setUp([503]);
    const { failure } = await begin();
    const first = only(handle.waits);
    await clock.advance(8000);
    const second = only(handle.waits);
    first.retryNow();
    first.cancel();
    await clock.advance(0);
    expect(handle.waits).toEqual([second]);
    expect(server.requests).toHaveLength(2);
    second.cancel();
    second.cancel();
    second.retryNow();
    await failure;
    await clock.advance(HOUR);
    expect(server.requests).toHaveLength(2);
  });

  it('does not affect other waits', async () => {
    const { handle, clock, begin, server } = await setUp([503, 503, 200]);
    const { response } = await begin({ url: '/a' });
    await begin({ url: '/b' });
    handle.waits[0]?.retryNow();
    await response;
    expect(only(handle.waits).url).toBe('/b');
    await clock.runAll();
    expect(server.requests.map(({ url }) => url)).toEqual(['/a', '/b', '/a', '/b']);
  });
});

describe('wait.cancel', () => {
  it('settles the request with its last error, without the body', async () => {
    const { handle, clock, begin, server } = await setUp([busy]);
    const { failure } = await begin({ url: '/users', params: { page: 2 } });
    only(handle.waits).cancel();
    const error = await failure;
    expect(axios.isAxiosError(error)).toBe(true);
    expect(axios.isCancel(error)).toBe(false);
    expect(error.message).toBe('Request failed with status code 503');
    expect(error.code).toBe('ERR_BAD_RESPONSE');
    expect(error.status).toBe(503);
    expect(error.config).toMatchObject({ url: '/users', params: { page: 2 } });
    expect(error.response).toMatchObject({ status: 503, statusText: 'Service Unavailable' });
    expect(error.response?.headers).toMatchObject({ 'x-request-id': '7' });
    expect(error.response?.data).toBeUndefined();
    expect(error.response?.config).toBe(error.config);
    expect(retryReport(error)?.gaveUp).toBe('canceled');
    await clock.advance(HOUR);
    expect(server.requests).toHaveLength(1);
    expect(handle.waits).toEqual([]);
  });

  it('resolves the request if validateStatus accepted its last response', async () => {
    const { handle, begin } = await setUp([busy]);
    const { response } = await begin({ validateStatus: () => true });
    only(handle.waits).cancel();
    const settled = await response;
    expect(settled).toMatchObject({ status: 503, headers: { 'x-request-id': '7' } });
    expect(settled.data).toBeUndefined();
    expect(retryReport(settled)?.gaveUp).toBe('canceled');
  });

  it('settles with the last network error', async () => {
    const { handle, begin } = await setUp([hangUp], { networkErrors: true });
    const { failure } = await begin();
    only(handle.waits).cancel();
    const error = await failure;
    expect([error.code, error.message, error.response]).toEqual([
      'ECONNRESET',
      'socket hang up',
      undefined,
    ]);
    expect(retryReport(error)?.gaveUp).toBe('canceled');
  });

  it('settles with the outcome of the last attempt, not the first', async () => {
    const { handle, clock, begin } = await setUp([503, 502]);
    const { failure } = await begin();
    await clock.advance(8000);
    only(handle.waits).cancel();
    expect((await failure).status).toBe(502);
  });

  it('runs later response interceptors once, like any other end', async () => {
    const { api, handle, begin } = await setUp([503]);
    const later = jest.fn((error: unknown) => Promise.reject(error));
    api.interceptors.response.use(undefined, later);
    const { failure } = await begin();
    only(handle.waits).cancel();
    const error = await failure;
    expect(later.mock.calls).toEqual([[error]]);
  });
});

describe('handle.detach', () => {
  it('ends every wait like cancel()', async () => {
    const { handle, clock, begin, server } = await setUp([busy]);
    const one = await begin({ url: '/a' });
    const two = await begin({ url: '/b', validateStatus: null });
    handle.detach();
    expect(handle.waits).toEqual([]);
    const error = await one.failure;
    const response = await two.response;
    expect([error.status, response.status]).toEqual([503, 503]);
    expect(retryReport(error)?.gaveUp).toBe('canceled');
    expect(retryReport(response)?.gaveUp).toBe('canceled');
    await clock.advance(HOUR);
    expect(server.requests).toHaveLength(2);
  });

  it('stops retrying new requests', async () => {
    const { handle, clock, api, server } = await setUp([503]);
    handle.detach();
    const error = await api.get('/').catch((thrown: AxiosError) => thrown);
    expect(error.status).toBe(503);
    expect(retryReport(error)).toBeUndefined();
    await clock.advance(HOUR);
    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, Answer[]]>([
    ['first', []],
    ['second', [503]],
  ])('lets a %s attempt in flight settle, without another retry', async (_name, before) => {
    for (const status of [503, 200]) {
      // The attempt is in flight when the server has received it.
      const held: Answer = (_req, res) => {
        handle.detach();
        res.writeHead(status).end();
      };
      const { handle, clock, begin, server } = await setUp([...before, held]);
      const { response } = await begin({ validateStatus: null });
      await clock.runAll();
      const settled = await response;
      expect(settled.status).toBe(status);
      expect(retryReport(settled)?.gaveUp).toBe(status === 503 ? 'canceled' : undefined);
      await clock.advance(HOUR);
      expect(server.requests).toHaveLength(before.length + 1);
    }
  });

  it('does not send a retry whose wait has just ended', async () => {
    const { handle, clock, begin, server } = await setUp([503], {
      beforeRetry: () => handle.detach(),
    });
    const { failure } = await begin();
    await clock.runAll();
    const error = await failure;
    expect(error.status).toBe(503);
    expect(retryReport(error)).toMatchObject({ gaveUp: 'canceled', attempts: [{ status: 503 }] });
    expect(server.requests).toHaveLength(1);
  });

  it('may be called twice', async () => {
    const { handle } = await setUp([503]);
    handle.detach();
    expect(() => handle.detach()).not.toThrow();
  });

  it('keeps the order of the other interceptors', async () => {
    const { handle, api } = await setUp([200]);
    const seen = jest.fn((value) => value);
    api.interceptors.request.use(seen);
    api.interceptors.response.use(seen);
    handle.detach();
    await api.get('/');
    expect(seen).toHaveBeenCalledTimes(2);
  });
});

describe('attaching again', () => {
  it('replaces the first attachment', async () => {
    const { api, clock, server } = await setUp([503]);
    const handle = attachRetry(api, { clock, maxRetries: 1 });
    const failure = api.get('/').catch((error: AxiosError) => error);
    await clock.runAll();
    expect(retryReport(await failure)?.attempts).toHaveLength(2);
    expect(server.requests).toHaveLength(2);
    expect(handle.waits).toEqual([]);
  });

  it('ends the waits of the first attachment like cancel()', async () => {
    const first = await setUp([503]);
    const { failure } = await first.begin();
    const handle = attachRetry(first.api, { clock: first.clock });
    expect(retryReport(await failure)?.gaveUp).toBe('canceled');
    expect([first.handle.waits.length, handle.waits.length]).toEqual([0, 0]);
  });

  it('works after a detach', async () => {
    const { api, clock, handle, server } = await setUp([503, 200]);
    handle.detach();
    const again = attachRetry(api, { clock });
    const request = api.get('/');
    await clock.advance(0);
    expect([handle.waits.length, again.waits.length]).toEqual([0, 1]);
    await clock.runAll();
    expect((await request).status).toBe(200);
    expect(server.requests).toHaveLength(2);
  });

  it('keeps the first attachment if the options are invalid', async () => {
    const { api, clock, begin, handle } = await setUp([503, 200]);
    const { response } = await begin();
    expect(() => attachRetry(api, { maxRetries: -1 })).toThrow(RangeError);
    expect(handle.waits).toHaveLength(1);
    await clock.runAll();
    expect((await response).status).toBe(200);
  });

  it('after a detach is not undone by detaching the first handle again', async () => {
    const { api, clock, handle } = await setUp([503, 200]);
    attachRetry(api, { clock });
    handle.detach();
    const request = api.get('/');
    await clock.runAll();
    expect((await request).status).toBe(200);
  });
});

describe('retryReport', () => {
  it('describes a success without a retry', async () => {
    const { begin } = await setUp([200]);
    const { response } = await begin();
    expect(retryReport(await response)).toEqual({ attempts: [{ sentAt: START, status: 200 }] });
  });

  it('describes a success after retries, with the wait after each attempt', async () => {
    const answers: Answer[] = [{ status: 429, headers: { 'Retry-After': '9' } }, hangUp, 503, 204];
    const { begin, clock } = await setUp(answers, { networkErrors: true });
    const { response } = await begin();
    await clock.runAll();
    expect(retryReport(await response)).toEqual({
      attempts: [
        { sentAt: START, status: 429, delay: 9000 },
        { sentAt: START + 9000, code: 'ECONNRESET', delay: 64_000 },
        { sentAt: START + 73_000, status: 503, delay: 512_000 },
        { sentAt: START + 585_000, status: 204 },
      ],
    });
  });

  it('describes a failure, and why it was given up', async () => {
    const { begin, clock } = await setUp([503, 404]);
    const { failure } = await begin();
    await clock.runAll();
    expect(retryReport(await failure)).toEqual({
      attempts: [
        { sentAt: START, status: 503, delay: 8000 },
        { sentAt: START + 8000, status: 404 },
      ],
      gaveUp: 'status',
    });
  });

  it('shows the decided wait, even if the user cut it short', async () => {
    const { begin, clock, handle } = await setUp([503, 200]);
    const { response } = await begin();
    await clock.advance(10);
    only(handle.waits).retryNow();
    expect(retryReport(await response)?.attempts).toEqual([
      { sentAt: START, status: 503, delay: 8000 },
      { sentAt: START + 10, status: 200 },
    ]);
  });

  it('is bounded: of more than 100 attempts, it holds the first and the last 99', async () => {
    const { begin, clock } = await setUp([503], { maxRetries: 150, backoff: () => 1 });
    const { failure } = await begin();
    await clock.runAll();
    const { attempts = [] } = retryReport(await failure) ?? {};
    expect(attempts).toHaveLength(100);
    expect(attempts.map(({ sentAt }) => sentAt - START)).toEqual([
      0,
      ...Array.from({ length: 99 }, (_, i) => 52 + i),
    ]);
  });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['a string', 'no'],
    ['a plain error', new Error('no')],
    ['an error of another Axios', new axios.AxiosError('no')],
  ])('is undefined for %s', (_name, value) => {
    expect(retryReport(value)).toBeUndefined();
  });

  it('is undefined for a request with retry: false', async () => {
    const { api } = await setUp([200]);
    expect(retryReport(await api.get('/', { retry: false }))).toBeUndefined();
  });

  it('is a copy, so changes do not affect the next reader', async () => {
    const { begin } = await setUp([404]);
    const { failure } = await begin();
    const error = await failure;
    const first = retryReport(error);
    Object.assign(first?.attempts[0] ?? {}, { status: 1 });
    expect(retryReport(error)?.attempts).toMatchObject([{ status: 404 }]);
  });

  describe('contains no header, body or credential', () => {
    const secrets = {
      headers: { Authorization: 'Bearer secret-1', Cookie: 'sid=secret-2', 'X-Key': 'secret-3' },
      data: { password: 'secret-4' },
      params: { token: 'secret-5' },
      cancelToken: axios.CancelToken.source().token,
    };
    const basic = { auth: { username: 'secret-6', password: 'secret-7' } };
    const answer: Answer = {
      status: 503,
      headers: { 'Set-Cookie': 'sid=secret-8', 'X-Answer': 'secret-9' },
      body: 'secret-10',
    };

    it.each<[string, Answer, RetryOptions, AxiosRequestConfig]>([
      ['that was given up', answer, { maxRetries: 1 }, {}],
      ['that resolved', answer, { maxRetries: 1 }, { validateStatus: null }],
      [
        'after a network error',
        hangUp,
        { networkErrors: true, idempotencyKey: () => 'secret-12' },
        {},
      ],
      ['that was canceled', answer, { onRetry: (wait) => wait.cancel() }, {}],
    ])('of an outcome %s', async (_name, given, options, config) => {
      const { api, clock, server } = await setUp([given], options);
      const url = server.url.replace('//', '//user:secret-11@');
      const settled = api
        .request({ baseURL: '', url, method: 'POST', ...secrets, ...basic, ...config })
        .catch((error: AxiosError) => error);
      await clock.runAll();
      const outcome = await settled;
      const state = (outcome.config as unknown as Record<string, object>)['axios-status-retry'];
      expect(state).toBeDefined();
      const report = retryReport(outcome);
      expect(report?.attempts.length).toBeGreaterThan(0);
      expect(JSON.parse(JSON.stringify(report))).toEqual(report);
      expect(JSON.parse(JSON.stringify(state))).toEqual(report);
      for (const text of [
        JSON.stringify(report),
        JSON.stringify(state),
        inspect(report, { depth: null }),
        inspect(state, { depth: null, showHidden: true }),
      ]) {
        expect(text).not.toContain('secret');
      }
    });

    it('in any other form of serialization', async () => {
      const { api, clock } = await setUp([answer], { maxRetries: 1 });
      const settled = api.post('/', secrets.data, { ...basic, headers: secrets.headers });
      const failure = settled.catch((error: AxiosError) => error);
      await clock.runAll();
      const error = (await failure) as AxiosError;
      const state = (error.config as unknown as Record<string, object>)['axios-status-retry'];
      const plainly = inspect(state, { depth: null, customInspect: false });
      expect(plainly).not.toContain('secret');
    });

    it('and leaves the error loggable as JSON', async () => {
      const { api, clock } = await setUp([answer], { maxRetries: 2 });
      const failure = api.get('/').catch((error: AxiosError) => error);
      await clock.runAll();
      const { config } = JSON.parse(JSON.stringify(await failure)) as AxiosError;
      expect(config).toMatchObject({ 'axios-status-retry': { gaveUp: 'max-retries' } });
    });
  });
});

describe('a call that has ended', () => {
  type Interceptors = (api: AxiosInstance) => unknown;
  const broken = (): never => {
    throw new Error('broken');
  };

  /** Ways a call can end without its config, by which the plugin recognizes it. */
  const ends: [string, Answer, Interceptors, AxiosRequestConfig][] = [
    ['with unwrapped data', 200, (api) => api.interceptors.response.use((r) => r.data), {}],
    [
      'with another error',
      404,
      (api) => api.interceptors.response.use(undefined, () => Promise.reject(new Error('mine'))),
      {},
    ],
    ['in a request interceptor', 200, (api) => api.interceptors.request.use(broken), {}],
    ['in transformRequest', 200, () => undefined, { transformRequest: broken }],
    ['in transformResponse', 200, () => undefined, { transformResponse: broken }],
    ['with an unknown adapter', 200, () => undefined, { adapter: 'none' }],
    ['with an invalid URL', 200, () => undefined, { baseURL: '', url: 'http://:0:0' }],
    [
      'in another call of the same request',
      (req, res) => res.writeHead(req.headers.authorization ? 200 : 401).end(),
      (api) =>
        api.interceptors.response.use(undefined, (error: AxiosError) =>
          api.request({ ...error.config, headers: { Authorization: 'Bearer fresh' } }),
        ),
      {},
    ],
  ];

  it.each(ends)('%s is not waited for by a test clock', async (_name, answer, register, config) => {
    const server = await startServer(answer);
    servers.push(server);
    const clock = createTestClock();
    let busy = 0;
    const watched = {
      ...clock,
      inFlight(change: 1 | -1) {
        busy += change;
        clock.inFlight?.(change);
      },
    };
    const api = axios.create({ baseURL: server.url });
    register(api);
    attachRetry(api, { clock: watched });
    await api.request({ url: '/', ...config }).catch(() => undefined);
    expect(busy).toBe(0);
  });

  it('successfully tells the gate a 200, not the status in the data itself', async () => {
    const release = jest.fn();
    const gate: RetryGate = {
      tryAcquire: () => ({ release }),
      acquire: async () => ({ type: 'gave-up', reason: 'canceled' }),
    };
    const adapter: AxiosAdapter = async (config) => {
      const data = { status: 503, job: 'paused' };
      return { status: 200, statusText: '', headers: {}, data, config };
    };
    const api = axios.create({ adapter });
    api.interceptors.response.use((response) => response.data);
    attachRetry(api, { gate });
    await api.get('/');
    expect(release).toHaveBeenCalledTimes(1);
    expect(release.mock.calls[0]?.[0]).toEqual({ status: 200 });
  });
});

import type { AxiosError, AxiosRequestConfig } from 'axios';
import axios from 'axios';
import MockAdapter from 'axios-mock-adapter';
import type { RetryOptions } from '../../src/index.js';
import { attachRetry, retryReport } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';
import { failureOf } from '../support/failure-of.js';
import type { Answer, ScriptedServer } from '../support/scripted-server.js';
import { startServer } from '../support/scripted-server.js';

const START = Date.UTC(2030, 0, 1);
const servers: ScriptedServer[] = [];

async function serve(...answers: Answer[]): Promise<ScriptedServer> {
  const server = await startServer(...answers);
  servers.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** Servers that do not respond properly. */
const hangUp: Answer = (req) => req.socket.destroy();
const silence: Answer = () => undefined;
const cutOff: Answer = (req, res) => {
  res.writeHead(200, { 'Content-Length': 100 });
  res.write('the first half', () => req.socket.destroy());
};

/** The URL of a port without a server. */
async function nobody(): Promise<string> {
  const server = await startServer(200);
  await server.close();
  return server.url;
}

function noSuchHost(): Error {
  return Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
}

/** How fetch fails in Node: the cause has the code. */
const failingFetch: typeof fetch = () =>
  Promise.reject(new TypeError('fetch failed', { cause: noSuchHost() }));

const url = async (...answers: Answer[]): Promise<AxiosRequestConfig> => ({
  url: (await serve(...answers)).url,
});
const clarify = { clarifyTimeoutError: true };

/** Transient failures: how to make them, and how a report shows each attempt. */
const transient: [string, () => Promise<AxiosRequestConfig>, object][] = [
  ['connection refused (http)', async () => ({ url: await nobody() }), { code: 'ECONNREFUSED' }],
  [
    'connection refused (fetch)',
    async () => ({ url: await nobody(), adapter: 'fetch' }),
    { code: 'ECONNREFUSED' },
  ],
  ['connection reset (http)', () => url(hangUp), { code: 'ECONNRESET' }],
  [
    'connection reset (fetch)',
    async () => ({ ...(await url(hangUp)), adapter: 'fetch' }),
    { code: 'UND_ERR_SOCKET' },
  ],
  [
    'timeout (http)',
    async () => ({ ...(await url(silence)), timeout: 20 }),
    { code: 'ECONNABORTED' },
  ],
  [
    'timeout (http, clarified)',
    async () => ({ ...(await url(silence)), timeout: 20, transitional: clarify }),
    { code: 'ETIMEDOUT' },
  ],
  [
    'timeout (fetch)',
    async () => ({ ...(await url(silence)), timeout: 20, adapter: 'fetch' }),
    { code: 'ETIMEDOUT' },
  ],
  [
    'no such host (http)',
    async () => ({
      url: 'http://no-such-host.invalid/',
      lookup: (_host: string, _options: object, done: (error: Error, address: string) => void) =>
        done(noSuchHost(), ''),
    }),
    { code: 'ENOTFOUND' },
  ],
  [
    'no such host (fetch)',
    async () => ({
      url: 'http://no-such-host.invalid/',
      adapter: 'fetch',
      env: { fetch: failingFetch },
    }),
    { code: 'ENOTFOUND' },
  ],
  ['200 that was cut off (http)', () => url(cutOff), { status: 200, code: 'ERR_BAD_RESPONSE' }],
  [
    '200 that was cut off (http, under a limit)',
    async () => ({ ...(await url(cutOff)), maxContentLength: 1000 }),
    { status: 200, code: 'ERR_BAD_RESPONSE' },
  ],
  [
    '200 that was cut off (fetch)',
    async () => ({ ...(await url(cutOff)), adapter: 'fetch' }),
    { code: 'UND_ERR_SOCKET' },
  ],
  [
    '200 that was cut off (fetch, under a limit)',
    async () => ({ ...(await url(cutOff)), adapter: 'fetch', maxContentLength: 1000 }),
    { code: 'UND_ERR_SOCKET' },
  ],
];

describe.each(transient)('%s', (_name, make, seen) => {
  async function send(options: RetryOptions) {
    const clock = createTestClock(START);
    const api = axios.create();
    attachRetry(api, { clock, ...options });
    const failure = failureOf(api.request(await make()));
    await clock.runAll();
    return retryReport(await failure);
  }

  it('is not retried by default', async () => {
    const onGiveUp = jest.fn();
    const decide = jest.fn((decision) => decision);
    const { attempts, gaveUp } = (await send({ onGiveUp, decide })) ?? {};
    expect(attempts).toEqual([{ sentAt: START, ...seen }]);
    expect(gaveUp).toBe('network');
    expect(onGiveUp).not.toHaveBeenCalled();
    expect(decide).toHaveBeenCalledTimes(1);
  });

  it('is retried with backoff if networkErrors is on', async () => {
    expect(await send({ networkErrors: true, maxRetries: 2 })).toEqual({
      attempts: [
        { sentAt: START, ...seen, delay: 8000 },
        { sentAt: START + 8000, ...seen, delay: 64_000 },
        { sentAt: START + 72_000, ...seen },
      ],
      gaveUp: 'max-retries',
    });
  });
});

describe('networkErrors', () => {
  async function setUp(answers: Answer[], options: RetryOptions = {}) {
    const server = await serve(...answers);
    const clock = createTestClock();
    const api = axios.create({ baseURL: server.url });
    attachRetry(api, { clock, networkErrors: true, ...options });
    return { server, clock, api };
  }

  it('retries until the network is back', async () => {
    const { api, clock, server } = await setUp([hangUp, cutOff, 503, 200]);
    const request = api.get('/');
    await clock.runAll();
    expect((await request).status).toBe(200);
    expect(server.requests).toHaveLength(4);
  });

  it('counts network errors and statuses together', async () => {
    const { api, clock, server } = await setUp([hangUp, 503], { maxRetries: 3 });
    const failure = failureOf(api.get('/'));
    await clock.runAll();
    expect((await failure).status).toBe(503);
    expect(server.requests).toHaveLength(4);
  });

  it.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'QUERY'])(
    'retries %s, which is idempotent',
    async (method) => {
      const { api, clock, server } = await setUp([hangUp, 200]);
      const request = api.request({ method });
      await clock.runAll();
      expect((await request).status).toBe(200);
      expect(server.requests.map((sent) => sent.method)).toEqual([method, method]);
    },
  );

  it.each(['POST', 'PATCH'])('does not retry a %s without an idempotency key', async (method) => {
    const { api, clock, server } = await setUp([hangUp, 200]);
    const failure = failureOf(api.request({ method, data: { a: 1 } }));
    await clock.runAll();
    const error = await failure;
    expect(error.code).toBe('ECONNRESET');
    expect(retryReport(error)).toMatchObject({ gaveUp: 'method' });
    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, RetryOptions, Record<string, string>]>([
    ['from the option idempotencyKey', { idempotencyKey: true }, {}],
    ['from a function', { idempotencyKey: () => 'key-1' }, {}],
    ['from its caller', {}, { 'idempotency-key': 'key-2' }],
  ])(
    'retries a POST with an idempotency key %s, which stays the same',
    async (_name, options, headers) => {
      const { api, clock, server } = await setUp([hangUp, cutOff, 200], options);
      const request = api.post('/', { a: 1 }, { headers });
      await clock.runAll();
      expect((await request).status).toBe(200);
      const keys = server.requests.map((sent) => sent.headers['idempotency-key']);
      expect(keys).toHaveLength(3);
      expect(keys[0]).toMatch(/./);
      expect(new Set(keys).size).toBe(1);
    },
  );

  it('ignores an empty idempotency key', async () => {
    const { api, clock } = await setUp([hangUp]);
    const failure = failureOf(api.post('/', {}, { headers: { 'Idempotency-Key': '' } }));
    await clock.runAll();
    expect(retryReport(await failure)).toMatchObject({ gaveUp: 'method' });
  });

  it('respects the option methods', async () => {
    const { api, clock, server } = await setUp([hangUp], { methods: ['head'] });
    const failure = failureOf(api.get('/'));
    await clock.runAll();
    expect(retryReport(await failure)).toMatchObject({ gaveUp: 'method' });
    expect(server.requests).toHaveLength(1);
  });

  it('can be turned on for one request', async () => {
    const { api, clock, server } = await setUp([hangUp, 200], { networkErrors: false });
    const request = api.get('/', { retry: { networkErrors: true } });
    await clock.runAll();
    expect((await request).status).toBe(200);
    expect(server.requests).toHaveLength(2);
  });
});

describe('axios-mock-adapter', () => {
  function setUp(method = 'GET') {
    const clock = createTestClock(START);
    const api = axios.create();
    const mock = new MockAdapter(api);
    attachRetry(api, { clock, networkErrors: true, maxRetries: 1 });
    const failed = async (): Promise<AxiosError> => {
      const failure = failureOf(api.request({ url: '/', method, timeout: 20 }));
      await clock.runAll();
      return failure;
    };
    return { api, clock, mock, failed };
  }

  it('networkError(), which has no code, is retried', async () => {
    const { mock, failed } = setUp();
    mock.onGet('/').networkError();
    expect(retryReport(await failed())).toEqual({
      attempts: [{ sentAt: START, delay: 8000 }, { sentAt: START + 8000 }],
      gaveUp: 'max-retries',
    });
  });

  it('timeout() is retried', async () => {
    const { mock, failed } = setUp();
    mock.onGet('/').timeout();
    const code = 'ECONNABORTED';
    expect(retryReport(await failed())).toEqual({
      attempts: [
        { sentAt: START, code, delay: 8000 },
        { sentAt: START + 8000, code },
      ],
      gaveUp: 'max-retries',
    });
  });

  it.each(['networkError', 'timeout'] as const)('%s() is not retried for POST', async (kind) => {
    const { mock, failed } = setUp('POST');
    mock.onPost('/')[kind]();
    expect(retryReport(await failed())).toMatchObject({ gaveUp: 'method' });
    expect(mock.history.post).toHaveLength(1);
  });

  it('networkErrorOnce() followed by a reply succeeds', async () => {
    const { api, clock, mock } = setUp();
    mock.onGet('/').networkErrorOnce().onGet('/').reply(200, { ok: true });
    const request = api.get('/');
    await clock.runAll();
    expect((await request).data).toEqual({ ok: true });
  });
});

describe('a permanent failure', () => {
  const around: Answer = (_req, res) => {
    res.writeHead(302, { Location: '/again' }).end();
  };
  const big = { status: 200, body: 'x'.repeat(100) };
  const inChunks: Answer = (_req, res) => {
    res.write('x'.repeat(50));
    res.end('x'.repeat(50));
  };
  const overflowing = { status: 200, headers: { 'X-Huge': 'x'.repeat(100_000) } };
  const html = { status: 200, body: '<h1>Hello</h1>' };
  const strictly = { responseType: 'json', transitional: { silentJSONParsing: false } } as const;

  const cases: [string, Answer, AxiosRequestConfig, string | undefined][] = [
    ['too many redirects', around, { maxRedirects: 2 }, 'ERR_FR_TOO_MANY_REDIRECTS'],
    ['too many redirects (fetch)', around, { adapter: 'fetch' }, 'ERR_NETWORK'],
    ['a body over maxContentLength', big, { maxContentLength: 10 }, 'ERR_BAD_RESPONSE'],
    [
      'a body over maxContentLength (fetch)',
      big,
      { maxContentLength: 10, adapter: 'fetch' },
      'ERR_BAD_RESPONSE',
    ],
    [
      'a body in chunks over maxContentLength',
      inChunks,
      { maxContentLength: 10 },
      'ERR_BAD_RESPONSE',
    ],
    [
      'a body in chunks over maxContentLength (fetch)',
      inChunks,
      { maxContentLength: 10, adapter: 'fetch' },
      'ERR_BAD_RESPONSE',
    ],
    [
      'a body over maxBodyLength',
      200,
      { method: 'PUT', data: 'x'.repeat(100), maxBodyLength: 10 },
      'ERR_BAD_REQUEST',
    ],
    [
      'a body over maxBodyLength (fetch)',
      200,
      { method: 'PUT', data: 'x'.repeat(100), maxBodyLength: 10, adapter: 'fetch' },
      'ERR_BAD_REQUEST',
    ],
    ['a bad protocol', 200, { baseURL: '', url: 'gopher://127.0.0.1/' }, 'ERR_BAD_REQUEST'],
    [
      'a bad protocol (fetch)',
      200,
      { baseURL: '', url: 'gopher://127.0.0.1/', adapter: 'fetch' },
      'ERR_NETWORK',
    ],
    ['a bad port (fetch)', 200, { baseURL: 'http://127.0.0.1:1', adapter: 'fetch' }, 'ERR_NETWORK'],
    [
      'an invalid URL (fetch)',
      200,
      { baseURL: '', url: 'http://:0:0', adapter: 'fetch' },
      'ERR_INVALID_URL',
    ],
    ['a GET with a body (fetch)', 200, { data: 'x', adapter: 'fetch' }, undefined],
    ['headers over their limit', overflowing, {}, 'HPE_HEADER_OVERFLOW'],
    ['headers over their limit (fetch)', overflowing, { adapter: 'fetch' }, 'ERR_NETWORK'],
    ['invalid JSON', html, strictly, 'ERR_BAD_RESPONSE'],
    ['invalid JSON (fetch)', html, { ...strictly, adapter: 'fetch' }, 'ERR_BAD_RESPONSE'],
  ];

  it.each(cases)('%s is never retried', async (_name, answer, config, code) => {
    const clock = createTestClock();
    const api = axios.create({ baseURL: (await serve(answer)).url });
    const onRetry = jest.fn();
    attachRetry(api, { clock, networkErrors: true, onRetry });
    const start = clock.now();
    const failure = failureOf(api.request({ url: '/', ...config }));
    await clock.runAll();
    const error = await failure;
    expect(error).toMatchObject({ isAxiosError: true });
    expect(error.code).toBe(code);
    expect(onRetry.mock.calls.length).toBe(0);
    expect(clock.now()).toBe(start);
    expect(retryReport(error)?.attempts).toHaveLength(1);
  });

  it('is not a network error if the response is complete but not JSON', async () => {
    const onGiveUp = jest.fn();
    const api = axios.create({ baseURL: (await serve(html)).url });
    attachRetry(api, { networkErrors: true, onGiveUp });
    const error = await failureOf(api.get('/', strictly));
    expect(retryReport(error)?.gaveUp).toBe('status');
    expect(onGiveUp).not.toHaveBeenCalled();
  });
});

describe('a 503 whose body is not JSON', () => {
  it('is retried like any 503, although its error is a parse error', async () => {
    const server = await serve({ status: 503, body: '<h1>Busy</h1>' }, { status: 200, body: '{}' });
    const clock = createTestClock();
    const api = axios.create({ baseURL: server.url });
    attachRetry(api, { clock });
    const request = api.get('/', {
      responseType: 'json',
      transitional: { silentJSONParsing: false },
    });
    await clock.runAll();
    expect((await request).data).toEqual({});
    expect(server.requests).toHaveLength(2);
  });
});

import type { ServerResponse } from 'node:http';
import { Agent } from 'node:http';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import type { AxiosError, AxiosRequestConfig } from 'axios';
import axios from 'axios';
import { createDeferral } from '../../src/deferral/index.js';
import type { RetryOptions } from '../../src/index.js';
import { attachRetry } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';
import type { Answer, ScriptedServer } from '../support/scripted-server.js';
import { startServer } from '../support/scripted-server.js';

const servers: ScriptedServer[] = [];
const agents: Agent[] = [];

afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function setUp(answers: Answer[], config: AxiosRequestConfig, options: RetryOptions = {}) {
  const server = await startServer(...answers);
  servers.push(server);
  const clock = createTestClock();
  const api = axios.create({ baseURL: server.url, ...config });
  const handle = attachRetry(api, { clock, ...options });
  return { server, clock, api, handle };
}

/** An agent with one socket; a request that holds it blocks the rest. */
function oneSocket(): Agent {
  const agent = new Agent({ maxSockets: 1, keepAlive: true });
  agents.push(agent);
  return agent;
}

/** A failed response whose body never ends. */
function endless(status: number, headers: Record<string, string> = {}) {
  const open = new Set<ServerResponse>();
  let closed = 0;
  const chunk = Buffer.alloc(16_384, 'x');
  const answer: Answer = (_req, res) => {
    open.add(res);
    const more = (): void => {
      while (!res.destroyed && res.write(chunk));
    };
    res.on('drain', more);
    res.on('close', () => {
      open.delete(res);
      closed += 1;
    });
    res.writeHead(status, headers);
    more();
  };
  /** Resolves when no body is being sent any more. */
  async function over(): Promise<void> {
    while (open.size > 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return { answer, over, closed: () => closed };
}

/** What a request rejects with. */
function failureOf(request: Promise<unknown>): Promise<AxiosError> {
  return request.then(
    () => Promise.reject(new Error('It was to fail, and succeeded.')),
    (error: AxiosError) => error,
  );
}

const unavailable = { status: 503, body: 'busy, come back later' };
const ready = { status: 200, body: 'here you are' };

describe('an unread failed response on an agent’s only socket', () => {
  const stream = (): AxiosRequestConfig => ({ responseType: 'stream', httpAgent: oneSocket() });

  it.each<[string, AxiosRequestConfig]>([
    ['as it is', {}],
    ['under maxContentLength', { maxContentLength: 1e9 }],
    ['under onDownloadProgress', { onDownloadProgress: () => undefined }],
    ['under maxRate', { maxRate: 1e9 }],
    ['that validateStatus resolves', { validateStatus: () => true }],
    ['without redirects followed', { maxRedirects: 0 }],
  ])('is destroyed before the wait, %s', async (_name, config) => {
    const { answer, over } = endless(503);
    const { api, clock, server } = await setUp([answer, ready], { ...stream(), ...config });
    const request = api.get('/');
    await clock.advance(0);
    await over();
    await clock.runAll();
    expect(await text((await request).data)).toBe('here you are');
    expect(server.requests).toHaveLength(2);
  });

  it('is destroyed before the wait if its body is short and complete', async () => {
    const { api, clock, server } = await setUp([unavailable, unavailable, ready], stream());
    const request = api.get('/');
    await clock.runAll();
    expect(await text((await request).data)).toBe('here you are');
    expect(server.requests).toHaveLength(3);
  });

  it('is destroyed before the wait while it is decompressed', async () => {
    const body = gzipSync(Buffer.alloc(1_000_000, 'x'));
    const compressed: Answer = (_req, res) => {
      // Content-Length is larger than the body, so it never ends.
      const headers = { 'Content-Encoding': 'gzip', 'Content-Length': body.length + 1 };
      res.writeHead(503, headers).write(body);
    };
    const { api, clock } = await setUp([compressed, ready], stream());
    const request = api.get('/');
    await clock.runAll();
    expect(await text((await request).data)).toBe('here you are');
  });

  it('leaves the socket to other requests during the wait', async () => {
    const { answer, closed } = endless(503);
    const { api, clock, handle } = await setUp([answer, ready], stream());
    const waiting = api.get('/waits');
    await clock.advance(0);
    const other = await api.get('/other', { retry: false });
    expect(await text(other.data)).toBe('here you are');
    expect([handle.waits.length, closed()]).toEqual([1, 1]);
    await clock.runAll();
    expect(await text((await waiting).data)).toBe('here you are');
  });

  describe('is destroyed when the call ends with another error', () => {
    let controller: AbortController;
    /** Aborts the request and never answers. */
    const never = () => {
      setImmediate(() => controller.abort());
      return new Promise<never>(() => undefined);
    };
    const broken = () => Promise.reject(new Error('mine'));
    const saving = (save: () => Promise<never>) => createDeferral({ save });
    const cases: [string, () => RetryOptions][] = [
      ['an abort while decide is asked', () => ({ decide: never })],
      ['an abort while a deferral saves', () => ({ maxDelay: 1, deferral: saving(never) })],
      ['decide throws', () => ({ decide: broken })],
      ['onGiveUp throws', () => ({ maxRetries: 0, onGiveUp: broken })],
      ['backoff throws', () => ({ backoff: () => Number.NaN })],
      ['a deferral cannot save', () => ({ maxDelay: 1, deferral: saving(broken) })],
      [
        'the budget throws',
        () => ({
          budget: {
            deposit: () => undefined,
            withdraw: () => {
              throw new Error('mine');
            },
          },
        }),
      ],
    ];

    it.each(cases)('%s', async (_, options) => {
      const { answer } = endless(503);
      for (const validateStatus of [undefined, null] as const) {
        const config = { ...stream(), ...(validateStatus === null && { validateStatus }) };
        const { api } = await setUp([answer, ready], config, options());
        controller = new AbortController();
        const { signal } = controller;
        expect((await failureOf(api.get('/', { signal }))).status).toBeUndefined();
        const other = await api.get('/other', { retry: false });
        expect(await text(other.data)).toBe('here you are');
      }
    });
  });

  it('raises no uncaught error when it is destroyed midway', async () => {
    const cut: Answer = (req, res) => {
      res.writeHead(503, { 'Content-Length': 100 }).write('half', () => req.socket.destroy());
    };
    const { api, clock } = await setUp([cut, ready], stream());
    const request = api.get('/');
    await clock.runAll();
    expect((await request).status).toBe(200);
  });

  it('frees the socket when the wait ends without another attempt', async () => {
    const { answer, over } = endless(503);
    const { api, clock, handle } = await setUp([answer, ready], stream());
    const failure = failureOf(api.get('/'));
    await clock.advance(0);
    handle.waits[0]?.cancel();
    expect((await failure).response).toMatchObject({ status: 503, data: undefined });
    await over();
    expect((await api.get('/other')).status).toBe(200);
  });
});

describe('an unread failed response of the fetch adapter', () => {
  it.each<[string, () => AxiosRequestConfig]>([
    ['as it is', () => ({})],
    ['under a timeout', () => ({ timeout: 30_000 })],
    ['under a signal', () => ({ signal: new AbortController().signal })],
    ['under maxContentLength', () => ({ maxContentLength: 1e9 })],
    ['under onDownloadProgress', () => ({ onDownloadProgress: () => undefined })],
    ['that validateStatus resolves', () => ({ validateStatus: () => true })],
  ])('is cancelled before the wait, %s', async (_name, config) => {
    const { answer, over } = endless(503);
    const { api, clock, server, handle } = await setUp([answer, ready], {
      adapter: 'fetch',
      responseType: 'stream',
      ...config(),
    });
    const request = api.get('/');
    await clock.advance(0);
    expect(handle.waits).toHaveLength(1);
    await over();
    expect(server.requests).toHaveLength(1);
    await clock.runAll();
    expect(await text((await request).data)).toBe('here you are');
  });
});

describe.each(['http', 'fetch'])('the final stream with %s', (adapter) => {
  const config: AxiosRequestConfig = { adapter, responseType: 'stream' };

  it('can be read after a success on the first attempt', async () => {
    const { api } = await setUp([ready], config);
    expect(await text((await api.get('/')).data)).toBe('here you are');
  });

  it('can be read after a success on a retry', async () => {
    const { api, clock } = await setUp([unavailable, ready], config);
    const request = api.get('/');
    await clock.runAll();
    expect(await text((await request).data)).toBe('here you are');
  });

  it.each<[string, Answer[], RetryOptions]>([
    ['503, first and last', [unavailable], { maxRetries: 0 }],
    ['503 after retries', [unavailable], { maxRetries: 2 }],
    ['429 without Retry-After', [{ status: 429, body: 'busy, come back later' }], {}],
    ['404 after a retry', [503, { status: 404, body: 'busy, come back later' }], {}],
    ['503 that may not wait so long', [unavailable], { maxDelay: 10 }],
  ])('can be read from the error of a %s', async (_name, answers, options) => {
    const { api, clock } = await setUp(answers, config, options);
    const failure = failureOf(api.get('/'));
    await clock.runAll();
    const { data } = (await failure).response ?? {};
    expect(await text(data as Readable)).toBe('busy, come back later');
  });

  it('can be read from the error that a hook throws as it is', async () => {
    const decide: RetryOptions['decide'] = (_, { error }) => {
      throw error;
    };
    const { api } = await setUp([unavailable], config, { decide });
    const { data } = (await failureOf(api.get('/'))).response ?? {};
    expect(await text(data as Readable)).toBe('busy, come back later');
  });

  it('can be read from a failed response that validateStatus accepts', async () => {
    const { api, clock } = await setUp([unavailable], { ...config, validateStatus: null });
    const request = api.get('/');
    await clock.runAll();
    const { status, data } = await request;
    expect([status, await text(data)]).toEqual([503, 'busy, come back later']);
  });
});

describe('memory during a wait', () => {
  setFlagsFromString('--expose_gc');
  const collectGarbage = runInNewContext('gc') as () => void;

  /** The names of the objects that survive garbage collection. */
  async function alive(refs: ReadonlyMap<string, WeakRef<object>>): Promise<string[]> {
    let names: string[] = [...refs.keys()];
    for (let i = 0; i < 8 && names.length > 0; i += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      collectGarbage();
      names = names.filter((name) => refs.get(name)?.deref() !== undefined);
    }
    return names;
  }

  const body = JSON.stringify({ message: 'busy' });
  const busy = { status: 503, headers: { 'Content-Type': 'application/json' }, body };

  it.each<[string, AxiosRequestConfig, RetryOptions]>([
    ['by http', { adapter: 'http' }, {}],
    ['by fetch', { adapter: 'fetch' }, {}],
    ['by fetch, as a stream', { adapter: 'fetch', responseType: 'stream' }, {}],
    ['that validateStatus resolves', { validateStatus: null }, {}],
    [
      'with every hook',
      {},
      {
        decide: async (decision) => decision,
        onRetry: async () => undefined,
        beforeRetry: () => undefined,
        onGiveUp: () => undefined,
      },
    ],
  ])('includes no failed response, body or error: %s', async (_name, config, options) => {
    const server = await startServer(busy, busy, ready);
    servers.push(server);
    const clock = createTestClock();
    // An idle keep-alive socket keeps Axios's last request, with or without the plugin.
    const httpAgent = new Agent({ keepAlive: false });
    const api = axios.create({ baseURL: server.url, httpAgent, ...config });
    const refs = new Map<string, WeakRef<object>>();
    const keep = (name: string, value: unknown): void => {
      if (typeof value === 'object' && value !== null) refs.set(name, new WeakRef(value));
    };
    api.interceptors.response.use(
      (response) => {
        keep('response', response);
        keep('body', response.data);
        keep('request', response.request);
        return response;
      },
      (error: AxiosError) => {
        keep('error', error);
        keep('response', error.response);
        keep('body', error.response?.data);
        keep('request', error.request);
        return Promise.reject(error);
      },
    );
    const handle = attachRetry(api, { clock, ...options });
    const request = api.get('/');
    await clock.advance(0);
    expect(refs.size).toBeGreaterThanOrEqual(3);
    expect(await alive(refs)).toEqual([]);
    refs.clear();
    await clock.advance(8000);
    expect(handle.waits).toMatchObject([{ retryNumber: 2 }]);
    expect(refs.size).toBeGreaterThanOrEqual(3);
    expect(await alive(refs)).toEqual([]);
    refs.clear();
    await clock.runAll();
    expect((await request).status).toBe(200);
  });
});

import type { AxiosRequestConfig, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import axios, { Axios, AxiosError } from 'axios';
import { createGate } from '../../src/gate/index.js';
import type { RetryOptions } from '../../src/index.js';
import { attachRetry, retryReport } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';
import { failureOf } from '../support/failure-of.js';
import { answering } from '../support/mock-client.js';
import type { Answer, ScriptedServer } from '../support/scripted-server.js';
import { startServer } from '../support/scripted-server.js';

const servers: ScriptedServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function setUp(answers: Answer[], options: RetryOptions = {}) {
  const server = await startServer(...answers);
  servers.push(server);
  const clock = createTestClock();
  const api = axios.create({ baseURL: server.url });
  attachRetry(api, { clock, ...options });
  const settle = async (request: Promise<unknown>): Promise<unknown> => {
    const outcome = request.catch((error: unknown) => error);
    await clock.runAll();
    return outcome;
  };
  /** The error in an array, as a promise would inspect a bare value it resolves with. */
  const failure = async (request: Promise<unknown>): Promise<unknown[]> => {
    const boxed = request.then(
      () => [],
      (error: unknown) => [error],
    );
    await clock.runAll();
    return boxed;
  };
  return { server, clock, api, settle, failure };
}

const answer = (config: InternalAxiosRequestConfig, status: number, data: unknown) => {
  const headers = new axios.AxiosHeaders();
  const response = { status, statusText: '', headers, config, data, request: {} } as AxiosResponse;
  if (status < 400) return Promise.resolve(response);
  return Promise.reject(new AxiosError('failed', 'ERR_BAD_RESPONSE', config, {}, response));
};

describe('an instance whose adapter sends through another instance', () => {
  it('sends the adapter’s body, not that of its own caller', async () => {
    const { server, api, settle, clock } = await setUp([503, 200]);
    const outer = axios.create({
      adapter: (config) =>
        api.request({ ...config, adapter: 'http', baseURL: server.url, data: 'sealed' }),
    });
    attachRetry(outer, { clock });
    expect(await settle(outer.post('/', { secret: 1 }))).toMatchObject({ status: 200 });
    expect(server.requests.map(({ body }) => body)).toEqual(['"sealed"', '"sealed"']);
  });
});

describe('a class that extends Axios', () => {
  it('runs its own request() once per call', async () => {
    const sent: string[] = [];
    class Api extends Axios {
      readonly #log = sent;
      override async request<T, R>(config: AxiosRequestConfig): Promise<R> {
        this.#log.push('request');
        return (await super.request<T, AxiosResponse<R>>(config)).data;
      }
    }
    const clock = createTestClock();
    const api = new Api({
      adapter: (config) => answer(config, sent.push('send') < 3 ? 503 : 200, { x: 1 }),
      validateStatus: (status) => status < 400,
    });
    attachRetry(api, { clock });
    const request = api.request({ url: '/' });
    await clock.runAll();
    expect(await request).toEqual({ x: 1 });
    expect(sent).toEqual(['request', 'send', 'send']);
  });
});

describe('an object that only resembles an instance', () => {
  it('is refused', () => {
    const { request, interceptors } = axios.create();
    expect(() => attachRetry({ request, interceptors })).toThrow(/attachRetry takes axios/);
  });
});

describe('an error whose getters throw', () => {
  const trap = (): never => {
    throw new Error('do not look');
  };
  const hostile: [string, () => unknown][] = [
    [
      'a Proxy that rejects new properties',
      () => new Proxy(new Error('x'), { defineProperty: () => false }),
    ],
    ['a Proxy that throws', () => new Proxy(new Error('x'), { get: trap, has: trap })],
    [
      'an error with a throwing reason',
      () => Object.defineProperty(new Error('x'), 'reason', { get: trap }),
    ],
    ['a frozen error', () => Object.freeze(new Error('x'))],
    ['nothing', () => undefined],
  ];

  it.each(hostile)('is the error of the request when a hook throws it: %s', async (_name, make) => {
    for (const hook of ['decide', 'onRetry', 'beforeRetry', 'onGiveUp']) {
      const thrown = make();
      const throwing = (): never => {
        throw thrown;
      };
      const { failure, api } = await setUp([503], {
        maxRetries: hook === 'onGiveUp' ? 0 : 1,
        [hook]: throwing,
      });
      const [error] = await failure(api.get('/'));
      expect(error === thrown).toBe(true);
    }
  });

  it('is the error of the request when an interceptor throws it on a retry', async () => {
    const thrown = Object.defineProperty(new Error('x'), 'config', { get: trap });
    const { failure, api } = await setUp([503]);
    let sends = 0;
    api.interceptors.request.use((config) => {
      sends += 1;
      if (sends > 1) throw thrown;
      return config;
    });
    const [error] = await failure(api.get('/'));
    expect(error === thrown).toBe(true);
  });
});

describe('a stream of a custom class', () => {
  it.each([
    ['whose cancel() returns no promise', { getReader: () => 0, cancel: () => undefined }],
    [
      'whose cancel() throws',
      {
        getReader: () => 0,
        cancel: () => {
          throw new Error();
        },
      },
    ],
    [
      'whose destroy() throws',
      {
        pipe: () => 0,
        destroy: () => {
          throw new Error();
        },
      },
    ],
  ])('%s does not prevent the retry', async (_name, body) => {
    const clock = createTestClock();
    let sends = 0;
    const adapter = (config: InternalAxiosRequestConfig) => {
      sends += 1;
      return answer(config, sends === 1 ? 503 : 200, body);
    };
    const api = axios.create({ adapter, responseType: 'stream', transformResponse: [] });
    attachRetry(api, { clock });
    const request = api.get('/');
    await clock.runAll();
    expect((await request).status).toBe(200);
  });
});

describe('a signal of a custom class', () => {
  it('whose removeEventListener throws does not prevent other requests', async () => {
    const signal = {
      aborted: false,
      addEventListener: () => undefined,
      removeEventListener: () => {
        throw new Error('no way out');
      },
    };
    const adapter = jest
      .fn((config: InternalAxiosRequestConfig) => answer(config, 200, ''))
      .mockImplementationOnce((config) => answer(config, 503, ''))
      .mockImplementationOnce((config) => answer(config, 503, ''));
    const clock = createTestClock();
    const api = axios.create({ adapter });
    attachRetry(api, { clock });
    const both = [api.get('/', { signal }), api.get('/')];
    await clock.runAll();
    expect((await Promise.all(both)).map(({ status }) => status)).toEqual([200, 200]);
  });
});

describe('interceptors that the caller clears', () => {
  it('do not leave an attachment that stacks with the next one', async () => {
    const { api, settle, server, clock } = await setUp([503, 200]);
    api.interceptors.response.clear();
    attachRetry(api, { clock });
    const response = await settle(api.get('/'));
    expect(response).toMatchObject({ status: 200 });
    expect(retryReport(response)?.attempts).toHaveLength(2);
    expect(server.requests).toHaveLength(2);
  });

  it('remove the plugin, and new ones do not run for attempts of pending calls', async () => {
    const { api, settle, clock } = await setUp([503, 200]);
    const request = api.get('/');
    await clock.advance(0);
    const unwrap = jest.fn((response: AxiosResponse) => response);
    api.interceptors.response.clear();
    api.interceptors.response.use(unwrap);
    expect(await settle(request)).toMatchObject({ status: 200 });
    expect(unwrap).not.toHaveBeenCalled();
  });
});

describe('a repeated Retry-After', () => {
  it.each(['http', 'fetch'])('uses the largest of its values (%s)', async (adapter) => {
    const busy = { status: 429, headers: { 'Retry-After': ['5', '60'] } };
    const { api, settle } = await setUp([busy, 200]);
    const response = await settle(api.get('/', { adapter }));
    expect(retryReport(response)?.attempts[0]).toMatchObject({ status: 429, delay: 60_000 });
  });

  it.each(['http', 'fetch'])('is ignored if one of its values is invalid (%s)', async (adapter) => {
    const busy = { status: 429, headers: { 'Retry-After': ['5', 'soon'] } };
    const { api, settle } = await setUp([busy, 200]);
    const error = await settle(api.get('/', { adapter }));
    expect(retryReport(error)?.gaveUp).toBe('no-retry-after');
  });
});

describe('an error that an adapter throws at once, and whose getters throw', () => {
  it.each(['response', 'config', 'isAxiosError', 'code', 'message'])(
    'ends its call and leaves nothing: %s',
    async (name) => {
      const clock = createTestClock();
      const timers = jest.spyOn(clock, 'clearTimeout');
      const gate = createGate();
      const { signal } = new AbortController();
      const removed = jest.spyOn(signal, 'removeEventListener');
      const api = axios.create({
        adapter: (config) => {
          const response = { status: 404, headers: {}, config };
          const error = Object.assign(new AxiosError('failed'), { config, response });
          const get = () => {
            throw new Error('do not look');
          };
          throw Object.defineProperty(error, name, { get });
        },
      });
      const handle = attachRetry(api, { clock, gate, networkErrors: true, totalTimeout: 1000 });
      const outcome = api.get('https://a.example/', { signal }).catch(() => 'failed');
      await clock.advance(0);
      expect(await outcome).toBe('failed');
      expect(gate.inspect().map(({ inFlight }) => inFlight)).not.toContain(1);
      expect(handle.waits).toEqual([]);
      expect(removed).toHaveBeenCalled();
      expect(timers).toHaveBeenCalled();
    },
  );
});

describe('a retry whose outcome throws on access', () => {
  const forbidden = {
    get() {
      throw new Error('not for you');
    },
  };

  it('fails the request with its error', async () => {
    const hostile = Object.defineProperty(new Error('hostile'), 'config', forbidden);
    const { api } = answering(503, 200);
    const clock = createTestClock();
    api.interceptors.response.use(() => Promise.reject(hostile));
    const handle = attachRetry(api, { clock });
    const failure = failureOf(api.get('/'));
    await clock.runAll();
    expect(await failure).toBe(hostile);
    expect(handle.waits).toEqual([]);
  });

  it('fails the request with the thrown error if it is a response', async () => {
    const { api } = answering(503, 200);
    const clock = createTestClock();
    api.interceptors.response.use(({ config }) =>
      Object.defineProperty({ config } as AxiosResponse, 'status', forbidden),
    );
    const handle = attachRetry(api, { clock });
    const failure = failureOf(api.get('/'));
    await clock.runAll();
    expect((await failure).message).toBe('not for you');
    expect(handle.waits).toEqual([]);
  });
});

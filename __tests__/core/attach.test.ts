import type { AxiosError, AxiosInstance, AxiosResponse } from 'axios';
import axios, { Axios } from 'axios';
import MockAdapter from 'axios-mock-adapter';
import type { RetryHandle, RetryOptions } from '../../src/index.js';
import * as here from '../../src/index.js';
import { attachRetry, defineStatusTable, retryCount, retryReport } from '../../src/index.js';
import { CONFIG_KEY } from '../../src/request/state.js';
import { createTestClock } from '../../src/testing/index.js';

type Package = typeof here;

/** The package loaded a second time, with an Axios of its own: as ESM and CJS in one process. */
function anotherCopy(): Package {
  let copy: Package = here;
  jest.isolateModules(() => {
    copy = jest.requireActual<Package>('../../src/index.js');
  });
  return copy;
}

/** An instance that gets these answers in turn, the last one again and again. */
function answering(...statuses: number[]) {
  const api = axios.create();
  const mock = new MockAdapter(api);
  for (const status of statuses.slice(0, -1)) mock.onAny().replyOnce(status);
  mock.onAny().reply(statuses.at(-1) ?? 200);
  return { api, sends: () => Object.values(mock.history).flat().length };
}

const failureOf = (request: Promise<unknown>): Promise<AxiosError> =>
  request.then(
    () => Promise.reject(new Error('It was to fail, and succeeded.')),
    (error: AxiosError) => error,
  );

function handlersOf(api: AxiosInstance | Axios): number {
  let count = 0;
  const { request, response } = api.interceptors as unknown as Record<
    'request' | 'response',
    { forEach(visit: () => void): void }
  >;
  for (const manager of [request, response]) {
    manager.forEach(() => {
      count += 1;
    });
  }
  return count;
}

describe('attachRetry', () => {
  it.each<[string, () => AxiosInstance | Axios]>([
    ['axios', () => axios],
    ['axios.create()', () => axios.create()],
    ['new Axios()', () => new Axios({})],
    ['a child of an instance', () => axios.create().create()],
  ])('takes %s', (_words, make) => {
    const api = make() as AxiosInstance;
    const handle = attachRetry(api);
    expect(handle.waits).toEqual([]);
    expect(handlersOf(api)).toBe(2);
    handle.detach();
    expect(handlersOf(api)).toBe(0);
  });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['"axios"', 'axios'],
    ['[object Object]', {}],
    ['[object Object]', { request: () => undefined }],
    ['[object Object]', { request: () => undefined, interceptors: {} }],
    ['[object Object]', { request: 'no', interceptors: { response: { use: () => 0 } } }],
    ['[object Function]', () => undefined],
  ])('takes nothing else: %s is a TypeError', (got, instance) => {
    const attaching = () => attachRetry(instance as AxiosInstance);
    expect(attaching).toThrow(TypeError);
    expect(attaching).toThrow(
      `axios-status-retry: attachRetry takes axios, axios.create() or new Axios(); got ${got}`,
    );
  });

  it.each<[string, unknown, typeof TypeError | typeof RangeError]>([
    ['no object', null, TypeError],
    ['an unknown name', { retries: 3 }, TypeError],
    ['a wrong kind', { maxRetries: '3' }, TypeError],
    ['a wrong value', { maxRetries: -3 }, RangeError],
  ])('refuses wrong options at once and registers nothing: %s', (_words, options, kind) => {
    const api = axios.create();
    expect(() => attachRetry(api, options as RetryOptions)).toThrow(kind);
    expect(handlersOf(api)).toBe(0);
  });

  it('checks the instance before the options', () => {
    expect(() => attachRetry({} as AxiosInstance, { maxRetries: -3 })).toThrow(/^.*new Axios\(\)/);
  });

  it('reads its options once: what is done to the object later has no effect', async () => {
    const { api, sends } = answering(503);
    const clock = createTestClock();
    const options = { clock, maxRetries: 1 };
    attachRetry(api, options);
    options.maxRetries = 3;
    const failure = failureOf(api.get('/'));
    await clock.runAll();
    await failure;
    expect(sends()).toBe(2);
  });
});

describe('a port that refuses to be attached', () => {
  const refuse = () => {
    throw new Error('serves another one already');
  };
  const ports: [string, RetryOptions][] = [
    ['deferral', { deferral: { attach: refuse, defer: async () => undefined } }],
    [
      'gate',
      {
        gate: {
          attach: refuse,
          tryAcquire: () => undefined,
          acquire: async () => ({ type: 'gave-up', reason: 'canceled' }),
        },
      },
    ],
  ];

  it.each(ports)('leaves the instance as it was: %s', async (_name, options) => {
    const { api, sends } = answering(503);
    const clock = createTestClock();
    expect(() => attachRetry(api, { clock, ...options })).toThrow('serves another one already');
    expect(handlersOf(api)).toBe(0);
    const failure = failureOf(api.get('/'));
    await clock.runAll();
    expect(retryReport(await failure)).toBeUndefined();
    expect(sends()).toBe(1);
  });

  it.each(ports)('leaves an earlier attachment in force: %s', async (_name, options) => {
    const { api, sends } = answering(503);
    const clock = createTestClock();
    attachRetry(api, { clock, maxRetries: 1 });
    expect(() => attachRetry(api, { clock, ...options })).toThrow('serves another one already');
    const failure = failureOf(api.get('/'));
    await clock.runAll();
    expect(retryReport(await failure)?.attempts).toHaveLength(2);
    expect(sends()).toBe(2);
  });
});

describe('attaching again', () => {
  it('leaves one attachment, however often it is done', () => {
    const api = axios.create();
    for (let i = 0; i < 5; i += 1) attachRetry(api);
    expect(handlersOf(api)).toBe(2);
  });

  it('leaves the interceptors of others alone', () => {
    const api = axios.create();
    api.interceptors.request.use((config) => config);
    api.interceptors.response.use((response) => response);
    attachRetry(api);
    attachRetry(api).detach();
    expect(handlersOf(api)).toBe(2);
  });

  it('with wrong options leaves the first in force', () => {
    const api = axios.create();
    attachRetry(api);
    expect(() => attachRetry(api, { maxRetries: -1 })).toThrow(RangeError);
    expect(handlersOf(api)).toBe(2);
  });
});

describe('detach', () => {
  it('may be called any number of times', () => {
    const api = axios.create();
    const handle = attachRetry(api);
    handle.detach();
    handle.detach();
    expect(handlersOf(api)).toBe(0);
  });

  it('of an attachment that was replaced does not end the one in force', async () => {
    const { api, sends } = answering(503);
    const clock = createTestClock();
    const first = attachRetry(api, { clock });
    attachRetry(api, { clock, maxRetries: 1 });
    first.detach();
    const failure = failureOf(api.get('/'));
    await clock.runAll();
    await failure;
    expect(sends()).toBe(2);
  });

  it('tells those that subscribe, once, where something waited', async () => {
    const { api } = answering(503);
    const clock = createTestClock();
    const handle = attachRetry(api, { clock });
    const failure = failureOf(api.get('/'));
    await clock.advance(0);
    const listener = jest.fn();
    handle.subscribe(listener);
    handle.detach();
    handle.detach();
    expect(retryReport(await failure)?.gaveUp).toBe('canceled');
    expect(listener).toHaveBeenCalledTimes(1);
    expect(handle.waits).toEqual([]);
  });
});

describe('a copy of a config that somebody has made', () => {
  it('tells of no retries and no attempts, and can be sent', async () => {
    const { api, sends } = answering(503);
    const clock = createTestClock();
    attachRetry(api, { clock, maxRetries: 1 });
    const failure = failureOf(api.get('/'));
    await clock.runAll();
    const { config } = await failure;
    expect(retryCount(config)).toBe(1);

    // As a deep copy by prototype, which private fields do not take part in.
    const state = Reflect.get(config ?? {}, CONFIG_KEY) as object;
    const copy = { ...config, [CONFIG_KEY]: Object.create(Object.getPrototypeOf(state)) };
    expect(retryCount(copy)).toBe(0);
    expect(retryReport({ config: copy })).toEqual({ attempts: [] });
    const again = failureOf(api.request(copy));
    await clock.runAll();
    expect(retryReport(await again)?.attempts).toHaveLength(2);
    expect(sends()).toBe(4);
  });
});

describe('a failed request that is sent again with retry: false', () => {
  it('carries nothing of the plugin any more', async () => {
    const { api, sends } = answering(503);
    const clock = createTestClock();
    attachRetry(api, { clock, maxRetries: 1 });
    const failure = failureOf(api.get('/'));
    await clock.runAll();
    const { config } = await failure;
    const again = await failureOf(api.request({ ...config, retry: false }));
    expect(retryReport(again)).toBeUndefined();
    expect(retryCount(again.config)).toBe(0);
    expect(sends()).toBe(3);
  });
});

describe('a retry whose outcome cannot be looked at', () => {
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

  it('fails the request with what was thrown, where it is a response', async () => {
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

describe('two copies of the package', () => {
  const there = anotherCopy();

  it('are two', () => {
    expect(there.attachRetry).not.toBe(attachRetry);
  });

  it.each<[string, Package, Package]>([
    ['this one, then the other', here, there],
    ['the other, then this one', there, here],
  ])('replace each other on one instance: %s', async (_words, first, second) => {
    const { api, sends } = answering(503);
    const clock = createTestClock();
    const handles: RetryHandle[] = [first.attachRetry(api, { clock, maxRetries: 4 })];
    const waiting = failureOf(api.get('/waiting'));
    await clock.advance(0);
    handles.push(second.attachRetry(api, { clock, maxRetries: 1 }));
    expect(handlersOf(api)).toBe(2);
    expect(retryReport(await waiting)?.gaveUp).toBe('canceled');

    const failure = failureOf(api.get('/'));
    await clock.runAll();
    await failure;
    expect(sends()).toBe(3);
    expect(handles.map(({ waits }) => waits.length)).toEqual([0, 0]);
  });

  it('take each other’s tables, at attachRetry and in config.retry', async () => {
    const row = { code: 418, name: 'Teapot', description: 'A teapot.', retry: 'backoff' as const };
    const table = there.defineStatusTable([row], { extends: here.platformStatusTable });
    expect([...defineStatusTable([], { extends: table })]).toHaveLength(15);
    const clock = createTestClock();
    const one = answering(418, 200);
    attachRetry(one.api, { clock, table });
    const two = answering(418, 200);
    attachRetry(two.api, { clock });
    const requests = Promise.all([one.api.get('/'), two.api.get('/', { retry: { table } })]);
    await clock.runAll();
    expect((await requests).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('read each other’s reports and counts', async () => {
    const { api } = answering(503);
    const clock = createTestClock();
    there.attachRetry(api, { clock, maxRetries: 2 });
    const counts: number[] = [];
    api.interceptors.request.use((config) => {
      counts.push(here.retryCount(config), there.retryCount(config));
      return config;
    });
    const failure = failureOf(api.get('/'));
    await clock.runAll();
    const report = here.retryReport(await failure);
    expect(report).toMatchObject({ gaveUp: 'max-retries' });
    expect(report?.attempts.map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(report).toEqual(there.retryReport(await failure));
    expect(counts).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('know each other’s cancellations', async () => {
    const { api } = answering(503);
    const clock = createTestClock();
    there.attachRetry(api, { clock });
    const controller = new AbortController();
    const failure = failureOf(api.get('/', { signal: controller.signal }));
    await clock.advance(0);
    controller.abort();
    expect(axios.isCancel(await failure)).toBe(true);
  });

  it('send each other’s failed requests again', async () => {
    const one = answering(503);
    const two = answering(200);
    const clock = createTestClock();
    here.attachRetry(one.api, { clock, maxRetries: 0 });
    there.attachRetry(two.api, { clock });
    const { config } = await failureOf(one.api.post('/', { a: 1 }));
    expect(await two.api.request(config ?? {})).toMatchObject({ status: 200 });
  });
});

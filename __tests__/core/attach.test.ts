import type { AxiosInstance, AxiosInterceptorOptions } from 'axios';
import axios, { Axios } from 'axios';
import type { RetryOptions } from '../../src/index.js';
import { attachRetry, retryReport } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';
import { failureOf } from '../support/failure-of.js';
import { answering, handlersOf } from '../support/mock-client.js';

describe('attachRetry', () => {
  it.each<[string, () => AxiosInstance | Axios]>([
    ['axios', () => axios],
    ['axios.create()', () => axios.create()],
    ['new Axios()', () => new Axios({})],
    ['a child of an instance', () => axios.create().create()],
  ])('accepts %s', (_words, make) => {
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
  ])('throws a TypeError for anything else: %s', (got, instance) => {
    const attaching = () => attachRetry(instance as AxiosInstance);
    expect(attaching).toThrow(TypeError);
    expect(attaching).toThrow(
      `axios-status-retry: attachRetry takes axios, axios.create() or new Axios(); got ${got}`,
    );
  });

  it.each<[string, unknown, typeof TypeError | typeof RangeError]>([
    ['no object', null, TypeError],
    ['an unknown name', { retries: 3 }, TypeError],
    ['a wrong type', { maxRetries: '3' }, TypeError],
    ['a value out of range', { maxRetries: -3 }, RangeError],
  ])('throws for invalid options and registers nothing: %s', (_words, options, kind) => {
    const api = axios.create();
    expect(() => attachRetry(api, options as RetryOptions)).toThrow(kind);
    expect(handlersOf(api)).toBe(0);
  });

  it('checks the instance before the options', () => {
    expect(() => attachRetry({} as AxiosInstance, { maxRetries: -3 })).toThrow(/^.*new Axios\(\)/);
  });

  it('reads its options once, so later changes to the object have no effect', async () => {
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

describe('an extension that throws when it is attached', () => {
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

  it.each(ports)('leaves the instance unchanged: %s', async (_name, options) => {
    const { api, sends } = answering(503);
    const clock = createTestClock();
    expect(() => attachRetry(api, { clock, ...options })).toThrow('serves another one already');
    expect(handlersOf(api)).toBe(0);
    const failure = failureOf(api.get('/'));
    await clock.runAll();
    expect(retryReport(await failure)).toBeUndefined();
    expect(sends()).toBe(1);
  });

  it.each(ports)('leaves an earlier attachment in place: %s', async (_name, options) => {
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
  it('leaves one attachment, however often it is repeated', () => {
    const api = axios.create();
    for (let i = 0; i < 5; i += 1) attachRetry(api);
    expect(handlersOf(api)).toBe(2);
  });

  it('keeps the interceptors of others', () => {
    const api = axios.create();
    api.interceptors.request.use((config) => config);
    api.interceptors.response.use((response) => response);
    attachRetry(api);
    attachRetry(api).detach();
    expect(handlersOf(api)).toBe(2);
  });

  it('with invalid options keeps the first attachment', () => {
    const api = axios.create();
    attachRetry(api);
    expect(() => attachRetry(api, { maxRetries: -1 })).toThrow(RangeError);
    expect(handlersOf(api)).toBe(2);
  });
});

describe('an attachment by another copy or version of the package', () => {
  it('is replaced too: it is found by its name, among the interceptors of others', () => {
    const api = axios.create();
    const handle = { detach: jest.fn() };
    const runWhen = Object.assign(() => true, {
      [Symbol.for('axios-status-retry.handle')]: handle,
    });
    const use = (options?: AxiosInterceptorOptions) =>
      api.interceptors.request.use((config) => config, undefined, options);
    use();
    use({ runWhen: () => true });
    use({ runWhen });
    attachRetry(api);
    expect(handle.detach).toHaveBeenCalledTimes(1);
  });
});

describe('detach', () => {
  it('leaves the interceptors that have taken its places in an Axios whose ids are places', () => {
    const api = axios.create();
    const { request, response } = api.interceptors;
    for (const manager of [request, response] as unknown as { handlers: unknown[] }[]) {
      const eject = (id: number): void => {
        manager.handlers[id] = null;
      };
      Object.assign(manager, { eject });
    }
    const handle = attachRetry(api);
    request.clear();
    request.use((config) => config);
    response.clear();
    response.use((value) => value);
    handle.detach();
    expect(handlersOf(api)).toBe(2);
  });

  it('can be called any number of times', () => {
    const api = axios.create();
    const handle = attachRetry(api);
    handle.detach();
    handle.detach();
    expect(handlersOf(api)).toBe(0);
  });

  it('of a replaced attachment does not end the current one', async () => {
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

  it('notifies subscribers once if something was waiting', async () => {
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

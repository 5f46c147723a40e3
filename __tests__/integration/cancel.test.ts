import { getEventListeners } from 'node:events';
import type { AxiosAdapter, AxiosError, AxiosRequestConfig } from 'axios';
import axios, { AxiosHeaders } from 'axios';
import type { Clock, RetryHandle, RetryOptions } from '../../src/index.js';
import { attachRetry } from '../../src/index.js';
import type { TestClock } from '../../src/testing/index.js';
import { createTestClock } from '../../src/testing/index.js';
import { failureOf } from '../support/failure-of.js';
import type { Answer, ScriptedServer } from '../support/scripted-server.js';
import { startServer } from '../support/scripted-server.js';

const HOUR = 3_600_000;
const servers: ScriptedServer[] = [];

async function serve(...answers: Answer[]): Promise<ScriptedServer> {
  const server = await startServer(...answers);
  servers.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** A test clock that counts the timers that have neither run nor been cleared. */
function watchedClock(): TestClock & { readonly timers: Set<unknown>; readonly busy: number } {
  const clock = createTestClock();
  const timers = new Set<unknown>();
  let busy = 0;
  return {
    ...clock,
    timers,
    get busy() {
      return busy;
    },
    setTimeout(run, ms) {
      const id = clock.setTimeout(() => {
        timers.delete(id);
        run();
      }, ms);
      timers.add(id);
      return id;
    },
    clearTimeout(id) {
      timers.delete(id);
      clock.clearTimeout(id);
    },
    inFlight(change) {
      busy += change;
      clock.inFlight?.(change);
    },
  };
}

/** An instance whose server gives these answers. */
async function setUp(answers: Answer[], options: RetryOptions = {}) {
  const server = await serve(...answers);
  const clock = watchedClock();
  const api = axios.create({ baseURL: server.url });
  const handle = attachRetry(api, { clock, ...options });
  return { server, clock, api, handle };
}

/** Some turns of the event loop: enough for anything that needs no response and no timer. */
async function turns(): Promise<undefined> {
  for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** The error, or undefined if the request is still pending after some turns. */
function failureSoon(request: Promise<AxiosError>): Promise<AxiosError | undefined> {
  return Promise.race([request, turns()]);
}

/** Resolves when a wait has begun and ended. */
async function waitsOver(handle: RetryHandle): Promise<void> {
  let seen = false;
  while (!seen || handle.waits.length > 0) {
    seen ||= handle.waits.length > 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function happening(): { readonly happened: Promise<void>; readonly happen: () => void } {
  let happen: () => void = () => undefined;
  const happened = new Promise<void>((resolve) => {
    happen = resolve;
  });
  return { happened, happen };
}

function listenersOf(signal: AbortSignal): number {
  return getEventListeners(signal, 'abort').length;
}

/** The listeners of Axios and the plugin on a cancel token. */
function subscribersOf(token: object): number {
  return (token as { _listeners?: unknown[] | null })._listeners?.length ?? 0;
}

const never = (): Promise<never> => new Promise(() => undefined);

/** The two ways to abort a request. */
const ways: [string, () => { config: AxiosRequestConfig; abort(): void; listeners(): number }][] = [
  [
    'signal',
    () => {
      const controller = new AbortController();
      const { signal } = controller;
      const listeners = (): number => listenersOf(signal);
      return { config: { signal }, abort: () => controller.abort(), listeners };
    },
  ],
  [
    'cancelToken',
    () => {
      const { token, cancel } = axios.CancelToken.source();
      const listeners = (): number => subscribersOf(token);
      return { config: { cancelToken: token }, abort: () => cancel('gone'), listeners };
    },
  ],
];

describe.each(ways)('abort by %s', (_name, make) => {
  it('ends a wait at once with Axios’s CanceledError', async () => {
    const { api, clock, handle, server } = await setUp([503]);
    const { config, abort } = make();
    const failure = failureOf(api.get('/', config));
    await clock.advance(1000);
    expect(handle.waits).toHaveLength(1);
    abort();
    const error = await failureSoon(failure);
    expect(axios.isCancel(error)).toBe(true);
    expect(error).toBeInstanceOf(axios.CanceledError);
    expect(error?.code).toBe('ERR_CANCELED');
    expect(handle.waits).toHaveLength(0);
    await clock.advance(100 * HOUR);
    expect(server.requests).toHaveLength(1);
  });

  const decide = jest.fn();
  const defer = jest.fn();
  it.each([
    ['decide is not asked', { decide }],
    ['no wait is handed over', { maxDelay: 1000, deferral: { attach: () => undefined, defer } }],
  ])('%s if an interceptor held the answer until after it', async (_what, options) => {
    const { happened, happen } = happening();
    const { api, handle, clock } = await setUp([503]);
    handle.detach();
    api.interceptors.response.use(undefined, async (error) => {
      abort();
      happen();
      throw error;
    });
    attachRetry(api, { clock, ...options });
    const { config, abort } = make();
    const failure = failureOf(api.get('/', config));
    await happened;
    expect(axios.isCancel(await failure)).toBe(true);
    expect([...decide.mock.calls, ...defer.mock.calls]).toEqual([]);
  });

  it('removes its listener and timer when it ends a wait', async () => {
    const { api, clock } = await setUp([503]);
    const { config, abort, listeners } = make();
    const failure = failureOf(api.get('/', config));
    await clock.advance(1000);
    expect([listeners(), clock.timers.size]).toEqual([1, 1]);
    abort();
    await failure;
    expect([listeners(), clock.timers.size, clock.busy]).toEqual([0, 0, 0]);
  });

  it('removes its listener and timer when it never happens', async () => {
    const { api, clock } = await setUp([503, 503, 200]);
    const { config, listeners } = make();
    const request = api.get('/', config);
    await clock.runAll();
    expect((await request).status).toBe(200);
    expect([listeners(), clock.timers.size, clock.busy]).toEqual([0, 0, 0]);
  });

  it('is not a failure of the attempt it interrupts, first or later', async () => {
    const decide = jest.fn((decision) => decision);
    const onGiveUp = jest.fn();
    for (const before of [[], [503]] as Answer[][]) {
      const { happened, happen } = happening();
      const options = { decide, onGiveUp, networkErrors: true };
      const { api, clock, server } = await setUp([...before, () => happen()], options);
      const { config, abort, listeners } = make();
      const failure = failureOf(api.get('/', config));
      if (before.length > 0) void clock.advance(8000);
      await happened;
      abort();
      expect(axios.isCancel(await failure)).toBe(true);
      expect(server.requests).toHaveLength(before.length + 1);
      expect([listeners(), clock.timers.size]).toEqual([0, 0]);
    }
    expect(decide).toHaveBeenCalledTimes(1);
    expect(onGiveUp).not.toHaveBeenCalled();
  });

  it('of the first attempt does not keep a test clock waiting', async () => {
    const { happened, happen } = happening();
    const { api, clock } = await setUp([() => happen()]);
    const { config, abort } = make();
    const failure = failureOf(api.get('/', config));
    await happened;
    abort();
    await failure;
    expect(clock.busy).toBe(0);
  });

  it('before the request is sent fails it once, without a send or a hook', async () => {
    const decide = jest.fn((decision) => decision);
    const { api, clock, server } = await setUp([200], { decide, networkErrors: true });
    const { config, abort } = make();
    const seen = jest.fn((error: unknown) => Promise.reject(error));
    api.interceptors.response.use(undefined, seen);
    api.interceptors.request.use((request) => {
      abort();
      return request;
    });
    const error = await failureSoon(failureOf(api.get('/', config)));
    expect(axios.isCancel(error)).toBe(true);
    expect(seen).toHaveBeenCalledTimes(1);
    expect(decide).not.toHaveBeenCalled();
    expect(server.requests).toHaveLength(0);
    expect(clock.timers.size).toBe(0);
  });

  it('before the call fails it once, whatever may be retried', async () => {
    const decide = jest.fn(() => ({ retry: true, delay: 0, basis: 'backoff' }) as const);
    const options = { decide, networkErrors: true, maxRetries: 1e6, backoff: () => 0 };
    const { api, clock, server } = await setUp([200], options);
    const { config, abort, listeners } = make();
    abort();
    const error = await failureSoon(failureOf(api.get('/', config)));
    expect(axios.isCancel(error)).toBe(true);
    expect(decide).not.toHaveBeenCalled();
    expect(server.requests).toHaveLength(0);
    expect([listeners(), clock.timers.size]).toEqual([0, 0]);
  });

  it('between a response and the wait ends the request without a hook', async () => {
    const onRetry = jest.fn();
    const onGiveUp = jest.fn();
    const server = await serve(503);
    const clock = watchedClock();
    const api = axios.create({ baseURL: server.url });
    const { config, abort, listeners } = make();
    api.interceptors.response.use(undefined, (error: unknown) => {
      abort();
      return Promise.reject(error);
    });
    attachRetry(api, { clock, onRetry, onGiveUp });
    expect(axios.isCancel(await failureSoon(failureOf(api.get('/', config))))).toBe(true);
    expect(onRetry).not.toHaveBeenCalled();
    expect(onGiveUp).not.toHaveBeenCalled();
    expect([listeners(), clock.timers.size, clock.busy]).toEqual([0, 0, 0]);
  });

  it('between a response and a hook that never settles ends the request', async () => {
    const server = await serve(503);
    const api = axios.create({ baseURL: server.url });
    const { config, abort } = make();
    api.interceptors.response.use(undefined, (error: unknown) => {
      abort();
      return Promise.reject(error);
    });
    attachRetry(api, { clock: watchedClock(), decide: never });
    expect(axios.isCancel(await failureSoon(failureOf(api.get('/', config))))).toBe(true);
  });

  it.each([
    ['decide', 503],
    ['onRetry', 503],
    ['beforeRetry', 503],
  ] as const)('ends a request whose hook %s never settles', async (hook, status) => {
    const { happened, happen } = happening();
    const unsettled = (): Promise<never> => {
      happen();
      return never();
    };
    const { api, clock, server } = await setUp([status], { [hook]: unsettled });
    const { config, abort, listeners } = make();
    const failure = failureOf(api.get('/', config));
    const moved = clock.advance(8000);
    await happened;
    abort();
    expect(axios.isCancel(await failureSoon(failure))).toBe(true);
    await moved;
    await clock.advance(HOUR);
    expect(server.requests).toHaveLength(1);
    expect([listeners(), clock.timers.size, clock.busy]).toEqual([0, 0, 0]);
  });

  it('ends a request whose onGiveUp never settles, with the error it gave up with', async () => {
    const { happened, happen } = happening();
    const onGiveUp = (): Promise<never> => {
      happen();
      return never();
    };
    const { api, clock } = await setUp([429], { onGiveUp });
    const { config, abort, listeners } = make();
    const failure = failureOf(api.get('/', config));
    await happened;
    abort();
    expect(await failureSoon(failure)).toMatchObject({ status: 429 });
    expect([listeners(), clock.timers.size, clock.busy]).toEqual([0, 0, 0]);
  });

  it('ends a request whose onRetry has not settled when its wait is over', async () => {
    const { api, clock, handle, server } = await setUp([503], { onRetry: never });
    const { config, abort, listeners } = make();
    const failure = failureOf(api.get('/', config));
    const moved = clock.advance(8000);
    await waitsOver(handle);
    abort();
    expect(axios.isCancel(await failureSoon(failure))).toBe(true);
    await moved;
    await clock.advance(HOUR);
    expect(server.requests).toHaveLength(1);
    expect([listeners(), clock.timers.size, clock.busy]).toEqual([0, 0, 0]);
  });

  it('inside a hook that never settles ends the request', async () => {
    const { config, abort } = make();
    const decide = (): Promise<never> => {
      abort();
      return never();
    };
    const { api } = await setUp([503], { decide });
    expect(axios.isCancel(await failureSoon(failureOf(api.get('/', config))))).toBe(true);
  });

  it('after the response has no effect', async () => {
    const { api, clock } = await setUp([503, 200]);
    const { config, abort } = make();
    const request = api.get('/', config);
    await clock.runAll();
    expect((await request).status).toBe(200);
    abort();
    await clock.runAll();
    expect([clock.timers.size, clock.busy]).toEqual([0, 0]);
  });
});

describe('a CanceledError', () => {
  it('has the config of the request', async () => {
    const { api, clock } = await setUp([503]);
    const controller = new AbortController();
    const failure = failureOf(
      api.get('/users', { signal: controller.signal, params: { page: 2 } }),
    );
    await clock.advance(0);
    controller.abort();
    expect((await failure).config).toMatchObject({
      url: '/users',
      method: 'get',
      params: { page: 2 },
    });
  });

  it('is no consequence of the answer before it', async () => {
    const { api, clock } = await setUp([503]);
    const controller = new AbortController();
    const failure = failureOf(api.get('/', { signal: controller.signal }));
    await clock.advance(0);
    controller.abort();
    expect(await failure).not.toHaveProperty('cause');
  });

  it('is the token’s own reason when a cancelToken ended the request', async () => {
    const { api, clock } = await setUp([503]);
    const { token, cancel } = axios.CancelToken.source();
    const failure = failureOf(api.get('/', { cancelToken: token }));
    await clock.advance(0);
    cancel('the user left');
    const error = await failure;
    expect(error).toBe(token.reason);
    expect(error.message).toBe('the user left');
  });
});

describe('a signal and a cancelToken on one request', () => {
  it.each([
    ['signal', 0],
    ['cancelToken', 1],
  ])('end it by the %s, and leave no listener on the other', async (_name, which) => {
    const { api, clock } = await setUp([503]);
    const made = ways.map(([, make]) => make());
    const failure = failureOf(api.get('/', Object.assign({}, ...made.map(({ config }) => config))));
    await clock.advance(0);
    made[which]?.abort();
    expect(axios.isCancel(await failure)).toBe(true);
    expect(made.map(({ listeners }) => listeners())).toEqual([0, 0]);
  });
});

describe('a signal set by a request interceptor', () => {
  it('ends the wait', async () => {
    const { api, clock } = await setUp([503]);
    const controller = new AbortController();
    api.interceptors.request.use((config) => Object.assign(config, { signal: controller.signal }));
    const failure = failureOf(api.get('/'));
    await clock.advance(0);
    controller.abort();
    expect(axios.isCancel(await failureSoon(failure))).toBe(true);
  });
});

describe('many waits on one signal', () => {
  const unavailable: AxiosAdapter = (config) => {
    const response = { status: 503, statusText: '', headers: {}, data: '', config, request: {} };
    return Promise.reject(new axios.AxiosError('503', undefined, config, {}, response));
  };

  it('share one listener and one timer, and end together', async () => {
    const clock = watchedClock();
    const api = axios.create({ adapter: unavailable });
    const handle = attachRetry(api, { clock });
    const controller = new AbortController();
    const { signal } = controller;
    const added = jest.spyOn(signal, 'addEventListener');
    const calls = Array.from({ length: 2000 }, () => failureOf(api.get('/', { signal })));
    await clock.advance(0);
    expect(handle.waits).toHaveLength(2000);
    expect([listenersOf(signal), clock.timers.size]).toEqual([1, 1]);
    // Node warns of a leak from eleven listeners.
    expect(added).toHaveBeenCalledTimes(1);
    controller.abort();
    const errors = await Promise.all(calls);
    expect(errors.every((error) => axios.isCancel(error))).toBe(true);
    expect([listenersOf(signal), clock.timers.size, clock.busy]).toEqual([0, 0, 0]);
  });

  it('do not end the waits on another signal', async () => {
    const clock = watchedClock();
    const api = axios.create({ adapter: unavailable });
    const handle = attachRetry(api, { clock });
    const [one, other] = [new AbortController(), new AbortController()];
    const ended = failureOf(api.get('/one', { signal: one.signal }));
    const kept = failureOf(api.get('/other', { signal: other.signal }));
    await clock.advance(0);
    one.abort();
    await ended;
    expect(handle.waits.map(({ url }) => url)).toEqual(['/other']);
    other.abort();
    await kept;
  });
});

describe('timeout', () => {
  it('applies to each attempt, and does not include the wait', async () => {
    const { api, clock, server } = await setUp([503, 503, 200]);
    const timeouts: unknown[] = [];
    api.interceptors.request.use((config) => {
      timeouts.push(config.timeout);
      return config;
    });
    const start = clock.now();
    const request = api.get('/', { timeout: 30_000 });
    await clock.runAll();
    expect((await request).status).toBe(200);
    expect(clock.now() - start).toBe(72_000);
    expect(server.requests).toHaveLength(3);
    expect(timeouts).toEqual([30_000, 30_000, 30_000]);
  });
});

describe('a wait of more than 2^31 milliseconds', () => {
  /** Runs its timers at once, without the event loop turns of a test clock. */
  function quickClock(): Clock & { moveTo(time: number): void; readonly longest: number } {
    let now = 0;
    let longest = 0;
    let timer: { readonly at: number; readonly run: () => void } | undefined;
    return {
      now: () => now,
      setTimeout(run, ms) {
        longest = Math.max(longest, ms);
        timer = { at: now + ms, run };
        return timer;
      },
      clearTimeout() {
        timer = undefined;
      },
      moveTo(time) {
        while (timer && timer.at <= time) {
          const { at, run } = timer;
          now = at;
          timer = undefined;
          run();
        }
        now = time;
      },
      get longest() {
        return longest;
      },
    };
  }

  it('sends one retry after Retry-After', async () => {
    const clock = quickClock();
    const sentAt: number[] = [];
    const api = axios.create({
      adapter: (config) => {
        sentAt.push(clock.now());
        const status = sentAt.length === 1 ? 429 : 200;
        const headers = new AxiosHeaders({ 'Retry-After': '2200000' });
        const response = { status, statusText: '', headers, data: '', config, request: {} };
        if (status === 200) return Promise.resolve(response);
        return Promise.reject(new axios.AxiosError('429', undefined, config, {}, response));
      },
    });
    const maxDelay = 2_500_000_000;
    const handle = attachRetry(api, { clock, maxDelay });
    const request = api.get('/');
    await turns();
    expect(handle.waits).toMatchObject([{ delay: 2_200_000_000, dueAt: 2_200_000_000 }]);
    clock.moveTo(2_199_999_999);
    await turns();
    expect(sentAt).toEqual([0]);
    clock.moveTo(2_200_000_000);
    expect((await request).status).toBe(200);
    expect(sentAt).toEqual([0, 2_200_000_000]);
    expect(clock.longest).toBeLessThan(2 ** 31);
  });

  it('is given up by default, as it is longer than a day', async () => {
    const { api, clock, server } = await setUp([
      { status: 429, headers: { 'Retry-After': '2200000' } },
    ]);
    const error = await failureOf(api.get('/'));
    expect(error.status).toBe(429);
    await clock.advance(100 * HOUR);
    expect(server.requests).toHaveLength(1);
    expect(clock.timers.size).toBe(0);
  });
});

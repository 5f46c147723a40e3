import type { AxiosAdapter, AxiosInstance, AxiosRequestConfig, CreateAxiosDefaults } from 'axios';
import axios, { AxiosError as HttpError } from 'axios';
import type { RetryOptions } from '../../src/index.js';
import { attachRetry, retryCount } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';
import { failureOf } from '../support/failure-of.js';
import { setUp as setUpGate } from '../support/gate-client.js';
import { setUp as setUpHttp } from '../support/http-client.js';
import { ManualGate } from '../support/manual-gate.js';
import type { Answer } from '../support/scripted-client.js';
import { answering, START, setUp, throwError } from '../support/scripted-client.js';
import type { Answer as HttpAnswer } from '../support/scripted-server.js';
import { busy } from '../support/stub-server.js';

describe('a permit of a gate is released exactly once', () => {
  interface Case {
    when: string;
    answers: Answer[];
    options?: RetryOptions;
    config?: (clock: ReturnType<typeof createTestClock>) => AxiosRequestConfig;
    act?: (all: ReturnType<typeof setUp>) => unknown;
  }
  const cases: Case[] = [
    { when: 'a first send succeeds', answers: [200] },
    { when: 'a first send fails', answers: [404] },
    { when: 'a retry succeeds', answers: [503, 503, 200] },
    { when: 'every retry fails', answers: [503] },
    {
      when: 'validateStatus resolves every status',
      answers: [503, 200],
      config: () => ({ validateStatus: null }),
    },
    { when: 'the adapter throws an error without a config', answers: [new Error('mine')] },
    { when: 'a retry throws an error without a config', answers: [503, new Error('mine')] },
    {
      when: 'a hook refuses the retry',
      answers: [503],
      options: { decide: () => ({ retry: false, reason: 'decided' }) },
    },
    { when: 'decide throws', answers: [503], options: { decide: throwError } },
    { when: 'onRetry throws', answers: [503], options: { onRetry: throwError } },
    { when: 'beforeRetry throws', answers: [503], options: { beforeRetry: throwError } },
    { when: 'onGiveUp throws', answers: [503, 404], options: { onGiveUp: throwError } },
    { when: 'backoff throws', answers: [503], options: { backoff: throwError } },
    {
      when: 'the budget is empty',
      answers: [503],
      options: { budget: { withdraw: () => false, deposit: () => undefined } },
    },
    {
      when: 'the budget throws',
      answers: [503],
      options: { budget: { withdraw: throwError, deposit: () => undefined } },
    },
    {
      when: 'the body can be read only once',
      answers: [503],
      config: () => ({ data: new Map().values() }),
    },
    {
      when: 'a wait is cancelled',
      answers: [503],
      options: { onRetry: (wait) => wait.cancel() },
    },
    {
      when: 'a wait is skipped',
      answers: [503, 200],
      options: { onRetry: (wait) => wait.retryNow() },
    },
    {
      when: 'a wait is aborted',
      answers: [503],
      config: (clock) => {
        const abort = new AbortController();
        clock.setTimeout(() => abort.abort(), 4000);
        return { signal: abort.signal };
      },
    },
    {
      when: 'a retry is aborted before it is sent',
      answers: [503],
      options: { beforeRetry: (config) => (config as { stop?: () => void }).stop?.() },
      config: () => {
        const abort = new AbortController();
        return { signal: abort.signal, stop: () => abort.abort() } as AxiosRequestConfig;
      },
    },
    {
      when: 'the plugin is detached during a wait',
      answers: [503],
      act: ({ clock, handle }) => clock.setTimeout(() => handle.detach(), 4000),
    },
    {
      when: 'the plugin is detached before a retry is sent',
      answers: [503],
      options: { beforeRetry: (config) => (config as { stop?: () => void }).stop?.() },
      act: ({ api, handle }) => Object.assign(api.defaults, { stop: () => handle.detach() }),
    },
    {
      when: 'a request interceptor throws',
      answers: [200],
      act: ({ api }) => api.interceptors.request.use(throwError),
    },
    {
      when: 'a synchronous request interceptor throws',
      answers: [200],
      act: ({ api }) => api.interceptors.request.use(throwError, null, { synchronous: true }),
    },
    {
      when: 'the runWhen of a later request interceptor throws',
      answers: [200],
      act: ({ api }) =>
        api.interceptors.request.use((config) => config, null, { runWhen: throwError }),
    },
    {
      when: 'a request interceptor throws on a retry',
      answers: [503],
      act: ({ api }) =>
        api.interceptors.request.use((config) => (retryCount(config) > 0 ? throwError() : config)),
    },
    {
      when: 'a later response interceptor throws',
      answers: [200],
      act: ({ api }) => api.interceptors.response.use(throwError),
    },
  ];

  it.each(cases)('when $when', async ({ answers, options, config, act }) => {
    const gate = new ManualGate();
    const all = setUp(answers, { gate, ...options });
    act?.(all);
    const settled = all.get(config?.(all.clock)).catch(() => undefined);
    await all.clock.runAll();
    await settled;
    expect(gate.acquired).toBeGreaterThan(0);
    expect([...gate.held]).toEqual([]);
    expect(gate.released).toHaveLength(gate.acquired);
  });

  it('when a network error is retried', async () => {
    const gate = new ManualGate();
    const clock = createTestClock(START);
    let sends = 0;
    const adapter: AxiosAdapter = async (config) => {
      sends += 1;
      if (sends === 1) throw new HttpError('reset', 'ECONNRESET', config);
      return { status: 200, statusText: 'OK', headers: {}, data: undefined, config };
    };
    const api = axios.create({ adapter });
    attachRetry(api, { clock, gate, networkErrors: true });
    const request = api.get('/');
    await clock.runAll();
    expect((await request).status).toBe(200);
    expect(gate).toMatchObject({ acquired: 2, released: [{ status: undefined }, { status: 200 }] });
  });

  it.each<[string, boolean]>([
    ['after the plugin', false],
    ['before the plugin', true],
  ])('when an interceptor registered %s replaces the error', async (_words, before) => {
    const gate = new ManualGate();
    const clock = createTestClock(START);
    const { adapter } = answering(503, 404);
    const api = axios.create({ adapter });
    const use = () =>
      api.interceptors.response.use(undefined, () => Promise.reject(new Error('another')));
    if (before) use();
    attachRetry(api, { clock, gate });
    if (!before) use();
    const failure = failureOf(api.get('/'));
    await clock.runAll();
    expect((await failure).message).toBe('another');
    expect(gate.released).toHaveLength(gate.acquired);
  });

  it.each<[string, Answer[], number, RetryOptions]>([
    ['a first send succeeds', [200], 1, {}],
    ['a first send fails', [404], 1, {}],
    ['a first send throws an error without a config', [new Error('another')], 1, {}],
    ['a retry succeeds', [503, 200], 2, {}],
    ['a retry fails', [503, 404], 2, {}],
    ['a retry throws an error without a config', [503, new Error('another')], 2, {}],
    ['a retry throws a cancellation', [503, new axios.CanceledError()], 2, {}],
    ['beforeRetry throws', [503], 2, { beforeRetry: throwError }],
  ])('and the request settles even if release() throws: %s', async (...given) => {
    const [, answers, last, options] = given;
    const gate = new ManualGate();
    let left = 0;
    const release = jest.fn(() => {
      left += 1;
      if (left === last) throw new Error('full');
    });
    const { get, clock } = setUp(answers, { gate, ...options });
    gate.tryAcquire = () => ({ release });
    const settled = jest.fn();
    get().then(settled, settled);
    await clock.runAll();
    expect(release).toHaveBeenCalledTimes(last);
    expect(settled).toHaveBeenCalledTimes(1);
  });

  it('when the interceptor chain is not built, even with a clock that does not count requests', async () => {
    const gate = new ManualGate();
    const { inFlight, ...clock } = createTestClock(START);
    expect(inFlight).toBeDefined();
    const { api, get } = setUp([200], { gate, clock });
    api.interceptors.request.use((config) => config, null, { runWhen: throwError });
    expect((await failureOf(get())).message).toBe('mine');
    expect(gate).toMatchObject({ acquired: 1, released: [{}] });
  });

  it('and never if tryAcquire() throws', async () => {
    const gate = Object.assign(new ManualGate(), { tryAcquire: throwError });
    const { fail, sent } = setUp([200], { gate });
    expect((await fail()).message).toBe('mine');
    expect(sent).toHaveLength(0);
    expect(gate.released).toEqual([]);
  });

  it('and not for a retry whose tryAcquire() throws; the request fails with that error', async () => {
    const gate = new ManualGate();
    const { get, clock } = setUp([503, 200], { gate });
    const failure = failureOf(get());
    await clock.advance(0);
    gate.tryAcquire = throwError;
    await clock.runAll();
    expect(await failure).toMatchObject({ message: 'mine', cause: { status: 503 } });
    expect(gate.released).toHaveLength(1);
  });
});

describe('a permit of a request', () => {
  /** A gate that is always open and counts the permits in use. */
  function openGate() {
    const gate = {
      out: 0,
      most: 0,
      tryAcquire: () => {
        gate.out += 1;
        gate.most = Math.max(gate.most, gate.out);
        const release = (): void => {
          gate.out -= 1;
        };
        return { release };
      },
      acquire: async () => ({ type: 'gave-up', reason: 'canceled' }) as const,
    };
    return gate;
  }

  const fail = () => {
    throw new Error('mine');
  };
  const cases: [
    when: string,
    answers: HttpAnswer[],
    config: CreateAxiosDefaults,
    use: (api: AxiosInstance) => void,
  ][] = [
    ['the request succeeds', [200], {}, () => undefined],
    ['the request fails', [404], {}, () => undefined],
    ['a retry succeeds', [503, 200], {}, () => undefined],
    ['a request interceptor throws', [200], {}, (api) => api.interceptors.request.use(fail)],
    [
      'an earlier response interceptor unwraps the data',
      [200],
      {},
      (api) => api.interceptors.response.use(({ data }) => data),
    ],
    [
      'an earlier response interceptor throws',
      [503],
      {},
      (api) => api.interceptors.response.use(undefined, fail),
    ],
    ['a transformResponse throws', [200], { transformResponse: fail }, () => undefined],
    ['the adapter throws', [200], { adapter: fail }, () => undefined],
    [
      'an earlier response interceptor sends it again',
      [401, 200],
      {},
      (api) => api.interceptors.response.use(undefined, ({ config }) => api.request(config)),
    ],
  ];

  it.each(cases)('is released when %s', async (_, answers, config, use) => {
    const { api, attach, outcome } = await setUpHttp(answers, config);
    use(api);
    const gate = openGate();
    attach({ gate });

    await outcome(api.get('/'));

    expect(gate.most).toBeGreaterThan(0);
    expect(gate.out).toBe(0);
  });

  it('is not released by a request that has none', async () => {
    const { api, attach, outcome } = await setUpHttp([200]);
    api.interceptors.response.use(({ data }) => data);
    const gate = openGate();
    attach({ gate });

    await outcome(api.get('/', { retry: false }));

    expect(gate.out).toBe(0);
  });
});

describe('a gate that closes while beforeRetry runs', () => {
  it('is waited for again before the retry is sent', async () => {
    const { clock, server, get, close } = setUpGate(({ url, index }) =>
      url === '/slow' && index === 0 ? 502 : 200,
    );
    let answer: () => void = () => undefined;
    const beforeRetry = () =>
      new Promise<void>((resolve) => {
        answer = resolve;
      });
    const slow = get('/slow', { retry: { beforeRetry } });
    await clock.advance(8000);
    await close(busy(60));
    answer();
    await clock.advance(59_000);
    expect(server.sent.map(({ url }) => url)).toEqual(['/slow', '/first']);
    await clock.runAll();
    expect((await slow).status).toBe(200);
    expect(server.sent.filter(({ url }) => url === '/slow').map(({ at }) => at)).toEqual([
      0, 68_000,
    ]);
  });
});

describe('detach()', () => {
  it.each(['onRetry', 'beforeRetry'])(
    'ends a retry whose %s is under way, also at a closed gate',
    async (hook) => {
      let answer: () => void = () => undefined;
      const asking = () =>
        new Promise<void>((resolve) => {
          answer = resolve;
        });
      const { clock, handle, server, get, close } = setUpGate(({ url }) =>
        url === '/slow' ? 502 : 200,
      );
      const slow = get('/slow', { retry: { [hook]: asking } });
      await clock.advance(8000);
      await close(busy(3600));
      handle.detach();
      answer();
      await clock.advance(0);
      expect(handle.waits).toEqual([]);
      expect((await slow).status).toBe(502);
      expect(server.sent).toHaveLength(2);
    },
  );
});

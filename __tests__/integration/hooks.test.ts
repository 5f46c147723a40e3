import { Readable } from 'node:stream';
import type { AxiosError, AxiosRequestConfig, InternalAxiosRequestConfig } from 'axios';
import axios from 'axios';
import type {
  RetryContext,
  RetryDecision,
  RetryOptions,
  RetryReport,
  RetryWait,
} from '../../src/index.js';
import { attachRetry, retryReport } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';
import type { Answer, ScriptedServer } from '../support/scripted-server.js';
import { startServer } from '../support/scripted-server.js';

const START = Date.UTC(2030, 0, 1);
const servers: ScriptedServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function setUp(answers: Answer[], options: RetryOptions = {}) {
  const server = await startServer(...answers);
  servers.push(server);
  const clock = createTestClock(START);
  const api = axios.create({ baseURL: server.url });
  const handle = attachRetry(api, { clock, ...options });
  /** Sends a request, lets every wait pass, and returns its outcome. */
  async function send(config: AxiosRequestConfig = {}) {
    const request = api.request({ url: '/', ...config }).then(
      (response) => ({ response, error: undefined }),
      (error: AxiosError) => ({ response: undefined, error }),
    );
    await clock.runAll();
    return request;
  }
  async function fail(config?: AxiosRequestConfig): Promise<AxiosError> {
    const { error } = await send(config);
    if (error === undefined) throw new Error('It was to fail, and succeeded.');
    return error;
  }
  return { server, clock, api, handle, send, fail, passed: () => clock.now() - START };
}

const hangUp: Answer = (req) => req.socket.destroy();
const retryAfter = (seconds: number, status = 429): Answer => ({
  status,
  headers: { 'Retry-After': String(seconds) },
});
const yes = (delay: number): RetryDecision => ({ retry: true, delay, basis: 'backoff' });
const no: RetryDecision = { retry: false, reason: 'decided' };

describe('decide', () => {
  it.each([404, 500, 503, 529])('is called for a %d', async (status) => {
    const decide = jest.fn((decision: RetryDecision, _context: RetryContext) => decision);
    const { fail } = await setUp([status, 404], { decide });
    await fail();
    expect(decide.mock.calls[0]?.[1]).toMatchObject({ response: { status }, retryNumber: 1 });
  });

  it('is called for a network error, even with networkErrors off', async () => {
    const decide = jest.fn((decision: RetryDecision, _context: RetryContext) => decision);
    const { fail } = await setUp([hangUp], { decide });
    await fail();
    expect(decide).toHaveBeenCalledTimes(1);
    const [decision, context] = decide.mock.calls[0] ?? [];
    expect(decision).toEqual({ retry: false, reason: 'network' });
    expect(context).toMatchObject({ error: { code: 'ECONNRESET' } });
    expect(context).not.toHaveProperty('response');
  });

  it('is called after every failed attempt, with the decision of the table', async () => {
    const decide = jest.fn((decision: RetryDecision) => decision);
    const { fail } = await setUp([retryAfter(7), 503, 500], { decide });
    await fail();
    expect(decide.mock.calls.map(([decision]) => decision)).toEqual([
      { retry: true, delay: 7000, basis: 'retry-after' },
      { retry: true, delay: 64_000, basis: 'backoff' },
      { retry: false, reason: 'status' },
    ]);
  });

  it('is not called for a success', async () => {
    const decide = jest.fn((decision: RetryDecision) => decision);
    const { send } = await setUp([200], { decide });
    await send();
    expect(decide).not.toHaveBeenCalled();
  });

  it.each<[string, RetryOptions['decide']]>([
    ['synchronously', () => yes(1000)],
    ['asynchronously', async () => yes(1000)],
  ])('may retry a status that the table does not, %s', async (_name, decide) => {
    const { send, passed, server } = await setUp([404, 500, hangUp, 200], { decide });
    const { response } = await send();
    expect(response?.status).toBe(200);
    expect([passed(), server.requests.length]).toEqual([3000, 4]);
  });

  it('may retry a 429 without Retry-After', async () => {
    const { send, passed } = await setUp([429, 200], { decide: () => yes(5000) });
    expect((await send()).response?.status).toBe(200);
    expect(passed()).toBe(5000);
  });

  it('may shorten a backoff', async () => {
    const { send, passed } = await setUp([503, 200], { decide: () => yes(10) });
    await send();
    expect(passed()).toBe(10);
  });

  it.each<[string, RetryOptions['decide']]>([
    ['synchronously', () => no],
    ['asynchronously', async () => no],
  ])('may refuse a retry, %s: the reason is "decided"', async (_name, decide) => {
    const { fail, server } = await setUp([503], { decide });
    const error = await fail();
    expect(error.status).toBe(503);
    expect(retryReport(error)?.gaveUp).toBe('decided');
    expect(server.requests).toHaveLength(1);
  });

  it('does not change the reason of a call that is given up anyway', async () => {
    const { fail } = await setUp([404], { decide: () => no });
    expect(retryReport(await fail())?.gaveUp).toBe('status');
  });

  it.each([429, 503, 529, 404, 500])('cannot go below the Retry-After of a %d', async (status) => {
    const { send, passed } = await setUp([retryAfter(90, status), 200], { decide: () => yes(0) });
    expect((await send()).response?.status).toBe(200);
    expect(passed()).toBe(90_000);
  });

  it.each<[string, RetryOptions, string, number]>([
    ['maxRetries', { maxRetries: 2 }, 'max-retries', 3],
    ['maxRetries: 0', { maxRetries: 0 }, 'max-retries', 1],
    ['maxDelay', { maxDelay: 999 }, 'max-delay', 1],
    ['maxElapsed', { maxElapsed: 2500 }, 'max-elapsed', 3],
  ])('cannot go beyond %s', async (_name, options, reason, sends) => {
    const decide = (): RetryDecision => yes(1000);
    const { fail, server } = await setUp([404], { decide, ...options });
    expect(retryReport(await fail())?.gaveUp).toBe(reason);
    expect(server.requests).toHaveLength(sends);
  });

  it('cannot send a single-use body twice', async () => {
    const { fail, server } = await setUp([404], { decide: () => yes(0) });
    const error = await fail({ method: 'POST', data: Readable.from(['once']) });
    expect(error.status).toBe(404);
    expect(retryReport(error)?.gaveUp).toBe('body');
    expect(server.requests).toHaveLength(1);
  });

  it('cannot shorten a Retry-After to fit maxDelay', async () => {
    const options = { decide: () => yes(0), maxDelay: 60_000 };
    const { fail, server } = await setUp([retryAfter(61)], options);
    expect(retryReport(await fail())?.gaveUp).toBe('max-delay');
    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['true', true],
    ['a number', 1000],
    ['an empty object', {}],
    ['no delay', { retry: true }],
    ['a delay below 0', { retry: true, delay: -1, basis: 'backoff' }],
    ['NaN', { retry: true, delay: Number.NaN, basis: 'backoff' }],
    ['a delay as a string', { retry: true, delay: '1000', basis: 'backoff' }],
    ['a promise of undefined', Promise.resolve(undefined)],
  ])('that returns %s fails the request with a TypeError that names it', async (_name, answer) => {
    const decide = (): RetryDecision => answer as RetryDecision;
    const { fail, server } = await setUp([503], { decide });
    const error = await fail();
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(/^axios-status-retry: .*"decide"/);
    expect(error.cause).toMatchObject({ isAxiosError: true, status: 503 });
    expect(server.requests).toHaveLength(1);
  });
});

describe('onRetry', () => {
  it('is called before each wait, with that wait', async () => {
    const told: unknown[] = [];
    const { send, clock, handle } = await setUp([retryAfter(20), 503, 200], {
      onRetry: (wait) => {
        told.push([clock.now() - START, wait, handle.waits[0] === wait]);
      },
    });
    await send({ url: '/users', method: 'PUT' });
    const common = { method: 'PUT', url: '/users', maxRetries: 5 };
    const first = { status: 429, retryNumber: 1, delay: 20_000, basis: 'retry-after' };
    const second = { status: 503, retryNumber: 2, delay: 64_000, basis: 'backoff' };
    expect(told).toEqual([
      [0, expect.objectContaining({ ...common, ...first, dueAt: START + 20_000 }), true],
      [20_000, expect.objectContaining({ ...common, ...second, dueAt: START + 84_000 }), true],
    ]);
  });

  it('is not called without a retry', async () => {
    const onRetry = jest.fn();
    const { fail } = await setUp([503, 404], { onRetry });
    await fail();
    expect(onRetry).toHaveBeenCalledTimes(1);
  });

  it('runs during the wait, and does not extend it', async () => {
    const { clock, send, passed } = await setUp([503, 200], {
      onRetry: () => new Promise((resolve) => clock.setTimeout(() => resolve(undefined), 3000)),
    });
    await send();
    expect(passed()).toBe(8000);
  });

  it('delays the retry until it has settled', async () => {
    let settle: () => void = () => undefined;
    const onRetry = (): Promise<void> =>
      new Promise((resolve) => {
        settle = resolve;
      });
    const { api, clock, send, handle } = await setUp([503, 200], { onRetry });
    let sends = 0;
    api.interceptors.request.use((config) => {
      sends += 1;
      return config;
    });
    const changes: number[] = [];
    const over = new Promise<void>((resolve) => {
      handle.subscribe(() => {
        changes.push(handle.waits.length);
        if (changes.length === 2) resolve();
      });
    });
    const sent = send();
    await over;
    await new Promise((resolve) => setImmediate(resolve));
    expect([changes, clock.now() - START, sends]).toEqual([[1, 0], 8000, 1]);
    settle();
    expect((await sent).response?.status).toBe(200);
  });

  it('may skip or cancel its wait', async () => {
    const hurried = await setUp([503, 200], { onRetry: (wait) => wait.retryNow() });
    expect((await hurried.send()).response?.status).toBe(200);
    expect(hurried.passed()).toBe(0);
    const canceled = await setUp([503, 200], { onRetry: (wait) => wait.cancel() });
    expect(retryReport(await canceled.fail())?.gaveUp).toBe('canceled');
  });
});

describe('beforeRetry', () => {
  it('is called after each wait, but not before the first attempt', async () => {
    const times: number[] = [];
    const { clock, send } = await setUp([503, 503, 200], {
      beforeRetry: () => {
        times.push(clock.now() - START);
      },
    });
    await send();
    expect(times).toEqual([8000, 72_000]);
  });

  it('changes the request for one attempt only', async () => {
    const { send, server } = await setUp([503, 503, 200], {
      beforeRetry: (config, { retryNumber }) => {
        if (retryNumber !== 1) return;
        config.headers.set('X-Edited', 'yes');
        config.url = '/other';
        config.data.list.push(2);
        config.params = { page: 2 };
      },
    });
    await send({ method: 'POST', data: { list: [1] } });
    const sent = server.requests.map(({ url, headers, body }) => [url, headers['x-edited'], body]);
    expect(sent).toEqual([
      ['/', undefined, '{"list":[1]}'],
      ['/other?page=2', 'yes', '{"list":[1,2]}'],
      ['/', undefined, '{"list":[1]}'],
    ]);
  });

  it('may be asynchronous, and is awaited', async () => {
    const { clock, send, server } = await setUp([503, 200], {
      beforeRetry: async (config) => {
        await new Promise((resolve) => setImmediate(resolve));
        config.headers.set('Authorization', 'Bearer fresh');
      },
    });
    await send();
    expect(server.requests[1]?.headers.authorization).toBe('Bearer fresh');
    expect(clock.now() - START).toBe(8000);
  });

  it('changes the request before the request interceptors see it', async () => {
    const seen: unknown[] = [];
    const { api, send } = await setUp([503, 200], {
      beforeRetry: (config) => {
        config.headers.set('X-Edited', 'yes');
      },
    });
    api.interceptors.request.use((config) => {
      seen.push(config.headers.get('X-Edited'));
      return config;
    });
    await send();
    expect(seen).toEqual([undefined, 'yes']);
  });

  it('never gets the caller’s own config', async () => {
    const config = { url: '/', data: { list: [1] }, headers: { 'X-Own': '1' }, params: { a: 1 } };
    const before = structuredClone(config);
    const { send } = await setUp([503, 200], {
      beforeRetry: (next) => {
        next.data.list.push(2);
        next.params.a = 2;
        next.headers.set('X-Own', '2');
      },
    });
    await send(config);
    expect(config).toEqual(before);
  });
});

describe('onGiveUp', () => {
  const give = async (answers: Answer[], options: RetryOptions = {}, config = {}) => {
    const onGiveUp = jest.fn((_report: RetryReport, _context: RetryContext): unknown => undefined);
    const made = await setUp(answers, { onGiveUp, ...options });
    const result = await made.send(config);
    return { ...made, ...result, onGiveUp, reports: onGiveUp.mock.calls.map(([report]) => report) };
  };

  it.each<[string, Answer[], RetryOptions, string]>([
    ['fails after retries', [503], { maxRetries: 2 }, 'max-retries'],
    ['ends with a 404 after a retry', [503, 404], {}, 'status'],
    ['ends with a network error after a retry', [503, hangUp], {}, 'network'],
    ['could be retried except for maxRetries', [503], { maxRetries: 0 }, 'max-retries'],
    ['could be retried except for maxDelay', [503], { maxDelay: 1 }, 'max-delay'],
    ['could be retried except for maxElapsed', [503], { maxElapsed: 1 }, 'max-elapsed'],
    ['could be retried except for methods', [503], { methods: ['POST'] }, 'method'],
    ['could be retried except for decide', [503], { decide: () => no }, 'decided'],
    ['gets a 429 without Retry-After', [429], {}, 'no-retry-after'],
    ['gets a 529 too often', [529], { maxRetries: 1 }, 'max-retries'],
    ['gets network errors', [hangUp], { networkErrors: true, maxRetries: 1 }, 'max-retries'],
    ['is canceled while it waits', [503], { onRetry: (w) => w.cancel() }, 'canceled'],
  ])('is called once for a call that %s', async (_name, answers, options, reason) => {
    const { error, onGiveUp, reports } = await give(answers, options);
    expect(onGiveUp).toHaveBeenCalledTimes(1);
    expect(reports[0]).toEqual(retryReport(error));
    expect(reports[0]?.gaveUp).toBe(reason);
  });

  it('is called for a failed response that validateStatus accepts', async () => {
    const { response, reports } = await give([503], { maxRetries: 1 }, { validateStatus: null });
    expect(response?.status).toBe(503);
    expect(reports).toEqual([retryReport(response)]);
  });

  it('is called for a single-use body that was not sent again', async () => {
    const { reports } = await give([503], {}, { method: 'POST', data: Readable.from(['once']) });
    expect(reports).toMatchObject([{ gaveUp: 'body' }]);
  });

  it('is called for a retry that failed before it was sent', async () => {
    const onGiveUp = jest.fn();
    const { api, fail } = await setUp([503], { onGiveUp });
    let sends = 0;
    api.interceptors.request.use((config) => {
      sends += 1;
      if (sends > 1) throw new Error('no token');
      return config;
    });
    const error = await fail();
    expect(error.message).toBe('no token');
    expect(onGiveUp).toHaveBeenCalledTimes(1);
  });

  it.each<[string, Answer[], RetryOptions]>([
    ['a success', [200], {}],
    ['a success after retries', [503, 503, 200], {}],
    ['a plain 404', [404], {}],
    ['a plain 500', [500], {}],
    ['a network error with networkErrors off', [hangUp], {}],
  ])('is not called for %s', async (_name, answers, options) => {
    const { onGiveUp } = await give(answers, options);
    expect(onGiveUp).not.toHaveBeenCalled();
  });

  it.each(['a wait', 'an attempt'])('is not called for an abort during %s', async (when) => {
    const controller = new AbortController();
    const onGiveUp = jest.fn();
    const interrupted: Answer = when === 'a wait' ? 503 : () => controller.abort();
    const options = { onGiveUp, networkErrors: true };
    const { api, clock } = await setUp([503, interrupted], options);
    const failure = api.get('/', { signal: controller.signal }).catch((error: unknown) => error);
    await clock.advance(8000);
    controller.abort();
    expect(axios.isCancel(await failure)).toBe(true);
    expect(onGiveUp).not.toHaveBeenCalled();
  });

  it('may abort requests that share the signal, without changing the error of the call', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const onGiveUp = (): void => controller.abort();
    const { fail } = await setUp([503], { maxRetries: 1, onGiveUp });
    const error = await fail({ signal });
    expect(error.status).toBe(503);
    expect(retryReport(error)?.gaveUp).toBe('max-retries');
  });

  it('is awaited before the request settles', async () => {
    const order: string[] = [];
    const { fail } = await setUp([503], {
      maxRetries: 0,
      onGiveUp: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        order.push('told');
      },
    });
    await fail();
    order.push('settled');
    expect(order).toEqual(['told', 'settled']);
  });
});

describe('a hook that throws or rejects', () => {
  const thrown = new Error('the hook is broken');
  const hooks: [string, Answer[], number][] = [
    ['decide', [503], 1],
    ['onRetry', [503], 1],
    ['beforeRetry', [503], 1],
    ['onGiveUp', [429], 1],
  ];
  const kinds: [string, (error: unknown) => () => never][] = [
    [
      'throws',
      (error) => () => {
        throw error;
      },
    ],
    ['rejects', (error) => () => Promise.reject(error) as never],
  ];
  const cases = hooks.flatMap((hook) => kinds.map((kind) => [...hook, ...kind] as const));
  const titled = cases.map((one) => [`${one[0]} that ${one[3]}`, one] as const);

  describe.each(titled)('%s', (_title, [name, answers, sends, _kind, failing]) => {
    it('fails the request with its error, whose cause is the HTTP error', async () => {
      const error = new Error('the hook is broken');
      const { fail, server, handle, clock } = await setUp(answers, { [name]: failing(error) });
      expect(await fail()).toBe(error);
      expect(error.cause).toMatchObject({ isAxiosError: true, status: answers[0] });
      expect(retryReport(error)?.attempts).toMatchObject([{ status: answers[0] }]);
      expect(handle.waits).toHaveLength(0);
      await clock.advance(1e8);
      expect(server.requests).toHaveLength(sends);
    });

    it('keeps the cause that its error has', async () => {
      const own = new Error('because of this');
      const error = new Error('the hook is broken', { cause: own });
      const { fail } = await setUp(answers, { [name]: failing(error) });
      expect((await fail()).cause).toBe(own);
    });

    it.each([
      ['a string', 'broken'],
      ['undefined', undefined],
      ['a frozen error', Object.freeze(new Error('cold'))],
    ])('fails the request with %s as it is', async (_what, value) => {
      const { send } = await setUp(answers, { [name]: failing(value) });
      const { response, error } = await send();
      expect(response).toBeUndefined();
      expect(error).toBe(value);
    });
  });

  it('has no cause if validateStatus accepts the response', async () => {
    const decide = (): never => {
      throw thrown;
    };
    const { fail } = await setUp([503], { decide });
    const error = await fail({ validateStatus: null });
    expect(error).toBe(thrown);
    expect(error.cause).toBeUndefined();
  });

  it('fails the request on later attempts too', async () => {
    const error = new Error('the hook is broken');
    const onRetry = jest.fn((wait: RetryWait) => {
      if (wait.retryNumber === 2) throw error;
    });
    const { fail, server } = await setUp([503], { onRetry });
    expect(await fail()).toBe(error);
    expect(server.requests).toHaveLength(2);
    expect(retryReport(error)?.attempts).toHaveLength(2);
  });

  it('has the original error as the cause in onRetry, with its body', async () => {
    const onRetry = () => {
      throw new Error('mine');
    };
    const error = await (await setUp([{ status: 503, body: 'closed' }], { onRetry })).fail();
    expect(error.cause).toMatchObject({ response: { data: 'closed' } });
  });

  it('fails the request with its error even if it has cancelled the wait in onRetry', async () => {
    const onGiveUp = jest.fn();
    const onRetry = (wait: RetryWait) => {
      wait.cancel();
      throw new Error('mine');
    };
    const error = await (await setUp([503], { onRetry, onGiveUp })).fail();
    expect(error.message).toBe('mine');
    expect(onGiveUp).not.toHaveBeenCalled();
  });

  it('ends the call if beforeRetry makes the config impossible to send', async () => {
    const clock = createTestClock(START);
    let underWay = 0;
    const inFlight = (change: 1 | -1) => {
      underWay += change;
      clock.inFlight?.(change);
    };
    const beforeRetry = (config: object) => void Object.freeze(config);
    const { api } = await setUp([503], { clock: { ...clock, inFlight }, beforeRetry });
    const failure = api.get('/').catch((error: Error) => error);
    await clock.runAll();
    expect(await failure).toMatchObject({ name: 'TypeError', cause: { status: 503 } });
    expect(underWay).toBe(0);
  });

  it('does not affect the next request', async () => {
    const decide = jest.fn((decision: RetryDecision) => decision);
    decide.mockImplementationOnce(() => {
      throw thrown;
    });
    const { fail, send } = await setUp([503, 503, 200], { decide });
    expect(await fail()).toBe(thrown);
    expect((await send()).response?.status).toBe(200);
  });
});

describe('jitter', () => {
  const delayOf = async (options: RetryOptions, answer: Answer = 503): Promise<unknown> => {
    const onRetry = jest.fn((_wait: RetryWait) => undefined);
    const { send } = await setUp([answer, 200], { onRetry, ...options });
    await send();
    return onRetry.mock.calls[0]?.[0].delay;
  };

  it.each<[number, number, number]>([
    [0, 1, 8000],
    [0.5, 0, 8000],
    [0.5, 0.5, 10_000],
    [0.5, 1, 12_000],
    [2, 1, 24_000],
  ])('of %d and a random %d makes 8 s %d ms', async (jitter, random, delay) => {
    expect(await delayOf({ jitter, random: () => random })).toBe(delay);
  });

  it('only lengthens a Retry-After', async () => {
    expect(await delayOf({ jitter: 0.5, random: () => 0 }, retryAfter(10))).toBe(10_000);
    expect(await delayOf({ jitter: 0.5, random: () => 1 }, retryAfter(10))).toBe(15_000);
  });

  it('respects maxDelay', async () => {
    expect(await delayOf({ jitter: 1, random: () => 1, maxDelay: 9000 })).toBe(9000);
    expect(await delayOf({ jitter: 1, random: () => 1, maxDelay: 8000 })).toBe(8000);
  });

  it('respects maxElapsed', async () => {
    expect(await delayOf({ jitter: 1, random: () => 1, maxElapsed: 9000 })).toBe(9000);
  });

  it('stays within its bounds with real random numbers', async () => {
    for (let i = 0; i < 5; i += 1) {
      const delay = await delayOf({ jitter: 0.25 });
      expect(delay).toBeGreaterThanOrEqual(8000);
      expect(delay).toBeLessThanOrEqual(10_000);
    }
  });

  it('calls random only if it is above 0', async () => {
    const random = jest.fn(() => 1);
    await delayOf({ random });
    expect(random).not.toHaveBeenCalled();
  });
});

describe('a function option that returns an invalid value', () => {
  const nonsense: [string, unknown][] = [
    ['undefined', undefined],
    ['null', null],
    ['NaN', Number.NaN],
    ['a string', '8000'],
    ['a negative number', -1],
    ['a promise', Promise.resolve(1)],
  ];

  it.each(nonsense)('backoff: %s fails the request with a TypeError', async (_name, value) => {
    const { fail, server } = await setUp([503], { backoff: () => value as number });
    const error = await fail();
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(/^axios-status-retry: .*"backoff"/);
    expect(error.cause).toMatchObject({ status: 503 });
    expect(server.requests).toHaveLength(1);
  });

  it.each([...nonsense, ['2', 2] as const])(
    'random: %s fails the request with a TypeError',
    async (_name, value) => {
      const { fail, server } = await setUp([503], { jitter: 1, random: () => value as number });
      const error = await fail();
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toMatch(/^axios-status-retry: .*"random"/);
      expect(error.cause).toMatchObject({ status: 503 });
      expect(server.requests).toHaveLength(1);
    },
  );

  it.each([...nonsense.filter(([name]) => name !== 'a string'), ['an empty string', ''] as const])(
    'idempotencyKey: %s fails the request with a TypeError before it is sent',
    async (_name, value) => {
      const { fail, server } = await setUp([200], { idempotencyKey: () => value as string });
      const error = await fail({ method: 'POST' });
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toMatch(/^axios-status-retry: .*"idempotencyKey"/);
      expect(server.requests).toHaveLength(0);
    },
  );

  it.each(['backoff', 'random', 'idempotencyKey'])(
    '%s: a function that throws fails the request too',
    async (name) => {
      const error = new Error('broken');
      const broken = (): never => {
        throw error;
      };
      const { fail } = await setUp([503], { jitter: 1, [name]: broken });
      expect(await fail({ method: 'POST' })).toBe(error);
    },
  );
});

describe('the context of a hook', () => {
  type Told = readonly [string, RetryContext, InternalAxiosRequestConfig?];

  async function tell(answers: Answer[], options: RetryOptions = {}, config = {}): Promise<Told[]> {
    const told: Told[] = [];
    const { send } = await setUp(answers, {
      decide: (decision, context) => {
        told.push(['decide', context]);
        return decision;
      },
      onRetry: (_wait, context) => told.push(['onRetry', context]),
      beforeRetry: (next, context) => told.push(['beforeRetry', context, next]),
      onGiveUp: (_report, context) => told.push(['onGiveUp', context]),
      ...options,
    });
    await send({ url: '/users', params: { page: 2 }, ...config });
    return told;
  }

  it('has the retry number and the elapsed time', async () => {
    const told = await tell([503], { maxRetries: 2 });
    expect(told.map(([name, { retryNumber, elapsed }]) => [name, retryNumber, elapsed])).toEqual([
      ['decide', 1, 0],
      ['onRetry', 1, 0],
      ['beforeRetry', 1, 8000],
      ['decide', 2, 8000],
      ['onRetry', 2, 8000],
      ['beforeRetry', 2, 72_000],
      ['decide', 3, 72_000],
      ['onGiveUp', 3, 72_000],
    ]);
  });

  it('has the config, the response and the error of the failed attempt', async () => {
    const body = 'busy';
    const told = await tell([{ status: 503, headers: { 'X-Id': '7' }, body }], { maxRetries: 1 });
    expect(told).toHaveLength(5);
    for (const [, { config, response, error }] of told) {
      expect(config).toMatchObject({ url: '/users', method: 'get', params: { page: 2 } });
      expect(response).toMatchObject({ status: 503, headers: { 'x-id': '7' } });
      expect(error).toMatchObject({ isAxiosError: true, status: 503 });
      expect((error as AxiosError).response).toBe(response);
    }
  });

  it('has the body before the wait, but not after it', async () => {
    const told = await tell([{ status: 503, body: 'busy' }], { maxRetries: 1 });
    expect(told.map(([name, { response }]) => [name, response?.data])).toEqual([
      ['decide', 'busy'],
      ['onRetry', 'busy'],
      ['beforeRetry', undefined],
      ['decide', 'busy'],
      ['onGiveUp', 'busy'],
    ]);
  });

  it('has no response after a network error', async () => {
    const told = await tell([hangUp], { networkErrors: true, maxRetries: 1 });
    expect(told).toHaveLength(5);
    for (const [, context] of told) {
      expect(context).not.toHaveProperty('response');
      expect(context.error).toMatchObject({ isAxiosError: true, code: 'ECONNRESET' });
    }
  });

  it('has no error if validateStatus accepts the response', async () => {
    const told = await tell([503], { maxRetries: 1 }, { validateStatus: null });
    expect(told).toHaveLength(5);
    for (const [, context] of told) {
      expect(context).not.toHaveProperty('error');
      expect(context.response).toMatchObject({ status: 503 });
    }
  });

  it('has the config of the next attempt before a retry', async () => {
    const told = await tell([503, 200]);
    const [, context, next] = told.find(([name]) => name === 'beforeRetry') ?? [];
    expect(next).toBeDefined();
    expect(context?.config).toBe(next);
  });
});

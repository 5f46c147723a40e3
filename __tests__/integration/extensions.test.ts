import type {
  AxiosAdapter,
  AxiosError,
  AxiosInstance,
  AxiosRequestConfig,
  InternalAxiosRequestConfig,
} from 'axios';
import axios, { AxiosError as HttpError } from 'axios';
import type {
  AttachedInstance,
  DeferralRequest,
  GateOutcome,
  RetryBudget,
  RetryCall,
  RetryDeferral,
  RetryGate,
  RetryPermit,
  RetryProgress,
} from '../../src/core/extensions.js';
import type { RetryOptions, RetryReport, RetryWait } from '../../src/index.js';
import { attachRetry, retryCount, retryReport } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';
import type { Wait, WaitResult } from '../../src/wait/wait-list.js';

const START = Date.UTC(2030, 0, 1);

type Answer = number | { status: number; retryAfter: string } | Error;

/** An adapter that gives these answers in turn, the last one again and again. */
function answering(...answers: Answer[]) {
  const sent: { url: string | undefined; retryNumber: number; headers: object }[] = [];
  const adapter: AxiosAdapter = async (config) => {
    const answer = answers[Math.min(sent.length, answers.length - 1)] ?? 200;
    const { url, headers } = config;
    sent.push({ url, retryNumber: retryCount(config), headers: headers.toJSON() });
    if (answer instanceof Error) throw answer;
    const { status, retryAfter } =
      typeof answer === 'number' ? { status: answer, retryAfter: undefined } : answer;
    const response = {
      status,
      statusText: '',
      headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
      data: undefined,
      config,
    };
    if (config.validateStatus?.(status) !== false) return response;
    const message = `Request failed with status code ${status}`;
    throw new HttpError(message, 'ERR_BAD_RESPONSE', config, undefined, response);
  };
  return { adapter, sent };
}

function setUp(answers: Answer[], options: RetryOptions = {}) {
  const clock = createTestClock(START);
  const { adapter, sent } = answering(...answers);
  const api = axios.create({ adapter });
  const handle = attachRetry(api, { clock, ...options });
  const get = (config?: AxiosRequestConfig) => api.get('/', config);
  async function fail(config?: AxiosRequestConfig): Promise<AxiosError> {
    const failure = failureOf(get(config));
    await clock.runAll();
    return failure;
  }
  return { clock, api, handle, sent, get, fail, passed: () => clock.now() - START };
}

function failureOf(request: Promise<unknown>): Promise<AxiosError> {
  return request.then(
    () => Promise.reject(new Error('It was to fail, and succeeded.')),
    (error: AxiosError) => error,
  );
}

const mine = () => {
  throw new Error('mine');
};

/** A gate that somebody opens and closes by hand. It counts the places, and refuses to be cheated. */
class HandGate implements RetryGate {
  open = true;
  /** Whether a person may hurry what waits. */
  mayHurry = true;
  readonly left: GateOutcome[] = [];
  readonly placed = new Set<RetryCall>();
  readonly line = new Set<Wait>();
  readonly asked: RetryCall[] = [];
  taken = 0;

  tryAcquire(call: RetryCall): RetryPermit | undefined {
    this.asked.push(call);
    return this.open ? this.#take(call) : undefined;
  }

  acquire(call: RetryCall, host: AttachedInstance): Promise<RetryPermit | WaitResult> {
    return new Promise((resolve) => {
      const wait = host.waits.begin(
        {
          abortable: call.abortable,
          summary: () => call.summary(),
          canSkip: () => this.mayHurry,
          onEnd: (result) => {
            const isOver = result.type === 'elapsed' || result.type === 'skipped';
            resolve(isOver ? this.#take(call) : result);
          },
        },
        host.clock.now() + 5000,
        5000,
        'gate',
      );
      this.line.add(wait);
    });
  }

  admitAll(): void {
    this.open = true;
    for (const wait of this.line) wait.end({ type: 'elapsed' });
  }

  #take(call: RetryCall): RetryPermit {
    if (this.placed.has(call)) throw new Error('A place is taken twice.');
    this.taken += 1;
    this.placed.add(call);
    return { release: (outcome) => this.leave(call, outcome) };
  }

  leave(call: RetryCall, outcome: GateOutcome): void {
    if (!this.placed.delete(call)) throw new Error('A place is given back that was not taken.');
    this.left.push(outcome);
  }
}

describe('a gate', () => {
  it('is told of the instance it is attached to, with its clock and waits', () => {
    const gate = Object.assign(new HandGate(), { attach: jest.fn() });
    const { clock, handle } = setUp([200], { gate });
    expect(gate.attach.mock.calls).toHaveLength(1);
    const [host] = gate.attach.mock.calls[0] as [AttachedInstance];
    expect(host.clock).toBe(clock);
    expect(host.waits.list()).toBe(handle.waits);
  });

  it('lets a first send through at once where it is open, with a place', async () => {
    const gate = new HandGate();
    const { get, sent } = setUp([200], { gate });
    await get();
    expect(sent).toHaveLength(1);
    expect(gate).toMatchObject({ taken: 1, left: [{ status: 200 }] });
  });

  it('makes a first send wait where it is closed', async () => {
    const gate = new HandGate();
    gate.open = false;
    const { get, sent, clock } = setUp([200], { gate });
    const request = get();
    await clock.advance(60_000);
    expect(sent).toHaveLength(0);
    gate.admitAll();
    expect((await request).status).toBe(200);
    expect(gate).toMatchObject({ taken: 1, left: [{ status: 200 }] });
  });

  it('shows the first send that waits', async () => {
    const gate = new HandGate();
    gate.open = false;
    const { api, handle, clock } = setUp([200], { gate, maxRetries: 3 });
    const request = api.post('https://me:secret@example.com/orders');
    await clock.advance(0);
    expect(handle.waits).toEqual([
      {
        id: 1,
        method: 'POST',
        url: 'https://example.com/orders',
        status: undefined,
        retryNumber: 0,
        maxRetries: 3,
        delay: 5000,
        dueAt: START + 5000,
        basis: 'gate',
        retryNow: expect.any(Function),
        cancel: expect.any(Function),
      },
    ]);
    gate.admitAll();
    await request;
    expect(handle.waits).toEqual([]);
  });

  it('shows another time when it moves a wait', async () => {
    const gate = new HandGate();
    gate.open = false;
    const { get, handle, clock } = setUp([200], { gate });
    const request = get();
    await clock.advance(0);
    const listener = jest.fn();
    handle.subscribe(listener);
    for (const wait of gate.line) wait.move(START + 90_000);
    expect(handle.waits[0]?.dueAt).toBe(START + 90_000);
    await clock.advance(0);
    expect(listener).toHaveBeenCalledTimes(1);
    gate.admitAll();
    await request;
  });

  it('makes a retry wait after its own wait, without using up an attempt', async () => {
    const gate = new HandGate();
    const { get, handle, sent, clock } = setUp([503, 200], { gate, maxRetries: 1 });
    const request = get();
    await clock.advance(0);
    expect(gate.left).toEqual([{ status: 503, retryAfter: undefined }]);
    gate.open = false;
    await clock.advance(8000);
    expect(handle.waits).toMatchObject([{ basis: 'gate', status: 503, retryNumber: 1 }]);
    await clock.advance(100_000);
    expect(sent).toHaveLength(1);
    gate.admitAll();
    const response = await request;
    expect(response.status).toBe(200);
    expect(sent.map(({ retryNumber }) => retryNumber)).toEqual([0, 1]);
    expect(retryReport(response)?.attempts).toEqual([
      { sentAt: START, status: 503, delay: 8000 },
      { sentAt: START + 108_000, status: 200 },
    ]);
    expect(gate).toMatchObject({ taken: 2, left: [{}, { status: 200 }] });
  });

  it('is told what the answer said: status and Retry-After', async () => {
    const gate = new HandGate();
    const { fail } = setUp(
      [{ status: 429, retryAfter: '7' }, { status: 503, retryAfter: 'soon' }, 404],
      { gate },
    );
    await fail();
    expect(gate.left).toEqual([
      { status: 429, retryAfter: 7000 },
      { status: 503, retryAfter: undefined },
      { status: 404, retryAfter: undefined },
    ]);
  });

  it('sees the call: its count, its times and limits, and the request as the caller made it', async () => {
    const gate = new HandGate();
    gate.open = false;
    const { api, clock } = setUp([503, 200], { gate, maxDelay: 9000, maxElapsed: 90_000 });
    const data = { a: [1] };
    const request = api.post('/orders', data);
    await clock.advance(3000);
    const [call] = gate.asked as [RetryCall];
    expect(call.policy).toMatchObject({ maxDelay: 9000, maxElapsed: 90_000 });
    expect([call.retries, call.firstSentAt]).toEqual([0, START]);
    const config = call.config();
    expect(config).toMatchObject({ url: '/orders', method: 'post', data });
    config.data.a.push(2);
    expect(call.config().data).toEqual(data);
    expect(call.config().headers.set('X', '1')).toBeDefined();
    expect(call.config().headers.has('X')).toBe(false);
    gate.admitAll();
    await clock.runAll();
    await request;
    expect([call.retries, call.firstSentAt]).toEqual([1, START + 3000]);
  });

  it('is told, already when it is asked, what can abort the call', async () => {
    const abort = new AbortController();
    const gate = new HandGate();
    const ready = jest.spyOn(gate, 'tryAcquire').mockImplementation((call) => {
      expect(call.abortable.signal).toBe(abort.signal);
      return HandGate.prototype.tryAcquire.call(gate, call);
    });
    await setUp([200], { gate }).get({ signal: abort.signal });
    expect(ready).toHaveBeenCalledTimes(1);
  });

  it('is not counted in the time since the first send', async () => {
    const gate = new HandGate();
    gate.open = false;
    const elapsed: number[] = [];
    const { get, clock } = setUp([503, 200], {
      gate,
      maxElapsed: 8000,
      onRetry: (_wait, context) => void elapsed.push(context.elapsed),
    });
    const request = get();
    await clock.advance(1_000_000);
    gate.admitAll();
    await clock.runAll();
    expect((await request).status).toBe(200);
    expect(elapsed).toEqual([0]);
  });

  it('is passed by a request with config.retry = false', async () => {
    const gate = new HandGate();
    gate.open = false;
    const { get } = setUp([200], { gate });
    expect((await get({ retry: false })).status).toBe(200);
    expect(gate.asked).toEqual([]);
  });

  it('is not asked for a request that is refused for its options', async () => {
    const gate = new HandGate();
    const { fail } = setUp([200], { gate });
    expect(await fail({ retry: { maxRetries: -1 } })).toBeInstanceOf(RangeError);
    expect(gate.asked).toEqual([]);
  });

  it('is passed by a request that an interceptor has put another one in place of', async () => {
    const gate = new HandGate();
    gate.open = false;
    const { api, get, sent } = setUp([200], { gate });
    api.interceptors.request.use(({ method, headers, adapter }) => {
      return { url: '/other', method, headers, adapter } as InternalAxiosRequestConfig;
    });
    expect((await get()).status).toBe(200);
    expect(sent).toMatchObject([{ url: '/other', retryNumber: 0 }]);
    expect(gate.left).toEqual([]);
  });

  it('shows a request without a URL too', async () => {
    const gate = new HandGate();
    gate.open = false;
    const { api, handle, clock } = setUp([200], { gate });
    const request = api.request({});
    await clock.advance(0);
    expect(handle.waits).toMatchObject([{ method: 'GET', url: '' }]);
    gate.admitAll();
    await request;
  });

  it('lets what waits be hurried, if it says so', async () => {
    const gate = new HandGate();
    gate.open = false;
    gate.mayHurry = false;
    const { get, handle, sent, clock } = setUp([200], { gate });
    const request = get();
    await clock.advance(0);
    handle.waits[0]?.retryNow();
    await clock.advance(0);
    expect(sent).toHaveLength(0);
    gate.mayHurry = true;
    handle.waits[0]?.retryNow();
    expect((await request).status).toBe(200);
    expect(gate.left).toEqual([{ status: 200 }]);
  });
});

describe('a first send that waits at a gate', () => {
  function waiting(config: AxiosRequestConfig = {}, prepare?: (api: AxiosInstance) => void) {
    const gate = new HandGate();
    gate.open = false;
    const onGiveUp = jest.fn();
    const all = setUp([200], { gate, onGiveUp });
    prepare?.(all.api);
    return { ...all, gate, onGiveUp, failure: failureOf(all.get(config)) };
  }

  it.each<[string, (wait: RetryWait | undefined, handle: { detach(): void }) => void]>([
    ['is cancelled', (wait) => wait?.cancel()],
    ['is detached', (_wait, handle) => handle.detach()],
  ])('rejects with Axios’s CanceledError when it %s', async (_words, end) => {
    const { handle, clock, failure, sent, gate, onGiveUp } = waiting();
    await clock.advance(0);
    end(handle.waits[0], handle);
    const error = await failure;
    expect(axios.isCancel(error)).toBe(true);
    expect(error).toMatchObject({ name: 'CanceledError', code: 'ERR_CANCELED' });
    expect(retryReport(error)?.gaveUp).toBe('canceled');
    expect(sent).toHaveLength(0);
    expect(gate.taken).toBe(0);
    expect(onGiveUp).not.toHaveBeenCalled();
  });

  it('rejects so when its signal is aborted, at once', async () => {
    const controller = new AbortController();
    const { handle, clock, failure, gate } = waiting({ signal: controller.signal });
    await clock.advance(0);
    controller.abort();
    expect(axios.isCancel(await failure)).toBe(true);
    expect(handle.waits).toEqual([]);
    expect(gate.taken).toBe(0);
  });

  it('rejects so when its cancel token says so, with the token’s reason', async () => {
    const source = axios.CancelToken.source();
    const { clock, failure } = waiting({ cancelToken: source.token });
    await clock.advance(0);
    source.cancel('enough');
    expect(await failure).toMatchObject({ name: 'CanceledError', message: 'enough' });
  });

  it('rejects so when it was aborted before it came to wait', async () => {
    const { failure, gate, sent } = waiting({ signal: AbortSignal.abort() });
    expect(axios.isCancel(await failure)).toBe(true);
    expect(gate.taken).toBe(0);
    expect(sent).toHaveLength(0);
  });

  it('heeds a signal that an earlier interceptor has set', async () => {
    const controller = new AbortController();
    const { handle, clock, failure } = waiting({}, (api) => {
      api.interceptors.request.use((config) => ({ ...config, signal: controller.signal }));
    });
    await clock.advance(0);
    expect(handle.waits).toHaveLength(1);
    controller.abort();
    await clock.advance(0);
    expect(handle.waits).toEqual([]);
    expect(axios.isCancel(await failure)).toBe(true);
  });

  it.each<[string, Partial<Error & { reason: string }>, string | undefined]>([
    ['is "gate" where the error says so', { reason: 'gate' }, 'gate'],
    ['is "deferred" where the error says so', { reason: 'deferred' }, 'deferred'],
    ['is none where the error says something else', { reason: 'weather' }, undefined],
  ])('rejects with what the gate throws; the reason %s', async (_words, own, reason) => {
    const refusal = Object.assign(new Error('closed'), own);
    const configs: object[] = [];
    const gate = new HandGate();
    Object.assign(gate, { open: false, acquire: () => Promise.reject(refusal) });
    const { api, fail, sent } = setUp([200], { gate });
    api.interceptors.request.use((config) => {
      configs.push(config);
      return config;
    });
    expect(await fail()).toBe(refusal);
    expect(retryReport({ config: configs[0] })?.gaveUp).toBe(reason);
    expect(sent).toHaveLength(0);
    expect(gate.left).toEqual([]);
  });

  it('rejects with an error also where the gate throws something else', async () => {
    const gate = new HandGate();
    Object.assign(gate, { open: false, acquire: () => Promise.reject('closed') });
    const error = await setUp([200], { gate }).fail();
    expect(error).toBeInstanceOf(Error);
    expect(error.message).toBe('closed');
  });

  it('rejects with an error that the wait resolves with', async () => {
    const refusal = Object.assign(new Error('too long'), { reason: 'deferred' });
    const gate = Object.assign(new HandGate(), {
      open: false,
      acquire: async () => ({ type: 'failed', error: refusal }),
    });
    const { fail } = setUp([200], { gate });
    expect(await fail()).toBe(refusal);
  });
});

describe('a retry that waits at a gate', () => {
  async function waiting(options: RetryOptions = {}, config: AxiosRequestConfig = {}) {
    const gate = new HandGate();
    const onGiveUp = jest.fn((_report: RetryReport) => undefined);
    const all = setUp([503, 200], { gate, onGiveUp, ...options });
    const failure = failureOf(all.get(config));
    await all.clock.advance(0);
    gate.open = false;
    await all.clock.advance(8000);
    return { ...all, gate, onGiveUp, failure };
  }

  it('settles with its last outcome when it is cancelled', async () => {
    const { handle, failure, sent, gate, onGiveUp } = await waiting();
    handle.waits[0]?.cancel();
    const error = await failure;
    expect(error).toMatchObject({ name: 'AxiosError', status: 503 });
    expect(retryReport(error)).toMatchObject({ gaveUp: 'canceled', attempts: [{ status: 503 }] });
    expect(sent).toHaveLength(1);
    expect(gate.taken).toBe(1);
    expect(onGiveUp).toHaveBeenCalledTimes(1);
  });

  it('resolves then, where validateStatus says so', async () => {
    const gate = new HandGate();
    const { get, clock, handle } = setUp([503], { gate });
    const request = get({ validateStatus: () => true });
    await clock.advance(0);
    gate.open = false;
    await clock.advance(8000);
    handle.waits[0]?.cancel();
    expect(await request).toMatchObject({ status: 503, statusText: '', headers: {} });
  });

  it('is ended by detach() in the same way', async () => {
    const { handle, failure } = await waiting();
    handle.detach();
    expect(retryReport(await failure)?.gaveUp).toBe('canceled');
  });

  it('rejects with Axios’s CanceledError when it is aborted', async () => {
    const controller = new AbortController();
    const { failure, onGiveUp, gate } = await waiting({}, { signal: controller.signal });
    controller.abort();
    expect(axios.isCancel(await failure)).toBe(true);
    expect(onGiveUp).not.toHaveBeenCalled();
    expect(gate.taken).toBe(1);
  });

  async function refused(refusal: Error, asResult: boolean) {
    const gate = new HandGate();
    gate.acquire = () =>
      asResult ? Promise.resolve({ type: 'failed', error: refusal }) : Promise.reject(refusal);
    const onGiveUp = jest.fn((_report: RetryReport) => undefined);
    const { get, clock } = setUp([503], { gate, onGiveUp });
    const failure = failureOf(get());
    await clock.advance(0);
    gate.open = false;
    await clock.runAll();
    return { error: await failure, onGiveUp, gate };
  }

  describe.each([
    ['throws', false],
    ['resolves with', true],
  ])('and the gate %s an error', (_words, asResult) => {
    it('rejects with it; its cause is the HTTP error, the reason "gate" if it says so', async () => {
      const refusal = Object.assign(new Error('closed'), { reason: 'gate' });
      const { error, gate } = await refused(refusal, asResult);
      expect(error).toBe(refusal);
      expect(error.cause).toMatchObject({ isAxiosError: true, status: 503 });
      expect(retryReport(error)).toMatchObject({ gaveUp: 'gate', attempts: [{ status: 503 }] });
      expect(gate).toMatchObject({ taken: 1, left: [{ status: 503 }] });
    });

    it('has no reason where the error says none', async () => {
      const { error } = await refused(new Error('broken'), asResult);
      expect(retryReport(error)).not.toHaveProperty('gaveUp');
    });

    it('tells onGiveUp', async () => {
      const refusal = Object.assign(new Error('closed'), { reason: 'gate' });
      const { onGiveUp } = await refused(refusal, asResult);
      expect(onGiveUp).toHaveBeenCalledTimes(1);
      expect(onGiveUp.mock.calls[0]?.[0]).toMatchObject({ gaveUp: 'gate' });
    });
  });
});

describe('a place at a gate is given back exactly once', () => {
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
    { when: 'decide throws', answers: [503], options: { decide: mine } },
    { when: 'onRetry throws', answers: [503], options: { onRetry: mine } },
    { when: 'beforeRetry throws', answers: [503], options: { beforeRetry: mine } },
    { when: 'onGiveUp throws', answers: [503, 404], options: { onGiveUp: mine } },
    { when: 'backoff throws', answers: [503], options: { backoff: mine } },
    {
      when: 'the budget is empty',
      answers: [503],
      options: { budget: { withdraw: () => false, deposit: () => undefined } },
    },
    {
      when: 'the budget throws',
      answers: [503],
      options: { budget: { withdraw: mine, deposit: () => undefined } },
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
      when: 'a wait is hurried',
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
      act: ({ api }) => api.interceptors.request.use(mine),
    },
    {
      when: 'a synchronous request interceptor throws',
      answers: [200],
      act: ({ api }) => api.interceptors.request.use(mine, null, { synchronous: true }),
    },
    {
      when: 'the runWhen of a later request interceptor throws',
      answers: [200],
      act: ({ api }) => api.interceptors.request.use((config) => config, null, { runWhen: mine }),
    },
    {
      when: 'a request interceptor throws on a retry',
      answers: [503],
      act: ({ api }) =>
        api.interceptors.request.use((config) => (retryCount(config) > 0 ? mine() : config)),
    },
    {
      when: 'a later response interceptor throws',
      answers: [200],
      act: ({ api }) => api.interceptors.response.use(mine),
    },
  ];

  it.each(cases)('when $when', async ({ answers, options, config, act }) => {
    const gate = new HandGate();
    const all = setUp(answers, { gate, ...options });
    act?.(all);
    const settled = all.get(config?.(all.clock)).catch(() => undefined);
    await all.clock.runAll();
    await settled;
    expect(gate.taken).toBeGreaterThan(0);
    expect([...gate.placed]).toEqual([]);
    expect(gate.left).toHaveLength(gate.taken);
  });

  it('when a network error is retried', async () => {
    const gate = new HandGate();
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
    expect(gate).toMatchObject({ taken: 2, left: [{ status: undefined }, { status: 200 }] });
  });

  it.each<[string, boolean]>([
    ['after it was attached', false],
    ['before', true],
  ])('when an interceptor that was registered %s throws away the error', async (_words, before) => {
    const gate = new HandGate();
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
    expect(gate.left).toHaveLength(gate.taken);
  });

  it.each<[string, Answer[], number, RetryOptions]>([
    ['a first send succeeds', [200], 1, {}],
    ['a first send fails', [404], 1, {}],
    ['a first send throws an error without a config', [new Error('another')], 1, {}],
    ['a retry succeeds', [503, 200], 2, {}],
    ['a retry fails', [503, 404], 2, {}],
    ['a retry throws an error without a config', [503, new Error('another')], 2, {}],
    ['a retry throws a cancellation', [503, new axios.CanceledError()], 2, {}],
    ['beforeRetry throws', [503], 2, { beforeRetry: mine }],
  ])('and one that throws as it gets it leaves nothing hanging: %s', async (...given) => {
    const [, answers, last, options] = given;
    const gate = new HandGate();
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

  it('when a chain is not built, also by a clock that is not told of requests', async () => {
    const gate = new HandGate();
    const { inFlight, ...clock } = createTestClock(START);
    expect(inFlight).toBeDefined();
    const { api, get } = setUp([200], { gate, clock });
    api.interceptors.request.use((config) => config, null, { runWhen: mine });
    expect((await failureOf(get())).message).toBe('mine');
    expect(gate).toMatchObject({ taken: 1, left: [{}] });
  });

  it('and never where none was taken: tryAcquire() throws', async () => {
    const gate = Object.assign(new HandGate(), { tryAcquire: mine });
    const { fail, sent } = setUp([200], { gate });
    expect((await fail()).message).toBe('mine');
    expect(sent).toHaveLength(0);
    expect(gate.left).toEqual([]);
  });

  it('and not for a retry whose tryAcquire() throws, which fails with that error', async () => {
    const gate = new HandGate();
    const { get, clock } = setUp([503, 200], { gate });
    const failure = failureOf(get());
    await clock.advance(0);
    gate.tryAcquire = mine;
    await clock.runAll();
    expect(await failure).toMatchObject({ message: 'mine', cause: { status: 503 } });
    expect(gate.left).toHaveLength(1);
  });
});

describe('a budget', () => {
  function budgetOf(credit: number) {
    return {
      credit,
      withdraw: jest.fn(function (this: { credit: number }, _call: RetryCall) {
        this.credit -= 1;
        return this.credit >= 0;
      }),
      deposit: jest.fn((_call: RetryCall) => undefined),
    } satisfies RetryBudget & { credit: number };
  }

  it('pays for each retry before its wait, and gets a success back', async () => {
    const budget = budgetOf(10);
    const { get, clock } = setUp([503, 503, 200], { budget });
    const request = get();
    await clock.advance(0);
    expect(budget.withdraw).toHaveBeenCalledTimes(1);
    await clock.runAll();
    await request;
    expect(budget.withdraw).toHaveBeenCalledTimes(2);
    expect(budget.deposit).toHaveBeenCalledTimes(1);
  });

  it('gets a first success back too, and pays nothing for it', async () => {
    const budget = budgetOf(0);
    await setUp([200], { budget }).get();
    expect(budget.withdraw).not.toHaveBeenCalled();
    expect(budget.deposit).toHaveBeenCalledTimes(1);
  });

  it('that is empty ends it at once with the reason "budget"', async () => {
    const budget = budgetOf(1);
    const onGiveUp = jest.fn((_report: RetryReport) => undefined);
    const { fail, passed, sent } = setUp([503], { budget, onGiveUp });
    const error = await fail();
    expect(error).toMatchObject({ name: 'AxiosError', status: 503 });
    expect(retryReport(error)?.gaveUp).toBe('budget');
    expect([sent.length, passed()]).toEqual([2, 8000]);
    expect(onGiveUp.mock.calls[0]?.[0].gaveUp).toBe('budget');
    expect(budget.deposit).not.toHaveBeenCalled();
  });

  it.each<[string, Answer, RetryOptions]>([
    ['a status that is not retried', 404, {}],
    ['a limit', 503, { maxDelay: 1 }],
    ['the hook', 503, { decide: () => ({ retry: false, reason: 'decided' }) }],
  ])('pays nothing for what is given up by %s', async (_words, answer, options) => {
    const budget = budgetOf(10);
    await setUp([answer], { budget, ...options }).fail();
    expect(budget.withdraw).not.toHaveBeenCalled();
    expect(budget.deposit).not.toHaveBeenCalled();
  });

  it('that throws fails the request with its error', async () => {
    const budget = { withdraw: mine, deposit: () => undefined };
    const error = await setUp([503], { budget }).fail();
    expect(error).toMatchObject({ message: 'mine', cause: { status: 503 } });
  });

  it('that throws when it gets a success back leaves no request hanging', async () => {
    const budget = { withdraw: () => true, deposit: mine };
    for (const answers of [[200], [503, 200]]) {
      const { get, clock } = setUp(answers, { budget });
      let settled = false;
      get()
        .catch(() => undefined)
        .finally(() => {
          settled = true;
        });
      await clock.runAll();
      expect(settled).toBe(true);
    }
  });

  it('is passed by a request with config.retry = false', async () => {
    const budget = budgetOf(10);
    await setUp([200], { budget }).get({ retry: false });
    expect(budget.deposit).not.toHaveBeenCalled();
  });
});

describe('a deferral', () => {
  class Deferred extends Error {
    override name = 'Deferred';
  }

  function deferralOf(defer: RetryDeferral['defer']) {
    return {
      attach: jest.fn(),
      defer: jest.fn(defer),
    } satisfies RetryDeferral;
  }
  const long = { status: 429, retryAfter: '100' };
  const limits = { maxDelay: 60_000 };

  it('is attached once, with the instance and its host', () => {
    const deferral = deferralOf(async () => undefined);
    const { api, clock, handle } = setUp([200], { deferral });
    expect(deferral.attach.mock.calls).toHaveLength(1);
    const [instance, host] = deferral.attach.mock.calls[0] as [unknown, AttachedInstance];
    expect(instance).toBe(api);
    expect(host.clock).toBe(clock);
    expect(host.waits.list()).toBe(handle.waits);
  });

  it('takes over a wait longer than maxDelay: the request rejects with its error', async () => {
    const deferred = new Deferred('later');
    const deferral = deferralOf(async () => deferred);
    const { fail, sent, passed } = setUp([long], { ...limits, deferral });
    expect(await fail()).toBe(deferred);
    expect([sent.length, passed()]).toEqual([1, 0]);
    const [call, deferment] = deferral.defer.mock.calls[0] as [RetryCall, DeferralRequest];
    expect(call).toMatchObject({ retries: 0, firstSentAt: START });
    expect(deferment).toMatchObject({ notBefore: START + 100_000, status: 429 });
    expect(deferment.cause).toMatchObject({ isAxiosError: true, status: 429 });
    expect(retryReport(deferment.cause)).toMatchObject({ gaveUp: 'deferred' });
  });

  it('is awaited', async () => {
    let give: (error: Error) => void = () => undefined;
    const deferral = deferralOf(
      () =>
        new Promise((resolve) => {
          give = resolve;
        }),
    );
    const { get } = setUp([long], { ...limits, deferral });
    let settled = false;
    const failure = failureOf(get()).finally(() => {
      settled = true;
    });
    await new Promise(setImmediate);
    expect(deferral.defer).toHaveBeenCalledTimes(1);
    expect(settled).toBe(false);
    give(new Deferred('later'));
    expect(await failure).toBeInstanceOf(Deferred);
  });

  it('tells onGiveUp, with the reason "deferred"', async () => {
    const deferral = deferralOf(async (_call, { cause }) => new Deferred('later', { cause }));
    const onGiveUp = jest.fn((_report: RetryReport) => undefined);
    const { fail } = setUp([long], { ...limits, deferral, onGiveUp });
    const error = await fail();
    expect(retryReport(error)?.gaveUp).toBe('deferred');
    expect(onGiveUp.mock.calls.map(([report]) => report)).toEqual([retryReport(error)]);
  });

  it('tells onGiveUp also after a retry', async () => {
    const deferral = deferralOf(async () => new Deferred('later'));
    const onGiveUp = jest.fn((_report: RetryReport) => undefined);
    const { fail } = setUp([503, long], { ...limits, deferral, onGiveUp });
    await fail();
    expect(deferral.defer.mock.calls[0]?.[0]).toMatchObject({ retries: 1 });
    expect(onGiveUp.mock.calls[0]?.[0]).toMatchObject({
      gaveUp: 'deferred',
      attempts: [{ status: 503, delay: 8000 }, { status: 429 }],
    });
  });

  it('does not tell onGiveUp of a 404 that was to be retried later', async () => {
    const deferral = deferralOf(async () => undefined);
    const decide = () => ({ retry: true, delay: 100_000, basis: 'backoff' }) as const;
    const onGiveUp = jest.fn();
    const { fail } = setUp([404], { ...limits, deferral, decide, onGiveUp });
    expect(retryReport(await fail())?.gaveUp).toBe('body');
    expect(onGiveUp).not.toHaveBeenCalled();
  });

  it('that cannot write it down leaves the last error and the reason "body"', async () => {
    const deferral = deferralOf(async () => undefined);
    const onGiveUp = jest.fn((_report: RetryReport) => undefined);
    const { fail } = setUp([long], { ...limits, deferral, onGiveUp });
    const error = await fail();
    expect(error).toMatchObject({ name: 'AxiosError', status: 429 });
    expect(retryReport(error)?.gaveUp).toBe('body');
    expect(onGiveUp.mock.calls[0]?.[0].gaveUp).toBe('body');
  });

  it.each<[string, RetryDeferral['defer']]>([
    ['throws', mine],
    ['rejects', async () => mine()],
  ])('that %s fails the request so; the HTTP error is the cause', async (_words, defer) => {
    const { fail } = setUp([long], { ...limits, deferral: deferralOf(defer) });
    const error = await fail();
    expect(error).toMatchObject({ message: 'mine', cause: { isAxiosError: true, status: 429 } });
    expect(retryReport(error)).not.toHaveProperty('gaveUp');
  });

  it('has no cause where validateStatus resolves the response', async () => {
    const deferral = deferralOf(async () => new Deferred('later'));
    const { fail } = setUp([long], { ...limits, deferral });
    expect(await fail({ validateStatus: () => true })).toBeInstanceOf(Deferred);
    expect(deferral.defer.mock.calls[0]?.[1]).toEqual({
      notBefore: START + 100_000,
      status: 429,
      cause: undefined,
    });
  });

  it('is left by an abort at once', async () => {
    const abort = new AbortController();
    const deferral = deferralOf(() => {
      abort.abort();
      return new Promise(() => undefined);
    });
    const { fail } = setUp([long], { ...limits, deferral });
    expect(axios.isCancel(await fail({ signal: abort.signal }))).toBe(true);
  });

  it('is not asked for a wait of maxDelay or less', async () => {
    const deferral = deferralOf(async () => new Deferred('later'));
    const { get, clock } = setUp([{ status: 429, retryAfter: '60' }, 200], { ...limits, deferral });
    const request = get();
    await clock.runAll();
    expect((await request).status).toBe(200);
    expect(deferral.defer).not.toHaveBeenCalled();
  });

  it.each<[string, RetryOptions, string]>([
    ['maxElapsed', { maxElapsed: 99_999 }, 'max-elapsed'],
    ['maxRetries', { maxRetries: 0 }, 'max-retries'],
    ['methods', { methods: ['POST'] }, 'method'],
  ])('does not go beyond %s', async (_words, options, reason) => {
    const deferral = deferralOf(async () => new Deferred('later'));
    const { fail } = setUp([long], { ...limits, ...options, deferral });
    expect(retryReport(await fail())?.gaveUp).toBe(reason);
    expect(deferral.defer).not.toHaveBeenCalled();
  });

  it('lets decide see the long delay, and have its say', async () => {
    const deferral = deferralOf(async () => new Deferred('later'));
    const decide = jest.fn((decision) => ({ ...decision, delay: decision.delay + 1 }));
    const { fail } = setUp([long], { ...limits, deferral, decide });
    await fail();
    expect(decide.mock.calls[0]?.[0]).toEqual({
      retry: true,
      delay: 100_000,
      basis: 'retry-after',
    });
    expect(deferral.defer.mock.calls[0]?.[1].notBefore).toBe(START + 100_001);

    const refusing = setUp([long], {
      ...limits,
      deferral: deferralOf(async () => new Deferred('later')),
      decide: () => ({ retry: false, reason: 'decided' }),
    });
    expect(retryReport(await refusing.fail())?.gaveUp).toBe('decided');
  });

  it('gets a delay that no jitter has changed', async () => {
    const deferral = deferralOf(async () => new Deferred('later'));
    const { fail } = setUp([long], { ...limits, deferral, jitter: 1, random: () => 1 });
    await fail();
    expect(deferral.defer.mock.calls[0]?.[1].notBefore).toBe(START + 100_000);
  });

  it('pays nothing from the budget', async () => {
    const budget = { withdraw: jest.fn(() => true), deposit: () => undefined };
    const deferral = deferralOf(async () => new Deferred('later'));
    await setUp([long], { ...limits, deferral, budget }).fail();
    expect(budget.withdraw).not.toHaveBeenCalled();
  });

  it('gives a place at the gate back before it is asked', async () => {
    const gate = new HandGate();
    const deferral = deferralOf(async () => {
      expect(gate.left).toEqual([{ status: 429, retryAfter: 100_000 }]);
      return new Deferred('later');
    });
    expect(await setUp([long], { ...limits, deferral, gate }).fail()).toBeInstanceOf(Deferred);
    expect(gate.taken).toBe(1);
  });
});

describe('a state that a deferral puts on a config', () => {
  const progress: RetryProgress = { retries: 3, firstSentAt: START - 1_000_000 };
  const resumed = { 'axios-status-retry': progress } as AxiosRequestConfig;

  it('lets the call go on counting', async () => {
    const { fail, sent } = setUp([503]);
    const error = await fail(resumed);
    expect(sent.map(({ retryNumber }) => retryNumber)).toEqual([3, 4, 5]);
    expect(retryReport(error)).toEqual({
      gaveUp: 'max-retries',
      attempts: [
        { sentAt: START, status: 503, delay: 4_096_000 },
        { sentAt: START + 4_096_000, status: 503, delay: 32_768_000 },
        { sentAt: START + 36_864_000, status: 503 },
      ],
    });
  });

  it('lets the time count from the first send there ever was', async () => {
    const { fail } = setUp([503], { maxElapsed: 1_000_000 + 4_096_000 - 1 });
    expect(retryReport(await fail(resumed))?.gaveUp).toBe('max-elapsed');
  });

  it('lets it count so after a wait at a gate too', async () => {
    const gate = new HandGate();
    gate.open = false;
    const { get, clock, handle } = setUp([503], { gate, maxElapsed: 4_000_000 });
    const failure = failureOf(get(resumed));
    await clock.advance(0);
    expect(handle.waits).toMatchObject([{ basis: 'gate', retryNumber: 3, status: undefined }]);
    gate.admitAll();
    await clock.runAll();
    expect(retryReport(await failure)?.gaveUp).toBe('max-elapsed');
  });

  it.each<[string, unknown]>([
    ['without a first send', { retries: 3 }],
    ['with a wrong count', { retries: '3', firstSentAt: START }],
    ['with a count that would allow more', { retries: -5, firstSentAt: START }],
    ['with a part of a count', { retries: 0.5, firstSentAt: START }],
    ['that is text', 'ticket'],
    ['that is nothing', null],
  ])('%s begins anew', async (_words, state) => {
    const { fail, sent } = setUp([503], { maxRetries: 1 });
    await fail({ 'axios-status-retry': state } as AxiosRequestConfig);
    expect(sent.map(({ retryNumber }) => retryNumber)).toEqual([0, 1]);
  });
});

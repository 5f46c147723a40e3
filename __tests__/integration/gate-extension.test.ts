import type { AxiosInstance, AxiosRequestConfig, InternalAxiosRequestConfig } from 'axios';
import axios from 'axios';
import type { AttachedInstance, RetryCall } from '../../src/core/extensions.js';
import type { RetryOptions, RetryReport, RetryWait } from '../../src/index.js';
import { retryReport } from '../../src/index.js';
import { failureOf } from '../support/failure-of.js';
import { ManualGate } from '../support/manual-gate.js';
import { START, setUp } from '../support/scripted-client.js';

describe('a gate', () => {
  it('gets the attached instance with its clock and waits', () => {
    const gate = Object.assign(new ManualGate(), { attach: jest.fn() });
    const { clock, handle } = setUp([200], { gate });
    expect(gate.attach.mock.calls).toHaveLength(1);
    const [host] = gate.attach.mock.calls[0] as [AttachedInstance];
    expect(host.clock).toBe(clock);
    expect(host.waits.list()).toBe(handle.waits);
  });

  it('admits a first attempt at once when it is open, and gives it a permit', async () => {
    const gate = new ManualGate();
    const { get, sent } = setUp([200], { gate });
    await get();
    expect(sent).toHaveLength(1);
    expect(gate).toMatchObject({ acquired: 1, released: [{ status: 200 }] });
  });

  it('makes a first attempt wait when it is closed', async () => {
    const gate = new ManualGate();
    gate.open = false;
    const { get, sent, clock } = setUp([200], { gate });
    const request = get();
    await clock.advance(60_000);
    expect(sent).toHaveLength(0);
    gate.admitAll();
    expect((await request).status).toBe(200);
    expect(gate).toMatchObject({ acquired: 1, released: [{ status: 200 }] });
  });

  it('shows a waiting first attempt in the list of waits', async () => {
    const gate = new ManualGate();
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

  it('may change the displayed time of a wait', async () => {
    const gate = new ManualGate();
    gate.open = false;
    const { get, handle, clock } = setUp([200], { gate });
    const request = get();
    await clock.advance(0);
    const listener = jest.fn();
    handle.subscribe(listener);
    for (const wait of gate.queued) wait.move(START + 90_000);
    expect(handle.waits[0]?.dueAt).toBe(START + 90_000);
    await clock.advance(0);
    expect(listener).toHaveBeenCalledTimes(1);
    gate.admitAll();
    await request;
  });

  it('makes a retry wait after its backoff, without using up an attempt', async () => {
    const gate = new ManualGate();
    const { get, handle, sent, clock } = setUp([503, 200], { gate, maxRetries: 1 });
    const request = get();
    await clock.advance(0);
    expect(gate.released).toEqual([{ status: 503, retryAfter: undefined }]);
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
    expect(gate).toMatchObject({ acquired: 2, released: [{}, { status: 200 }] });
  });

  it('gets the status and Retry-After of each response', async () => {
    const gate = new ManualGate();
    const { fail } = setUp(
      [{ status: 429, retryAfter: '7' }, { status: 503, retryAfter: 'soon' }, 404],
      { gate },
    );
    await fail();
    expect(gate.released).toEqual([
      { status: 429, retryAfter: 7000 },
      { status: 503, retryAfter: undefined },
      { status: 404, retryAfter: undefined },
    ]);
  });

  it('sees the count, times and limits of the call, and the request as the caller made it', async () => {
    const gate = new ManualGate();
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

  it('knows the signal of the call when it is asked for a permit', async () => {
    const abort = new AbortController();
    const gate = new ManualGate();
    const ready = jest.spyOn(gate, 'tryAcquire').mockImplementation((call) => {
      expect(call.abortable.signal).toBe(abort.signal);
      return ManualGate.prototype.tryAcquire.call(gate, call);
    });
    await setUp([200], { gate }).get({ signal: abort.signal });
    expect(ready).toHaveBeenCalledTimes(1);
  });

  it('does not count its wait as elapsed time', async () => {
    const gate = new ManualGate();
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

  it('is bypassed with config.retry = false', async () => {
    const gate = new ManualGate();
    gate.open = false;
    const { get } = setUp([200], { gate });
    expect((await get({ retry: false })).status).toBe(200);
    expect(gate.asked).toEqual([]);
  });

  it('is not asked for a request with invalid options', async () => {
    const gate = new ManualGate();
    const { fail } = setUp([200], { gate });
    expect(await fail({ retry: { maxRetries: -1 } })).toBeInstanceOf(RangeError);
    expect(gate.asked).toEqual([]);
  });

  it('is bypassed when an interceptor returns a config of another request', async () => {
    const gate = new ManualGate();
    gate.open = false;
    const { api, get, sent } = setUp([200], { gate });
    api.interceptors.request.use(({ method, headers, adapter }) => {
      return { url: '/other', method, headers, adapter } as InternalAxiosRequestConfig;
    });
    expect((await get()).status).toBe(200);
    expect(sent).toMatchObject([{ url: '/other', retryNumber: 0 }]);
    expect(gate.released).toEqual([]);
  });

  it('is bypassed when an interceptor returns a config of an instance without one', async () => {
    const other = setUp([404]);
    const { config } = await other.fail();
    const gate = new ManualGate();
    const { api, get } = setUp([200], { gate });
    const { adapter } = api.defaults;
    api.interceptors.request.use(
      () => ({ ...config, url: '/other', adapter }) as InternalAxiosRequestConfig,
    );
    expect((await get()).config.url).toBe('/other');
    expect(gate.released).toHaveLength(gate.acquired);
  });

  it('gives one permit to a request that an interceptor holds while it stays open', async () => {
    const gate = new ManualGate();
    const { api, get } = setUp([200], { gate });
    api.interceptors.request.use(async (config) => config);
    expect((await get()).status).toBe(200);
    expect(gate).toMatchObject({ acquired: 1, released: [{ status: 200 }] });
  });

  it('shows a request without a URL', async () => {
    const gate = new ManualGate();
    gate.open = false;
    const { api, handle, clock } = setUp([200], { gate });
    const request = api.request({});
    await clock.advance(0);
    expect(handle.waits).toMatchObject([{ method: 'GET', url: '' }]);
    gate.admitAll();
    await request;
  });

  it('decides whether retryNow() may skip a wait', async () => {
    const gate = new ManualGate();
    gate.open = false;
    gate.canSkip = false;
    const { get, handle, sent, clock } = setUp([200], { gate });
    const request = get();
    await clock.advance(0);
    handle.waits[0]?.retryNow();
    await clock.advance(0);
    expect(sent).toHaveLength(0);
    gate.canSkip = true;
    handle.waits[0]?.retryNow();
    expect((await request).status).toBe(200);
    expect(gate.released).toEqual([{ status: 200 }]);
  });
});

describe('a first attempt that waits at a gate', () => {
  function waiting(config: AxiosRequestConfig = {}, prepare?: (api: AxiosInstance) => void) {
    const gate = new ManualGate();
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
    expect(gate.acquired).toBe(0);
    expect(onGiveUp).not.toHaveBeenCalled();
  });

  it('rejects with a CanceledError as soon as its signal is aborted', async () => {
    const controller = new AbortController();
    const { handle, clock, failure, gate } = waiting({ signal: controller.signal });
    await clock.advance(0);
    controller.abort();
    expect(axios.isCancel(await failure)).toBe(true);
    expect(handle.waits).toEqual([]);
    expect(gate.acquired).toBe(0);
  });

  it('rejects with the reason of its cancel token', async () => {
    const source = axios.CancelToken.source();
    const { clock, failure } = waiting({ cancelToken: source.token });
    await clock.advance(0);
    source.cancel('enough');
    expect(await failure).toMatchObject({ name: 'CanceledError', message: 'enough' });
  });

  it('rejects with a CanceledError if it was aborted before it waited', async () => {
    const { failure, gate, sent } = waiting({ signal: AbortSignal.abort() });
    expect(axios.isCancel(await failure)).toBe(true);
    expect(gate.acquired).toBe(0);
    expect(sent).toHaveLength(0);
  });

  it('observes a signal set by an earlier interceptor', async () => {
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
    ['is "gate" if the error says so', { reason: 'gate' }, 'gate'],
    ['is "deferred" if the error says so', { reason: 'deferred' }, 'deferred'],
    ['is not reported if the error says something else', { reason: 'weather' }, undefined],
  ])('rejects with the error the gate throws; the reason %s', async (_words, own, reason) => {
    const refusal = Object.assign(new Error('closed'), own);
    const configs: object[] = [];
    const gate = new ManualGate();
    Object.assign(gate, { open: false, acquire: () => Promise.reject(refusal) });
    const { api, fail, sent } = setUp([200], { gate });
    api.interceptors.request.use((config) => {
      configs.push(config);
      return config;
    });
    expect(await fail()).toBe(refusal);
    expect(retryReport({ config: configs[0] })?.gaveUp).toBe(reason);
    expect(sent).toHaveLength(0);
    expect(gate.released).toEqual([]);
  });

  it('rejects with an Error even if the gate throws something else', async () => {
    const gate = new ManualGate();
    Object.assign(gate, { open: false, acquire: () => Promise.reject('closed') });
    const error = await setUp([200], { gate }).fail();
    expect(error).toBeInstanceOf(Error);
    expect(error.message).toBe('closed');
  });

  it('rejects with the error of a failed wait', async () => {
    const refusal = Object.assign(new Error('too long'), { reason: 'deferred' });
    const gate = Object.assign(new ManualGate(), {
      open: false,
      acquire: async () => ({ type: 'failed', error: refusal }),
    });
    const { fail } = setUp([200], { gate });
    expect(await fail()).toBe(refusal);
  });
});

describe('a retry that waits at a gate', () => {
  async function waiting(options: RetryOptions = {}, config: AxiosRequestConfig = {}) {
    const gate = new ManualGate();
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
    expect(gate.acquired).toBe(1);
    expect(onGiveUp).toHaveBeenCalledTimes(1);
  });

  it('resolves with its last outcome if validateStatus accepts it', async () => {
    const gate = new ManualGate();
    const { get, clock, handle } = setUp([503], { gate });
    const request = get({ validateStatus: () => true });
    await clock.advance(0);
    gate.open = false;
    await clock.advance(8000);
    handle.waits[0]?.cancel();
    expect(await request).toMatchObject({ status: 503, statusText: '', headers: {} });
  });

  it('settles with its last outcome on detach()', async () => {
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
    expect(gate.acquired).toBe(1);
  });

  async function refused(refusal: Error, asResult: boolean) {
    const gate = new ManualGate();
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
  ])('when the gate %s an error', (_words, asResult) => {
    it('rejects with it; the HTTP error is its cause, and its reason is reported', async () => {
      const refusal = Object.assign(new Error('closed'), { reason: 'gate' });
      const { error, gate } = await refused(refusal, asResult);
      expect(error).toBe(refusal);
      expect(error.cause).toMatchObject({ isAxiosError: true, status: 503 });
      expect(retryReport(error)).toMatchObject({ gaveUp: 'gate', attempts: [{ status: 503 }] });
      expect(gate).toMatchObject({ acquired: 1, released: [{ status: 503 }] });
    });

    it('reports no reason if the error has none', async () => {
      const { error } = await refused(new Error('broken'), asResult);
      expect(retryReport(error)).not.toHaveProperty('gaveUp');
    });

    it('calls onGiveUp', async () => {
      const refusal = Object.assign(new Error('closed'), { reason: 'gate' });
      const { onGiveUp } = await refused(refusal, asResult);
      expect(onGiveUp).toHaveBeenCalledTimes(1);
      expect(onGiveUp.mock.calls[0]?.[0]).toMatchObject({ gaveUp: 'gate' });
    });
  });
});

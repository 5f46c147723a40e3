// What the entry adds to axios-retry: the options, the handle and the reports of `attachRetry`.
import axios, { AxiosError } from 'axios';
import { handlersOf } from '../../src/axios/interceptors.js';
import axiosRetry from '../../src/axios-retry/index.js';
import { createDeferral } from '../../src/deferral/index.js';
import { createGate } from '../../src/gate/index.js';
import type { RetryReport } from '../../src/index.js';
import { retryReport } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';
import { scripted } from '../support/axios-retry.js';
import { failureOf } from '../support/failure-of.js';

describe('axios-status-retry/axios-retry beside the engine', () => {
  it('leaves the instance as it was after handle.detach()', async () => {
    const { api, sent } = scripted(503);
    const { handle } = axiosRetry(api, { validateResponse: () => true });
    handle.detach();
    await failureOf(api.get('/'));
    expect(sent[0]).not.toHaveProperty('axios-retry');
    expect(sent).toHaveLength(1);
  });

  it('leaves no interceptor behind when an option is wrong', () => {
    const { api } = scripted(503);
    expect(() => axiosRetry(api, { gate: 1 as never })).toThrow(TypeError);
    const managers = [api.interceptors.request, api.interceptors.response];
    expect(managers.map(handlersOf)).toEqual([[], []]);
  });

  it.each([
    [{ retries: '3' }, /axiosRetry: option "retries" takes a number; got "3"/],
    [{ retryDelay: 100 }, /option "retryDelay" takes a function; got 100/],
    [{ retryDelays: () => 0 }, /unknown option "retryDelays"; it takes retries, retryCondition/],
    [{ maxDelay: 'long' }, /option "maxDelay"/],
  ])('refuses the options %j', (options, message) => {
    expect(() => axiosRetry(axios.create(), options as never)).toThrow(message);
  });

  it('reports its attempts and why it ended', async () => {
    const { api } = scripted(503, 'ECONNRESET', 503);
    axiosRetry(api, { retries: 2 });
    const report = retryReport(await failureOf(api.get('/'))) as RetryReport;
    expect(report.attempts.map(({ status, code }) => status ?? code)).toEqual([
      503,
      'ECONNRESET',
      503,
    ]);
    expect(report.gaveUp).toBe('max-retries');
  });

  it('shows its waits, and counts the retries of the request', async () => {
    const clock = createTestClock();
    const { api } = scripted(503, 200);
    const { handle } = axiosRetry(api, { clock, retryDelay: () => 5000 });
    const done = api.get('/', { 'axios-retry': { retries: 7 } });
    await clock.advance(1000);
    expect(handle.waits[0]).toMatchObject({
      status: 503,
      retryNumber: 1,
      maxRetries: 7,
      delay: 5000,
    });
    handle.waits[0]?.retryNow();
    await done;
  });

  it('calls beforeRetry after the edits of onRetry, and onGiveUp at the end', async () => {
    const { api, sent } = scripted(503);
    const given: string[] = [];
    axiosRetry(api, {
      retries: 1,
      onRetry: (_count, _error, config) => void Object.assign(config, { url: '/moved' }),
      beforeRetry: (config) => void Object.assign(config, { url: `${config.url}/again` }),
      onGiveUp: ({ gaveUp }) => given.push(gaveUp),
    });
    await failureOf(api.get('/'));
    expect([sent.map(({ url }) => url), given]).toEqual([['/', '/moved/again'], ['max-retries']]);
  });

  it('shares a gate: after one 429 other requests wait too', async () => {
    const clock = createTestClock();
    const { api, sent } = scripted({ status: 429, headers: { 'retry-after': '30' } }, 200);
    axiosRetry(api, { clock, gate: createGate() });
    const done = [api.get('/a')];
    await clock.advance(0);
    done.push(api.get('/b'));
    await clock.advance(29_000);
    expect(sent.map(({ url }) => url)).toEqual(['/a']);
    await clock.runAll();
    await Promise.all(done);
    expect(sent).toHaveLength(3);
  });

  it('hands a wait that is too long to a deferral', async () => {
    const { api, sent } = scripted({ status: 503, headers: { 'retry-after': '3600' } });
    const saved: unknown[] = [];
    axiosRetry(api, {
      maxDelay: 60_000,
      deferral: createDeferral({ save: (ticket) => void saved.push(ticket) }),
    });
    const url = 'https://api.example.com/orders';
    const error = await failureOf(api.put(url, { item: 'tea' }));
    expect(error).toMatchObject({ reason: 'deferred' });
    expect(saved).toMatchObject([
      { url, retries: 0, body: { type: 'json', value: { item: 'tea' } } },
    ]);
    expect(sent).toHaveLength(1);
  });

  it('heeds the verdict of a hint against a retry', async () => {
    const { api, sent } = scripted(503);
    axiosRetry(api, { hints: () => ({ retry: false }) });
    expect(retryReport(await failureOf(api.get('/')))?.gaveUp).toBe('hint');
    expect(sent).toHaveLength(1);
  });

  it('does nothing for a request with `retry: false`', async () => {
    const { api, sent } = scripted(503);
    axiosRetry(api);
    await failureOf(api.get('/', { retry: false }));
    expect(sent).toHaveLength(1);
  });

  it('keeps the shorter of timeout and totalTimeout', async () => {
    const { api, sent } = scripted(503);
    axiosRetry(api, { totalTimeout: 1000, retryDelay: () => 2000 });
    expect(retryReport(await failureOf(api.get('/', { timeout: 5000 })))?.gaveUp).toBe(
      'total-timeout',
    );
    expect(sent).toHaveLength(1);
  });

  it('calls onMaxRetryTimesExceeded when the last retry runs into `totalTimeout`', async () => {
    const api = axios.create({
      adapter: (config) =>
        new Promise((_, reject) => {
          if (config['axios-retry']?.retryCount === 0)
            reject(new AxiosError('reset', 'ECONNRESET', config));
          config.signal?.addEventListener?.('abort', () =>
            reject(new axios.CanceledError('aborted', undefined, config)),
          );
        }),
    });
    const told: unknown[] = [];
    axiosRetry(api, {
      retries: 1,
      totalTimeout: 40,
      onMaxRetryTimesExceeded: ({ code }, count) => void told.push([code, count]),
    });
    expect(await failureOf(api.get('/'))).toMatchObject({ code: 'ECONNABORTED' });
    expect(told).toEqual([['ECONNABORTED', 1]]);
  });

  it('takes no more interceptors when it is attached again', () => {
    const { api } = scripted(200);
    const first = axiosRetry(api);
    const managers = [api.interceptors.request, api.interceptors.response];
    const before = managers.map((one) => handlersOf(one).length);
    const again = Array.from({ length: 5 }, () => axiosRetry(api, { retries: 1 }));
    expect(managers.map((one) => handlersOf(one).length)).toEqual(before);
    expect(again.every((one) => one === first)).toBe(true);
  });

  it('attaches anew, and ejects nothing of others, after the interceptors were cleared', async () => {
    const { api, sent } = scripted(503, 200);
    axiosRetry(api);
    api.interceptors.response.clear();
    const onFulfilled = jest.fn((response) => response);
    for (let i = 0; i < 4; i += 1) api.interceptors.response.use(onFulfilled);
    axiosRetry(api);
    await api.get('/');
    expect([onFulfilled.mock.calls.length, sent.length]).toEqual([4, 2]);
  });

  it('reports `total-timeout` when `timeout` leaves no time for the wait', async () => {
    const { api } = scripted(503);
    axiosRetry(api, { retryDelay: () => 1000 });
    expect(retryReport(await failureOf(api.get('/', { timeout: 500 })))?.gaveUp).toBe(
      'total-timeout',
    );
  });

  it('reports `body` when nothing gives it a fresh stream', async () => {
    const { api } = scripted(503);
    axiosRetry(api, { retryCondition: () => true });
    const error = await failureOf(api.post('/', new ReadableStream()));
    expect(retryReport(error)?.gaveUp).toBe('body');
  });

  it.each([undefined, {}, { interceptors: {} }])('refuses %j for an instance', (instance) => {
    expect(() => axiosRetry(instance as never)).toThrow(/takes axios, axios.create\(\)/);
  });
});

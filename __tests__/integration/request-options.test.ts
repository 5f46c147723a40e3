import axios from 'axios';
import type { RetryRequestOptions } from '../../src/index.js';
import { attachRetry, retryReport } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';
import { adapterOf, settled, setUp } from '../support/http-client.js';

describe('config.retry', () => {
  it('set to false turns the plugin off for the request', async () => {
    const { api, attach, outcome, server } = await setUp([503]);
    attach({ idempotencyKey: true, onGiveUp: () => Promise.reject(new Error('asked')) });

    const error = await outcome(api.post('/', {}, { retry: false }));

    expect(error).toMatchObject({ name: 'AxiosError', status: 503 });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.headers['idempotency-key']).toBeUndefined();
    expect(retryReport(error)).toBeUndefined();
  });

  it('overrides the options of attachRetry one by one', async () => {
    const { api, attach, outcome, server } = await setUp([503]);
    const delays: number[] = [];
    attach({
      maxRetries: 4,
      backoff: () => 1000,
      onRetry: ({ delay }) => {
        delays.push(delay);
      },
    });

    await outcome(api.get('/', { retry: { maxRetries: 2 } }));

    expect(delays).toEqual([1000, 1000]);
    expect(server.requests).toHaveLength(3);
  });

  it('can be a default of the instance, merged by Axios with that of a request', async () => {
    const { api, attach, outcome, server } = await setUp([503], {
      retry: { maxRetries: 1, backoff: () => 1000 },
    });
    const delays: number[] = [];
    attach({ maxRetries: 4, onRetry: ({ delay }) => void delays.push(delay) });

    await outcome(api.get('/default'));
    await outcome(api.get('/own', { retry: { maxRetries: 2 } }));
    await outcome(api.get('/off', { retry: false }));

    const urls = server.requests.map(({ url }) => url);
    expect(urls).toEqual([...Array(2).fill('/default'), ...Array(3).fill('/own'), '/off']);
    expect(delays).toEqual([1000, 1000, 1000]);
  });

  it('can be off by default and on for one request', async () => {
    const { api, attach, outcome, server } = await setUp([503], { retry: false });
    attach({ maxRetries: 1 });

    await outcome(api.get('/off'));
    await outcome(api.get('/on', { retry: {} }));

    expect(server.requests.map(({ url }) => url)).toEqual(['/off', '/on', '/on']);
  });

  it('ignores an option that is undefined', async () => {
    const { api, attach, outcome, server } = await setUp([503]);
    attach({ maxRetries: 1 });

    await outcome(api.get('/', { retry: { maxRetries: undefined, table: undefined } }));

    expect(server.requests).toHaveLength(2);
  });

  const wrong: [
    name: string,
    retry: unknown,
    error: typeof TypeError | typeof RangeError,
    says: RegExp,
  ][] = [
    ['a value out of range', { maxRetries: -1 }, RangeError, /"maxRetries".*0 or more.*-1/],
    ['a value of a wrong kind', { maxRetries: '3' }, TypeError, /"maxRetries".*'?"?3/],
    ['an unknown name', { maxRetry: 3 }, TypeError, /(?=.*maxRetries).*"maxRetry"/],
    [
      'an option of attachRetry only',
      { clock: createTestClock() },
      TypeError,
      /config\.retry.*"clock"/,
    ],
    ['true', true, TypeError, /config\.retry.*true/],
    ['a number', 3, TypeError, /config\.retry.*3/],
    ['null', null, TypeError, /config\.retry.*null/],
    ['an array', [], TypeError, /config\.retry/],
  ];

  it.each(wrong)(
    'with an invalid value rejects the request before it is sent: %s',
    async (_, retry, type, says) => {
      const { api, attach, outcome, server } = await setUp([200]);
      attach();
      const seen: unknown[] = [];
      api.interceptors.response.use(undefined, (error) => {
        seen.push(error);
        throw error;
      });

      const error = await outcome(api.get('/', { retry: retry as RetryRequestOptions }));

      expect(error).toBeInstanceOf(type);
      expect(error.message).toMatch(says);
      expect(server.requests).toHaveLength(0);
      expect(seen).toStrictEqual([error]);
    },
  );

  it('with an invalid value rejects, and never throws synchronously', async () => {
    const { api, attach } = await setUp([200]);
    attach();

    const request = api.get('/', { retry: { jitter: Number.NaN } });

    await expect(request).rejects.toThrow(RangeError);
  });

  it('reaches the adapter unchanged', async () => {
    const { adapter, sent } = adapterOf([503, 200]);
    const api = axios.create({ adapter });
    const clock = createTestClock();
    attachRetry(api, { clock });
    const onRetry = jest.fn();

    await settled(api.get('/', { retry: { maxRetries: 1, onRetry } }), clock);

    const options = { maxRetries: 1, onRetry };
    expect(sent.map(({ retry }) => retry)).toEqual([options, options]);
  });
});

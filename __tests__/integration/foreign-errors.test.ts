import type { AxiosRequestConfig } from 'axios';
import axios from 'axios';
import { attachRetry, retryCount } from '../../src/index.js';
import { settled, setUp } from '../support/http-client.js';

describe('an error without a config', () => {
  const thrown = [new Error('no token'), new TypeError('mine'), 'text', undefined, null, 0];

  describe.each([false, true])(
    'thrown by a request interceptor (synchronous: %s)',
    (synchronous) => {
      it.each(thrown)('is not touched: %p', async (error) => {
        const { api, attach, outcome, server } = await setUp([200]);
        const onGiveUp = jest.fn();
        attach({ onGiveUp, networkErrors: true });
        const seen: unknown[] = [];
        api.interceptors.response.use(undefined, (passed) => {
          seen.push(passed);
          throw passed;
        });
        api.interceptors.request.use(
          () => {
            throw error;
          },
          undefined,
          { synchronous },
        );

        expect(await outcome(api.get('/'))).toBe(error);

        expect(server.requests).toHaveLength(0);
        expect(seen).toStrictEqual([error]);
        expect(onGiveUp).not.toHaveBeenCalled();
      });
    },
  );

  it('fails the call when a request interceptor throws it on a retry', async () => {
    const { api, attach, outcome, server } = await setUp([503]);
    const error = new Error('no token');
    attach();
    const seen: unknown[] = [];
    api.interceptors.response.use(undefined, (passed) => {
      seen.push(passed);
      throw passed;
    });
    api.interceptors.request.use((config) => {
      if (retryCount(config) === 1) throw error;
      return config;
    });

    expect(await outcome(api.get('/'))).toBe(error);

    expect(server.requests).toHaveLength(1);
    expect(seen).toStrictEqual([error]);
  });

  it('is not touched when transformResponse throws it for an HTML 503', async () => {
    const { api, attach, outcome, server } = await setUp([{ status: 503, body: '<html>' }], {
      transformResponse: (data) => JSON.parse(data),
    });
    attach({ networkErrors: true });

    expect(await outcome(api.get('/'))).toBeInstanceOf(SyntaxError);
    expect(server.requests).toHaveLength(1);
  });

  it('is not touched when an adapter throws it', async () => {
    const error = new Error('adapter');
    const { api, attach, outcome } = await setUp([200], { adapter: () => Promise.reject(error) });
    attach({ networkErrors: true });

    expect(await outcome(api.get('/'))).toBe(error);
  });

  it('does not slow later requests on a test clock', async () => {
    const { api, attach, outcome, busyAtTimers } = await setUp([503, 503, 503, 200]);
    attach();
    const id = api.interceptors.request.use(() => {
      throw new Error('no token');
    });
    await outcome(api.get('/'));
    api.interceptors.request.eject(id);

    expect((await outcome(api.get('/'))).status).toBe(200);
    expect([...busyAtTimers]).toEqual([0]);
  });

  it.each<[string, AxiosRequestConfig]>([
    ['an unknown adapter', { adapter: 'carrier-pigeon' as never }],
    ['a bad URL', { url: 'http://[bad', baseURL: '' }],
    ['a bad protocol', { url: 'gopher://127.0.0.1/' }],
  ])('is the same as without the plugin: %s', async (_, config) => {
    const { clock } = await setUp([]);
    const bare = axios.create();
    const api = axios.create();
    attachRetry(api, { clock, networkErrors: true });

    const expected = await settled(bare.request(config), clock);
    const error = await settled(api.request(config), clock);

    expect(expected).toHaveProperty('message');
    expect(error).toMatchObject({ name: expected.name, message: expected.message });
    expect(error.code).toBe(expected.code);
    expect(clock.now()).toBe(Date.UTC(2030, 0, 1));
  });
});

import type { AxiosRequestConfig } from 'axios';
import { retryCount } from '../../src/index.js';
import { setUp, TWO_FAILURES } from '../support/http-client.js';

describe('the caller’s config', () => {
  function deepFreeze<T>(value: T): T {
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFreeze);
    return Object.freeze(value);
  }

  it('can be deeply frozen, and is not changed', async () => {
    const { api, attach, outcome, server } = await setUp(TWO_FAILURES);
    attach({ idempotencyKey: true });
    const config: AxiosRequestConfig = deepFreeze({
      method: 'post',
      url: '/things',
      params: { a: [1, { b: 2 }] },
      headers: { 'X-Given': 'yes' },
      data: { nested: { list: [1] } },
      retry: { maxRetries: 2, methods: ['POST'] },
      auth: { username: 'me', password: 'secret' },
    });

    const first = await outcome(api.request(config));
    const second = await outcome(api.request(config));

    expect(first.status).toBe(200);
    expect(second.status).toBe(200);
    expect(retryCount(second.config)).toBe(0);
    expect(server.requests.map(({ body }) => body)).toEqual(
      Array(4).fill('{"nested":{"list":[1]}}'),
    );
  });

  it('is not changed if it is not frozen', async () => {
    const { api, attach, outcome } = await setUp([503]);
    attach({ idempotencyKey: true });
    const made = () => ({
      method: 'post',
      url: '/',
      params: { a: 1 },
      headers: { 'X-Given': 'yes' },
      data: { a: 1 },
      retry: { maxRetries: 1 },
    });
    const config = made();

    await outcome(api.request(config));

    expect(config).toEqual(made());
    expect(Reflect.ownKeys(config)).toEqual(Reflect.ownKeys(made()));
  });

  it('and the defaults of the instance are not changed', async () => {
    const { api, attach, outcome } = await setUp([503], { params: { a: { b: 1 } } });
    const before = structuredClone(JSON.parse(JSON.stringify(api.defaults)));
    attach({ idempotencyKey: true, maxRetries: 2 });
    api.interceptors.request.use((config) => {
      config.params.a.b += 1;
      return config;
    });

    await outcome(api.post('/', { a: 1 }));

    expect(JSON.parse(JSON.stringify(api.defaults))).toEqual(before);
  });
});

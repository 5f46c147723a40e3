import { inspect } from 'node:util';
import type { AxiosRequestConfig } from 'axios';
import axios from 'axios';
import { retryCount, retryReport } from '../../src/index.js';
import { CONFIG_KEY } from '../../src/request/state.js';
import { setUp } from '../support/http-client.js';

describe('the config on the final error', () => {
  const request: AxiosRequestConfig = {
    method: 'post',
    url: '/things',
    data: { a: 1 },
    params: { q: 'é' },
    headers: { 'X-Given': 'yes', Accept: false },
    auth: { username: 'me', password: 'secret-1' },
    timeout: 30_000,
  };

  /** The error of bare Axios and the error of the plugin for the same request. */
  async function both(maxRetries: number) {
    const { api, attach, outcome } = await setUp([503]);
    const bare = await outcome(api.request(request));
    attach({ maxRetries });
    return { bare, error: await outcome(api.request(request)) };
  }

  it.each([0, 2])('has one key more than that of bare Axios (retries: %i)', async (maxRetries) => {
    const { bare, error } = await both(maxRetries);

    const extra = Reflect.ownKeys(error.config).filter((key) => !(key in bare.config));
    expect(extra).toHaveLength(1);
    const { [extra[0] as string]: _, ...shown } = error.config;
    // Plain values and functions only: there are no agents or other Node objects in it.
    expect({ ...shown, headers: { ...shown.headers } }).toEqual({
      ...bare.config,
      headers: { ...bare.config.headers },
    });
    expect(error.config.headers).toBeInstanceOf(axios.AxiosHeaders);
  });

  it.each([0, 2])('serializes to JSON without credentials (retries: %i)', async (maxRetries) => {
    const { bare, error } = await both(maxRetries);
    const written = JSON.stringify(error);
    const key = Object.keys(error.config).find((name) => !(name in bare.config)) as string;

    const state = JSON.parse(written).config[key];
    expect(state).toEqual(retryReport(error));
    expect(Object.keys(state).sort()).toEqual(['attempts', 'gaveUp']);
    const secrets = (text: string) => text.split('secret-1').length;
    expect(secrets(written)).toBe(secrets(JSON.stringify(bare)));
    expect(secrets(inspect(error.config, { depth: 9 }))).toBe(
      secrets(inspect(bare.config, { depth: 9 })),
    );
    expect(secrets(inspect(error.config[key], { depth: 9, showHidden: true }))).toBe(1);
  });

  it('shows the report in its place where it is inspected', async () => {
    const { api, attach, outcome } = await setUp([503]);
    attach({ maxRetries: 0 });
    const error = await outcome(api.get('/'));
    expect(inspect(error.config[CONFIG_KEY])).toBe(inspect(retryReport(error)));
  });

  it('is that of the last attempt', async () => {
    const { api, attach, outcome } = await setUp([503]);
    attach({ maxRetries: 2 });
    let sends = 0;
    api.interceptors.request.use((config) => {
      sends += 1;
      config.headers.set('X-Send', String(sends));
      return config;
    });

    const error = await outcome(api.get('/'));

    expect(error.config.headers.get('X-Send')).toBe('3');
    expect(error.response.config).toBe(error.config);
  });
});

describe('a deep copy of a config that carries retry state', () => {
  /** Copies like lodash's cloneDeep: own fields onto the same prototype. */
  function cloneDeep<T>(value: T): T {
    if (typeof value !== 'object' || value === null) return value;
    const copy = Array.isArray(value) ? [] : Object.create(Object.getPrototypeOf(value));
    for (const [name, inner] of Object.entries(value)) copy[name] = cloneDeep(inner);
    return copy;
  }

  it('can be logged', async () => {
    const { api, attach, outcome } = await setUp([503]);
    attach({ maxRetries: 1 });
    const error = await outcome(api.get('/'));

    const copy = cloneDeep(error.config);

    expect(() => JSON.stringify(copy)).not.toThrow();
    expect(() => inspect(copy, { depth: 9 })).not.toThrow();
    expect(() => retryReport({ config: copy })).not.toThrow();
  });

  it('can be sent as a new request', async () => {
    const { api, attach, outcome, server } = await setUp([404, 503, 200]);
    attach();
    const error = await outcome(api.post('/', { a: 1 }));

    const response = await outcome(api.request(cloneDeep(error.config)));

    expect(response.status).toBe(200);
    expect(retryCount(response.config)).toBe(1);
    expect(server.requests.map(({ body }) => body)).toEqual(Array(3).fill('{"a":1}'));
  });
});

describe('a copied config', () => {
  it('has no retries and no attempts, and can be sent', async () => {
    const { api, attach, outcome, server } = await setUp([503]);
    attach({ maxRetries: 1 });
    const { config } = await outcome(api.get('/'));
    expect(retryCount(config)).toBe(1);

    // Like a deep copy by prototype, which has no private fields.
    const state = Reflect.get(config ?? {}, CONFIG_KEY) as object;
    const copy = { ...config, [CONFIG_KEY]: Object.create(Object.getPrototypeOf(state)) };
    expect(retryCount(copy)).toBe(0);
    expect(retryReport({ config: copy })).toEqual({ attempts: [] });
    const again = await outcome(api.request(copy));
    expect(retryReport(again)?.attempts).toHaveLength(2);
    expect(server.requests).toHaveLength(4);
  });
});

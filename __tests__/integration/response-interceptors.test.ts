import axios from 'axios';
import { retryCount } from '../../src/index.js';
import { setUp, TWO_FAILURES } from '../support/http-client.js';

describe('a response interceptor after the plugin', () => {
  it('runs once when a retry succeeds', async () => {
    const { api, attach, outcome } = await setUp(TWO_FAILURES);
    attach();
    const seen: unknown[] = [];
    api.interceptors.response.use(
      (response) => {
        seen.push(response.status);
        return response;
      },
      (error) => {
        seen.push(error);
        throw error;
      },
    );

    const response = await outcome(api.get('/'));

    expect(response.status).toBe(200);
    expect(response.data).toEqual({ ok: true });
    expect(seen).toStrictEqual([200]);
  });

  it('runs once when every retry fails', async () => {
    const { api, attach, outcome, server } = await setUp([503]);
    attach();
    const seen: unknown[] = [];
    api.interceptors.response.use(undefined, (error) => {
      seen.push(error);
      throw error;
    });

    const error = await outcome(api.get('/'));

    expect(server.requests).toHaveLength(6);
    expect(error).toMatchObject({ name: 'AxiosError', status: 503 });
    expect(seen).toStrictEqual([error]);
  });

  it('runs once when no retry is needed', async () => {
    const { api, attach, outcome } = await setUp([200, 404]);
    attach();
    const seen: number[] = [];
    api.interceptors.response.use(
      (response) => {
        seen.push(response.status);
        return response;
      },
      (error) => {
        seen.push(error.status);
        throw error;
      },
    );

    await outcome(api.get('/'));
    await outcome(api.get('/'));

    expect(seen).toStrictEqual([200, 404]);
  });

  it('gets the result of the interceptor before it', async () => {
    const { api, attach, outcome } = await setUp(TWO_FAILURES);
    attach();
    api.interceptors.response.use((response) => response.data);
    api.interceptors.response.use(async (data) => ({ ...(data as object), second: 1 }) as never);
    api.interceptors.response.use((data) => [data] as never);

    expect(await outcome(api.get('/'))).toEqual([{ ok: true, second: 1 }]);
  });

  it('fails the call with the error it throws, without a retry', async () => {
    const { api, attach, outcome, server } = await setUp(TWO_FAILURES);
    attach();
    const thrown = new Error('not this way');
    api.interceptors.response.use(() => {
      throw thrown;
    });

    expect(await outcome(api.get('/'))).toBe(thrown);
    expect(server.requests).toHaveLength(3);
  });

  it('may throw the error of another request, which is not retried', async () => {
    const { api, attach, outcome, server } = await setUp([200, 503]);
    attach();
    api.interceptors.response.use((response) =>
      response.config.url === '/a' ? axios.get(`${server.url}/b`) : response,
    );

    const error = await outcome(api.get('/a'));

    expect(error.status).toBe(503);
    expect(server.requests.map(({ url }) => url)).toEqual(['/a', '/b']);
  });
});

describe('a response interceptor before the plugin', () => {
  it('runs for every attempt', async () => {
    const { api, attach, outcome } = await setUp(TWO_FAILURES);
    const seen: unknown[] = [];
    api.interceptors.response.use(
      (response) => {
        seen.push([response.status, retryCount(response.config)]);
        return response;
      },
      async (error) => {
        seen.push([error.status, retryCount(error.config)]);
        throw error;
      },
    );
    attach();

    await outcome(api.get('/'));

    expect(seen).toStrictEqual([
      [503, 0],
      [502, 1],
      [200, 2],
    ]);
  });

  it('may unwrap the data', async () => {
    const { api, attach, outcome, server } = await setUp(TWO_FAILURES);
    api.interceptors.response.use((response) => response.data);
    attach();

    expect(await outcome(api.get('/'))).toEqual({ ok: true });
    expect(server.requests).toHaveLength(3);
  });

  it.each([null, undefined, '', 0, 'text', { status: 503 }])(
    'may unwrap data to %p',
    async (data) => {
      const { api, attach, outcome, server } = await setUp(TWO_FAILURES);
      api.interceptors.response.use(() => data as never);
      attach();

      expect(await outcome(api.get('/'))).toBe(data);
      expect(server.requests).toHaveLength(3);
    },
  );

  it('may turn an error into a response, which is final', async () => {
    const { api, attach, outcome, server } = await setUp([503, 200]);
    api.interceptors.response.use(undefined, () => 'made up' as never);
    attach();

    expect(await outcome(api.get('/'))).toBe('made up');
    expect(server.requests).toHaveLength(1);
  });

  it.each(['the first attempt', 'a retry'])(
    'fails the call with its own error on %s',
    async (when) => {
      const { api, attach, outcome, server } = await setUp([503]);
      const thrown = new Error('mine');
      api.interceptors.response.use(undefined, (error) => {
        throw when === 'a retry' && retryCount(error.config) === 0 ? error : thrown;
      });
      attach();

      expect(await outcome(api.get('/'))).toBe(thrown);
      expect(server.requests).toHaveLength(when === 'a retry' ? 2 : 1);
    },
  );

  it('fails the call with its own error, even if that carries the config of an attempt', async () => {
    const { api, attach, outcome, server } = await setUp([503]);
    api.interceptors.response.use(undefined, ({ config }) => {
      throw Object.assign(new Error('mine'), { config });
    });
    attach({ networkErrors: true });

    expect(await outcome(api.get('/'))).toMatchObject({ name: 'Error', message: 'mine' });
    expect(server.requests).toHaveLength(1);
  });

  it('runs for every attempt, a later one once per call', async () => {
    const { api, attach, outcome } = await setUp([503, 503, 200]);
    const order: string[] = [];
    const note = (name: string) => (value: unknown) => {
      order.push(name);
      return value as never;
    };
    const fail = (name: string) => (error: unknown) => {
      order.push(`${name} error`);
      throw error;
    };
    api.interceptors.response.use(note('before'), fail('before'));
    attach();
    api.interceptors.response.use(note('after'), fail('after'));

    await outcome(api.get('/'));

    expect(order).toEqual(['before error', 'before error', 'before', 'after']);
  });
});

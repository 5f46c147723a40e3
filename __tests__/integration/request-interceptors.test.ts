import type { AxiosError, AxiosRequestConfig, InternalAxiosRequestConfig } from 'axios';
import axios from 'axios';
import { createGate } from '../../src/gate/index.js';
import type { RetryOptions } from '../../src/index.js';
import { attachRetry, retryCount } from '../../src/index.js';
import { adapterOf, setUp, TWO_FAILURES } from '../support/http-client.js';

describe('a request interceptor', () => {
  /** Registers before or after the plugin; for request interceptors the order makes no difference. */
  describe.each(['before', 'after'])('registered %s the plugin', (side) => {
    function attached(
      { api, attach }: Awaited<ReturnType<typeof setUp>>,
      interceptor: (config: InternalAxiosRequestConfig) => unknown,
    ): void {
      const use = () => api.interceptors.request.use(interceptor as never);
      if (side === 'before') use();
      attach();
      if (side === 'after') use();
    }

    it('gives every attempt a fresh token', async () => {
      const world = await setUp(TWO_FAILURES);
      let tokens = 0;
      attached(world, async (config) => {
        tokens += 1;
        await Promise.resolve();
        config.headers.set('Authorization', `Bearer ${tokens}`);
        return config;
      });

      await world.outcome(world.api.get('/'));

      const sent = world.server.requests.map(({ headers }) => headers.authorization);
      expect(sent).toEqual(['Bearer 1', 'Bearer 2', 'Bearer 3']);
    });

    it('appends to the URL, a header or the params only once', async () => {
      const world = await setUp(TWO_FAILURES);
      attached(world, (config) => {
        config.url += '/more';
        config.headers.set('X-Trace', `${config.headers.get('X-Trace')}, more`);
        config.params.page += 1;
        config.params.filter.tags.push('more');
        return config;
      });

      const params = { page: 1, filter: { tags: ['given'] } };
      await world.outcome(world.api.get('/things', { params, headers: { 'X-Trace': 'given' } }));

      expect(world.server.requests.map(({ url }) => decodeURIComponent(url))).toEqual(
        Array(3).fill('/things/more?page=2&filter[tags][0]=given&filter[tags][1]=more'),
      );
      const traces = world.server.requests.map(({ headers }) => headers['x-trace']);
      expect(traces).toEqual(Array(3).fill('given, more'));
    });

    it('appends to URLSearchParams only once', async () => {
      const world = await setUp(TWO_FAILURES);
      attached(world, (config) => {
        config.params.append('a', 'more');
        return config;
      });

      await world.outcome(world.api.get('/', { params: new URLSearchParams({ a: 'given' }) }));

      const urls = world.server.requests.map(({ url }) => url);
      expect(urls).toEqual(Array(3).fill('/?a=given&a=more'));
    });

    it('may return a new config', async () => {
      const world = await setUp(TWO_FAILURES);
      attached(world, (config) => ({ ...config, url: `${config.url}more` }));

      const { status } = await world.outcome(world.api.get('/'));

      expect(status).toBe(200);
      expect(world.server.requests.map(({ url }) => url)).toEqual(['/more', '/more', '/more']);
    });

    it('may remove a header of the caller on every attempt', async () => {
      const world = await setUp(TWO_FAILURES);
      attached(world, (config) => {
        if (config.headers.get('X-Given') !== 'yes') throw new Error('X-Given is missing');
        config.headers.delete('X-Given');
        return config;
      });

      const { status } = await world.outcome(world.api.get('/', { headers: { 'X-Given': 'yes' } }));

      expect(status).toBe(200);
      const given = world.server.requests.map(({ headers }) => headers['x-given']);
      expect(given).toStrictEqual([undefined, undefined, undefined]);
    });

    it('learns the number of the attempt from retryCount', async () => {
      const world = await setUp(TWO_FAILURES);
      const counts: number[] = [];
      attached(world, (config) => {
        counts.push(retryCount(config));
        return config;
      });

      await world.outcome(world.api.get('/'));

      expect(counts).toEqual([0, 1, 2]);
    });
  });

  it.each([true, false])(
    'runs in the same order on every attempt (legacyInterceptorReqResOrdering: %s)',
    async (legacyInterceptorReqResOrdering) => {
      const { api, attach, outcome } = await setUp([503, 200], {
        transitional: { legacyInterceptorReqResOrdering } as object,
      });
      const order: string[] = [];
      const note = (name: string) => (config: InternalAxiosRequestConfig) => {
        order.push(name);
        return config;
      };
      api.interceptors.request.use(note('first'));
      attach();
      api.interceptors.request.use(note('second'));
      api.interceptors.request.use(note('third'));

      const { status } = await outcome(api.get('/'));

      expect(status).toBe(200);
      expect(order.slice(0, 3).sort()).toEqual(['first', 'second', 'third']);
      expect(order).toHaveLength(6);
      expect(order.slice(3)).toEqual(order.slice(0, 3));
    },
  );

  it('takes part in the retries of the calls that began with it, until it is ejected', async () => {
    const { api, attach, outcome, server } = await setUp([503, 200]);
    const id = api.interceptors.request.use((config) => {
      config.headers.set('X-Old', 'yes');
      return config;
    });
    attach({
      onRetry: () => {
        api.interceptors.request.eject(id);
        api.interceptors.request.use((config) => {
          config.headers.set('X-New', 'yes');
          return config;
        });
      },
    });

    await outcome(api.get('/'));

    const seen = server.requests.map(({ headers }) => [headers['x-old'], headers['x-new']]);
    expect(seen).toStrictEqual([
      ['yes', undefined],
      [undefined, undefined],
    ]);
  });

  it('that holds requests while a token is refreshed does not hold the retries of the refresh', async () => {
    const { api, attach, outcome, server } = await setUp([401, 503, 200, 200]);
    attach();
    /** As axios-auth-refresh and many apps do it. */
    api.interceptors.response.use(undefined, async (error: AxiosError) => {
      if (error.response?.status !== 401 || error.config?.url === '/refresh') throw error;
      const refreshed = api.post('/refresh');
      const id = api.interceptors.request.use((config) => refreshed.then(() => config));
      await refreshed;
      api.interceptors.request.eject(id);
      return api.request(error.config as InternalAxiosRequestConfig);
    });

    expect((await outcome(api.get('/'))).status).toBe(200);
    expect(server.requests.map(({ url }) => url)).toEqual(['/', '/refresh', '/refresh', '/']);
  });
});

describe('runWhen of a request interceptor', () => {
  it('sees the merged config and retryCount on every attempt', async () => {
    const { api, attach, outcome } = await setUp(TWO_FAILURES, { timeout: 1234 });
    const seen: unknown[] = [];
    const runWhen = (config: InternalAxiosRequestConfig) => {
      seen.push([retryCount(config), config.timeout, config.url, config.headers.get('X-Given')]);
      return true;
    };
    api.interceptors.request.use((config) => config, undefined, { runWhen });
    attach();
    api.interceptors.request.use((config) => config, undefined, { runWhen });

    await outcome(api.get('/things', { headers: { 'X-Given': 'yes' } }));

    const attempt = (n: number) => [n, 1234, '/things', 'yes'];
    expect(seen).toStrictEqual([0, 0, 1, 1, 2, 2].map(attempt));
  });

  it('can limit an interceptor to retries', async () => {
    const { api, attach, outcome, server } = await setUp(TWO_FAILURES);
    attach();
    api.interceptors.request.use(
      (config) => {
        config.headers.set('X-Retry', String(retryCount(config)));
        return config;
      },
      undefined,
      { runWhen: (config) => retryCount(config) > 0 },
    );

    await outcome(api.get('/'));

    const sent = server.requests.map(({ headers }) => headers['x-retry']);
    expect(sent).toStrictEqual([undefined, '1', '2']);
  });
});

describe('a chain of synchronous request interceptors', () => {
  it('calls the adapter inside request(), like bare Axios', async () => {
    const { adapter, sent } = adapterOf([200]);
    const api = axios.create({ adapter });
    api.interceptors.request.use((config) => config, undefined, { synchronous: true });
    attachRetry(api);
    api.interceptors.request.use((config) => config, undefined, { synchronous: true });

    const request = api.get('/');

    expect(sent).toHaveLength(1);
    await request;
  });

  it.each<[string, RetryOptions, AxiosRequestConfig]>([
    ['with an open gate', { gate: createGate() }, {}],
    ['with retry: false', {}, { retry: false }],
  ])('calls it there %s, too', async (_, options, config) => {
    const { adapter, sent } = adapterOf([200]);
    const api = axios.create({ adapter });
    api.interceptors.response.use((response) => response);
    attachRetry(api, options);

    const request = api.get('https://api.example/', config);

    expect(sent).toHaveLength(1);
    await request;
  });

  it('loses that as soon as one of them is asynchronous', async () => {
    const { adapter, sent } = adapterOf([200]);
    const api = axios.create({ adapter });
    attachRetry(api);
    api.interceptors.request.use((config) => config);

    const request = api.get('/');

    expect(sent).toHaveLength(0);
    await request;
  });
});

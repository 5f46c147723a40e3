import type { AxiosError, AxiosInstance, InternalAxiosRequestConfig } from 'axios';
import { adapterOf, setUp } from '../support/http-client.js';

describe('a change to the config', () => {
  type Edited = InternalAxiosRequestConfig & { edits?: number };
  /** Shows in the next attempt's config anything that the previous attempt left on its own. */
  function edit(config: Edited): Edited {
    config.edits = (config.edits ?? 0) + 1;
    config.url = `${config.url}/edited`;
    config.params = { ...config.params, edits: config.edits };
    config.headers.set('X-Edits', String(config.edits));
    config.timeout = (config.timeout ?? 0) + 1;
    return config;
  }
  const fail = (error: AxiosError) => {
    edit(error.config as Edited);
    throw error;
  };

  it.each<[string, (api: AxiosInstance) => void]>([
    ['a request interceptor', (api) => void api.interceptors.request.use(edit)],
    [
      'a response interceptor before the plugin',
      (api) => void api.interceptors.response.use(null, fail),
    ],
  ])('by %s does not reach the next attempt', async (_words, register) => {
    const { adapter, sent } = adapterOf([503, 502, 200]);
    const seen: string[] = [];
    const { api, attach, outcome } = await setUp([], {
      adapter: (config) => {
        const { url, params, timeout, edits } = config as Edited;
        seen.push(JSON.stringify([url, params, timeout, edits, config.headers.get('X-Edits')]));
        return adapter(config);
      },
    });
    register(api);
    attach();
    await outcome(api.get('/a', { params: { q: 1 } }));
    expect(sent).toHaveLength(3);
    expect(new Set(seen).size).toBe(1);
  });

  it('by an adapter does not reach the next attempt', async () => {
    const { adapter, sent } = adapterOf([503, 502, 200]);
    const seen: string[] = [];
    const { api, attach, outcome } = await setUp([], {
      adapter: (config) => {
        seen.push(JSON.stringify([config.url, config.baseURL, config.params, config.method]));
        const answer = adapter(config);
        Object.assign(config.params, { token: seen.length });
        Object.assign(config, { url: '/other', baseURL: '', method: 'put', adapter: null });
        return answer;
      },
    });
    attach();
    await outcome(api.get('/a', { params: { q: 1 } }));
    expect(sent).toHaveLength(3);
    expect(new Set(seen).size).toBe(1);
  });

  it('by an adapter that deletes the signal does not reach the next attempt', async () => {
    const { adapter } = adapterOf([503, 200]);
    const seen: unknown[] = [];
    const { api, attach, outcome } = await setUp([], {
      adapter: (config) => {
        seen.push(config.signal);
        Reflect.deleteProperty(config, 'signal');
        return adapter(config);
      },
    });
    attach();
    const { signal } = new AbortController();
    await outcome(api.get('/a', { signal }));
    expect(seen).toEqual([signal, signal]);
  });

  it('by an adapter that sets a signal and a timeout does not reach the next attempt', async () => {
    const seen: unknown[] = [];
    const { adapter, sent } = adapterOf([503, 502, 200]);
    const { api, attach, outcome } = await setUp([], {
      adapter: (config) => {
        seen.push([config.signal, config.timeout]);
        Object.assign(config, { signal: new AbortController().signal, timeout: 1 });
        return adapter(config);
      },
    });
    attach();
    await outcome(api.get('/a', { timeout: 5 }));
    expect(sent).toHaveLength(3);
    expect(seen).toEqual(Array(3).fill([undefined, 5]));
  });

  it('by a transformRequest that edits the body does not reach the next attempt', async () => {
    const { adapter, sent } = adapterOf([503, 502, 200]);
    const { api, attach, outcome } = await setUp([], {
      adapter,
      transformRequest: (data) => {
        data.lines.push('added');
        return JSON.stringify(data);
      },
    });
    attach();
    await outcome(api.post('/a', { lines: [] }));
    expect(sent.map(({ data }) => data)).toEqual(Array(3).fill('{"lines":["added"]}'));
  });

  it('by an interceptor registered after the plugin does not reach the next attempt', async () => {
    const { adapter, sent } = adapterOf([503, 502, 200]);
    const { api, attach, outcome } = await setUp([], { adapter });
    attach();
    api.interceptors.request.use((config) => {
      config.timeout = (config.timeout ?? 0) + 1;
      return config;
    });
    await outcome(api.get('/a', { timeout: 5 }));
    expect(sent.map(({ timeout }) => timeout)).toEqual([6, 6, 6]);
  });
});

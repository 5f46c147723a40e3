import axios, { Axios } from 'axios';
import { attachRetry } from '../../src/index.js';
import { settled, setUp, TWO_FAILURES } from '../support/http-client.js';

describe('an instance', () => {
  it('may be the default one', async () => {
    const { server, clock } = await setUp(TWO_FAILURES);
    const handle = attachRetry(axios, { clock });
    try {
      expect((await settled(axios.get(server.url), clock)).status).toBe(200);
      expect((await settled(axios(`${server.url}/called`), clock)).status).toBe(200);
    } finally {
      handle.detach();
    }
    expect(server.requests.map(({ url }) => url)).toEqual(['/', '/', '/', '/called']);
  });

  it('is itself attached, not what is created from it', async () => {
    const { api, attach, outcome, server } = await setUp([503]);
    attach();
    const child = api.create();

    expect((await outcome(child.get('/'))).status).toBe(503);

    expect(server.requests).toHaveLength(1);
  });

  it('may have children with a plugin of their own', async () => {
    const { api, attach, clock, outcome, server } = await setUp([503]);
    attach({ maxRetries: 1 });
    const child = api.create();
    attachRetry(child, { clock, maxRetries: 2 });

    await outcome(child.get('/child'));
    await outcome(api.get('/parent'));

    expect(server.requests.map(({ url }) => url)).toEqual([
      ...Array(3).fill('/child'),
      ...Array(2).fill('/parent'),
    ]);
  });

  it('may be one made by new Axios()', async () => {
    const { server, clock } = await setUp([...TWO_FAILURES, 503]);
    const api = new Axios({ baseURL: server.url });
    const seen: unknown[] = [];
    api.interceptors.response.use((response) => {
      seen.push(response.status);
      return response;
    });
    attachRetry(api, { clock, maxRetries: 2 });
    api.interceptors.response.use((response) => {
      seen.push('once');
      return response;
    });

    const response = await settled(api.post('/', 'text'), clock);
    expect(response).toMatchObject({ status: 200, data: '{"ok":true}' });
    expect(seen).toStrictEqual([503, 502, 200, 'once']);
    expect(server.requests.map(({ body }) => body)).toEqual(['text', 'text', 'text']);

    expect((await settled(api.get('/'), clock)).status).toBe(503);
    expect(server.requests).toHaveLength(6);
  });

  it('may be called as a function', async () => {
    const { api, attach, outcome, server } = await setUp(TWO_FAILURES);
    attach();

    expect((await outcome(api('/things', { method: 'PUT', data: 'text' }))).status).toBe(200);

    const seen = server.requests.map(({ method, url, body }) => [method, url, body]);
    expect(seen).toStrictEqual(Array(3).fill(['PUT', '/things', 'text']));
  });

  it('keeps to its own defaults on a retry although they change during the wait', async () => {
    const { api, attach, outcome, server } = await setUp([503, 200]);
    attach({
      onRetry: () => {
        api.defaults.headers.common['X-Later'] = 'yes';
        api.defaults.baseURL = 'http://127.0.0.1:9';
      },
    });

    expect((await outcome(api.get('/'))).status).toBe(200);
    expect(server.requests.map(({ headers }) => headers['x-later'])).toEqual([
      undefined,
      undefined,
    ]);
  });
});

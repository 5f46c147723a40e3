import axios, { Axios } from 'axios';
import { attachRetry } from '../../src/index.js';
import { settled, setUp, TWO_FAILURES } from '../support/http-client.js';

describe('the plugin', () => {
  it('works on the default instance', async () => {
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

  it('is not inherited by instances created from an attached one', async () => {
    const { api, attach, outcome, server } = await setUp([503]);
    attach();
    const child = api.create();

    expect((await outcome(child.get('/'))).status).toBe(503);

    expect(server.requests).toHaveLength(1);
  });

  it('can be attached to a parent and its children separately', async () => {
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

  it('works on an instance made by new Axios()', async () => {
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

  it('works when the instance is called as a function', async () => {
    const { api, attach, outcome, server } = await setUp(TWO_FAILURES);
    attach();

    expect((await outcome(api('/things', { method: 'PUT', data: 'text' }))).status).toBe(200);

    const seen = server.requests.map(({ method, url, body }) => [method, url, body]);
    expect(seen).toStrictEqual(Array(3).fill(['PUT', '/things', 'text']));
  });

  it('retries with the defaults of the first attempt, even if they change during the wait', async () => {
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

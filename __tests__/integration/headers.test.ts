import type { AxiosRequestConfig } from 'axios';
import axios from 'axios';
import MockAdapter from 'axios-mock-adapter';
import { attachRetry, retryReport } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';
import { adapterOf, settled, setUp, TWO_FAILURES } from '../support/http-client.js';

describe('headers', () => {
  it.each([false, null])('set to %p stay removed on every attempt', async (removed) => {
    const { api, attach, outcome, server } = await setUp(TWO_FAILURES, {
      headers: { common: { 'X-Default': 'yes' } } as never,
    });
    attach();

    const headers = { 'User-Agent': removed, Accept: removed, 'X-Default': removed } as never;
    expect((await outcome(api.get('/', { headers }))).status).toBe(200);

    expect(server.requests).toHaveLength(3);
    for (const request of server.requests) {
      expect(request.headers).toEqual(server.requests[0]?.headers);
      expect(request.headers).not.toHaveProperty('x-default');
      expect(request.headers).not.toHaveProperty('accept');
    }
  });

  it('are the same as with bare Axios on every attempt', async () => {
    const { api, attach, outcome, server } = await setUp([503]);
    const request: AxiosRequestConfig = {
      method: 'post',
      url: '/',
      data: { a: 1 },
      headers: { 'User-Agent': false, 'X-Custom': 'é'.normalize('NFD').charAt(0), 'x-case': 'y' },
      auth: { username: 'me', password: 'secret' },
    };
    await outcome(api.request(request));
    attach();

    await outcome(api.request(request));

    expect(server.requests).toHaveLength(7);
    const [bare, ...rest] = server.requests.map(({ headers }) => headers);
    for (const headers of rest) expect(headers).toEqual(bare);
  });

  describe('that are the instance’s defaults', () => {
    const given = { headers: { 'X-Own': 'mine', 'x-shared': 'first' } };

    it('are read again for each retry, the others stay', async () => {
      const { api, attach, outcome, server } = await setUp(TWO_FAILURES, {
        headers: {
          common: { Authorization: 'Bearer 1', 'X-Gone': 'yes', 'X-Shared': 'other' },
        } as never,
      });
      Object.assign(api.defaults.headers, { 'X-Direct': '1' });
      api.defaults.headers.get['X-Get'] = '1';
      let waits = 1;
      attach({
        onRetry: () => {
          waits += 1;
          Object.assign(api.defaults.headers, { 'X-Direct': String(waits), 'X-New': 'yes' });
          Object.assign(api.defaults.headers.common, { 'X-Own': 'default', 'X-Shared': 'changed' });
          api.defaults.headers.common.Authorization = `Bearer ${waits}`;
          api.defaults.headers.get['X-Get'] = String(waits);
          delete api.defaults.headers.common['X-Gone'];
        },
      });

      await outcome(api.get('/', given));

      const sent = server.requests.map(({ headers }) =>
        ['authorization', 'x-direct', 'x-get', 'x-own', 'x-shared', 'x-gone', 'x-new'].map(
          (name) => headers[name],
        ),
      );
      expect(sent).toEqual([
        ['Bearer 1', '1', '1', 'mine', 'first', 'yes', undefined],
        ['Bearer 2', '2', '2', 'mine', 'first', undefined, undefined],
        ['Bearer 3', '3', '3', 'mine', 'first', undefined, undefined],
      ]);
    });

    it('are what beforeRetry sees and may replace', async () => {
      const { api, attach, outcome, server } = await setUp([503, 200]);
      api.defaults.headers.common.Authorization = 'old';
      const seen: unknown[] = [];
      attach({
        onRetry: () => {
          api.defaults.headers.common.Authorization = 'new';
        },
        beforeRetry: ({ headers }) => {
          seen.push(headers.get('Authorization'));
          headers.set('Authorization', 'mine');
        },
      });

      await outcome(api.get('/'));

      expect(seen).toEqual(['new']);
      expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['old', 'mine']);
    });

    it('may be missing altogether', async () => {
      const { adapter, sent } = adapterOf([503, 200]);
      const api = new axios.Axios({ adapter, validateStatus: (status) => status < 400 });
      const clock = createTestClock();
      attachRetry(api, { clock });
      delete (api.defaults as { headers?: unknown }).headers;

      await settled(api.get('/', { headers: { 'X-Own': 'mine' } }), clock);

      expect(sent.map(({ headers }) => headers.get('X-Own'))).toEqual(['mine', 'mine']);
    });
  });

  const names = ['retry-after', 'Retry-After', 'RETRY-AFTER', 'rEtRy-aFtEr'];

  it.each(names)('are found in any letter case: %s from a custom adapter', async (name) => {
    const { adapter, sent } = adapterOf([429, 200], { [name]: '7' });
    const api = axios.create({ adapter });
    const clock = createTestClock();
    attachRetry(api, { clock });

    const response = await settled(api.get('/'), clock);

    expect(response.status).toBe(200);
    expect(sent).toHaveLength(2);
    expect(retryReport(response)?.attempts[0]?.delay).toBe(7000);
  });

  it.each(names)('are found in any letter case: %s from axios-mock-adapter', async (name) => {
    const api = axios.create();
    const mock = new MockAdapter(api);
    mock.onPost('/', { a: 1 }).replyOnce(429, 'no', { [name]: '7' });
    mock.onPost('/', { a: 1 }).replyOnce(200, { ok: true });
    const clock = createTestClock();
    attachRetry(api, { clock });

    const response = await settled(api.post('/', { a: 1 }), clock);

    expect(response).toMatchObject({ status: 200, data: { ok: true } });
    expect(retryReport(response)?.attempts[0]?.delay).toBe(7000);
  });
});

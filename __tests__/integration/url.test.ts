import { retryCount } from '../../src/index.js';
import { setUp, TWO_FAILURES } from '../support/http-client.js';
import type { ScriptedServer } from '../support/scripted-server.js';

describe('the URL', () => {
  const urls = ({ requests }: ScriptedServer) => requests.map(({ url }) => url);

  it('is joined to baseURL in the same way on every attempt', async () => {
    const { api, attach, outcome, server } = await setUp(TWO_FAILURES);
    attach();

    await outcome(api.get('things?a=1', { baseURL: `${server.url}/v1/`, params: { b: 'é' } }));

    expect(urls(server)).toEqual(Array(3).fill('/v1/things?a=1&b=%C3%A9'));
  });

  it('may be absolute even with a baseURL', async () => {
    const { api, attach, outcome, server } = await setUp(TWO_FAILURES, {
      baseURL: 'http://127.0.0.1:9/never',
    });
    attach();

    await outcome(api.get(`${server.url}/whole`));

    expect(urls(server)).toEqual(['/whole', '/whole', '/whole']);
  });

  it('may get a new baseURL from an interceptor on every attempt', async () => {
    const { api, attach, outcome, server } = await setUp(TWO_FAILURES);
    attach();
    api.interceptors.request.use((config) => {
      config.baseURL = `${server.url}/host-${retryCount(config)}`;
      return config;
    });

    await outcome(api.get('/a'));

    expect(urls(server)).toEqual(['/host-0/a', '/host-1/a', '/host-2/a']);
  });

  it('is serialized by the caller’s paramsSerializer on every attempt', async () => {
    const { api, attach, outcome, server } = await setUp(TWO_FAILURES);
    attach();

    const paramsSerializer = { serialize: (params: object) => Object.keys(params).join('+') };
    await outcome(api.get('/', { params: { a: 1, b: 2 }, paramsSerializer }));

    expect(urls(server)).toEqual(Array(3).fill('/?a+b'));
  });
});

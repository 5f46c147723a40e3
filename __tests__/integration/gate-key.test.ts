import { SECOND, setUp } from '../support/gate-client.js';
import { busy, endingOf } from '../support/stub-server.js';

describe('the key', () => {
  it('is computed from the request as the caller made it', async () => {
    const key = jest.fn(({ headers }) => String(headers.get('X-Tenant')));
    const { clock, server, api } = setUp(({ url }) => (url === '/busy' ? busy(60) : 200), { key });
    const get = (url: string, tenant: string) =>
      endingOf(url, api.get(url, { headers: { 'X-Tenant': tenant }, params: { page: 2 } }));
    get('/busy', 'a');
    await clock.advance(0);
    get('/x', 'a');
    get('/y', 'b');
    await clock.advance(0);
    expect(server.urls).toEqual(['/busy', '/y']);
    expect(key.mock.calls[0]).toMatchObject([{ url: '/busy', method: 'get', params: { page: 2 } }]);
  });

  it('may be the same for two origins', async () => {
    const { clock, server, get, getAll } = setUp(({ url }) => (url === '/busy' ? busy(60) : 200), {
      key: () => '',
    });
    get('/busy');
    await clock.advance(0);
    getAll('https://other.example/');
    await clock.advance(SECOND);
    expect(server.urls).toEqual(['/busy']);
  });

  it.each([
    ['nothing', undefined, 'undefined'],
    ['a number', 7, '7'],
    ['a promise', Promise.resolve('a'), '\\[object Promise\\]'],
  ])(
    'that is %s fails the request with a TypeError that names the option',
    async (_, given, words) => {
      const { get, server } = setUp(() => 200, { key: () => given as unknown as string });
      const { error } = await get('/x');
      expect(error).toBeInstanceOf(TypeError);
      expect(error?.message).toMatch(new RegExp(`option "key" takes a string; got ${words}`));
      expect(server.sent).toEqual([]);
    },
  );

  it('from a function that throws fails the request with that error', async () => {
    const mine = new Error('no tenant');
    const { get, server } = setUp(() => 200, {
      key() {
        throw mine;
      },
    });
    expect((await get('/x')).error).toBe(mine);
    expect(server.sent).toEqual([]);
  });

  it('from a function that throws on a retry fails it, with the HTTP error as the cause', async () => {
    let broken = false;
    const { clock, get } = setUp(() => 502, {
      key() {
        if (broken) throw new Error('no tenant');
        return '';
      },
    });
    const ending = get('/x');
    await clock.advance(0);
    broken = true;
    await clock.runAll();
    expect((await ending).error).toMatchObject({
      message: 'no tenant',
      cause: { response: { status: 502 } },
    });
  });

  it('function cannot change the request through the config it gets', async () => {
    const { clock, get, server } = setUp(() => 200, {
      key(config) {
        config.url = '/other';
        config.headers.set('X-Key', '1');
        return '';
      },
    });
    get('/x');
    await clock.advance(0);
    expect(server.urls).toEqual(['/x']);
  });
});

import { setUp } from '../support/http-client.js';
import type { ScriptedServer } from '../support/scripted-server.js';

describe('the idempotency key', () => {
  const keys = ({ requests }: ScriptedServer) =>
    requests.map(({ headers }) => headers['idempotency-key']);

  it.each(['post', 'patch', 'POST', 'Patch'])(
    'is the same on every attempt of a %s',
    async (method) => {
      const { api, attach, outcome, server } = await setUp([503, 502, 200]);
      attach({ idempotencyKey: true });

      await outcome(api.request({ method, url: '/' }));

      expect(keys(server)).toHaveLength(3);
      expect(keys(server)[0]).toMatch(/^\S{16,}$/);
      expect(new Set(keys(server)).size).toBe(1);
    },
  );

  it.each(['get', 'head', 'put', 'delete', 'options'])('is not set on a %s', async (method) => {
    const { api, attach, outcome, server } = await setUp([503, 200]);
    attach({ idempotencyKey: true });

    await outcome(api.request({ method, url: '/' }));

    expect(keys(server)).toStrictEqual([undefined, undefined]);
  });

  it('differs from call to call', async () => {
    const { api, attach, outcome, server } = await setUp([200]);
    attach({ idempotencyKey: true });

    await outcome(api.post('/'));
    await outcome(api.post('/'));

    expect(new Set(keys(server)).size).toBe(2);
  });

  it.each(['Idempotency-Key', 'idempotency-key'])('of the caller is kept: %s', async (name) => {
    const { api, attach, outcome, server } = await setUp([503, 200]);
    const made = jest.fn(() => 'made');
    attach({ idempotencyKey: made });

    await outcome(api.post('/', {}, { headers: { [name]: 'caller' } }));

    expect(keys(server)).toEqual(['caller', 'caller']);
    expect(made).not.toHaveBeenCalled();
  });

  it('is made once per call by a function', async () => {
    const { api, attach, outcome, server } = await setUp([503, 502, 200]);
    let made = 0;
    attach({
      idempotencyKey: () => {
        made += 1;
        return `key-${made}`;
      },
    });

    await outcome(api.post('/'));

    expect(keys(server)).toEqual(['key-1', 'key-1', 'key-1']);
  });

  it('is visible to a request interceptor that signs the request', async () => {
    const { api, attach, outcome, server } = await setUp([503, 200]);
    attach({ idempotencyKey: () => 'key' });
    api.interceptors.request.use((config) => {
      config.headers.set('X-Signed', String(config.headers.get('Idempotency-Key')));
      return config;
    });

    await outcome(api.post('/'));

    expect(server.requests.map(({ headers }) => headers['x-signed'])).toEqual(['key', 'key']);
  });

  it.each<[unknown, unknown]>([
    ['an empty string', ''],
    ['a number', 1],
    ['a promise', Promise.resolve('key')],
  ])('from a function that returns %s rejects the request before it is sent', async (_, key) => {
    const { api, attach, outcome, server } = await setUp([200]);
    attach({ idempotencyKey: () => key as string });

    const error = await outcome(api.post('/'));

    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain('idempotencyKey');
    expect(server.requests).toHaveLength(0);
  });

  it('is not set by default', async () => {
    const { api, attach, outcome, server } = await setUp([503, 200]);
    attach();

    await outcome(api.post('/'));

    expect(keys(server)).toStrictEqual([undefined, undefined]);
  });
});

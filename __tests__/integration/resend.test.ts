import type { AxiosInstance, InternalAxiosRequestConfig } from 'axios';
import axios from 'axios';
import type { RetryOptions } from '../../src/index.js';
import { attachRetry, retryCount, retryReport } from '../../src/index.js';
import { setUp } from '../support/http-client.js';
import { ManualGate } from '../support/manual-gate.js';
import type { Answer } from '../support/scripted-server.js';

describe('a failed request that other code sends again', () => {
  /** On a 401, sends the same config once more with a new token. */
  function refresher(api: AxiosInstance, edit: (config: InternalAxiosRequestConfig) => void) {
    const done = new Set<string>();
    api.interceptors.response.use(undefined, (error) => {
      if (error.status !== 401 || done.has(error.config.url)) throw error;
      done.add(error.config.url);
      error.config.headers.set('Authorization', 'Bearer new');
      edit(error.config);
      return api.request(error.config);
    });
  }

  describe.each(['before', 'after'])('by an interceptor %s the plugin', (side) => {
    async function refreshing(
      answers: Answer[],
      options: RetryOptions = {},
      edit: (config: InternalAxiosRequestConfig) => void = () => undefined,
    ) {
      const world = await setUp(answers);
      if (side === 'before') refresher(world.api, edit);
      world.attach(options);
      if (side === 'after') refresher(world.api, edit);
      return world;
    }

    it('keeps the new headers', async () => {
      const { api, outcome, server } = await refreshing([401, 503, 503, 200]);

      const { status } = await outcome(api.get('/', { headers: { Authorization: 'Bearer old' } }));

      expect(status).toBe(200);
      expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
        'Bearer old',
        'Bearer new',
        'Bearer new',
        'Bearer new',
      ]);
    });

    it('has the body the caller gave', async () => {
      const { api, outcome, server } = await refreshing([503, 401, 503, 200]);
      const seen: unknown[] = [];
      api.interceptors.request.use((config) => {
        seen.push(config.data);
        return config;
      });

      const { status } = await outcome(api.post('/', { a: 1 }));

      expect(status).toBe(200);
      expect(seen).toStrictEqual(Array(4).fill({ a: 1 }));
      expect(server.requests.map(({ body }) => body)).toEqual(Array(4).fill('{"a":1}'));
      const types = server.requests.map(({ headers }) => headers['content-type']);
      expect(types).toEqual(Array(4).fill('application/json'));
    });

    it('has the body the caller gave, even if interceptors change it on each send', async () => {
      const { api, outcome, server } = await refreshing([503, 401, 503, 200]);
      let sends = 0;
      api.interceptors.request.use((config) => {
        sends += 1;
        config.data = { ...config.data, ['n'.repeat(sends)]: sends };
        return config;
      });

      const { status } = await outcome(api.post('/', { a: 1 }));

      expect(status).toBe(200);
      expect(server.requests.map(({ body }) => body)).toEqual([
        '{"a":1,"n":1}',
        '{"a":1,"nn":2}',
        '{"a":1,"nnn":3}',
        '{"a":1,"nnnn":4}',
      ]);
    });

    it.each([
      ['at once', [401, 200]],
      ['after a retry', [503, 401, 503, 200]],
    ])('has every part of a multipart form, after a 401 %s', async (_, answers) => {
      const { api, outcome, server } = await refreshing(answers);

      const { status } = await outcome(api.postForm('/', { a: 'given' }, { timeout: 500 }));

      expect(status).toBe(200);
      expect(server.requests.map(({ body }) => body)).toEqual(
        answers.map(() => expect.stringContaining('given')),
      );
    });

    it('has the new body it was given, whatever its length', async () => {
      const { api, outcome, server } = await refreshing([503, 401, 503, 200], {}, (config) => {
        config.data = { b: 'longer than it was' };
        config.timeout = 500;
      });

      const { status } = await outcome(api.post('/', { a: 1 }));

      expect(status).toBe(200);
      const longer = '{"b":"longer than it was"}';
      expect(server.requests.map(({ body }) => body)).toEqual([
        '{"a":1}',
        '{"a":1}',
        longer,
        longer,
      ]);
    });

    it('calls onGiveUp once when it fails for good', async () => {
      const onGiveUp = jest.fn();
      const { api, outcome } = await refreshing([503, 401, 503], { maxRetries: 3, onGiveUp });

      await outcome(api.get('/'));

      const reasons = onGiveUp.mock.calls.map(([{ gaveUp }]) => gaveUp);
      // For an interceptor after the plugin the 401 is a final outcome, and the resend is another call.
      expect(reasons).toStrictEqual(
        side === 'before' ? ['max-retries'] : ['status', 'max-retries'],
      );
    });

    it('continues the retry count', async () => {
      const { api, outcome, server } = await refreshing([503, 401, 503], { maxRetries: 3 });
      const counts: number[] = [];
      api.interceptors.request.use((config) => {
        counts.push(retryCount(config));
        return config;
      });

      const error = await outcome(api.get('/'));

      expect(error.status).toBe(503);
      expect(counts).toEqual([0, 1, 1, 2, 3]);
      expect(server.requests).toHaveLength(5);
      const { attempts = [], gaveUp } = retryReport(error) ?? {};
      // The plugin never sees a 401 that an interceptor before it handles.
      const refused = side === 'before' ? [] : [{ sentAt: expect.any(Number), status: 401 }];
      expect(attempts).toMatchObject([
        { status: 503, delay: 8000 },
        ...refused,
        { status: 503, delay: 64_000 },
        { status: 503, delay: 512_000 },
        { status: 503 },
      ]);
      expect(gaveUp).toBe('max-retries');
    });

    it('keeps the idempotency key', async () => {
      const { api, outcome, server } = await refreshing([503, 401, 503, 200], {
        idempotencyKey: true,
      });

      await outcome(api.post('/', {}));

      const keys = server.requests.map(({ headers }) => headers['idempotency-key']);
      expect(keys).toEqual(Array(4).fill(expect.stringMatching(/./)));
      expect(new Set(keys).size).toBe(1);
    });

    it('does not make a test clock wait in real time', async () => {
      const { api, outcome, busyAtTimers } = await refreshing([401, 503, 503, 503, 200]);
      expect((await outcome(api.get('/'))).status).toBe(200);
      expect([...busyAtTimers]).toEqual([0]);
    });
  });

  it.each(['before', 'after'])(
    'shares no state with a second resend of the same config (interceptor %s the plugin)',
    async (side) => {
      const answers = (status: number) => (req: { headers: Record<string, unknown> }) =>
        req.headers['x-which'] === undefined ? 401 : req.headers['x-which'] === 'b' ? 503 : status;
      let retried = 0;
      const world = await setUp([
        (req, res) => {
          if (req.headers['x-which'] === 'a') retried += 1;
          res.writeHead(answers(retried < 3 ? 503 : 200)(req)).end();
        },
      ]);
      const { api, attach, outcome } = world;
      const bodies: unknown[] = [];
      const resend = () =>
        api.interceptors.response.use(undefined, (error) => {
          if (error.status !== 401) throw error;
          const again = (which: string) => {
            const headers = { ...error.config.headers, 'X-Which': which };
            return api.request({ ...error.config, headers }).catch((failed) => failed);
          };
          return Promise.all([again('a'), again('b')]) as never;
        });
      if (side === 'before') resend();
      attach({ maxRetries: 4 });
      if (side === 'after') resend();
      api.interceptors.request.use((config) => {
        bodies.push(config.data);
        config.data.list.push('more');
        return config;
      });

      const [a, b] = await outcome(api.post('/', { list: ['given'] }));

      expect([a.status, b.status]).toEqual([200, 503]);
      expect([retryCount(a.config), retryCount(b.config)]).toEqual([2, 4]);
      const statuses = (end: unknown) => retryReport(end)?.attempts.map(({ status }) => status);
      const refused = side === 'before' ? [] : [401];
      expect(statuses(a)).toEqual([...refused, 503, 503, 200]);
      expect(statuses(b)).toEqual([...refused, 503, 503, 503, 503, 503]);
      const sent = world.server.requests.map(({ body }) => body);
      expect(new Set(sent)).toEqual(new Set(['{"list":["given","more"]}']));
      expect(sent).toHaveLength(9);
      expect([...world.busyAtTimers]).toEqual([0]);
    },
  );

  it.each<[string, unknown, string]>([
    ['text', '{"b":"longer"}', '{"b":"longer"}'],
    ['bytes', Buffer.from('bytes'), 'bytes'],
  ])(
    'takes a new body of any kind from an interceptor after the plugin: %s',
    async (_, data, body) => {
      const { api, attach, outcome, server } = await setUp([401, 503, 200]);
      attach();
      refresher(api, (config) => {
        config.data = data;
        config.timeout = 500;
      });

      expect((await outcome(api.post('/', { a: 1 }))).status).toBe(200);

      expect(server.requests.map((request) => request.body)).toEqual(['{"a":1}', body, body]);
    },
  );

  it('goes on by itself if that attempt has failed too', async () => {
    const { api, attach, outcome, server, busyAtTimers } = await setUp([503, 404, 503, 200]);
    let resent = 0;
    api.interceptors.response.use(undefined, async (error) => {
      resent += 1;
      if (resent === 1) await api.request(error.config).catch(() => undefined);
      throw error;
    });
    attach();

    expect((await outcome(api.get('/'))).status).toBe(200);

    expect(server.requests).toHaveLength(4);
    expect([...busyAtTimers]).toEqual([0]);
  });

  it('can be sent without the plugin', async () => {
    const { api, attach, outcome, server } = await setUp([503]);
    attach({ maxRetries: 1 });
    const first = await outcome(api.get('/'));

    const error = await outcome(api.request({ ...first.config, retry: false }));

    expect(error).toMatchObject({ name: 'AxiosError', status: 503 });
    expect(retryReport(error)).toBeUndefined();
    expect(server.requests).toHaveLength(3);
  });

  it('is retried when another instance sends it and it fails here again', async () => {
    const { api, attach, outcome, server } = await setUp([401, 503, 200]);
    api.interceptors.response.use(undefined, (error) => {
      if (error.status !== 401) throw error;
      return axios.request(error.config);
    });
    attach();

    const { status } = await outcome(api.post('/', { a: 1 }));

    expect(status).toBe(200);
    expect(server.requests.map(({ body }) => body)).toEqual(Array(3).fill('{"a":1}'));
  });

  it('has the body the caller gave on another instance with the plugin', async () => {
    const { api, attach, clock, outcome, server } = await setUp([503, 200]);
    attach({ maxRetries: 0 });
    const other = axios.create();
    attachRetry(other, { clock });
    const seen: unknown[] = [];
    other.interceptors.request.use((config) => {
      seen.push(config.data);
      return config;
    });
    const error = await outcome(api.post('/', { a: 1 }));

    expect((await outcome(other.request(error.config))).status).toBe(200);

    expect(seen).toStrictEqual([{ a: 1 }]);
    expect(server.requests.map(({ body }) => body)).toEqual(Array(2).fill('{"a":1}'));
  });

  it('counts maxElapsed from its first send, also after another wait at a gate', async () => {
    const { api, attach, outcome, server } = await setUp([503, 401, 503]);
    const gate = new ManualGate();
    refresher(api, () => {
      gate.open = false;
      setImmediate(() => gate.admitAll());
    });
    attach({ gate, maxElapsed: 70_000 });

    const error = await outcome(api.get('/'));

    expect(retryReport(error)?.gaveUp).toBe('max-elapsed');
    expect(server.requests).toHaveLength(3);
  });

  it('starts over if the first request succeeded', async () => {
    const { api, attach, outcome, server } = await setUp([503, 200, 503, 200]);
    attach();
    const first = await outcome(api.post('/', { a: 1 }));

    const second = await outcome(api.request(first.config));

    expect(second.status).toBe(200);
    expect(retryCount(second.config)).toBe(1);
    expect(retryReport(second)?.attempts.map(({ status }) => status)).toEqual([503, 200]);
    expect(server.requests.map(({ body }) => body)).toEqual(Array(4).fill('{"a":1}'));
  });
});

describe('a failed request that is sent again with retry: false', () => {
  it('carries no state of the plugin', async () => {
    const { api, attach, outcome, server } = await setUp([503]);
    attach({ maxRetries: 1 });
    const { config } = await outcome(api.get('/'));
    const again = await outcome(api.request({ ...config, retry: false }));
    expect(retryReport(again)).toBeUndefined();
    expect(retryCount(again.config)).toBe(0);
    expect(server.requests).toHaveLength(3);
  });
});

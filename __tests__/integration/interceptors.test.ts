import { inspect } from 'node:util';
import type {
  AxiosAdapter,
  AxiosInstance,
  AxiosRequestConfig,
  CreateAxiosDefaults,
  InternalAxiosRequestConfig,
} from 'axios';
import axios, { Axios, AxiosError } from 'axios';
import MockAdapter from 'axios-mock-adapter';
import type { RetryOptions, RetryRequestOptions } from '../../src/index.js';
import { attachRetry, retryCount, retryReport } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';
import type { Answer, ScriptedServer } from '../support/scripted-server.js';
import { startServer } from '../support/scripted-server.js';

const servers: ScriptedServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

/** A server, a client of it and a clock. The plugin comes with `attach`, where the test wants it. */
async function setUp(answers: Answer[], config: CreateAxiosDefaults = {}) {
  const server = await startServer(...answers);
  servers.push(server);
  const clock = createTestClock();
  const { inFlight, setTimeout } = clock;
  let busy = 0;
  const busyAtTimers = new Set<number>();
  clock.inFlight = (change) => {
    busy += change;
    inFlight?.(change);
  };
  clock.setTimeout = (run, ms) =>
    setTimeout(() => {
      busyAtTimers.add(busy);
      run();
    }, ms);
  const api = axios.create({ baseURL: server.url, ...config });
  return {
    server,
    clock,
    /** How many requests were said to be under way when a timer ran: the clock waits for those. */
    busyAtTimers,
    api,
    attach: (options: RetryOptions = {}) => attachRetry(api, { clock, ...options }),
    /** Lets every wait pass. Gives what the request settled with. */
    outcome: (request: Promise<unknown>) => settled(request, clock),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a response, an error, or what an interceptor made of it
type Settled = any;

async function settled(
  request: Promise<unknown>,
  clock: { runAll(): Promise<void> },
): Promise<Settled> {
  const end = request.catch((error: unknown) => error);
  await clock.runAll();
  return end;
}

/** An adapter that answers with each status in turn; the last one repeats. */
function adapterOf(statuses: number[], headers: Record<string, string> = {}) {
  const sent: InternalAxiosRequestConfig[] = [];
  const adapter: AxiosAdapter = async (config) => {
    const status = statuses[Math.min(sent.length, statuses.length - 1)] ?? 200;
    sent.push(config);
    const response = { status, statusText: '', headers: { ...headers }, config, data: 'text' };
    if (config.validateStatus && !config.validateStatus(status)) {
      throw new AxiosError(`status ${status}`, 'ERR_TEST', config, undefined, response);
    }
    return response;
  };
  return { adapter, sent };
}

const TWO_FAILURES: Answer[] = [503, 502, { status: 200, body: '{"ok":true}' }];

describe('a request interceptor', () => {
  /** Registers on either side of the plugin: request interceptors have no before and after. */
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

    it('that appends to the URL, a header or the params adds it once', async () => {
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

    it('that appends to URLSearchParams adds it once', async () => {
      const world = await setUp(TWO_FAILURES);
      attached(world, (config) => {
        config.params.append('a', 'more');
        return config;
      });

      await world.outcome(world.api.get('/', { params: new URLSearchParams({ a: 'given' }) }));

      const urls = world.server.requests.map(({ url }) => url);
      expect(urls).toEqual(Array(3).fill('/?a=given&a=more'));
    });

    it('may put a config of its own in place of the one it got', async () => {
      const world = await setUp(TWO_FAILURES);
      attached(world, (config) => ({ ...config, url: `${config.url}more` }));

      const { status } = await world.outcome(world.api.get('/'));

      expect(status).toBe(200);
      expect(world.server.requests.map(({ url }) => url)).toEqual(['/more', '/more', '/more']);
    });

    it('may remove a header that the caller set, on every attempt', async () => {
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

    it('reads from retryCount which attempt it is', async () => {
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

  it('that is added or ejected during a wait counts from the next attempt', async () => {
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
      [undefined, 'yes'],
    ]);
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

  it('can keep an interceptor to the retries', async () => {
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

describe('a chain of request interceptors without an asynchronous one', () => {
  it('calls the adapter within request(), as bare Axios does', async () => {
    const { adapter, sent } = adapterOf([200]);
    const api = axios.create({ adapter });
    api.interceptors.request.use((config) => config, undefined, { synchronous: true });
    attachRetry(api);
    api.interceptors.request.use((config) => config, undefined, { synchronous: true });

    const request = api.get('/');

    expect(sent).toHaveLength(1);
    await request;
  });

  it('is the only one that does: an asynchronous one is waited for', async () => {
    const { adapter, sent } = adapterOf([200]);
    const api = axios.create({ adapter });
    attachRetry(api);
    api.interceptors.request.use((config) => config);

    const request = api.get('/');

    expect(sent).toHaveLength(0);
    await request;
  });
});

describe('a response interceptor after the plugin', () => {
  it('runs once for a call that succeeds at last', async () => {
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

  it('runs once for a call that fails at last', async () => {
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

  it('runs once for a call that needed no retry', async () => {
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

  it('runs in turn with the others, each with what the one before made', async () => {
    const { api, attach, outcome } = await setUp(TWO_FAILURES);
    attach();
    api.interceptors.response.use((response) => response.data);
    api.interceptors.response.use(async (data) => ({ ...(data as object), second: 1 }) as never);
    api.interceptors.response.use((data) => [data] as never);

    expect(await outcome(api.get('/'))).toEqual([{ ok: true, second: 1 }]);
  });

  it('that throws fails the call with its own error, unretried', async () => {
    const { api, attach, outcome, server } = await setUp(TWO_FAILURES);
    attach();
    const thrown = new Error('not this way');
    api.interceptors.response.use(() => {
      throw thrown;
    });

    expect(await outcome(api.get('/'))).toBe(thrown);
    expect(server.requests).toHaveLength(3);
  });

  it('that throws the error of another failed request is not asked again', async () => {
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
  it('sees every attempt', async () => {
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
    'may unwrap data that is %p',
    async (data) => {
      const { api, attach, outcome, server } = await setUp(TWO_FAILURES);
      api.interceptors.response.use(() => data as never);
      attach();

      expect(await outcome(api.get('/'))).toBe(data);
      expect(server.requests).toHaveLength(3);
    },
  );

  it('that makes a response of an error has the last word', async () => {
    const { api, attach, outcome, server } = await setUp([503, 200]);
    api.interceptors.response.use(undefined, () => 'made up' as never);
    attach();

    expect(await outcome(api.get('/'))).toBe('made up');
    expect(server.requests).toHaveLength(1);
  });

  it.each(['the first attempt', 'a retry'])(
    'that throws an error of its own on %s fails the call with it',
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

  it('that throws an error of its own with the config of an attempt is not asked again', async () => {
    const { api, attach, outcome, server } = await setUp([503]);
    api.interceptors.response.use(undefined, ({ config }) => {
      throw Object.assign(new Error('mine'), { config });
    });
    attach({ networkErrors: true });

    expect(await outcome(api.get('/'))).toMatchObject({ name: 'Error', message: 'mine' });
    expect(server.requests).toHaveLength(1);
  });

  it('runs on both sides of a later one: before for attempts, after once', async () => {
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

describe('an edit of the config', () => {
  type Edited = InternalAxiosRequestConfig & { edits?: number };
  /** Whatever the attempt before has left on its config shows up in the next one's. */
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
  ])('by %s is not seen by the next attempt', async (_words, register) => {
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

  it('by an adapter is not seen by the next attempt', async () => {
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

  it('by an adapter that takes the signal away leaves it to the next attempt', async () => {
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

  it('by an adapter that gives each attempt a signal and a time of its own ends with the attempt', async () => {
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

  it('by a transformRequest within the body is not seen by the next attempt', async () => {
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

  it('by an interceptor registered after the plugin is not seen by the next attempt', async () => {
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

describe('validateStatus', () => {
  const accepting: [string, ((status: number) => boolean) | null][] = [
    ['() => true', () => true],
    ['null', null],
  ];

  it.each(accepting)('does not keep a 503 from being retried: %s', async (_, validateStatus) => {
    const { api, attach, outcome, server } = await setUp(TWO_FAILURES, { validateStatus });
    attach();

    const response = await outcome(api.get('/'));

    expect(response.status).toBe(200);
    expect(server.requests).toHaveLength(3);
  });

  it.each(accepting)('resolves with the last outcome: %s', async (_, validateStatus) => {
    const { api, attach, outcome, server } = await setUp(
      [503, { status: 502, headers: { 'X-Last': 'yes' }, body: '{"last":true}' }],
      { validateStatus },
    );
    attach({ maxRetries: 1 });
    let resolved = 0;
    api.interceptors.response.use((response) => {
      resolved += 1;
      return response;
    });

    const response = await outcome(api.get('/'));

    expect(response).toMatchObject({ status: 502, data: { last: true } });
    expect(response.headers['x-last']).toBe('yes');
    expect(server.requests).toHaveLength(2);
    expect(resolved).toBe(1);
    expect(retryReport(response)?.gaveUp).toBe('max-retries');
  });

  it('decides on the last status, whatever it said of an earlier one', async () => {
    const { api, attach, outcome } = await setUp([503, 404], {
      validateStatus: (status) => status === 503,
    });
    attach();

    expect(await outcome(api.get('/'))).toMatchObject({ name: 'AxiosError', status: 404 });
  });

  it('that refuses a 200 does not make it retried', async () => {
    const { api, attach, outcome, server } = await setUp([200], { validateStatus: () => false });
    attach();

    expect(await outcome(api.get('/'))).toMatchObject({ name: 'AxiosError', status: 200 });
    expect(server.requests).toHaveLength(1);
  });
});

describe('a failed request that somebody else sends again', () => {
  /** On a 401, sends the same config again with a new token, at most once for each request. */
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

    it('keeps its new headers', async () => {
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

    it('has the body that the caller gave', async () => {
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

    it('has that body also where interceptors make another one of it each time', async () => {
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
    ])('has the parts of a multipart form again, refused %s', async (_, answers) => {
      const { api, outcome, server } = await refreshing(answers);

      const { status } = await outcome(api.postForm('/', { a: 'given' }, { timeout: 500 }));

      expect(status).toBe(200);
      expect(server.requests.map(({ body }) => body)).toEqual(
        answers.map(() => expect.stringContaining('given')),
      );
    });

    it('has the new body that it was given, of another length', async () => {
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

    it('is given up once, where it fails at last', async () => {
      const onGiveUp = jest.fn();
      const { api, outcome } = await refreshing([503, 401, 503], { maxRetries: 3, onGiveUp });

      await outcome(api.get('/'));

      const reasons = onGiveUp.mock.calls.map(([{ gaveUp }]) => gaveUp);
      // After the plugin, the 401 was a final outcome, and sending it again is another call.
      expect(reasons).toStrictEqual(
        side === 'before' ? ['max-retries'] : ['status', 'max-retries'],
      );
    });

    it('goes on counting', async () => {
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
      // What an interceptor before the plugin took care of, the plugin never saw.
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

    it('keeps its idempotency key', async () => {
      const { api, outcome, server } = await refreshing([503, 401, 503, 200], {
        idempotencyKey: true,
      });

      await outcome(api.post('/', {}));

      const keys = server.requests.map(({ headers }) => headers['idempotency-key']);
      expect(keys).toEqual(Array(4).fill(expect.stringMatching(/./)));
      expect(new Set(keys).size).toBe(1);
    });

    it('lets the clock go on without waiting in real time', async () => {
      const { api, outcome, busyAtTimers } = await refreshing([401, 503, 503, 503, 200]);
      expect((await outcome(api.get('/'))).status).toBe(200);
      expect([...busyAtTimers]).toEqual([0]);
    });
  });

  it.each(['before', 'after'])(
    'shares nothing with another one of it under way (refresher %s the plugin)',
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
    },
  );

  it.each<[string, unknown, string]>([
    ['text', '{"b":"longer"}', '{"b":"longer"}'],
    ['bytes', Buffer.from('bytes'), 'bytes'],
  ])('has a new body of any kind after the plugin: %s', async (_, data, body) => {
    const { api, attach, outcome, server } = await setUp([401, 503, 200]);
    attach();
    refresher(api, (config) => {
      config.data = data;
      config.timeout = 500;
    });

    expect((await outcome(api.post('/', { a: 1 }))).status).toBe(200);

    expect(server.requests.map((request) => request.body)).toEqual(['{"a":1}', body, body]);
  });

  it('may be sent with the plugin off', async () => {
    const { api, attach, outcome, server } = await setUp([503]);
    attach({ maxRetries: 1 });
    const first = await outcome(api.get('/'));

    const error = await outcome(api.request({ ...first.config, retry: false }));

    expect(error).toMatchObject({ name: 'AxiosError', status: 503 });
    expect(retryReport(error)).toBeUndefined();
    expect(server.requests).toHaveLength(3);
  });

  it('is retried although another instance sends it, where it comes back', async () => {
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

  it('begins anew where the request had succeeded', async () => {
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

describe('an error without a config', () => {
  const thrown = [new Error('no token'), new TypeError('mine'), 'text', undefined, null, 0];

  describe.each([false, true])(
    'thrown by a request interceptor (synchronous: %s)',
    (synchronous) => {
      it.each(thrown)('passes untouched: %p', async (error) => {
        const { api, attach, outcome, server } = await setUp([200]);
        const onGiveUp = jest.fn();
        attach({ onGiveUp, networkErrors: true });
        const seen: unknown[] = [];
        api.interceptors.response.use(undefined, (passed) => {
          seen.push(passed);
          throw passed;
        });
        api.interceptors.request.use(
          () => {
            throw error;
          },
          undefined,
          { synchronous },
        );

        expect(await outcome(api.get('/'))).toBe(error);

        expect(server.requests).toHaveLength(0);
        expect(seen).toStrictEqual([error]);
        expect(onGiveUp).not.toHaveBeenCalled();
      });
    },
  );

  it('thrown by a request interceptor on a retry is what the call fails with', async () => {
    const { api, attach, outcome, server } = await setUp([503]);
    const error = new Error('no token');
    attach();
    const seen: unknown[] = [];
    api.interceptors.response.use(undefined, (passed) => {
      seen.push(passed);
      throw passed;
    });
    api.interceptors.request.use((config) => {
      if (retryCount(config) === 1) throw error;
      return config;
    });

    expect(await outcome(api.get('/'))).toBe(error);

    expect(server.requests).toHaveLength(1);
    expect(seen).toStrictEqual([error]);
  });

  it('thrown by a transformResponse on an HTML 503 passes untouched', async () => {
    const { api, attach, outcome, server } = await setUp([{ status: 503, body: '<html>' }], {
      transformResponse: (data) => JSON.parse(data),
    });
    attach({ networkErrors: true });

    expect(await outcome(api.get('/'))).toBeInstanceOf(SyntaxError);
    expect(server.requests).toHaveLength(1);
  });

  it('of an adapter passes untouched', async () => {
    const error = new Error('adapter');
    const { api, attach, outcome } = await setUp([200], { adapter: () => Promise.reject(error) });
    attach({ networkErrors: true });

    expect(await outcome(api.get('/'))).toBe(error);
  });

  it('does not make the requests after it slow on a test clock', async () => {
    const { api, attach, outcome, busyAtTimers } = await setUp([503, 503, 503, 200]);
    attach();
    const id = api.interceptors.request.use(() => {
      throw new Error('no token');
    });
    await outcome(api.get('/'));
    api.interceptors.request.eject(id);

    expect((await outcome(api.get('/'))).status).toBe(200);
    expect([...busyAtTimers]).toEqual([0]);
  });

  it.each<[string, AxiosRequestConfig]>([
    ['an unknown adapter', { adapter: 'carrier-pigeon' as never }],
    ['a bad URL', { url: 'http://[bad', baseURL: '' }],
    ['a bad protocol', { url: 'gopher://127.0.0.1/' }],
  ])('or one that can only fail again ends as without the plugin: %s', async (_, config) => {
    const { clock } = await setUp([]);
    const bare = axios.create();
    const api = axios.create();
    attachRetry(api, { clock, networkErrors: true });

    const expected = await settled(bare.request(config), clock);
    const error = await settled(api.request(config), clock);

    expect(expected).toHaveProperty('message');
    expect(error).toMatchObject({ name: expected.name, message: expected.message });
    expect(error.code).toBe(expected.code);
    expect(clock.now()).toBe(Date.UTC(2030, 0, 1));
  });
});

describe('a place that a request takes at a gate', () => {
  /** A gate that is always open, and counts the places that are out. */
  function openGate() {
    const gate = {
      out: 0,
      most: 0,
      tryAcquire: () => {
        gate.out += 1;
        gate.most = Math.max(gate.most, gate.out);
        const release = (): void => {
          gate.out -= 1;
        };
        return { release };
      },
      acquire: async () => 'canceled' as const,
    };
    return gate;
  }

  const fail = () => {
    throw new Error('mine');
  };
  const cases: [
    when: string,
    answers: Answer[],
    config: CreateAxiosDefaults,
    use: (api: AxiosInstance) => void,
  ][] = [
    ['the request succeeds', [200], {}, () => undefined],
    ['the request fails', [404], {}, () => undefined],
    ['a retry succeeds', [503, 200], {}, () => undefined],
    ['a request interceptor throws', [200], {}, (api) => api.interceptors.request.use(fail)],
    [
      'an earlier response interceptor unwraps the data',
      [200],
      {},
      (api) => api.interceptors.response.use(({ data }) => data),
    ],
    [
      'an earlier response interceptor throws',
      [503],
      {},
      (api) => api.interceptors.response.use(undefined, fail),
    ],
    ['a transformResponse throws', [200], { transformResponse: fail }, () => undefined],
    ['the adapter throws', [200], { adapter: fail }, () => undefined],
    [
      'an earlier response interceptor sends it again',
      [401, 200],
      {},
      (api) => api.interceptors.response.use(undefined, ({ config }) => api.request(config)),
    ],
  ];

  it.each(cases)('is given back when %s', async (_, answers, config, use) => {
    const { api, attach, outcome } = await setUp(answers, config);
    use(api);
    const gate = openGate();
    attach({ gate });

    await outcome(api.get('/'));

    expect(gate.most).toBeGreaterThan(0);
    expect(gate.out).toBe(0);
  });

  it('is not given back by a request that took none', async () => {
    const { api, attach, outcome } = await setUp([200]);
    api.interceptors.response.use(({ data }) => data);
    const gate = openGate();
    attach({ gate });

    await outcome(api.get('/', { retry: false }));

    expect(gate.out).toBe(0);
  });
});

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

describe('attaching again', () => {
  it('replaces, and never stacks', async () => {
    const { api, attach, outcome, server } = await setUp([503]);
    const first = jest.fn();
    attach({ maxRetries: 3, onRetry: first });
    attach({ maxRetries: 2, onRetry: first });
    attach({ maxRetries: 1 });

    const error = await outcome(api.get('/'));

    expect(server.requests).toHaveLength(2);
    expect(retryReport(error)?.attempts).toHaveLength(2);
    expect(first).not.toHaveBeenCalled();
  });

  it('ends what waits, as cancel() does', async () => {
    const { api, attach, clock, server } = await setUp([503]);
    const earlier = attach();
    const request = api.get('/').catch((error) => error);
    await clock.advance(1000);
    expect(earlier.waits).toHaveLength(1);

    attach();

    const error = await request;
    expect(error).toMatchObject({ name: 'AxiosError', status: 503 });
    expect(retryReport(error)?.gaveUp).toBe('canceled');
    expect(earlier.waits).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  it('stands where the last one was registered', async () => {
    const { api, attach, outcome } = await setUp(TWO_FAILURES);
    attach();
    let seen = 0;
    api.interceptors.response.use(undefined, (error) => {
      seen += 1;
      throw error;
    });
    attach();

    expect((await outcome(api.get('/'))).status).toBe(200);
    expect(seen).toBe(2);
  });

  it('keeps the first attachment where the new options are wrong', async () => {
    const { api, attach, outcome, server } = await setUp([503]);
    attach({ maxRetries: 1 });

    expect(() => attach({ maxRetries: -1 })).toThrow(RangeError);

    await outcome(api.get('/'));
    expect(server.requests).toHaveLength(2);
  });

  it('to another instance leaves the first alone', async () => {
    const one = await setUp([503]);
    const two = await setUp([503]);
    one.attach({ maxRetries: 1 });
    two.attach({ maxRetries: 2 });

    await one.outcome(one.api.get('/'));
    await two.outcome(two.api.get('/'));

    expect(one.server.requests).toHaveLength(2);
    expect(two.server.requests).toHaveLength(3);
  });

  it('works again after detach()', async () => {
    const { api, attach, outcome, server } = await setUp([503]);
    attach().detach();
    expect((await outcome(api.get('/'))).status).toBe(503);
    expect(server.requests).toHaveLength(1);

    attach({ maxRetries: 1 });
    await outcome(api.get('/'));
    expect(server.requests).toHaveLength(3);
  });
});

describe('config.retry', () => {
  it('false turns the plugin off for that request', async () => {
    const { api, attach, outcome, server } = await setUp([503]);
    attach({ idempotencyKey: true, onGiveUp: () => Promise.reject(new Error('asked')) });

    const error = await outcome(api.post('/', {}, { retry: false }));

    expect(error).toMatchObject({ name: 'AxiosError', status: 503 });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.headers['idempotency-key']).toBeUndefined();
    expect(retryReport(error)).toBeUndefined();
  });

  it('goes over the options of attachRetry, one by one', async () => {
    const { api, attach, outcome, server } = await setUp([503]);
    const delays: number[] = [];
    attach({
      maxRetries: 4,
      backoff: () => 1000,
      onRetry: ({ delay }) => {
        delays.push(delay);
      },
    });

    await outcome(api.get('/', { retry: { maxRetries: 2 } }));

    expect(delays).toEqual([1000, 1000]);
    expect(server.requests).toHaveLength(3);
  });

  it('may be a default of the instance, over which Axios merges that of a request', async () => {
    const { api, attach, outcome, server } = await setUp([503], {
      retry: { maxRetries: 1, backoff: () => 1000 },
    });
    const delays: number[] = [];
    attach({ maxRetries: 4, onRetry: ({ delay }) => void delays.push(delay) });

    await outcome(api.get('/default'));
    await outcome(api.get('/own', { retry: { maxRetries: 2 } }));
    await outcome(api.get('/off', { retry: false }));

    const urls = server.requests.map(({ url }) => url);
    expect(urls).toEqual([...Array(2).fill('/default'), ...Array(3).fill('/own'), '/off']);
    expect(delays).toEqual([1000, 1000, 1000]);
  });

  it('may be off by default and on for one request', async () => {
    const { api, attach, outcome, server } = await setUp([503], { retry: false });
    attach({ maxRetries: 1 });

    await outcome(api.get('/off'));
    await outcome(api.get('/on', { retry: {} }));

    expect(server.requests.map(({ url }) => url)).toEqual(['/off', '/on', '/on']);
  });

  it('takes undefined for an option that is not given', async () => {
    const { api, attach, outcome, server } = await setUp([503]);
    attach({ maxRetries: 1 });

    await outcome(api.get('/', { retry: { maxRetries: undefined, table: undefined } }));

    expect(server.requests).toHaveLength(2);
  });

  const wrong: [
    name: string,
    retry: unknown,
    error: typeof TypeError | typeof RangeError,
    says: RegExp,
  ][] = [
    ['a value out of range', { maxRetries: -1 }, RangeError, /"maxRetries".*0 or more.*-1/],
    ['a value of a wrong kind', { maxRetries: '3' }, TypeError, /"maxRetries".*'?"?3/],
    ['an unknown name', { maxRetry: 3 }, TypeError, /(?=.*maxRetries).*"maxRetry"/],
    [
      'what stands at attachRetry only',
      { clock: createTestClock() },
      TypeError,
      /config\.retry.*"clock"/,
    ],
    ['true', true, TypeError, /config\.retry.*true/],
    ['a number', 3, TypeError, /config\.retry.*3/],
    ['null', null, TypeError, /config\.retry.*null/],
    ['an array', [], TypeError, /config\.retry/],
  ];

  it.each(wrong)('that is wrong rejects the request unsent: %s', async (_, retry, type, says) => {
    const { api, attach, outcome, server } = await setUp([200]);
    attach();
    const seen: unknown[] = [];
    api.interceptors.response.use(undefined, (error) => {
      seen.push(error);
      throw error;
    });

    const error = await outcome(api.get('/', { retry: retry as RetryRequestOptions }));

    expect(error).toBeInstanceOf(type);
    expect(error.message).toMatch(says);
    expect(server.requests).toHaveLength(0);
    expect(seen).toStrictEqual([error]);
  });

  it('that is wrong is refused as a promise, never thrown', async () => {
    const { api, attach } = await setUp([200]);
    attach();

    const request = api.get('/', { retry: { jitter: Number.NaN } });

    await expect(request).rejects.toThrow(RangeError);
  });

  it('does not reach the adapter as anything but itself', async () => {
    const { adapter, sent } = adapterOf([503, 200]);
    const api = axios.create({ adapter });
    const clock = createTestClock();
    attachRetry(api, { clock });
    const onRetry = jest.fn();

    await settled(api.get('/', { retry: { maxRetries: 1, onRetry } }), clock);

    const options = { maxRetries: 1, onRetry };
    expect(sent.map(({ retry }) => retry)).toEqual([options, options]);
  });
});

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

  it('are sent as bare Axios sends them, on every attempt', async () => {
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

  const names = ['retry-after', 'Retry-After', 'RETRY-AFTER', 'rEtRy-aFtEr'];

  it.each(names)('are read in any letter case: %s from a custom adapter', async (name) => {
    const { adapter, sent } = adapterOf([429, 200], { [name]: '7' });
    const api = axios.create({ adapter });
    const clock = createTestClock();
    attachRetry(api, { clock });

    const response = await settled(api.get('/'), clock);

    expect(response.status).toBe(200);
    expect(sent).toHaveLength(2);
    expect(retryReport(response)?.attempts[0]?.delay).toBe(7000);
  });

  it.each(names)('are read in any letter case: %s from axios-mock-adapter', async (name) => {
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

describe('the caller’s config', () => {
  function deepFreeze<T>(value: T): T {
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFreeze);
    return Object.freeze(value);
  }

  it('may be frozen all the way down, and is not changed', async () => {
    const { api, attach, outcome, server } = await setUp(TWO_FAILURES);
    attach({ idempotencyKey: true });
    const config: AxiosRequestConfig = deepFreeze({
      method: 'post',
      url: '/things',
      params: { a: [1, { b: 2 }] },
      headers: { 'X-Given': 'yes' },
      data: { nested: { list: [1] } },
      retry: { maxRetries: 2, methods: ['POST'] },
      auth: { username: 'me', password: 'secret' },
    });

    const first = await outcome(api.request(config));
    const second = await outcome(api.request(config));

    expect(first.status).toBe(200);
    expect(second.status).toBe(200);
    expect(retryCount(second.config)).toBe(0);
    expect(server.requests.map(({ body }) => body)).toEqual(
      Array(4).fill('{"nested":{"list":[1]}}'),
    );
  });

  it('is not changed where it is not frozen', async () => {
    const { api, attach, outcome } = await setUp([503]);
    attach({ idempotencyKey: true });
    const made = () => ({
      method: 'post',
      url: '/',
      params: { a: 1 },
      headers: { 'X-Given': 'yes' },
      data: { a: 1 },
      retry: { maxRetries: 1 },
    });
    const config = made();

    await outcome(api.request(config));

    expect(config).toEqual(made());
    expect(Reflect.ownKeys(config)).toEqual(Reflect.ownKeys(made()));
  });

  it('leaves the defaults of the instance as they were', async () => {
    const { api, attach, outcome } = await setUp([503], { params: { a: { b: 1 } } });
    const before = structuredClone(JSON.parse(JSON.stringify(api.defaults)));
    attach({ idempotencyKey: true, maxRetries: 2 });
    api.interceptors.request.use((config) => {
      config.params.a.b += 1;
      return config;
    });

    await outcome(api.post('/', { a: 1 }));

    expect(JSON.parse(JSON.stringify(api.defaults))).toEqual(before);
  });
});

describe('the config on the final error', () => {
  const request: AxiosRequestConfig = {
    method: 'post',
    url: '/things',
    data: { a: 1 },
    params: { q: 'é' },
    headers: { 'X-Given': 'yes', Accept: false },
    auth: { username: 'me', password: 'secret-1' },
    timeout: 30_000,
  };

  /** Of the same request, the error of bare Axios and the plugin's. */
  async function both(maxRetries: number) {
    const { api, attach, outcome } = await setUp([503]);
    const bare = await outcome(api.request(request));
    attach({ maxRetries });
    return { bare, error: await outcome(api.request(request)) };
  }

  it.each([0, 2])('is what Axios shows, and one key more (retries: %i)', async (maxRetries) => {
    const { bare, error } = await both(maxRetries);

    const extra = Reflect.ownKeys(error.config).filter((key) => !(key in bare.config));
    expect(extra).toHaveLength(1);
    const { [extra[0] as string]: _, ...shown } = error.config;
    // The agents and the rest of Node's own are not there: these are plain values and functions.
    expect({ ...shown, headers: { ...shown.headers } }).toEqual({
      ...bare.config,
      headers: { ...bare.config.headers },
    });
    expect(error.config.headers).toBeInstanceOf(axios.AxiosHeaders);
  });

  it.each([0, 2])('is written as JSON without a credential (retries: %i)', async (maxRetries) => {
    const { bare, error } = await both(maxRetries);
    const written = JSON.stringify(error);
    const key = Object.keys(error.config).find((name) => !(name in bare.config)) as string;

    const state = JSON.parse(written).config[key];
    expect(state).toEqual(retryReport(error));
    expect(Object.keys(state).sort()).toEqual(['attempts', 'gaveUp']);
    const secrets = (text: string) => text.split('secret-1').length;
    expect(secrets(written)).toBe(secrets(JSON.stringify(bare)));
    expect(secrets(inspect(error.config, { depth: 9 }))).toBe(
      secrets(inspect(bare.config, { depth: 9 })),
    );
    expect(secrets(inspect(error.config[key], { depth: 9, showHidden: true }))).toBe(1);
  });

  it('is of the last attempt', async () => {
    const { api, attach, outcome } = await setUp([503]);
    attach({ maxRetries: 2 });
    let sends = 0;
    api.interceptors.request.use((config) => {
      sends += 1;
      config.headers.set('X-Send', String(sends));
      return config;
    });

    const error = await outcome(api.get('/'));

    expect(error.config.headers.get('X-Send')).toBe('3');
    expect(error.response.config).toBe(error.config);
  });
});

describe('a deep copy of a config that the plugin has been at', () => {
  /** As lodash's cloneDeep does it: own fields, onto the same prototype. */
  function cloneDeep<T>(value: T): T {
    if (typeof value !== 'object' || value === null) return value;
    const copy = Array.isArray(value) ? [] : Object.create(Object.getPrototypeOf(value));
    for (const [name, inner] of Object.entries(value)) copy[name] = cloneDeep(inner);
    return copy;
  }

  it('can be logged', async () => {
    const { api, attach, outcome } = await setUp([503]);
    attach({ maxRetries: 1 });
    const error = await outcome(api.get('/'));

    const copy = cloneDeep(error.config);

    expect(() => JSON.stringify(copy)).not.toThrow();
    expect(() => inspect(copy, { depth: 9 })).not.toThrow();
    expect(() => retryReport({ config: copy })).not.toThrow();
  });

  it('can be sent, as a request of its own', async () => {
    const { api, attach, outcome, server } = await setUp([404, 503, 200]);
    attach();
    const error = await outcome(api.post('/', { a: 1 }));

    const response = await outcome(api.request(cloneDeep(error.config)));

    expect(response.status).toBe(200);
    expect(retryCount(response.config)).toBe(1);
    expect(server.requests.map(({ body }) => body)).toEqual(Array(3).fill('{"a":1}'));
  });
});

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

  it('is another one for each call', async () => {
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

  it('is made once per call by the function given', async () => {
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

  it('is there when a request interceptor signs the request', async () => {
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
  ])('that is %s rejects the request unsent', async (_, key) => {
    const { api, attach, outcome, server } = await setUp([200]);
    attach({ idempotencyKey: () => key as string });

    const error = await outcome(api.post('/'));

    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain('idempotencyKey');
    expect(server.requests).toHaveLength(0);
  });

  it('is not set unless asked for', async () => {
    const { api, attach, outcome, server } = await setUp([503, 200]);
    attach();

    await outcome(api.post('/'));

    expect(keys(server)).toStrictEqual([undefined, undefined]);
  });
});

describe('the URL', () => {
  const urls = ({ requests }: ScriptedServer) => requests.map(({ url }) => url);

  it('is joined to the baseURL in the same way on every attempt', async () => {
    const { api, attach, outcome, server } = await setUp(TWO_FAILURES);
    attach();

    await outcome(api.get('things?a=1', { baseURL: `${server.url}/v1/`, params: { b: 'é' } }));

    expect(urls(server)).toEqual(Array(3).fill('/v1/things?a=1&b=%C3%A9'));
  });

  it('may be whole although there is a baseURL', async () => {
    const { api, attach, outcome, server } = await setUp(TWO_FAILURES, {
      baseURL: 'http://127.0.0.1:9/never',
    });
    attach();

    await outcome(api.get(`${server.url}/whole`));

    expect(urls(server)).toEqual(['/whole', '/whole', '/whole']);
  });

  it('may have its baseURL from an interceptor, another one each time', async () => {
    const { api, attach, outcome, server } = await setUp(TWO_FAILURES);
    attach();
    api.interceptors.request.use((config) => {
      config.baseURL = `${server.url}/host-${retryCount(config)}`;
      return config;
    });

    await outcome(api.get('/a'));

    expect(urls(server)).toEqual(['/host-0/a', '/host-1/a', '/host-2/a']);
  });

  it('is written by the caller’s paramsSerializer on every attempt', async () => {
    const { api, attach, outcome, server } = await setUp(TWO_FAILURES);
    attach();

    const paramsSerializer = { serialize: (params: object) => Object.keys(params).join('+') };
    await outcome(api.get('/', { params: { a: 1, b: 2 }, paramsSerializer }));

    expect(urls(server)).toEqual(Array(3).fill('/?a+b'));
  });
});

// docs/guides/interceptors.md: each recipe does what the page says.
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxiosError, AxiosInstance, InternalAxiosRequestConfig } from 'axios';
import { isCancel } from 'axios';
import type { RetryTicket } from '../../src/deferral/index.js';
import { createDeferral } from '../../src/deferral/index.js';
import type { RetryHandle, RetryOptions } from '../../src/index.js';
import { attachRetry, defineStatusTable, retryCount, retryReport } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';
import { failureOf } from '../support/failure-of.js';
import { settled, setUp } from '../support/http-client.js';
import { serveRecipe } from '../support/recipe.js';
import type { Answer, Routes } from '../support/scripted-server.js';
import { snippetsByHeading } from '../support/snippets.js';
import { waitFor } from '../support/wait-for.js';

const PAGE = 'docs/guides/interceptors.md';

type Flagged = InternalAxiosRequestConfig & { flag?: boolean };

interface Api {
  readonly api: AxiosInstance;
}

/** Runs a recipe against a server that gives each answer in turn. */
function serve<Exports = Api>(
  heading: string,
  answers: readonly Answer[] | Routes,
  options: RetryOptions = {},
) {
  const routes = 'length' in answers ? { '*': answers as readonly Answer[] } : answers;
  return serveRecipe<Exports>(PAGE, heading, routes, options);
}

const json = (value: object): Answer => ({
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(value),
});

describe('the order of registration', () => {
  it('decides whether a response interceptor sees every attempt or only the outcome', async () => {
    const { exports, printed, clock } = await serve('', [503, 200]);
    await settled(exports.api.get('/'), clock);
    expect(printed).toEqual(['attempt 1', 'attempt failed: 503', 'attempt 2', 'call done: 200']);
  });
});

describe('tokens', () => {
  type Tokens = Api & { session: { token: string } };

  it('are read again for each attempt', async () => {
    const { exports, server, clock } = await serve<Tokens>('Tokens', [503, 200]);
    const request = exports.api.get('/');
    await clock.advance(1000);
    exports.session.token = 'second';
    await settled(request, clock);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer first',
      'Bearer second',
    ]);
  });

  it('are missing where the interceptor was ejected and added again during the wait', async () => {
    const { api, attach, server, outcome } = await setUp([503, 200]);
    const use = (token: string): number =>
      api.interceptors.request.use((config) => {
        config.headers.set('Authorization', token);
        return config;
      });
    const id = use('first');
    attach({
      onRetry: () => {
        api.interceptors.request.eject(id);
        use('second');
      },
    });
    await outcome(api.get('/'));
    const tokens = server.requests.map(({ headers }) => headers.authorization);
    expect(tokens).toEqual(['first', undefined]);
  });
});

describe('a token as a default header', () => {
  type SignIn = Api & { signIn: (token: string) => void };
  const HEADING = 'Tokens as default headers';

  it.each([
    ['a new one is read', {}, 'Bearer second'],
    ['the caller’s stays', { Authorization: 'mine' }, 'mine'],
  ])('during a wait: %s', async (_, headers, expected) => {
    const { exports, server, clock } = await serve<SignIn>(HEADING, [503, 200]);
    exports.signIn('first');
    const request = exports.api.get('/', { headers });
    await clock.advance(1000);
    exports.signIn('second');
    await settled(request, clock);
    expect(server.requests.at(-1)?.headers.authorization).toBe(expected);
  });

  it('stays the old one if it changes while the attempt is under way', async () => {
    let signIn: SignIn['signIn'] = () => undefined;
    const changing: Answer = (_, res) => {
      signIn('second');
      res.writeHead(503).end();
    };
    const { exports, server, clock } = await serve<SignIn>(HEADING, [changing, 200]);
    signIn = exports.signIn;
    signIn('first');
    await settled(exports.api.get('/'), clock);
    expect(server.requests.at(-1)?.headers.authorization).toBe('Bearer first');
  });

  it('is not read again when a refresher sends the config', async () => {
    const { exports, server, clock } = await serve<SignIn>(HEADING, [401, 200]);
    const { api, signIn } = exports;
    signIn('first');
    api.interceptors.response.use(undefined, (error: AxiosError) => {
      signIn('second');
      return api.request(error.config as InternalAxiosRequestConfig);
    });
    await settled(api.get('/'), clock);
    expect(server.requests.at(-1)?.headers.authorization).toBe('Bearer first');
  });
});

describe('a refresher', () => {
  type Refresher = Api & { session: { token: string } };
  const HEADING = 'Refreshers';
  const newToken = json({ token: 'new' });

  it('sends every request again that got a 401, after one refresh that was retried', async () => {
    const { exports, server, clock } = await serve<Refresher>(HEADING, {
      '/token': [503, newToken],
      '*': [401, 401, 200],
    });
    const { api } = exports;
    const start = clock.now();
    const requests = Promise.all([api.get('/a'), api.post('/b', { id: 7 })]);
    const responses = await settled(requests, clock);
    expect(responses.map(({ status }: { status: number }) => status)).toEqual([200, 200]);
    expect(clock.now() - start).toBe(8000);
    const sent = server.requests.map(({ url, headers }) => `${url} ${headers.authorization}`);
    expect(sent.slice(0, 2).sort()).toEqual(['/a Bearer old', '/b Bearer old']);
    expect(sent.slice(2, 4)).toEqual(['/token Bearer old', '/token Bearer old']);
    expect(sent.slice(4).sort()).toEqual(['/a Bearer new', '/b Bearer new']);
    expect(server.requests.filter(({ url }) => url === '/b').map(({ body }) => body)).toEqual([
      '{"id":7}',
      '{"id":7}',
    ]);
  });

  it('keeps the count of retries and the report', async () => {
    const { exports, clock } = await serve<Refresher>(HEADING, {
      '/token': [newToken],
      '*': [503, 401, 503, 200],
    });
    const response = await settled(exports.api.get('/'), clock);
    expect(retryCount(response.config)).toBe(2);
    expect(retryReport(response)?.attempts).toMatchObject([
      { status: 503, delay: 8000 },
      { status: 401 },
      { status: 503, delay: 64_000 },
      { status: 200 },
    ]);
  });

  it('refreshes once for each call, also where the second 401 comes after a retry', async () => {
    const { exports, server, clock } = await serve<Refresher>(HEADING, {
      '/token': [newToken],
      '*': [401, 503, 401],
    });
    expect((await settled(exports.api.get('/'), clock)).status).toBe(401);
    expect(server.requests.map(({ url }) => url)).toEqual(['/', '/token', '/', '/']);
  });

  it.each([
    ['that is refused', [403], 403],
    ['that stays unavailable', [503], 503],
  ])('fails with the error of a refresh %s', async (_, token, status) => {
    const { exports, clock } = await serve<Refresher>(HEADING, { '/token': token, '*': [401] });
    const start = clock.now();
    const error = await settled(exports.api.get('/'), clock);
    expect([error.status, error.config.url]).toEqual([status, '/token']);
    expect(clock.now() - start).toBeLessThanOrEqual(20_000);
  });
});

describe('a one-shot flag', () => {
  const isFlagged = (config: Flagged | undefined): boolean => config?.flag === true;

  /** What the request has when each attempt begins. */
  async function seen(answers: number[], add: (api: AxiosInstance, attach: () => void) => void) {
    const { api, attach, outcome } = await setUp(answers);
    const flags: boolean[] = [];
    // Registered last, so it runs first.
    const watch = () =>
      api.interceptors.request.use((config) => {
        flags.push(isFlagged(config));
        return config;
      });
    add(api, attach);
    watch();
    await outcome(api.get('/'));
    return flags;
  }

  /** Flags a 401, and sends it again once. */
  const sendAgain = (api: AxiosInstance) =>
    api.interceptors.response.use(undefined, (error: AxiosError) => {
      const config = error.config as Flagged;
      if (error.response?.status !== 401 || config.flag) throw error;
      config.flag = true;
      return api.request(config);
    });

  it.each(['before', 'after'])('stays when the config is sent again: %s', async (side) => {
    const flags = await seen([401, 503, 503, 200], (api, attach) => {
      if (side === 'before') sendAgain(api);
      attach();
      if (side === 'after') sendAgain(api);
    });
    expect(flags).toEqual([false, true, true, true]);
  });

  it('is gone on a retry if a response interceptor before the plugin set it', async () => {
    const flags = await seen([503, 503, 200], (api, attach) => {
      api.interceptors.response.use(undefined, (error: AxiosError) => {
        (error.config as Flagged).flag = true;
        throw error;
      });
      attach();
    });
    expect(flags).toEqual([false, false, false]);
  });

  it('is gone on a retry if a request interceptor set it, but not when it is sent again', async () => {
    const flags = await seen([503, 401, 200], (api, attach) => {
      api.interceptors.request.use((config: Flagged) => {
        config.flag = true;
        return config;
      });
      attach();
      api.interceptors.response.use(undefined, (error: AxiosError) =>
        api.request(error.config as InternalAxiosRequestConfig),
      );
    });
    expect(flags).toEqual([false, false, true]);
  });

  it('of the caller stays', async () => {
    const { api, attach, outcome } = await setUp([503, 200]);
    attach();
    const flags: boolean[] = [];
    api.interceptors.request.use((config) => {
      flags.push(isFlagged(config));
      return config;
    });
    await outcome(api.get('/', { flag: true } as object));
    expect(flags).toEqual([true, true]);
  });
});

describe('correlation ids', () => {
  const HEADING = 'Correlation ids';
  const ids = (requests: readonly { headers: Record<string, unknown> }[], name: string) =>
    requests.map(({ headers }) => headers[name]);

  it('are one for each attempt and one for the call', async () => {
    const { exports, server, clock } = await serve(HEADING, [503, 502, 200]);
    await settled(exports.api.get('/'), clock);
    await settled(exports.api.get('/'), clock);
    const [first, second, third, other] = ids(server.requests, 'x-call-id');
    expect(first).toMatch(/^[\da-f-]{36}$/);
    expect([second, third]).toEqual([first, first]);
    expect(other).not.toBe(first);
    expect(new Set(ids(server.requests, 'x-attempt-id')).size).toBe(4);
  });

  it('are the caller’s if it gives one', async () => {
    const { exports, server, clock } = await serve(HEADING, [503, 200]);
    await settled(exports.api.get('/', { headers: { 'X-Call-Id': 'mine' } }), clock);
    expect(ids(server.requests, 'x-call-id')).toEqual(['mine', 'mine']);
  });
});

describe('a spinner', () => {
  type Spinner = Api & { handle: RetryHandle; isBusy: () => boolean };
  const HEADING = 'Spinners and other pairs';

  it('turns until the call is over, through its waits', async () => {
    const busy: boolean[] = [];
    let isBusy = (): boolean => false;
    const note =
      (status: number): Answer =>
      (_, res) => {
        busy.push(isBusy());
        res.writeHead(status).end();
      };
    const { exports, clock } = await serve<Spinner>(HEADING, [note(503), note(503), note(200)]);
    isBusy = exports.isBusy;
    expect(isBusy()).toBe(false);
    const request = exports.api.get('/');
    for (const wait of [8000, 64_000]) {
      await clock.advance(0);
      busy.push(isBusy());
      await clock.advance(wait);
    }
    await request;
    expect(busy).toEqual([true, true, true, true, true]);
    expect(isBusy()).toBe(false);
  });

  it('stops after a cancelled wait, an abort, an interceptor that throws, and a call that is sent again', async () => {
    const { exports, clock } = await serve<Spinner>(HEADING, {
      '/busy': [503],
      '/old': [503, 401, 200],
    });
    const { api, handle, isBusy } = exports;
    const controller = new AbortController();
    const requests = [
      failureOf(api.get('/busy')),
      failureOf(api.get('/busy', { signal: controller.signal })),
    ];
    await clock.advance(0);
    expect(isBusy()).toBe(true);
    handle.waits[0]?.cancel();
    controller.abort();
    await Promise.all(requests);
    expect(isBusy()).toBe(false);

    api.interceptors.response.use(undefined, (error: AxiosError) => {
      if (error.response?.status !== 401) throw error;
      return api.request(error.config as InternalAxiosRequestConfig);
    });
    expect((await settled(api.get('/old'), clock)).status).toBe(200);
    expect(isBusy()).toBe(false);

    api.interceptors.request.use(() => {
      throw new Error('no token');
    });
    expect((await failureOf(api.get('/busy'))).message).toBe('no token');
    expect(isBusy()).toBe(false);
  });

  it('never stops after a retry if its response interceptor is after the plugin', async () => {
    const { api, attach, outcome } = await setUp([503, 200]);
    let count = 0;
    api.interceptors.request.use((config) => {
      count += 1;
      return config;
    });
    attach();
    api.interceptors.response.use((response) => {
      count -= 1;
      return response;
    });
    await outcome(api.get('/'));
    expect(count).toBe(1);
  });
});

describe('streams', () => {
  type Uploads = Api & Record<'upload' | 'uploadForm' | 'uploadBlob', (path: string) => never>;
  const HEADING = 'Streams';
  const content = 'line\n'.repeat(50_000);
  let folder = '';
  let path = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'streams-'));
    path = join(folder, 'file.txt');
    writeFileSync(path, content);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['upload', 'uploadForm', 'uploadBlob'] as const)(
    '%s sends the whole file on each attempt',
    async (name) => {
      const { exports, server, clock } = await serve<Uploads>(HEADING, [503, 502, 200]);
      expect((await settled(exports[name](path), clock)).status).toBe(200);
      expect(server.requests).toHaveLength(3);
      for (const { body, headers } of server.requests) {
        const isForm = name === 'uploadForm';
        expect(headers['content-type']).toMatch(isForm ? /^multipart/ : /octet-stream$/);
        if (isForm) expect(body).toContain(content);
        else expect(body === content).toBe(true);
        if (name === 'uploadBlob') expect(headers['content-length']).toBe(`${content.length}`);
      }
    },
  );

  it('that are given as they are are not sent again', async () => {
    const { exports, server, clock } = await serve(HEADING, [503, 200]);
    const start = clock.now();
    const error = await settled(exports.api.put('/', createReadStream(path)), clock);
    expect([error.status, server.requests.length]).toEqual([503, 1]);
    expect(retryReport(error)).toMatchObject({ gaveUp: 'body', retryAt: start + 8000 });
  });

  it('are made again for a ticket by the config of resume', async () => {
    const tickets: RetryTicket[] = [];
    const deferral = createDeferral({ save: (ticket) => void tickets.push(ticket) });
    const options = { deferral, maxDelay: 0 };
    const { exports, server, clock } = await serve<Uploads>(HEADING, [503, 200], options);
    await settled(exports.upload(path), clock);
    const [ticket] = tickets as [RetryTicket];
    const transformRequest = (file: string) => createReadStream(file);
    const response = await settled(deferral.resume(ticket, { transformRequest }), clock);
    expect(response.status).toBe(200);
    expect(server.requests.map(({ body }) => body === content)).toEqual([true, true]);
  });
});

describe('"not ready" in a 200', () => {
  type Exported = Api & { exported: (id: string) => Promise<string> };
  const HEADING = '"Not ready" in a 200';
  const running = json({ state: 'running' });

  it('asks each 2 s, also after a 503, and is a success at last', async () => {
    const answers = [running, 503, running, json({ state: 'ready', file: '/files/7' })];
    const onGiveUp = jest.fn();
    const { exports, clock } = await serve<Exported>(HEADING, answers, { onGiveUp });
    const start = clock.now();
    expect(await settled(exports.exported('7'), clock)).toBe('/files/7');
    expect(clock.now() - start).toBe(6000);
    expect(onGiveUp).not.toHaveBeenCalled();
  });

  it('waits as long as the answer says', async () => {
    const later = {
      ...(running as object),
      headers: { 'Content-Type': 'application/json', 'Retry-After': '9' },
    };
    const answers = [later, json({ state: 'ready', file: '/files/7' })];
    const { exports, clock } = await serve<Exported>(HEADING, answers);
    const start = clock.now();
    expect(await settled(exports.exported('7'), clock)).toBe('/files/7');
    expect(clock.now() - start).toBe(9000);
  });

  it('ends after a minute with an error', async () => {
    const { exports, server, clock } = await serve<Exported>(HEADING, [running]);
    const start = clock.now();
    const error = await settled(exports.exported('7'), clock);
    expect(error.message).toBe('The export is not ready after a minute.');
    expect(clock.now() - start).toBe(60_000);
    expect(server.requests).toHaveLength(30);
  });

  it('resolves with the last answer when a wait would be too long', async () => {
    const { exports, clock } = await serve<Exported>(HEADING, [running]);
    const { api } = exports;
    const table = defineStatusTable({ 200: 'backoff' });
    const response = await settled(api.get('/', { retry: { table, totalTimeout: 7999 } }), clock);
    expect(response.data).toEqual({ state: 'running' });
    expect(retryReport(response)?.gaveUp).toBe('total-timeout');
  });

  it('needs no decide if 202 says it', async () => {
    const { exports, clock } = await serve<Exported>(HEADING, [202, 202, 200]);
    const table = defineStatusTable({ 202: 'backoff' });
    const response = await settled(exports.api.get('/', { retry: { table } }), clock);
    expect(response.status).toBe(200);
  });

  it('is not seen if an interceptor before the plugin returns the data', async () => {
    const { api, attach, outcome } = await setUp([running]);
    api.interceptors.response.use(({ data }) => data);
    attach({ table: defineStatusTable({ 200: 'backoff' }) });
    expect(await outcome(api.get('/'))).toEqual({ state: 'running' });
  });
});

describe('timeout or cancellation', () => {
  const silent: Answer = { fault: 'silent' };
  type Why = { whyItEnded: (error: unknown, signal?: AbortSignal) => string };

  /** The first attempt is never answered, or gets a 503. */
  async function ended(
    answer: Answer,
    options: RetryOptions & { timeout?: number },
    end: (controller: AbortController, handle: RetryHandle) => void = () => undefined,
  ) {
    const { exports } = await serve<Why>('Timeout or cancellation', [200]);
    const { api, server } = await setUp([answer]);
    // Attached without `inFlight`, so the clock does not wait in real time for the silent server.
    const { inFlight: _, ...clock } = createTestClock();
    const { timeout = 0, ...retry } = options;
    const handle = attachRetry(api, { clock, ...retry });
    const controller = new AbortController();
    const { signal } = controller;
    const failed = failureOf(api.get('/', { signal, timeout }));
    let isOver = false;
    void failed.then(() => {
      isOver = true;
    });
    await waitFor(() => isOver || (answer === silent ? server.requests : handle.waits).length > 0);
    end(controller, handle);
    await clock.advance(20_000);
    const error = await failed;
    const gaveUp = retryReport(error)?.gaveUp;
    return [exports.whyItEnded(error, signal), isCancel(error), error.code, gaveUp];
  }

  const timedOut = new DOMException('too slow', 'TimeoutError');

  it.each<[string, unknown[], () => Promise<unknown[]>]>([
    [
      'a click during an attempt',
      ['stopped', true, 'ERR_CANCELED', 'canceled'],
      () => ended(silent, {}, (controller) => controller.abort()),
    ],
    [
      'a click during a wait',
      ['stopped', true, 'ERR_CANCELED', 'canceled'],
      () => ended(503, {}, (controller) => controller.abort('click')),
    ],
    [
      'the time-out of a signal',
      ['took too long', true, 'ERR_CANCELED', 'canceled'],
      () => ended(silent, {}, (controller) => controller.abort(timedOut)),
    ],
    [
      'the time-out of a signal, during a wait',
      ['took too long', true, 'ERR_CANCELED', 'canceled'],
      () => ended(503, {}, (controller) => controller.abort(timedOut)),
    ],
    [
      'cancel()',
      ['stopped', false, 'ERR_BAD_RESPONSE', 'canceled'],
      () => ended(503, {}, (_, { waits }) => waits[0]?.cancel()),
    ],
    [
      'detach()',
      ['stopped', false, 'ERR_BAD_RESPONSE', 'canceled'],
      () => ended(503, {}, (_, handle) => handle.detach()),
    ],
    [
      'totalTimeout during an attempt',
      ['took too long', false, 'ECONNABORTED', 'total-timeout'],
      () => ended(silent, { totalTimeout: 10_000 }),
    ],
    [
      'totalTimeout instead of a wait',
      ['took too long', false, 'ERR_BAD_RESPONSE', 'total-timeout'],
      () => ended(503, { totalTimeout: 5000 }),
    ],
    [
      'Axios’s timeout',
      ['took too long', false, 'ECONNABORTED', 'network'],
      () => ended(silent, { timeout: 20 }),
    ],
    [
      'Axios’s timeout, with networkErrors',
      ['took too long', false, 'ECONNABORTED', 'max-retries'],
      () => ended(silent, { timeout: 20, networkErrors: true, maxRetries: 0 }),
    ],
    ['a status', ['failed', false, 'ERR_BAD_REQUEST', 'status'], () => ended(404, {})],
  ])('%s', async (_, expected, run) => {
    expect(await run()).toEqual(expected);
  });
});

it('has a test for every snippet of the page', () => {
  expect([...snippetsByHeading(PAGE).keys()]).toEqual([
    '', // before the first heading
    'Tokens',
    'Tokens as default headers',
    'Refreshers',
    'Correlation ids',
    'Spinners and other pairs',
    'Streams',
    '"Not ready" in a 200',
    'Timeout or cancellation',
  ]);
});

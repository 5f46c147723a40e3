// docs/guides/from-retry-axios.md: what is sent before and after the switch.
import { Readable } from 'node:stream';
import type { AxiosError, AxiosInstance } from 'axios';
import axios from 'axios';
import * as rax from 'retry-axios';
import type { RetryContext } from '../../src/index.js';
import { attachRetry, retryReport } from '../../src/index.js';
import type { Answer } from '../support/scripted-server.js';
import { startServer } from '../support/scripted-server.js';
import { snippetsByHeading } from '../support/snippets.js';
import type { Sends } from '../support/switch.js';
import { pairOf, sendsOf, sendsOfPair, snippetOf } from '../support/switch.js';

const PAGE = 'docs/guides/from-retry-axios.md';

interface Exports {
  readonly api: AxiosInstance;
}

const retryAfter = (status: number, seconds: string): Answer => ({
  status,
  headers: { 'Retry-After': seconds },
});
const busy: Answer = 503;
const reset: Answer = { fault: 'reset' };
const get = ({ api }: Exports) => api.get('/');
const post = ({ api }: Exports) => api.post('/', { item: 'tea' });

/** What can be compared between the two sides. */
const essence = ({ methods, gaps, outcome, printed }: Sends) => ({
  methods,
  gaps,
  outcome,
  printed,
});

describe('the smallest change', () => {
  const HEADING = 'The smallest change';

  it.each<[string, Answer, typeof get, number[], number[]]>([
    ['503', busy, get, [50, 150, 350], [8000, 64_000, 512_000, 4_096_000, 32_768_000]],
    ['500', 500, get, [50, 150, 350], []],
    ['a lost connection', reset, get, [50, 150, 350], []],
    ['429 without Retry-After', 429, get, [50, 150, 350], []],
    ['POST that got a 503', busy, post, [], [8000, 64_000, 512_000, 4_096_000, 32_768_000]],
  ])('changes the waits after %s', async (_, answer, call, before, afterwards) => {
    const runs = await sendsOfPair<Exports>(PAGE, HEADING, [answer], call);
    expect(runs.map(({ gaps }) => gaps)).toEqual([before, afterwards]);
  });
});

describe('the options that keep the old rules', () => {
  const [before] = pairOf(PAGE, 'The smallest change');
  const [afterwards = ''] = snippetsByHeading(PAGE).get('The same sends as before') ?? [];
  const run = async (answers: readonly Answer[], call = get) => [
    await sendsOf<Exports>(before, answers, call),
    await sendsOf<Exports>(afterwards, answers, call),
  ];

  it.each<[string, Answer[], typeof get, number[]]>([
    ['two 503, then 200', [busy, busy, 200], get, [50, 150]],
    ['503 without end', [busy], get, [50, 150, 350]],
    ['500', [500, 200], get, [50]],
    ['429', [429, 200], get, [50]],
    ['429 with Retry-After', [retryAfter(429, '1'), 200], get, [1000]],
    ['503 with Retry-After', [retryAfter(503, '1'), busy, 200], get, [1000, 150]],
    ['Retry-After of more than 5 minutes', [retryAfter(503, '301'), 200], get, []],
    ['a lost connection', [reset, reset, 200], get, [50, 150]],
    ['404', [404], get, []],
    ['POST that got a 503', [busy, 200], post, []],
    ['POST after a lost connection', [reset, 200], post, []],
    ['PUT', [busy, 200], ({ api }) => api.put('/'), [50]],
  ])('send the same as before: %s', async (_, answers, call, gaps) => {
    const [old, now] = await run(answers, call);
    expect(now && essence(now)).toEqual(old && essence(old));
    expect(now?.gaps).toEqual(gaps);
  });

  it.each<[string, Answer, number[], number[]]>([
    ['Retry-After: 0', retryAfter(503, '0'), [], [0]],
    ['an invalid Retry-After', retryAfter(503, 'soon'), [], [50]],
    ['a Retry-After with decimals', retryAfter(503, '1.5'), [1500], [50]],
    [
      'a date of a server whose clock is an hour behind',
      {
        status: 503,
        headers: {
          Date: 'Mon, 31 Dec 2029 23:00:00 GMT',
          'Retry-After': 'Mon, 31 Dec 2029 23:00:02 GMT',
        },
      },
      [],
      [2000],
    ],
    [
      'too many redirects',
      (_req, res) => void res.writeHead(302, { Location: '/again' }).end(),
      [50, 150, 350],
      [],
    ],
  ])('differ on purpose: %s', async (what, answer, old, now) => {
    const isRedirect = what === 'too many redirects';
    const call = ({ api }: Exports) => api.get('/', isRedirect ? { maxRedirects: 1 } : {});
    const runs = await run(isRedirect ? [answer] : [answer, 200], call);
    // Requests that follow a redirect come without a wait.
    const waits = runs.map(({ gaps }) => gaps.filter((gap) => gap > 0 || !isRedirect));
    expect(waits).toEqual([old, now]);
  });
});

describe('an app with settings', () => {
  type App = { report(id: string): Promise<string>; search(words: string): Promise<string> };
  const HEADING = 'An app with settings';

  it.each<[string, Answer[], (app: App) => Promise<unknown>, number[]]>([
    ['report, 503 and 502', [busy, 502, { body: 'fine' }], ({ report }) => report('7'), [200, 200]],
    ['report, without end', [504], ({ report }) => report('7'), [200, 200, 200, 200]],
    ['report, 500', [500], ({ report }) => report('7'), []],
    ['report, a lost connection', [reset, { body: 'fine' }], ({ report }) => report('7'), [200]],
    ['search', [busy], ({ search }) => search('tea'), [200]],
  ])('sends and logs the same: %s', async (_, answers, call, gaps) => {
    const [old, now] = await sendsOfPair<App>(PAGE, HEADING, answers, call);
    expect(essence(now)).toEqual(essence(old));
    expect(now.gaps).toEqual(gaps);
    expect(now.printed).toHaveLength(gaps.length);
    expect(now.requests.map(({ body }) => body)).toEqual(old.requests.map(({ body }) => body));
  });
});

describe('schedules', () => {
  type Schedules = Record<string, (n: number) => number>;
  const code = snippetOf(PAGE, 'Schedules');

  it.each<[string, rax.RetryConfig]>([
    ['exponential', {}],
    ['capped', { maxRetryDelay: 200 }],
    ['linear', { backoffType: 'linear' }],
    ['fixed', { backoffType: 'static' }],
    ['full', { jitter: 'full' }],
    ['equal', { jitter: 'equal' }],
  ])('%s is that of retry-axios', async (name, raxConfig) => {
    jest.spyOn(Math, 'random').mockReturnValue(0.3);
    const [before] = pairOf(PAGE, 'The smallest change');
    const old = await sendsOf<Exports>(before, [busy], ({ api }) => api.get('/', { raxConfig }));
    const { value } = await sendsOf<Schedules>(code, [], async (schedules) =>
      [1, 2, 3].map((n) => schedules[name]?.(n)),
    );
    expect(value).toEqual(old.gaps);
  });

  it('has a simpler one of 50, 150 and 450 ms', async () => {
    const { value } = await sendsOf<Schedules>(code, [], async ({ simpler }) =>
      [1, 2, 3].map((n) => simpler?.(n)),
    );
    expect(value).toEqual([50, 150, 450]);
  });

  it.each([{ noResponseRetries: 0 }, { retryDelayMultiplier: 3 }, { instance: axios }])(
    'retry-axios 4.0 ignores %j',
    async (raxConfig) => {
      const [before] = pairOf(PAGE, 'The smallest change');
      const call = ({ api }: Exports) => api.get('/', { raxConfig: { ...raxConfig } as never });
      expect((await sendsOf(before, [reset], call)).gaps).toEqual([50, 150, 350]);
    },
  );
});

describe('decide in place of shouldRetry', () => {
  it.each<[string, Answer[], typeof get, number[]]>([
    ['409', [409, 409, 200], get, [100, 100]],
    ['409 without end', [409], get, [100, 100, 100]],
    ['409 of a POST', [409, 200], post, [100]],
    ['503', [busy], get, []],
    ['a lost connection', [reset], get, []],
  ])('sends the same: %s', async (_, answers, call, gaps) => {
    const [old, now] = await sendsOfPair<Exports>(PAGE, 'shouldRetry', answers, call);
    expect(essence(now)).toEqual(essence(old));
    expect(now.gaps).toEqual(gaps);
  });
});

describe('beforeRetry in place of onRetryAttempt', () => {
  it('edits the same attempts, after the wait', async () => {
    const [old, now] = await sendsOfPair<Exports>(PAGE, 'onRetryAttempt', [busy, busy, 200], get);
    expect(essence(now)).toEqual(essence(old));
    for (const { requests } of [old, now]) {
      expect(requests.map(({ headers }) => headers['x-retry'])).toEqual([undefined, '1', '2']);
    }
  });

  it('ends the call by an error of its own, as onRetryAttempt does, with the HTTP error as its cause', async () => {
    const [before, afterwards] = pairOf(PAGE, 'The smallest change');
    const stop = async () => Promise.reject(new Error('stop'));
    const old = await sendsOf<Exports>(before, [busy], ({ api }) =>
      api.get('/', { raxConfig: { onRetryAttempt: stop } }),
    );
    const now = await sendsOf<Exports>(afterwards, [busy], ({ api }) =>
      api.get('/', { retry: { beforeRetry: stop } }),
    );
    for (const { value, requests } of [old, now]) {
      expect([value.message, requests.length]).toEqual(['stop', 1]);
    }
    expect([old.value.cause, now.value.cause.response.status]).toEqual([undefined, 503]);
  });
});

describe('the report in place of getConfig', () => {
  it('has the same statuses', async () => {
    type Statuses = { statuses(error: AxiosError): unknown };
    const clients = pairOf(PAGE, 'onRetryAttempt');
    const readers = pairOf(PAGE, 'getConfig');
    for (const [i, client] of clients.entries()) {
      const { value: error } = await sendsOf<Exports>(client, [503, 502, 503, 404], get);
      const { value } = await sendsOf<Statuses>(readers[i] ?? '', [], async ({ statuses }) =>
        statuses(error),
      );
      expect(value).toEqual([503, 502, 503, 404]);
    }
  });

  it('has the retries that remain in onRetry', async () => {
    const [before, afterwards] = pairOf(PAGE, 'onRetryAttempt');
    const remaining: unknown[][] = [[], []];
    await sendsOf<Exports>(before, [busy], ({ api }) =>
      api.get('/', {
        raxConfig: {
          onError: (error) => void remaining[0]?.push(rax.getConfig(error)?.retriesRemaining),
        },
      }),
    );
    await sendsOf<Exports>(afterwards, [busy], ({ api }) =>
      api.get('/', {
        retry: {
          onRetry: ({ maxRetries, retryNumber }) =>
            void remaining[1]?.push(maxRetries - retryNumber),
        },
      }),
    );
    expect(remaining).toEqual([
      [2, 1, 0],
      [2, 1, 0],
    ]);
  });
});

describe('detach', () => {
  type Stoppable = Exports & { stop(): void };

  it('ends the retries of what is sent later', async () => {
    const runs = await sendsOfPair<Stoppable>(
      PAGE,
      'attach and detach',
      [busy],
      ({ api, stop }) => {
        stop();
        return api.get('/');
      },
    );
    expect(runs.map(({ methods }) => methods)).toEqual([['GET'], ['GET']]);
  });

  it('ends a wait at once, where that of retry-axios sends once more', async () => {
    const runs = await sendsOfPair<Stoppable>(
      PAGE,
      'attach and detach',
      [busy],
      ({ api, stop }) => {
        const raxConfig = { onError: stop };
        return api.get('/', { raxConfig, retry: { onRetry: stop } });
      },
    );
    expect(runs.map(({ methods }) => methods.length)).toEqual([2, 1]);
    expect(runs.map(({ outcome }) => outcome)).toEqual([503, 503]);
  });
});

describe('safer than before', () => {
  const [before] = pairOf(PAGE, 'The smallest change');
  const [afterwards = ''] = snippetsByHeading(PAGE).get('The same sends as before') ?? [];
  const run = async (
    answers: readonly Answer[],
    call: (exports: Exports, side: 'before' | 'after') => Promise<unknown>,
  ) => [
    await sendsOf<Exports>(before, answers, (exports) => call(exports, 'before')),
    await sendsOf<Exports>(afterwards, answers, (exports) => call(exports, 'after')),
  ];
  const sends = (runs: readonly Sends[]) => runs.map(({ methods }) => methods.length);

  it('an abort ends a wait at once', async () => {
    // In real time, which a minute of the plugin's wait would exceed.
    const server = await startServer(busy);
    const start = performance.now();
    const api = axios.create({ baseURL: server.url });
    const handle = attachRetry(api, { backoff: () => 60_000 });
    await expect(api.get('/', { signal: AbortSignal.timeout(100) })).rejects.toThrow('canceled');
    expect(performance.now() - start).toBeLessThan(20_000);
    handle.detach();

    const old = axios.create({ baseURL: server.url });
    rax.attach(old);
    const raxConfig = { backoffType: 'static', retryDelay: 800 } as const;
    const config = { signal: AbortSignal.timeout(100), raxConfig };
    const sent = performance.now();
    await expect(old.get('/', config)).rejects.toThrow('canceled');
    expect(performance.now() - sent).toBeGreaterThan(795);
    await server.close();
  });

  it('a stream is not sent again, empty', async () => {
    const runs = await run([busy, 200], ({ api }) => api.put('/', Readable.from(['tea'])));
    const bodies = runs.map(({ requests }) => requests.map(({ body }) => body));
    expect(bodies).toEqual([['tea', ''], ['tea']]);
  });

  it('a later response interceptor runs once', async () => {
    const calls = { before: 0, after: 0 };
    await run([busy, busy, 200], ({ api }, side) => {
      api.interceptors.response.use((response) => {
        calls[side] += 1;
        return response;
      });
      return api.get('/');
    });
    expect(calls).toEqual({ before: 3, after: 1 });
  });

  it('a request interceptor gets the request as the caller made it', async () => {
    const runs = await run([busy, 200], ({ api }) => {
      api.interceptors.request.use((config) => ({ ...config, url: `${config.url}a` }));
      return api.get('/');
    });
    expect(runs.map(({ requests }) => requests[1]?.url)).toEqual(['/aa', '/a']);
  });

  it('a misspelt option is an error', async () => {
    const runs = await run([busy], ({ api }) =>
      api.get('/', { raxConfig: { retries: 5 }, retry: { retries: 5 } } as never),
    );
    expect(sends(runs)).toEqual([4, 0]);
    expect(runs[1]?.value).toBeInstanceOf(TypeError);
    expect(runs[1]?.value.message).toContain('retries');
  });

  it('a POST is sent again after a lost connection only with a key', async () => {
    const options = { raxConfig: { httpMethodsToRetry: ['POST'] }, retry: { methods: ['POST'] } };
    const runs = await run([reset], ({ api }) => api.post('/', {}, options));
    expect(sends(runs)).toEqual([4, 1]);
    const keyed = { retry: { methods: ['POST'], idempotencyKey: true } };
    const now = await sendsOf<Exports>(afterwards, [reset], ({ api }) => api.post('/', {}, keyed));
    expect(now.methods).toHaveLength(4);
    expect(new Set(now.requests.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  it('the error holds no earlier responses', async () => {
    const [old, now] = await run([{ status: 503, body: 'a long page' }], get);
    const kept = rax.getConfig(old?.value)?.errors?.map(({ response }) => response?.data);
    expect(kept).toEqual(Array(4).fill('a long page'));
    const report = retryReport(now?.value);
    expect(report?.attempts.map(({ status, delay }) => [status, delay])).toEqual([
      [503, 50],
      [503, 150],
      [503, 350],
      [503, undefined],
    ]);
    expect(JSON.stringify(report)).not.toContain('page');
  });

  it('the hook onRetry has the body of each', async () => {
    const bodies: unknown[] = [];
    const onRetry = (_wait: unknown, { response }: RetryContext) => bodies.push(response?.data);
    await sendsOf<Exports>(
      afterwards,
      [{ status: 503, body: 'a' }, { status: 502, body: 'b' }, 200],
      ({ api }) => api.get('/', { retry: { onRetry } }),
    );
    expect(bodies).toEqual(['a', 'b']);
  });

  it('no option sends sooner than Retry-After says', async () => {
    const runs = await run([retryAfter(503, '1'), 200], ({ api }) =>
      api.get('/', {
        raxConfig: { checkRetryAfter: false },
        retry: { decide: () => ({ retry: true, delay: 0 }) },
      }),
    );
    expect(runs.map(({ gaps }) => gaps)).toEqual([[50], [1000]]);
  });
});

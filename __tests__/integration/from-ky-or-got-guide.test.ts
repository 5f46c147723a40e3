// docs/guides/from-ky-or-got.md: what is sent before and after the switch.
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { AxiosInstance } from 'axios';
import type { RetryContext, RetryDecision } from '../../src/index.js';
import { exponentialBackoff } from '../../src/index.js';
import type { Answer } from '../support/scripted-server.js';
import type { Client, Sends } from '../support/switch.js';
import { pairOf, sendsOf, sendsOfPair, snippetOf } from '../support/switch.js';

const PAGE = 'docs/guides/from-ky-or-got.md';

interface Exports {
  readonly api: Client;
}
interface Computed {
  readonly computedValue: number;
}
type Call = (exports: Exports) => Promise<unknown>;

const retryAfter = (status: number, seconds: string): Answer => ({
  status,
  headers: { 'Retry-After': seconds },
});
const busy: Answer = 503;
const reset: Answer = { fault: 'reset' };
const get: Call = ({ api }) => api.get('report');
const post: Call = ({ api }) => api.post('report');

/** What can be compared between the two sides; the codes of network errors are not the same. */
const essence = ({ methods, gaps, outcome, printed, requests }: Sends) => ({
  urls: requests.map(({ url }) => url),
  bodies: requests.map(({ body }) => body),
  methods,
  gaps,
  outcome: typeof outcome === 'number' ? outcome : undefined,
  printed,
});

const [kyDefaults, axiosForKy] = pairOf(PAGE, 'From ky with its defaults');
const [gotDefaults, axiosForGot] = pairOf(PAGE, 'From got with its defaults');

beforeEach(() => {
  jest.spyOn(Math, 'random').mockReturnValue(0.5);
});

describe.each([
  ['ky', 'From ky with its defaults', [300, 600]],
  ['got', 'From got with its defaults', [1050, 2050]],
])('the options that keep the rules of %s', (_peer, heading, backoff) => {
  const first = backoff.slice(0, 1);
  it.each<[string, Answer[], Call, number[]]>([
    ['two 503, then 200', [busy, busy, 200], get, backoff],
    ['503 without end', [busy], get, backoff],
    ['500', [500, 200], get, first],
    ['429', [429, 200], get, first],
    ['429 with Retry-After', [retryAfter(429, '1'), 200], get, [1000]],
    ['503 with Retry-After', [retryAfter(503, '1'), 200], get, [1000]],
    ['413', [413, 200], get, []],
    ['413 with Retry-After', [retryAfter(413, '1'), 200], get, [1000]],
    ['404', [404], get, []],
    ['a lost connection', [reset, 200], get, first],
    ['a lost connection of a POST', [reset, 200], post, []],
    ['POST that got a 503', [busy, 200], post, []],
    ['PUT', [busy, 200], ({ api }) => api.put('report'), first],
  ])('send the same as before: %s', async (_, answers, call, gaps) => {
    const [old, now] = await sendsOfPair<Exports>(PAGE, heading, answers, call);
    expect(essence(now)).toEqual(essence(old));
    expect(now.gaps).toEqual(gaps);
  });
});

describe.each([
  ['ky', [100, 200, 300]],
  ['got', [450, 450, 450]],
])('an app with %s', (peer, backoff) => {
  type App = { report(id: string): Promise<string>; search(words: string): Promise<string> };
  const report = (app: App) => app.report('7');

  it.each<[string, Answer[], (app: App) => Promise<unknown>, number[]]>([
    ['report, 503 and 502', [busy, 502, { body: 'fine' }], report, backoff.slice(0, 2)],
    ['report, without end', [504], report, backoff],
    ['report, Retry-After', [retryAfter(503, '1'), { body: 'fine' }], report, [1000]],
    ['report, 500', [500], report, []],
    ['report, a lost connection', [reset, { body: 'fine' }], report, backoff.slice(0, 1)],
    ['search', [busy], ({ search }) => search('tea'), backoff.slice(0, 1)],
  ])('sends and logs the same: %s', async (_, answers, call, gaps) => {
    const [old, now] = await sendsOfPair<App>(PAGE, `An app with ${peer}`, answers, call);
    expect(essence(now)).toEqual(essence(old));
    expect(now.gaps).toEqual(gaps);
    expect(now.printed).toHaveLength(gaps.length);
  });
});

/** Runs the same call, with different options on each side, against the same answers. */
async function runWith(
  [before, afterwards]: readonly [string, string],
  answers: readonly Answer[],
  options: object,
  ours: object,
  call = ({ api }: Exports, given: object) => api.get('report', given),
) {
  return [
    await sendsOf<Exports>(before, answers, (exports) => call(exports, options)),
    await sendsOf<Exports>(afterwards, answers, (exports) => call(exports, ours)),
  ] as const;
}

const silent: Answer = { fault: 'silent' };
/** Real milliseconds; long enough for a request to arrive on a busy machine. */
const TIMEOUT = 600;
const forKy = [kyDefaults, axiosForKy] as const;
const forGot = [gotDefaults, axiosForGot] as const;
const gapsOf = (runs: readonly Sends[]) => runs.map(({ gaps }) => gaps);
const outcomesOf = (runs: readonly Sends[]) => runs.map(({ outcome }) => outcome);

describe('options of ky', () => {
  it('maxRetryAfter shortens the wait, maxDelay ends the call', async () => {
    const answers = [retryAfter(503, '5'), 200];
    const runs = await runWith(
      forKy,
      answers,
      { retry: { maxRetryAfter: 1000 } },
      { retry: { maxDelay: 1000 } },
    );
    expect(gapsOf(runs)).toEqual([[1000], []]);
  });

  it('an invalid Retry-After stands for 24.8 days, and is ignored here', async () => {
    const runs = await runWith(forKy, [retryAfter(503, 'soon'), 200], {}, {});
    expect(gapsOf(runs)).toEqual([[2 ** 31 - 1], [300]]);
  });

  it('a negative Retry-After is no wait, and is ignored here', async () => {
    const [old, now] = await runWith(forKy, [retryAfter(503, '-5'), 200], {}, {});
    expect(old.gaps[0]).toBeLessThanOrEqual(0);
    expect(now.gaps).toEqual([300]);
  });

  it('afterStatusCodes: a status outside them has a Retry-After that ky ignores', async () => {
    const runs = await runWith(forKy, [retryAfter(502, '1'), 200], {}, {});
    expect(gapsOf(runs)).toEqual([[300], [1000]]);
  });

  it('reads headers beside Retry-After, which need a hint here', async () => {
    const limited = { status: 429, headers: { 'X-RateLimit-Reset': '2' } };
    const runs = await runWith(forKy, [limited, 200], {}, {});
    expect(gapsOf(runs)).toEqual([[2000], [300]]);
  });

  it('backoffLimit is the max of exponentialBackoff', async () => {
    const backoff = exponentialBackoff({ base: 300, factor: 2, max: 400 });
    const runs = await runWith(
      forKy,
      [busy],
      { retry: { backoffLimit: 400 } },
      { retry: { backoff } },
    );
    expect(gapsOf(runs)).toEqual([
      [300, 400],
      [300, 400],
    ]);
  });

  it('jitter: true is a backoff with Math.random()', async () => {
    const backoff = (n: number) => Math.random() * 300 * 2 ** (n - 1);
    const runs = await runWith(forKy, [busy], { retry: { jitter: true } }, { retry: { backoff } });
    expect(gapsOf(runs)).toEqual([
      [150, 300],
      [150, 300],
    ]);
  });

  it('a time-out is not retried', async () => {
    const runs = await runWith(forKy, [silent, 200], { timeout: TIMEOUT }, { timeout: TIMEOUT });
    expect(runs.map(({ methods }) => methods.length)).toEqual([1, 1]);
  });

  it('retryOnTimeout is networkErrors without the exception, and timeout is of each attempt', async () => {
    const [old, now] = await runWith(
      forKy,
      [silent, silent, 200],
      { timeout: TIMEOUT, retry: { retryOnTimeout: true } },
      { timeout: TIMEOUT, retry: { decide: (decision: RetryDecision) => decision } },
    );
    expect(outcomesOf([old, now])).toEqual([200, 200]);
    expect([old, now].map(({ methods }) => methods.length)).toEqual([3, 3]);
  });

  it('shouldRetry is decide', async () => {
    const runs = await runWith(
      forKy,
      [409, busy],
      {
        retry: {
          shouldRetry: ({ error }: { error: { response: Response } }) =>
            error.response.status === 409,
        },
      },
      {
        retry: {
          decide: (_: unknown, { response }: RetryContext) =>
            response?.status === 409 ? { retry: true, delay: 300 } : { retry: false },
        },
      },
    );
    expect(gapsOf(runs)).toEqual([[300], [300]]);
  });

  it('ky.stop resolves with undefined, { retry: false } rejects with the last error', async () => {
    // ky.stop is a symbol of the module, which the client has as well.
    const runs = await runWith(
      forKy,
      [busy],
      {},
      { retry: { decide: () => ({ retry: false }) } },
      ({ api }, options) => {
        const { stop } = api as Client & { stop?: symbol };
        return api.get('report', stop ? { hooks: { beforeRetry: [() => stop] } } : options);
      },
    );
    expect(runs.map(({ methods }) => methods.length)).toEqual([1, 1]);
    expect(runs[0].value).toBeUndefined();
    expect(runs[1].value.message).toContain('503');
  });

  it('ky sends a stream again, this plugin does not', async () => {
    const old = await sendsOf<Exports>(kyDefaults, [busy, 200], ({ api }) =>
      api.put('report', { body: new Blob(['tea']).stream() }),
    );
    const now = await sendsOf<Exports>(axiosForKy, [busy, 200], ({ api }) =>
      api.put('report', Readable.from(['tea'])),
    );
    expect([old, now].map(({ requests }) => requests.map(({ body }) => body))).toEqual([
      ['tea', 'tea'],
      ['tea'],
    ]);
  });

  it('beforeRetry may edit the URL of the next attempt', async () => {
    const beforeRetry = (config: { url?: string }) => {
      config.url = 'other';
    };
    const { requests } = await sendsOf<Exports>(axiosForKy, [busy, 200], ({ api }) =>
      api.get('report', { retry: { beforeRetry } }),
    );
    expect(requests.map(({ url }) => url)).toEqual(['/report', '/other']);
  });
});

describe.each([
  ['ky', forKy, ['post']],
  ['got', forGot, ['POST']],
] as const)('a POST after a lost connection, with POST in the methods', (peer, pair, methods) => {
  it(`is sent again by ${peer}, and here only with a key`, async () => {
    const before = await sendsOf<Exports>(pair[0], [reset], ({ api }) =>
      api.post('report', { retry: { methods } }),
    );
    const sends = async (retry: object) => {
      const { methods: sent } = await sendsOf<Exports>(pair[1], [reset], ({ api }) =>
        (api as unknown as AxiosInstance).post('report', {}, { retry }),
      );
      return sent.length;
    };
    expect(before.methods).toHaveLength(3);
    expect(await sends({ methods: ['POST'] })).toBe(1);
    expect(await sends({ methods: ['POST'], idempotencyKey: true })).toBe(3);
  });
});

describe('a 503 that resolves', () => {
  it.each([
    ['not retried by ky', forKy, 1],
    ['retried by got', forGot, 3],
  ])('is %s, and retried here', async (_, pair, sends) => {
    const ours = { validateStatus: () => true };
    const runs = await runWith(pair, [busy], { throwHttpErrors: false }, ours);
    expect(outcomesOf(runs)).toEqual([503, 503]);
    expect(runs.map(({ methods }) => methods.length)).toEqual([sends, 3]);
  });
});

describe('options of got', () => {
  it('Retry-After: 0 is a backoff, and no wait here', async () => {
    const runs = await runWith(forGot, [retryAfter(503, '0'), 200], {}, {});
    expect(gapsOf(runs)).toEqual([[1050], [0]]);
  });

  it('a Retry-After of more than 24.8 days is sent again at once, and fails at once here', async () => {
    const runs = await runWith(
      forGot,
      [retryAfter(503, '2200000'), 200],
      {},
      {},
      ({ api }, options) => {
        jest.restoreAllMocks(); // Only the real timer has a limit.
        return api.get('report', options);
      },
    );
    expect(outcomesOf(runs)).toEqual([200, 503]);
  });

  it('a date is corrected by Date here', async () => {
    const headers = {
      Date: 'Mon, 31 Dec 2029 23:00:00 GMT',
      'Retry-After': 'Mon, 31 Dec 2029 23:00:02 GMT',
    };
    const answers = [{ status: 503, headers }, 200];
    expect(gapsOf(await runWith(forGot, answers, {}, {}))).toEqual([[1], [2000]]);
    const [old] = await runWith(forKy, answers, {}, {});
    expect(old.gaps[0]).toBeLessThan(0);
  });

  it.each([
    ['maxRetryAfter', { retry: { maxRetryAfter: 1000 } }],
    ['timeout.request', { timeout: { request: 1000 } }],
  ])('%s is maxDelay: a longer Retry-After ends the call', async (_, options) => {
    const answers = [retryAfter(503, '2'), 200];
    const runs = await runWith(forGot, answers, options, { retry: { maxDelay: 1000 } });
    expect(gapsOf(runs)).toEqual([[], []]);
    // Axios's time-out is no limit of a wait.
    const [, now] = await runWith(forGot, answers, {}, { timeout: 1000 });
    expect(now.gaps).toEqual([2000]);
  });

  it('calculateDelay says how long, as backoff does, or 0, as decide does', async () => {
    const long = await runWith(
      forGot,
      [busy],
      { retry: { calculateDelay: ({ computedValue }: Computed) => computedValue && 70 } },
      { retry: { backoff: () => 70 } },
    );
    expect(gapsOf(long)).toEqual([
      [70, 70],
      [70, 70],
    ]);
    const none = await runWith(
      forGot,
      [busy],
      { retry: { calculateDelay: () => 0 } },
      { retry: { decide: () => ({ retry: false }) } },
    );
    expect(gapsOf(none)).toEqual([[], []]);
  });

  it('calculateDelay passes over the limit, decide does not, but passes over methods', async () => {
    const again = () => ({ retry: true, delay: 70 });
    const [old, now] = await runWith(
      forGot,
      [busy, busy, busy, busy, 200],
      { retry: { calculateDelay: () => 70 } },
      { retry: { decide: again } },
    );
    expect([old, now].map(({ methods }) => methods.length)).toEqual([5, 3]);
    const posted = await sendsOf<Exports>(axiosForGot, [busy, 200], ({ api }) =>
      (api as unknown as AxiosInstance).post('report', {}, { retry: { decide: again as never } }),
    );
    expect(posted.methods).toEqual(['POST', 'POST']);
  });

  it('errorCodes can be narrowed by decide', async () => {
    const decide = (decision: RetryDecision, { error }: RetryContext) =>
      error?.code === 'ECONNRESET' ? { retry: false } : decision;
    const runs = await runWith(
      forGot,
      [reset],
      { retry: { errorCodes: [] } },
      { retry: { decide } },
    );
    expect(runs.map(({ methods }) => methods.length)).toEqual([1, 1]);
  });

  it('timeout.request is of each attempt, as the timeout of Axios', async () => {
    const runs = await runWith(
      forGot,
      [silent, silent, 200],
      {
        timeout: { request: TIMEOUT },
        retry: { calculateDelay: ({ computedValue }: Computed) => computedValue && 1 },
      },
      { timeout: TIMEOUT, retry: { backoff: () => 1 } },
    );
    expect(outcomesOf(runs)).toEqual([200, 200]);
  });

  it('a 503 is retried before the stream arrives', async () => {
    const answers = [busy, { body: 'tea' }];
    const { value, methods } = await sendsOf<Exports>(axiosForGot, answers, async ({ api }) => {
      const { data } = (await api.get('report', { responseType: 'stream' })) as { data: Readable };
      return text(data);
    });
    expect([value, methods.length]).toEqual(['tea', 2]);
  });
});

describe('the table for those who stay', () => {
  const PLATFORM = [8000, 64_000, 512_000, 4_096_000, 32_768_000];

  describe.each(['got', 'ky'])('in %s', (peer) => {
    const code = snippetOf(PAGE, `The table in ${peer}`);

    it.each<[string, Answer[], Call, number[]]>([
      ['503 without end', [busy], get, PLATFORM],
      ['POST that got a 503', [busy, 200], post, [8000]],
      ['500', [500], get, []],
      ['429', [429], get, []],
      ['429 with Retry-After', [retryAfter(429, '120'), 200], get, [120_000]],
      ['429 with an invalid Retry-After', [retryAfter(429, 'soon')], get, []],
      ['502 with a longer Retry-After', [retryAfter(502, '9'), 200], get, [9000]],
      ['a Retry-After of more than a day', [retryAfter(503, '86401')], get, []],
    ])('%s', async (_, answers, call, gaps) => {
      const sends = await sendsOf<Exports>(code, answers, call);
      expect(sends.gaps).toEqual(gaps);
      const last = answers.at(-1);
      expect(sends.outcome).toBe(typeof last === 'object' && 'status' in last ? last.status : last);
    });
  });

  it('sends at once where Retry-After is 0', async () => {
    const zero = [retryAfter(503, '0'), retryAfter(529, '0'), 200];
    const gotten = await sendsOf<Exports>(snippetOf(PAGE, 'The table in got'), zero, get);
    const kyed = await sendsOf<Exports>(snippetOf(PAGE, 'The table in ky'), zero, get);
    expect(gapsOf([gotten, kyed])).toEqual([
      [8000, 1],
      [8000, 0],
    ]);
  });

  it('leaves lost connections to ky, and does not retry them in got', async () => {
    const gotten = await sendsOf<Exports>(snippetOf(PAGE, 'The table in got'), [reset], get);
    const kyed = await sendsOf<Exports>(snippetOf(PAGE, 'The table in ky'), [reset, 200], get);
    expect(gapsOf([gotten, kyed])).toEqual([[], [300]]);
  });
});

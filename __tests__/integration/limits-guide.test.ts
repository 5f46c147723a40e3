// docs/guides/limits.md: its options do what its tables say.
import type { AxiosAdapter, AxiosInstance, AxiosRequestConfig } from 'axios';
import axios, { AxiosError, AxiosHeaders, CanceledError } from 'axios';
import type { Deferral } from '../../src/deferral/index.js';
import { isRetryDeferred, parseTicket } from '../../src/deferral/index.js';
import { createGate } from '../../src/gate/index.js';
import { attachRetry, retryReport } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';
import { failureOf } from '../support/failure-of.js';
import { runRecipe } from '../support/recipe.js';
import { snippetsByHeading } from '../support/snippets.js';

const PAGE = 'docs/guides/limits.md';
const HOUR = 3_600_000;

interface Reply {
  readonly status?: number;
  readonly retryAfter?: number;
  readonly data?: unknown;
  readonly silent?: boolean;
}

interface Exports {
  readonly api: AxiosInstance;
  readonly advice: (error: unknown) => string;
  readonly store: Map<string, string>;
  readonly deferral: Deferral;
}

/**
 * An adapter that gives each reply in turn, at once; the last one repeats. A silent one lasts until the
 * request's time-out on the clock, or an abort.
 */
function adapterOf(replies: readonly Reply[], clock: ReturnType<typeof createTestClock>) {
  const sentAt: number[] = [];
  const adapter: AxiosAdapter = (config) =>
    new Promise((resolve, reject) => {
      const {
        silent,
        status = 503,
        retryAfter,
        data,
      } = replies[sentAt.length] ?? replies.at(-1) ?? {};
      sentAt.push(clock.now());
      config.signal?.addEventListener?.('abort', () =>
        reject(new CanceledError(undefined, config)),
      );
      if (silent) {
        const { timeout } = config;
        const timedOut = new AxiosError(`timeout of ${timeout}ms exceeded`, 'ECONNABORTED', config);
        if (timeout) clock.setTimeout(() => reject(timedOut), timeout);
        return;
      }
      const headers = new AxiosHeaders(
        retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) },
      );
      const response = { status, statusText: '', headers, data, config };
      if (status < 400) resolve(response);
      else reject(new AxiosError('busy', 'ERR_BAD_RESPONSE', config, undefined, response));
    });
  return { adapter, sentAt };
}

/** A page's options, attached, with random numbers that are all the same. */
async function setUp(heading: string, replies: readonly Reply[], random = 0) {
  const clock = createTestClock();
  const start = clock.now();
  // The clock need not wait in real time: the adapter answers by the same clock.
  const { inFlight: _, ...quiet } = clock;
  const { exports, printed } = await runRecipe<Exports>(PAGE, heading, {
    clock: quiet,
    random: () => random,
  });
  const { adapter, sentAt } = adapterOf(replies, clock);
  exports.api.defaults.adapter = adapter;
  /** The error, and the seconds after which it came. */
  async function fail(config: AxiosRequestConfig = {}) {
    let took = Number.NaN;
    const failed = failureOf(exports.api.request({ url: '/', ...config })).finally(() => {
      took = (clock.now() - start) / 1000;
    });
    await clock.runAll();
    const error = await failed;
    return { error, took, gaveUp: retryReport(error)?.gaveUp };
  }
  const sentAfter = () => sentAt.map((at) => (at - start) / 1000);
  return { ...exports, printed, clock, start, fail, sentAfter };
}

describe('the shortest set of options', () => {
  it('begins no wait that would end after a minute', async () => {
    const { fail, sentAfter } = await setUp('', [{}]);
    expect(await fail()).toMatchObject({ took: 8, gaveUp: 'total-timeout' });
    expect(sentAfter()).toEqual([0, 8]);
  });
});

describe('a person is waiting', () => {
  const person = (replies: Reply[], random = 0) => setUp('A person is waiting', replies, random);

  it.each([
    [0, [0, 0.5, 1.5, 3.5]],
    [1, [0, 0.75, 2.25, 5.25]],
  ])('fails after 3.5 to 5.25 s of 503 (random: %i)', async (random, times) => {
    const { fail, sentAfter } = await person([{}], random);
    const { took, gaveUp } = await fail();
    expect([sentAfter(), took, gaveUp]).toEqual([times, times.at(-1), 'max-retries']);
  });

  it.each([
    [0, [0, 4.5, 9.5]],
    [0.5, [0, 4.625, 9.875]],
    [1, [0, 4.75]],
  ])('fails after 10 s if the server is silent (random: %d)', async (random, times) => {
    const { fail, sentAfter } = await person([{ silent: true }], random);
    const { took, gaveUp, error } = await fail();
    expect([took, gaveUp]).toEqual([10, 'total-timeout']);
    expect(sentAfter().slice(0, times.length)).toEqual(times);
    expect(error.code).toBe('ECONNABORTED');
  });

  it.each([
    [0, [0, 5]],
    [1, [0, 5]],
  ])('waits for 5 s that the server asks for (random: %i)', async (random, times) => {
    const { api, clock, sentAfter } = await person([{ retryAfter: 5 }, { status: 200 }], random);
    const request = api.get('/');
    await clock.runAll();
    expect((await request).status).toBe(200);
    expect(sentAfter()).toEqual(times);
  });

  it('fails at once if the server asks for a minute, and says until when', async () => {
    const { fail, advice, start } = await person([{ retryAfter: 60 }]);
    const { took, gaveUp, error } = await fail();
    expect([took, gaveUp]).toEqual([0, 'max-delay']);
    expect(advice(error)).toBe(
      `The server is busy until ${new Date(start + 60_000).toISOString()}.`,
    );
  });

  it('does not retry a POST', async () => {
    const { fail, sentAfter, advice } = await person([{}]);
    const { error, gaveUp } = await fail({ method: 'POST' });
    expect([sentAfter(), gaveUp]).toEqual([[0], 'method']);
    expect(advice(error)).toContain('try again later');
  });
});

describe('a service call', () => {
  const service = (replies: Reply[], random = 0) => setUp('A service call', replies, random);

  it.each([
    [0, [0, 0.2, 0.6, 1.4, 3]],
    [0.5, [0, 0.3, 0.9, 2.1, 4.5]],
    // Jitter is added up to the limit.
    [1, [0, 0.4, 1.2, 2.8, 5]],
  ])('fails after 3 to 5 s of 503 (random: %d)', async (random, times) => {
    const { fail, sentAfter, printed } = await service([{}], random);
    const { took, gaveUp } = await fail();
    expect([sentAfter(), took, gaveUp]).toEqual([times, times.at(-1), 'max-retries']);
    expect(printed).toEqual(['gave up: max-retries, 5 attempts']);
  });

  it.each([0, 0.5, 1])('fails within 7 s if the server is silent (random: %d)', async (random) => {
    const { fail, sentAfter } = await service([{ silent: true }], random);
    const { took } = await fail({ method: 'POST' });
    expect(sentAfter().length).toBeGreaterThan(1);
    expect(sentAfter().at(-1)).toBeLessThanOrEqual(5);
    expect(took).toBeLessThanOrEqual(7);
  });

  it('fails at once if the server asks for a minute', async () => {
    const { fail, start } = await service([{ retryAfter: 60 }]);
    const { took, gaveUp, error } = await fail();
    expect([took, gaveUp]).toEqual([0, 'max-elapsed']);
    expect(retryReport(error)?.retryAt).toBe(start + 60_000);
  });

  it('fails at once for maintenance', async () => {
    const { fail } = await service([{ data: { code: 'maintenance' } }]);
    const { took, gaveUp } = await fail();
    expect([took, gaveUp]).toEqual([0, 'decided']);
  });
});

describe('a job that may take a night', () => {
  const job = (replies: Reply[], random = 0) =>
    setUp('A job that may take a night', replies, random);

  /** Sends a job and resumes its ticket until there is none. Returns the last error. */
  async function runNight({ api, clock, store, deferral }: Awaited<ReturnType<typeof job>>) {
    let request = failureOf(api.post('/', { report: 7 }));
    for (;;) {
      await clock.runAll();
      const error = await request;
      const [ticket] = store.values();
      if (!isRetryDeferred(error) || ticket === undefined) return error;
      store.clear();
      request = failureOf(deferral.resume(parseTicket(JSON.parse(ticket))));
    }
  }

  it.each([0, 1])('is sent 13 times in 9.2 h of 503 (random: %i)', async (random) => {
    const night = await job([{}], random);
    const error = await runNight(night);
    const times = night.sentAfter();
    expect(retryReport(error)?.gaveUp).toBe('max-elapsed');
    expect(times).toHaveLength(13);
    const lengthened = 1 + 0.2 * random;
    const early = [0, 8, 72, 584].map((time) => expect.closeTo(time * lengthened, 3));
    expect(times.slice(0, 4)).toEqual(early);
    expect(times.slice(4).map((time, i) => time - Number(times[i + 3]))).toEqual(
      Array(9).fill(expect.closeTo(3600, 3)),
    );
    expect(Number(times.at(-1)) / 3600).toBeCloseTo(9.2, 1);
    expect(night.printed).toEqual(['gave up: max-elapsed, 13 attempts']);
  });

  it('makes a ticket of a Retry-After of two hours', async () => {
    const { fail, store, start } = await job([{ retryAfter: 7200 }]);
    const { took, error } = await fail();
    expect([took, isRetryDeferred(error), store.size]).toEqual([0, true, 1]);
    expect(retryReport(error)?.retryAt).toBe(start + 2 * HOUR);
  });

  it('fails at once if the server asks for twelve hours', async () => {
    const { fail, store } = await job([{ retryAfter: 43_200 }]);
    const { took, gaveUp } = await fail();
    expect([took, gaveUp, store.size]).toEqual([0, 'max-elapsed', 0]);
  });

  it('ends within 10 h and a minute if the server is silent', async () => {
    const night = await job([{ silent: true }]);
    await runNight(night);
    expect(night.sentAfter().length).toBeGreaterThan(10);
    expect(night.sentAfter().at(-1)).toBeLessThanOrEqual(36_000);
    expect(night.clock.now() - night.start).toBeLessThanOrEqual(10 * HOUR + 60_000);
  });
});

describe('what took too long', () => {
  const HEADING = 'Three time limits';

  it.each<[string, AxiosRequestConfig]>([
    ['the call', { retry: { totalTimeout: 3000 } }],
    ['its last attempt', { timeout: 3000 }],
  ])('is told from the report: %s', async (answer, config) => {
    const { fail } = await setUp('A job that may take a night', [{ silent: true }]);
    const { exports } = await runRecipe<{ whatTookTooLong: (error: unknown) => unknown }>(
      PAGE,
      HEADING,
      {},
    );
    const { error, took } = await fail({
      ...config,
      method: 'POST',
      retry: { networkErrors: false, ...config.retry },
    });
    expect([error.code, took, exports.whatTookTooLong(error)]).toEqual(['ECONNABORTED', 3, answer]);
    expect(exports.whatTookTooLong(new Error('other'))).toBeUndefined();
  });
});

describe('a call that waits in the queue of a gate', () => {
  const LIMIT = 10_000;

  /** A first request occupies the gate's only place from the second on which `/` waits in the queue. */
  async function queued(replies: Reply[], limit: object) {
    const clock = createTestClock();
    const { inFlight: _, ...quiet } = clock;
    const { adapter, sentAt } = adapterOf(replies, clock);
    const api = axios.create({ adapter });
    attachRetry(api, { clock: quiet, gate: createGate({ initialConcurrency: 1 }), ...limit });
    const occupy = () => {
      const retry = { totalTimeout: Infinity, networkErrors: false };
      void failureOf(api.get('/other', { timeout: 100_000, retry }));
    };
    return { api, clock, sentAt, occupy };
  }

  it('is not limited before its first send', async () => {
    const { api, clock, sentAt, occupy } = await queued([{ silent: true }], {
      totalTimeout: LIMIT,
    });
    occupy();
    const request = failureOf(api.get('/'));
    await clock.advance(100_000);
    expect(sentAt).toHaveLength(2);
    await clock.advance(LIMIT);
    expect(retryReport(await request)?.gaveUp).toBe('total-timeout');
  });

  it.each([
    ['totalTimeout', 2],
    ['maxElapsed', 3],
  ])('before a retry is limited by totalTimeout, not by maxElapsed: %s', async (name, sends) => {
    const replies = [{ status: 502 }, { silent: true }, { status: 200 }];
    const { api, clock, sentAt, occupy } = await queued(replies, { [name]: LIMIT });
    const request = api.get('/').catch(retryReport);
    await clock.advance(0);
    occupy();
    await clock.advance(200_000);
    expect(sentAt).toHaveLength(sends);
    expect(await request).toMatchObject(
      name === 'totalTimeout' ? { gaveUp: 'total-timeout' } : { status: 200 },
    );
  });

  it.each(['totalTimeout', 'maxElapsed'])(
    'is refused at once if the gate is closed for longer than %s',
    async (name) => {
      const replies = [{ retryAfter: 60 }];
      const { api, clock } = await queued(replies, { [name]: LIMIT });
      void failureOf(api.get('/other'));
      await clock.advance(0);
      const request = failureOf(api.get('/'));
      await clock.advance(0);
      expect(retryReport(await request)?.gaveUp).toBe('gate');
    },
  );
});

it('has a test for every snippet of the page', () => {
  expect([...snippetsByHeading(PAGE).keys()]).toEqual([
    '', // before the first heading
    'Three time limits',
    'A person is waiting',
    'A service call',
    'A job that may take a night',
  ]);
});

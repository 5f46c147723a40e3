import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { AxiosError, AxiosInstance, AxiosRequestConfig, CreateAxiosDefaults } from 'axios';
import axios, { AxiosError as HttpError } from 'axios';
import type { DeferralOptions, ResumeConfig, RetryTicket } from '../../src/deferral/index.js';
import {
  createDeferral,
  isRetryDeferred,
  parseTicket,
  RetryDeferredError,
} from '../../src/deferral/index.js';
import { createGate } from '../../src/gate/gate.js';
import type { RetryOptions, RetryReport } from '../../src/index.js';
import { attachRetry, retryCount, retryReport } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';

const START = Date.UTC(2030, 0, 1);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const ORIGIN = 'https://api.example';

interface Sent {
  readonly at: number;
  readonly url: string | undefined;
  readonly uri: string;
  readonly method: string | undefined;
  readonly headers: Record<string, unknown>;
  readonly data: unknown;
  readonly retryNumber: number;
}

interface AppOptions {
  readonly instance?: CreateAxiosDefaults;
  readonly retry?: RetryOptions;
  readonly deferral?: Partial<DeferralOptions>;
}

/** A server, and processes that send to it. Waits longer than a minute become tickets. */
function setUp(...answers: (number | [status: number, retryAfter: string])[]) {
  const clock = createTestClock(START);
  const sent: Sent[] = [];
  const saved: RetryTicket[] = [];
  const adapter = async (config: AxiosError['config'] & object) => {
    const [status, retryAfter] = [answers[Math.min(sent.length, answers.length - 1)] ?? 200].flat();
    sent.push({
      at: clock.now() - START,
      url: config.url,
      uri: axios.getUri(config),
      method: config.method?.toUpperCase(),
      headers: config.headers.toJSON(),
      data: config.data,
      retryNumber: retryCount(config),
    });
    const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
    const response = { status: Number(status), statusText: '', headers, data: 'answer', config };
    if (config.validateStatus?.(response.status) !== false) return response;
    const message = `Request failed with status code ${response.status}`;
    throw new HttpError(message, 'ERR_BAD_RESPONSE', config, undefined, response);
  };
  function start({ instance, retry, deferral: options }: AppOptions = {}) {
    const api = axios.create({ baseURL: `${ORIGIN}/v1`, adapter, ...instance });
    const save = (ticket: RetryTicket) => saved.push(ticket);
    const deferral = createDeferral({ save, ...options });
    const handle = attachRetry(api, { clock, maxDelay: MINUTE, deferral, ...retry });
    return { api, deferral, handle };
  }
  /** A request that becomes a ticket after its first response. */
  async function handOver(config: AxiosRequestConfig = {}, options?: AppOptions) {
    const { api } = start(options);
    const error = await failureOf(api.request({ url: '/orders', method: 'post', ...config }));
    return { error, ticket: saved.at(-1) as RetryTicket };
  }
  return { clock, sent, saved, start, handOver };
}

/** The wait after the second response is 64 s, so it becomes a ticket. */
const waitsLong = { backoff: () => HOUR };

// biome-ignore lint/suspicious/noExplicitAny: the tests inspect its fields
async function failureOf(request: Promise<unknown>): Promise<any> {
  return request.then(
    () => {
      throw new Error('It should have failed');
    },
    (error: unknown) => error,
  );
}

describe('a wait longer than maxDelay', () => {
  it('becomes a ticket for save, and the request rejects with it', async () => {
    const { clock, saved, start } = setUp(503);
    const { api } = start();
    const failed = failureOf(api.put('/orders/7', { count: 2 }));
    await clock.advance(8 * SECOND);
    const error = await failed;
    expect(error).toBeInstanceOf(RetryDeferredError);
    expect(isRetryDeferred(error)).toBe(true);
    expect(error).toMatchObject({ code: 'ERR_RETRY_DEFERRED', reason: 'deferred' });
    expect(error.ticket).toBe(saved[0]);
    expect(error.cause).toMatchObject({ isAxiosError: true, response: { status: 503 } });
    expect(saved).toEqual([
      {
        version: 1,
        id: expect.stringMatching(/^[\w-]{36}$/),
        method: 'PUT',
        url: `${ORIGIN}/v1/orders/7`,
        headers: { Accept: 'application/json, text/plain, */*' },
        body: { type: 'json', value: { count: 2 } },
        sent: true,
        retries: 1,
        firstSentAt: START,
        notBefore: START + 72 * SECOND,
        lastStatus: 503,
        attempts: [
          { sentAt: START, status: 503, delay: 8 * SECOND },
          { sentAt: START + 8 * SECOND, status: 503, delay: 64 * SECOND },
        ],
      },
    ]);
  });

  it('rejects after the ticket is saved', async () => {
    const { start } = setUp(503);
    let release: () => void = () => undefined;
    const saving = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { api } = start({ retry: waitsLong, deferral: { save: () => saving } });
    let failed = false;
    const request = failureOf(api.get('/')).then(() => {
      failed = true;
    });
    await new Promise(setImmediate);
    expect(failed).toBe(false);
    release();
    await request;
  });

  it('fails the request with the error of save; the HTTP error is its cause', async () => {
    const { start } = setUp(503);
    const full = new Error('disk full');
    const { api } = start({ retry: waitsLong, deferral: { save: () => Promise.reject(full) } });
    const error = await failureOf(api.get('/'));
    expect(error).toBe(full);
    expect(error.cause).toMatchObject({ response: { status: 503 } });
  });

  it('keeps the time of Retry-After', async () => {
    const { handOver } = setUp([429, '7200']);
    const { ticket } = await handOver();
    expect(ticket).toMatchObject({ notBefore: START + 2 * HOUR, lastStatus: 429, retries: 0 });
  });

  it('is limited to the last valid date', async () => {
    const { handOver } = setUp(503);
    const { ticket } = await handOver({}, { retry: { backoff: () => Infinity } });
    expect(ticket.notBefore).toBe(8.64e15);
    expect(parseTicket(JSON.parse(JSON.stringify(ticket)))).toEqual(ticket);
  });

  it('shows neither ticket nor config when its error is logged', async () => {
    const { handOver } = setUp(503);
    const { error } = await handOver(
      { data: { password: 'secret' }, headers: { Authorization: 'Bearer secret' } },
      { retry: waitsLong },
    );
    expect(JSON.stringify({ ...error, message: error.message })).not.toContain('secret');
    expect(retryReport(error)).toMatchObject({ gaveUp: 'deferred' });
  });

  it('saves no credentials, and only allowed headers', async () => {
    const { handOver } = setUp(503);
    const { ticket } = await handOver(
      {
        url: `https://user:secret@api.example/v1/orders?token=secret&a=1#secret`,
        params: { token: 'secret', b: 2 },
        auth: { username: 'user', password: 'secret' },
        headers: {
          Authorization: 'Bearer secret',
          Cookie: 'sid=secret',
          'X-Api-Key': 'secret',
          'If-Match': '"7"',
          'accept-language': 'de',
          'X-Tenant': 'blue',
        },
      },
      { retry: waitsLong, deferral: { omitParams: ['token'], headers: ['x-tenant'] } },
    );
    expect(JSON.stringify(ticket)).not.toContain('secret');
    expect(ticket).toMatchObject({ url: `${ORIGIN}/v1/orders?a=1`, params: { b: 2 } });
    expect(ticket.headers).toEqual({
      Accept: 'application/json, text/plain, */*',
      'If-Match': '"7"',
      'accept-language': 'de',
      'X-Tenant': 'blue',
    });
  });

  it.each<[string, unknown]>([
    ['a Blob', new Blob(['x'])],
    ['FormData', new FormData()],
    ['a stream', Readable.from(['x'])],
    ['more than a ticket may hold', 'x'.repeat(2 ** 20)],
  ])('of a request with %s fails with the HTTP error and the reason "body"', async (_, data) => {
    const { handOver, saved } = setUp(503);
    const { error } = await handOver({ data }, { retry: waitsLong });
    expect(error).toMatchObject({ isAxiosError: true, response: { status: 503 } });
    expect(retryReport(error)?.gaveUp).toBe('body');
    expect(saved).toEqual([]);
  });

  it('of a request to a socket is not saved, as it would be sent elsewhere', async () => {
    const { handOver } = setUp(503);
    const socket = { socketPath: '/run/api.sock' };
    expect((await handOver(socket, { retry: waitsLong })).error).not.toHaveProperty('ticket');
    const shared = { instance: socket, retry: waitsLong };
    expect((await handOver({}, shared)).error).toHaveProperty('ticket');
  });
});

describe('resume', () => {
  it('sends the request as its caller made it, and resolves with the response', async () => {
    const { sent, start, handOver } = setUp(503, 200);
    const { ticket } = await handOver(
      {
        params: { q: ['a b', 'c'] },
        data: { count: 2, on: new Date(START) },
        headers: { 'Content-Type': 'application/vnd.order+json' },
      },
      { retry: waitsLong, instance: { params: { lang: 'de' } } },
    );
    const { deferral } = start({ retry: waitsLong, instance: { params: { lang: 'de' } } });
    const response = await deferral.resume({ ...ticket, notBefore: 0 });
    expect(response).toMatchObject({ status: 200, data: 'answer' });
    const [first, second] = sent;
    expect(second).toEqual({ ...first, retryNumber: 1 });
  });

  it.each<[string, unknown]>([
    ['text', 'plain text'],
    ['a form', new URLSearchParams({ a: '1 2', b: '&' })],
    ['bytes', Uint8Array.of(0, 127, 128, 255)],
    ['no body', undefined],
    ['null', null],
  ])('sends %s as on the first attempt', async (_, data) => {
    const { sent, start, handOver } = setUp(503, 200);
    const { ticket } = await handOver({ data }, { retry: waitsLong });
    await start().deferral.resume(JSON.parse(JSON.stringify({ ...ticket, notBefore: 0 })));
    expect(sent[1]).toEqual({ ...sent[0], retryNumber: 1 });
  });

  it('waits until the ticket is due, and shows the wait', async () => {
    const { clock, sent, start, handOver } = setUp(503, 200);
    const { ticket } = await handOver({}, { retry: waitsLong });
    await clock.advance(MINUTE);
    const { deferral, handle } = start();
    const resumed = deferral.resume(ticket);
    await clock.advance(0);
    expect(handle.waits).toMatchObject([
      {
        method: 'POST',
        url: `${ORIGIN}/v1/orders`,
        status: 503,
        retryNumber: 1,
        maxRetries: 5,
        delay: 59 * MINUTE,
        dueAt: START + HOUR,
      },
    ]);
    await clock.advance(59 * MINUTE - 1);
    expect(sent).toHaveLength(1);
    await clock.advance(1);
    expect((await resumed).status).toBe(200);
    expect(sent[1]?.at).toBe(HOUR);
    expect(handle.waits).toEqual([]);
  });

  it('sends at once when the ticket is due, however late', async () => {
    const { clock, sent, start, handOver } = setUp(503, 200);
    const { ticket } = await handOver({}, { retry: waitsLong });
    await clock.advance(30 * 24 * HOUR);
    await start().deferral.resume(ticket);
    expect(sent[1]?.at).toBe(30 * 24 * HOUR);
  });

  it('continues the retry count and the schedule up to the last retry', async () => {
    const { clock, sent, saved, start } = setUp(503);
    const { api } = start({ retry: { maxDelay: 0 } });
    let failed = await failureOf(api.get('/'));
    for (let i = 0; i < 5; i += 1) {
      const resumed = failureOf(start({ retry: { maxDelay: 0 } }).deferral.resume(failed.ticket));
      await clock.runAll();
      failed = await resumed;
    }
    expect(sent.map(({ at }) => at / SECOND)).toEqual([0, 8, 72, 584, 4680, 37_448]);
    expect(sent.map(({ retryNumber }) => retryNumber)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(failed).toMatchObject({ isAxiosError: true, response: { status: 503 } });
    const report = retryReport(failed) as RetryReport;
    expect(report.gaveUp).toBe('max-retries');
    expect(report.attempts.map(({ sentAt }) => (sentAt - START) / SECOND)).toEqual(
      sent.map(({ at }) => at / SECOND),
    );
    expect(new Set(saved.map(({ id }) => id)).size).toBe(1);
  });

  it('keeps the idempotency key across tickets', async () => {
    const { clock, sent, saved, start } = setUp(503, 503, 200);
    const app = () => start({ retry: { maxDelay: 0, idempotencyKey: true } });
    await failureOf(app().api.post('/orders', {}));
    const again = failureOf(app().deferral.resume(saved[0] as RetryTicket));
    await clock.runAll();
    await again;
    const last = app().deferral.resume(saved[1] as RetryTicket);
    await clock.runAll();
    await last;
    const keys = sent.map(({ headers }) => headers['Idempotency-Key']);
    expect(keys).toEqual([saved[0]?.idempotencyKey, keys[0], keys[0]]);
    expect(keys[0]).toMatch(/^[\w-]{36}$/);
  });

  it('counts maxElapsed from the first attempt of all', async () => {
    const { clock, start, handOver } = setUp(503);
    const { ticket } = await handOver({}, { retry: waitsLong });
    const { deferral } = start({ retry: { ...waitsLong, maxElapsed: 2 * HOUR - 1 } });
    const resumed = failureOf(deferral.resume(ticket));
    await clock.runAll();
    expect(retryReport(await resumed)?.gaveUp).toBe('max-elapsed');
  });

  it('runs the interceptors when it sends, so credentials are fresh', async () => {
    const { clock, sent, start, handOver } = setUp(503, 200);
    const { ticket } = await handOver(
      { headers: { Authorization: 'Bearer old' } },
      { retry: waitsLong },
    );
    const { api, deferral } = start();
    api.interceptors.request.use((config) => {
      config.headers.set('Authorization', `Bearer of ${clock.now()}`);
      return config;
    });
    api.interceptors.response.use((response) => response.data as never);
    const resumed = deferral.resume(ticket);
    await clock.advance(HOUR);
    expect(await resumed).toBe('answer');
    expect(sent[1]?.headers.Authorization).toBe(`Bearer of ${START + HOUR}`);
  });

  it('takes what a ticket lacks from its config, except the target', async () => {
    const { sent, start, handOver } = setUp(503, 200);
    const { ticket } = await handOver(
      { params: { a: 1, token: 'old' }, headers: { 'X-Tenant': 'blue' } },
      { retry: waitsLong, deferral: { omitParams: ['token'] } },
    );
    const config = {
      params: { token: 'new' },
      headers: { 'X-Tenant': 'blue', Accept: 'text/plain' },
      url: 'https://evil.example',
      baseURL: 'https://evil.example',
      method: 'delete',
      data: 'other',
    };
    await start().deferral.resume({ ...ticket, notBefore: 0 }, config as ResumeConfig);
    expect(sent[1]).toMatchObject({
      method: 'POST',
      uri: `${ORIGIN}/v1/orders?a=1&token=new`,
      headers: { 'X-Tenant': 'blue', Accept: 'text/plain' },
      data: undefined,
    });
  });

  it('applies the retry options of its config', async () => {
    const { clock, start, handOver } = setUp(503);
    const { ticket } = await handOver({}, { retry: waitsLong });
    const { deferral, handle } = start();
    const resumed = failureOf(deferral.resume(ticket, { retry: { maxRetries: 1 } }));
    await clock.advance(0);
    expect(handle.waits).toMatchObject([{ retryNumber: 1, maxRetries: 1 }]);
    await clock.advance(HOUR);
    expect(retryReport(await resumed)?.gaveUp).toBe('max-retries');
  });

  it('sends an unsent request as a first attempt', async () => {
    const { start, handOver, sent } = setUp(503, 200);
    const { ticket } = await handOver({}, { retry: waitsLong });
    const { firstSentAt: _, lastStatus: __, ...rest } = ticket;
    const fresh = { ...rest, sent: false, notBefore: 0, attempts: [] };
    const response = await start().deferral.resume(fresh);
    expect(sent[1]?.retryNumber).toBe(0);
    expect(retryReport(response)?.attempts).toHaveLength(1);
  });

  it('counts maxElapsed of an unsent request from when it is sent', async () => {
    const { clock, start, handOver } = setUp(503);
    const { ticket } = await handOver({}, { retry: waitsLong });
    const { firstSentAt: _, lastStatus: __, ...rest } = ticket;
    const { deferral } = start({ retry: { maxElapsed: MINUTE } });
    const resumed = failureOf(deferral.resume({ ...rest, sent: false, attempts: [] }));
    await clock.runAll();
    const sentAt = [START + HOUR, START + HOUR + 8 * SECOND];
    expect(retryReport(await resumed)?.attempts).toMatchObject(
      sentAt.map((at) => ({ sentAt: at })),
    );
  });

  it('sends a ticket once if it is already being resumed', async () => {
    const { clock, start, handOver, sent } = setUp(503, 200);
    const { ticket } = await handOver({}, { retry: waitsLong });
    const { deferral } = start();
    const both = Promise.all([deferral.resume(ticket), deferral.resume({ ...ticket })]);
    await clock.advance(HOUR);
    const [one, other] = await both;
    expect(one).toBe(other);
    expect(sent).toHaveLength(2);
  });

  it('waits at a gate with other requests, without using up a retry', async () => {
    const { clock, start, handOver, sent, saved } = setUp(503, [429, '7200'], 200);
    const { ticket } = await handOver({}, { retry: waitsLong });
    const { api, deferral } = start({ retry: { gate: createGate() } });
    await failureOf(api.get('/closes-it'));
    await failureOf(deferral.resume({ ...ticket, notBefore: 0 }));
    expect(saved.at(-1)).toEqual({ ...ticket, notBefore: START + 2 * HOUR });
    expect(sent).toHaveLength(2);
    const resumed = start().deferral.resume(saved.at(-1) as RetryTicket);
    await clock.advance(2 * HOUR);
    await resumed;
    expect(sent[2]?.retryNumber).toBe(1);
  });

  it('reads tickets of version 1', async () => {
    const text = readFileSync(join(__dirname, '../fixtures/retry-ticket.v1.json'), 'utf8');
    const ticket = parseTicket(JSON.parse(text));
    expect(ticket).toEqual(JSON.parse(text));
    const { clock, start, sent } = setUp(503);
    const { deferral } = start({
      instance: { baseURL: 'https://api.example.com/v1' },
      deferral: { headers: ['X-Tenant'] },
      retry: { maxRetries: 4 },
    });
    const resumed = failureOf(deferral.resume(ticket));
    await clock.runAll();
    expect(sent).toEqual([
      {
        at: 4_680_000,
        method: 'POST',
        url: '/orders?dry=0',
        uri: 'https://api.example.com/v1/orders?dry=0&lang=de&tags%5B%5D=a&tags%5B%5D=b&page%5Bsize%5D=10',
        headers: {
          Accept: 'application/json, text/plain, */*',
          'Content-Type': 'application/json',
          'Idempotency-Key': 'order-7',
          'X-Tenant': 'blue',
        },
        data: '{"item":"tea","count":2,"at":"2029-12-31T23:00:00.000Z","note":null}',
        retryNumber: 4,
      },
    ]);
    expect(retryReport(await resumed)).toEqual({
      attempts: [...ticket.attempts, { sentAt: START + 4_680_000, status: 503 }],
      gaveUp: 'max-retries',
    });
  });
});

describe('a request that a token refresher sends again, to a gate that has closed', () => {
  /** A 401 after some failures; 29 s later, before the refresher sends again, another request closes the gate. */
  async function refreshed(
    failures: number[],
    { closedFor = '7200', body, ...retry }: RetryOptions & { closedFor?: string; body?: unknown },
  ) {
    const all = setUp(...failures, 401, [429, closedFor], failures.length > 0 ? 200 : 503);
    const { api, deferral } = all.start({ retry: { gate: createGate(), ...retry } });
    api.interceptors.response.use(undefined, async (error) => {
      if (error.response?.status !== 401) throw error;
      await new Promise<void>((resolve) => all.clock.setTimeout(resolve, 29 * SECOND));
      await failureOf(api.get('/closes-it', { retry: { maxRetries: 0 } }));
      return api.request(error.config);
    });
    const failed = failureOf(api.post('/orders', body));
    await all.clock.advance(40 * SECOND);
    return { ...all, deferral, failed };
  }

  it('has been sent, its ticket says', async () => {
    const { clock, sent, saved, start } = await refreshed([], {});
    const [ticket] = saved;
    expect(ticket).toMatchObject({
      sent: true,
      retries: 0,
      firstSentAt: START,
      lastStatus: 401,
      attempts: [{ sentAt: START, status: 401 }],
    });
    const retry = { maxRetries: 0 };
    const resumed = failureOf(start().deferral.resume(ticket as RetryTicket, { retry }));
    await clock.runAll();
    expect(retryReport(await resumed)?.attempts).toMatchObject([{ status: 401 }, { status: 503 }]);
    // Sending it again was no retry, and is none now.
    expect(sent.map(({ retryNumber }) => retryNumber)).toEqual([0, 0, 0]);
  });

  it('keeps its count of retries', async () => {
    const { clock, sent, saved, start } = await refreshed([503], {});
    const [ticket] = saved;
    expect(ticket).toMatchObject({
      sent: true,
      retries: 1,
      lastStatus: 401,
      attempts: [{ status: 503 }, { status: 401 }],
    });
    const { deferral, handle } = start();
    const resumed = deferral.resume(ticket as RetryTicket);
    await clock.advance(0);
    expect(handle.waits).toMatchObject([{ retryNumber: 1, status: 401 }]);
    expect(await deferral.suspend()).toEqual([ticket]);
    await failureOf(resumed);
    await Promise.all([start().deferral.resume(ticket as RetryTicket), clock.runAll()]);
    expect(sent.map(({ retryNumber }) => retryNumber)).toEqual([0, 1, 0, 1]);
  });

  it('reports its attempt if it cannot be written down', async () => {
    const body = new Blob(['x']);
    const { deferral, failed } = await refreshed([], { closedFor: '30', body });
    expect(await deferral.suspend()).toEqual([]);
    expect(retryReport(await failed)).toEqual({
      attempts: [{ sentAt: START, status: 401 }],
      gaveUp: 'body',
    });
  });

  it('counts maxElapsed from its first send of all', async () => {
    const { clock, failed } = await refreshed([], { closedFor: '30', maxElapsed: MINUTE });
    await clock.runAll();
    // 401 at 0 s, 503 at 59 s: its wait of 8 s would end after a minute.
    expect(retryReport(await failed)).toMatchObject({
      attempts: [{ status: 401 }, { status: 503 }],
      gaveUp: 'max-elapsed',
    });
  });
});

describe('resume refuses', () => {
  it('an invalid ticket, and says why', async () => {
    const { start } = setUp(200);
    const error = await failureOf(start().deferral.resume({ version: 2 } as never));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain('parseTicket: ticket.version takes 1; got 2');
  });

  it.each([
    'https://evil.example/v1/orders',
    'http://api.example/v1/orders',
    'https://api.example:444/v1/orders',
    'https://api.example.evil.example/v1/orders',
  ])('an origin that is not its own: %s', async (url) => {
    const { start, handOver, sent } = setUp(503);
    const { ticket } = await handOver({}, { retry: waitsLong });
    const error = await failureOf(start().deferral.resume({ ...ticket, url }));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain(`the ticket is for ${new URL(url).origin}`);
    expect(error.message).toContain(`this deferral for ${ORIGIN}`);
    expect(sent).toHaveLength(1);
  });

  it('any origin if the instance has no baseURL and the deferral no origins', async () => {
    const { start, handOver } = setUp(503, 200);
    const { ticket } = await handOver({}, { retry: waitsLong });
    const instance = { baseURL: '' };
    const error = await failureOf(start({ instance }).deferral.resume(ticket));
    expect(error.message).toContain('give the instance a baseURL, or the deferral origins');
    const { deferral } = start({ instance, deferral: { origins: ['https://API.example:443/'] } });
    expect((await deferral.resume({ ...ticket, notBefore: 0 })).status).toBe(200);
  });

  it('a header that its deferral does not allow', async () => {
    const { start, handOver } = setUp(503);
    const { ticket } = await handOver({}, { retry: waitsLong });
    const headers = { ...ticket.headers, 'X-Forwarded-For': '127.0.0.1' };
    const error = await failureOf(start().deferral.resume({ ...ticket, headers }));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain('"X-Forwarded-For", which option "headers" does not name');
  });

  it('to run without an attached instance', async () => {
    const { start, handOver } = setUp(503);
    const { ticket } = await handOver({}, { retry: waitsLong });
    const loose = createDeferral({ save: () => undefined });
    expect((await failureOf(loose.resume(ticket))).message).toContain('is not attached');
    const { deferral, handle } = start();
    handle.detach();
    expect((await failureOf(deferral.resume(ticket))).message).toContain('is detached');
  });
});

describe('the wait of a resumed request', () => {
  async function waiting(config?: ResumeConfig) {
    const all = setUp(503, 200);
    const { ticket } = await all.handOver({}, { retry: waitsLong });
    const app = all.start();
    const resumed = app.deferral.resume(ticket, config);
    resumed.catch(() => undefined);
    await all.clock.advance(0);
    return { ...all, ...app, ticket, resumed, wait: app.handle.waits[0] };
  }

  it('can be skipped by retryNow()', async () => {
    const { wait, resumed, sent } = await waiting();
    wait?.retryNow();
    expect((await resumed).status).toBe(200);
    expect(sent[1]?.at).toBe(0);
  });

  it('can be cancelled: the request settles with its last status', async () => {
    const { wait, resumed, clock, sent, ticket } = await waiting();
    wait?.cancel();
    const error = await failureOf(resumed);
    expect(axios.isAxiosError(error)).toBe(true);
    expect(error).toMatchObject({ code: 'ERR_BAD_RESPONSE', response: { status: 503 } });
    expect(retryReport(error)).toEqual({ attempts: ticket.attempts, gaveUp: 'canceled' });
    await clock.advance(HOUR);
    expect(sent).toHaveLength(1);
  });

  it('ends on detach() in the same way', async () => {
    const { handle, resumed } = await waiting();
    handle.detach();
    expect(retryReport(await failureOf(resumed))?.gaveUp).toBe('canceled');
  });

  it('ends at once with Axios’s CanceledError when its signal is aborted', async () => {
    const controller = new AbortController();
    const { handle, resumed } = await waiting({ signal: controller.signal });
    controller.abort();
    const error = await failureOf(resumed);
    expect(axios.isCancel(error)).toBe(true);
    expect(retryReport(error)?.gaveUp).toBe('canceled');
    expect(handle.waits).toEqual([]);
  });

  it('is suspended as the same ticket again', async () => {
    const { deferral, resumed, ticket, saved, handle } = await waiting();
    expect(await deferral.suspend()).toEqual([ticket]);
    expect((await failureOf(resumed)).ticket).toEqual(ticket);
    expect(saved).toHaveLength(1);
    expect(handle.waits).toEqual([]);
  });
});

describe('suspend', () => {
  it('turns every wait into a ticket and rejects its request, without calling save', async () => {
    const { clock, start, saved, sent } = setUp([429, '20'], 503);
    const { api, deferral, handle } = start();
    const failed = ['/a', '/b'].map((url) => failureOf(api.post(url, { url })));
    await clock.advance(SECOND);
    const tickets = await deferral.suspend();
    expect(tickets).toMatchObject([
      { url: `${ORIGIN}/v1/a`, notBefore: START + 20 * SECOND, lastStatus: 429, retries: 0 },
      { url: `${ORIGIN}/v1/b`, notBefore: START + 8 * SECOND, lastStatus: 503, retries: 0 },
    ]);
    const errors = await Promise.all(failed);
    expect(errors.map(({ ticket }) => ticket)).toEqual(tickets);
    expect(errors[0].cause).toMatchObject({ response: { status: 429 } });
    expect(retryReport(errors[0])).toEqual({
      attempts: [{ sentAt: START, status: 429, delay: 20 * SECOND }],
      gaveUp: 'deferred',
    });
    expect(saved).toEqual([]);
    expect(handle.waits).toEqual([]);
    await clock.runAll();
    expect(sent).toHaveLength(2);
  });

  it('resolves after pending saves, and returns no second ticket for them', async () => {
    const { start, clock } = setUp([429, '7200']);
    let release: () => void = () => undefined;
    const save = jest.fn(
      () =>
        new Promise<void>((resolve) => {
          release = resolve;
        }),
    );
    const { api, deferral, handle } = start({ deferral: { save }, retry: { gate: createGate() } });
    const failed = failureOf(api.get('/'));
    await clock.advance(0);
    release();
    await failed;
    const atTheGate = failureOf(api.get('/'));
    await clock.advance(0);
    expect(handle.waits).toHaveLength(1);
    let tickets: RetryTicket[] | undefined;
    void deferral.suspend().then((given) => {
      tickets = given;
    });
    await clock.advance(0);
    expect(tickets).toBeUndefined();
    release();
    expect(isRetryDeferred(await atTheGate)).toBe(true);
    await clock.advance(0);
    expect(tickets).toEqual([]);
    expect(save).toHaveBeenCalledTimes(2);
  });

  it('returns nothing when nothing waits or nothing is attached', async () => {
    expect(await setUp(200).start().deferral.suspend()).toEqual([]);
    expect(await createDeferral({ save: () => undefined }).suspend()).toEqual([]);
  });

  it('ends a request that cannot be saved with its last error and the reason "body"', async () => {
    const { clock, start } = setUp(503);
    const { api, deferral } = start();
    const failed = failureOf(api.post('/', new Blob(['x'])));
    await clock.advance(0);
    expect(await deferral.suspend()).toEqual([]);
    const error = await failed;
    expect(error).toMatchObject({ isAxiosError: true, response: { status: 503 } });
    expect(retryReport(error)?.gaveUp).toBe('body');
  });

  it('returns tickets for requests at a gate: a first attempt as unsent, a retry with its count', async () => {
    const { clock, start } = setUp(502, [429, '30']);
    const { api, deferral } = start({ retry: { gate: createGate() } });
    const all = [failureOf(api.get('/retried'))];
    await clock.advance(0);
    await failureOf(api.get('/refused', { retry: { maxRetries: 0 } }));
    all.push(failureOf(api.get('/first')));
    await clock.advance(10 * SECOND);
    const tickets = await deferral.suspend();
    expect(
      tickets.sort((a, b) => a.retries - b.retries || Number(a.sent) - Number(b.sent)),
    ).toMatchObject([
      { url: `${ORIGIN}/v1/first`, sent: false, retries: 0, attempts: [] },
      { url: `${ORIGIN}/v1/retried`, sent: true, retries: 0, lastStatus: 502 },
    ]);
    expect(tickets[0]).not.toHaveProperty('firstSentAt');
    const errors = await Promise.all(all);
    expect(errors.every(isRetryDeferred)).toBe(true);
    expect(errors.map((error) => retryReport(error)?.gaveUp)).toEqual(['deferred', 'deferred']);
  });

  it('cancels a first attempt at a gate that cannot be saved, with the reason "body"', async () => {
    const { clock, start } = setUp([429, '30']);
    const { api, deferral } = start({ retry: { gate: createGate() } });
    await failureOf(api.get('/', { retry: { maxRetries: 0 } }));
    const failed = failureOf(api.post('/', new Blob(['x'])));
    await clock.advance(0);
    expect(await deferral.suspend()).toEqual([]);
    const error = await failed;
    expect(axios.isCancel(error)).toBe(true);
    expect(retryReport(error)?.gaveUp).toBe('body');
  });
});

describe('createDeferral', () => {
  it('can be attached to one instance at a time, and again to the same one', () => {
    const deferral = createDeferral({ save: () => undefined });
    const one: AxiosInstance = axios.create();
    attachRetry(one, { deferral });
    const handle = attachRetry(one, { deferral });
    expect(() => attachRetry(axios.create(), { deferral })).toThrow(
      'this deferral serves another instance already; create one for each',
    );
    handle.detach();
    expect(() => attachRetry(axios.create(), { deferral })).not.toThrow();
  });

  const save = () => undefined;
  it.each<[string, unknown, typeof Error, string]>([
    [
      'no options',
      undefined,
      TypeError,
      'createDeferral takes an object of options; got undefined',
    ],
    ['no save', {}, TypeError, 'option "save" takes a function; got undefined'],
    ['an unknown option', { save, header: [] }, TypeError, 'unknown option "header"'],
    [
      'a header without an array',
      { save, headers: 'X-A' },
      TypeError,
      'option "headers" takes an array',
    ],
    ['an invalid header', { save, headers: ['X A'] }, RangeError, 'got "X A"'],
    ['a credential', { save, headers: ['cookie'] }, RangeError, 'no names of credentials'],
    ['omitParams of numbers', { save, omitParams: [1] }, TypeError, 'an array of names'],
    [
      'an origin without an array',
      { save, origins: ORIGIN },
      TypeError,
      'an array of http(s) origins',
    ],
    ['origins of URLs', { save, origins: [new URL(ORIGIN)] }, TypeError, 'http(s) origins'],
    ['an origin with a path', { save, origins: [`${ORIGIN}/v1`] }, RangeError, 'http(s) origins'],
    ['an origin of files', { save, origins: ['file:///'] }, RangeError, 'http(s) origins'],
  ])('refuses %s', (_, options, Kind, message) => {
    const create = () => createDeferral(options as DeferralOptions);
    expect(create).toThrow(Kind);
    expect(create).toThrow(message);
  });
});

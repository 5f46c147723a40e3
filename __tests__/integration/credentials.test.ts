// Every way by which a credential could reach what the package gives out or says.
import { inspect } from 'node:util';
import axios, { AxiosError } from 'axios';
import { createProcessor, saveTo } from '../../src/bullmq/index.js';
import type { DeferralOptions, RetryTicket } from '../../src/deferral/index.js';
import { createDeferral, createRelay, isRetryDeferred } from '../../src/deferral/index.js';
import { createGate, createRetryBudget } from '../../src/gate/index.js';
import type { RetryOptions } from '../../src/index.js';
import { attachRetry, retryReport } from '../../src/index.js';
import { createRedisGate } from '../../src/redis/index.js';
import { createTestClock } from '../../src/testing/index.js';
import { failureOf } from '../support/failure-of.js';

const SECRET = 's3cr3t';
const HOUR = 3_600_000;

/** A request with a credential in each place that has one. */
const request = {
  method: 'post',
  url: `\x01https://user:${SECRET}@api.example/orders`,
  auth: { username: 'user', password: SECRET },
  headers: { Authorization: `Bearer ${SECRET}`, Cookie: SECRET },
  params: { token: SECRET },
  data: { password: SECRET },
};

/** An instance whose requests fail with `code`, or with a status. */
function setUp(options: RetryOptions = {}, fail: { status?: number; message?: string } = {}) {
  const { status = 503, message = 'failed' } = fail;
  const clock = createTestClock();
  const saved: RetryTicket[] = [];
  const save = (ticket: RetryTicket) => void saved.push(ticket);
  const deferral = createDeferral({ save, omitParams: ['token'] });
  const gate = createGate();
  const budget = createRetryBudget();
  const api = axios.create({
    baseURL: `https://user:${SECRET}@api.example`,
    adapter: async (config) => {
      const response = { status, statusText: '', headers: {}, config, data: SECRET };
      throw new AxiosError(message, undefined, config, undefined, status ? response : undefined);
    },
  });
  const handle = attachRetry(api, { clock, gate, budget, deferral, ...options });
  return { clock, saved, deferral, gate, budget, api, handle };
}

/** Each text that a log could make of a value. */
function textsOf(value: unknown): string {
  const deep = { depth: 9, showHidden: true, getters: true } as const;
  return [String(value), JSON.stringify(value), inspect(value), inspect(value, deep)].join('\n');
}

describe('what the package gives out', () => {
  it.each([
    request.url,
    `http:user:${SECRET}@api.example/orders`,
    `//user:${SECRET}@api.example/orders`,
    `app://us\\er:${SECRET}@api.example/orders`,
  ])('shows no credential while a request to %j waits', async (url) => {
    const { clock, handle, gate, budget, deferral, api } = setUp();
    const failed = failureOf(api.request({ ...request, url }));
    await clock.advance(0);
    expect(handle.waits).toHaveLength(1);
    for (const given of [handle, handle.waits, gate, budget, deferral]) {
      expect(textsOf(given)).not.toContain(SECRET);
    }
    handle.detach();
    await failed;
  });

  it('says no credential in a deferred request’s error, report and log line', async () => {
    const { api } = setUp({ maxDelay: 0 });
    const error = await failureOf(api.request({ ...request, url: '/orders', data: 'none' }));
    expect(isRetryDeferred(error)).toBe(true);
    expect(retryReport(error)).toBeDefined();
    for (const text of [error.message, error.stack, JSON.stringify(error)]) {
      expect(text).not.toContain(SECRET);
    }
    expect(textsOf(retryReport(error))).not.toContain(SECRET);
  });

  it.each([
    `http:user:${SECRET}@evil.example/orders`,
    `\x01http://user:${SECRET}@api.example/orders`,
    `ht\ntp:\\user:${SECRET}@api.example/orders`,
  ])('holds no credential of %j in a ticket', async (url) => {
    const { api, saved } = setUp({ maxDelay: 0, backoff: () => HOUR });
    await failureOf(api.request({ ...request, url, data: 'none' }));
    expect(JSON.stringify(saved)).not.toContain(SECRET);
  });
});

describe('the message about a wrong argument', () => {
  const url = `redis://:${SECRET}@redis.example:6379`;
  const tokenUrl = `https://api.example?token=${SECRET}`;
  const deferralWith = (options: Partial<DeferralOptions>) => () =>
    createDeferral({ save: () => undefined, ...options });

  it.each<[string, () => unknown]>([
    ['attachRetry', () => attachRetry(url as never)],
    ['attachRetry', () => attachRetry(tokenUrl as never)],
    ['createRedisGate', () => createRedisGate(url as never)],
    ['saveTo', () => saveTo(url as never)],
    ['createRelay', () => createRelay(url as never)],
    ['createProcessor', () => createProcessor(url as never)],
    ['createDeferral', () => createDeferral(url as never)],
    ['option "save"', deferralWith({ save: url as never })],
    ['option "origins"', deferralWith({ origins: [`https://user:${SECRET}@api.example`] })],
    ['option "origins"', deferralWith({ origins: [`user:${SECRET}@api.example`] })],
    ['option "origins"', deferralWith({ origins: [tokenUrl] })],
    ['option "origins"', deferralWith({ origins: [`https://api.example#${SECRET}`] })],
    ['option "headers"', deferralWith({ headers: [`Basic user:${SECRET}@api.example`] })],
  ])('names %s but shows no credential of a URL', (where, call) => {
    expect(call).toThrow(where);
    expect(call).not.toThrow(SECRET);
  });
});

describe('the failedReason of a job', () => {
  const ticket = async () => {
    const { api, saved } = setUp({ maxDelay: 0, backoff: () => 0.1 });
    await failureOf(api.request({ ...request, url: '/orders', data: 'none' }));
    return { ...saved[0], notBefore: 0 } as RetryTicket;
  };

  it.each([
    `Request cannot be constructed from a URL that includes credentials: https://user:${SECRET}@api.example/orders`,
    `Invalid URL "http:user:${SECRET}@api.example"`,
    `getaddrinfo ENOTFOUND //us er:${SECRET}/@api.example`,
  ])('shows no credential of the adapter’s message %j', async (message) => {
    const { deferral } = setUp({ networkErrors: true, maxRetries: 0 }, { status: 0, message });
    const job = { data: await ticket(), updateData: jest.fn(), moveToDelayed: jest.fn() };
    const error = await failureOf(createProcessor(deferral)(job));
    expect(error.name).toBe('UnrecoverableError');
    expect(error.message).toContain('"gaveUp":"method"');
    expect(`${error.message} ${error.stack}`).not.toContain(SECRET);
  });
});

import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { AxiosError, AxiosHeaders } from 'axios';
import { readAttachOptions } from '../../src/core/options.js';
import { defineStatusTable } from '../../src/policy/define-status-table.js';
import type { Outcome } from '../../src/request/outcome.js';
import {
  addCause,
  isAxiosFailure,
  isFailedStatus,
  responseOf,
  statusOf,
  toFailure,
} from '../../src/request/outcome.js';

const config = {
  method: 'put',
  headers: new AxiosHeaders(),
  maxContentLength: -1,
} as InternalAxiosRequestConfig;
const headers = { 'retry-after': '7' };
const answer = (status: number): AxiosResponse => ({
  status,
  statusText: '',
  headers,
  config,
  data: undefined,
});

interface Given {
  code?: string | undefined;
  name?: string;
  message?: string;
  cause?: unknown;
  status?: number;
  config?: object | undefined;
}

function failed({ code, message = 'failed', status, ...own }: Given = {}): Outcome {
  const response = status === undefined ? undefined : answer(status);
  const value = new AxiosError(message, code, config, {}, response);
  return { ok: false, value: Object.assign(value, own) };
}

const resolved = (status: number): Outcome => ({ ok: true, value: answer(status) });
const policy = readAttachOptions({});
const codeOf = (given: Given): string | undefined => toFailure(failed(given), FACTS).code;
const FACTS = { retryNumber: 2, elapsed: 10, receivedAt: 5, keyed: true, oneShotBody: false };

describe('the response of an outcome', () => {
  it('is the response that resolved', () => {
    const outcome = resolved(503);
    expect(responseOf(outcome)).toBe(outcome.value);
  });

  it('is the response of the error, if there is one', () => {
    expect(responseOf(failed({ status: 503 }))).toMatchObject({ status: 503 });
    expect(responseOf(failed())).toBeUndefined();
  });

  it('is undefined for a rejection without a value', () => {
    expect(responseOf({ ok: false, value: undefined as never })).toBeUndefined();
  });
});

describe('an error of an attempt', () => {
  it.each<[string, unknown]>([
    ["Axios's own", new AxiosError('failed')],
    ["one of another copy of Axios's", Object.assign(new Error(), { isAxiosError: true })],
    ["anyone's with a response", { response: answer(503) }],
  ])('is %s', (_words, error) => {
    expect(isAxiosFailure(error)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['an error of an interceptor', new Error('no token')],
    ['nothing', undefined],
    ['null', null],
    ['a string', 'failed'],
    ['an object that only resembles one', { isAxiosError: 'yes', response: 'none' }],
  ])('is not %s', (_words, error) => {
    expect(isAxiosFailure(error)).toBe(false);
  });
});

describe('a failed status', () => {
  it.each([400, 401, 404, 429, 500, 503, 529, 599])('is %d', (status) => {
    expect(isFailedStatus(status, policy)).toBe(true);
  });

  it.each([200, 202, 204, 301, 304, 399])('is not %d', (status) => {
    expect(isFailedStatus(status, policy)).toBe(false);
  });

  it.each([undefined, null, '503', NaN])('is not %p', (status) => {
    expect(isFailedStatus(status, policy)).toBe(false);
  });

  it('includes any status that the table retries, even a successful one', () => {
    const row = { code: 202, name: 'Accepted', description: 'Not yet.', retry: 'backoff' as const };
    const table = defineStatusTable([row]);
    expect(isFailedStatus(202, readAttachOptions({ table }))).toBe(true);
  });
});

describe('the code of a network error', () => {
  it('is the code of the error', () => {
    expect(codeOf({ code: 'ECONNREFUSED' })).toBe('ECONNREFUSED');
    expect(codeOf({})).toBeUndefined();
    expect(codeOf({ code: 'ERR_NETWORK' })).toBe('ERR_NETWORK');
  });

  it('is the code of the cause if fetch reports only ERR_NETWORK', () => {
    const cause = { code: 'ENOTFOUND' };
    expect(codeOf({ code: 'ERR_NETWORK', cause })).toBe('ENOTFOUND');
    expect(codeOf({ code: 'ERR_NETWORK', cause: { cause } })).toBe('ENOTFOUND');
    expect(codeOf({ cause })).toBe('ENOTFOUND');
  });

  it('is not the code of the cause if the error has a specific one', () => {
    expect(codeOf({ code: 'ETIMEDOUT', cause: { code: 'ENOTFOUND' } })).toBe('ETIMEDOUT');
  });

  it.each([{ code: 42 }, {}, null, 'ENOTFOUND', { cause: { code: {} } }])(
    'is the code of the error if the cause %j has none',
    (cause) => {
      expect(codeOf({ code: 'ERR_NETWORK', cause })).toBe('ERR_NETWORK');
    },
  );

  it.each([
    'unknown scheme',
    'bad port',
    'redirect count exceeded',
    'GET cannot have body',
    "Url scheme 'foo' not supported",
    'Fetch failed: Requests to port 1 are blocked',
    'Fetch failed: Maximum number of redirects (20) reached',
  ])('is a permanent one for the fetch error: %s', (message) => {
    expect(codeOf({ code: 'ERR_NETWORK', message })).toBe('ERR_INVALID_REQUEST');
    expect(codeOf({ code: 'ERR_NETWORK', cause: { message } })).toBe('ERR_INVALID_REQUEST');
    expect(codeOf({ message })).toBe('ERR_INVALID_REQUEST');
  });

  it('for a truncated successful response is ERR_BAD_RESPONSE', () => {
    expect(codeOf({ status: 200, code: 'ERR_BAD_RESPONSE' })).toBe('ERR_BAD_RESPONSE');
  });

  it('for a response truncated before its status is ECONNRESET', () => {
    expect(codeOf({ code: 'ERR_BAD_RESPONSE' })).toBe('ECONNRESET');
    expect(codeOf({ code: 'ERR_BAD_RESPONSE', config: undefined })).toBe('ECONNRESET');
    expect(codeOf({ code: 'ERR_BAD_RESPONSE', config: {} })).toBe('ECONNRESET');
  });

  it('stays ERR_BAD_RESPONSE if the body may have exceeded its limit', () => {
    for (const maxContentLength of [0, 100]) {
      const limited = { code: 'ERR_BAD_RESPONSE', config: { maxContentLength } };
      expect(codeOf(limited)).toBe('ERR_BAD_RESPONSE');
    }
  });

  it('is undefined for a complete response that cannot be parsed', () => {
    const name = 'SyntaxError';
    expect(codeOf({ name, code: 'ERR_BAD_RESPONSE', status: 200 })).toBeUndefined();
    expect(codeOf({ name, code: 'ERR_BAD_RESPONSE' })).toBe('ERR_BAD_RESPONSE');
  });
});

describe('the input of the decision', () => {
  it('has the status, headers, code and method, and the given facts', () => {
    expect(toFailure(failed({ status: 503, code: 'ERR_BAD_REQUEST' }), FACTS)).toEqual({
      ...FACTS,
      status: 503,
      headers,
      code: 'ERR_BAD_REQUEST',
      method: 'put',
    });
  });

  it('has no code for a response', () => {
    const told = toFailure(resolved(429), FACTS);
    expect(told).toEqual({ ...FACTS, status: 429, headers, code: undefined, method: 'put' });
  });

  it('has every value of a Retry-After that Node has kept only once, and the other headers', () => {
    const rawHeaders = ['Retry-After', '7', 'X-Limit', '1', 'retry-after', '9'];
    const response = answer(429);
    response.headers = { 'retry-after': '7', 'x-limit': '1', date: 'now' };
    response.request = { res: { rawHeaders } };
    const { headers } = toFailure({ ok: true, value: response }, FACTS);
    expect(headers).toEqual({ 'retry-after': ['7', '9'], 'x-limit': '1', date: 'now' });
  });

  it.each([
    ['once', ['Retry-After', '9', 'X-Limit', '1']],
    ['not at all', ['X-Limit', '1']],
    ['where it is not known', undefined],
  ])('has the headers as they are if Retry-After came %s', (_words, rawHeaders) => {
    const response = { ...answer(429), request: { res: { rawHeaders } } };
    expect(toFailure({ ok: true, value: response }, FACTS).headers).toBe(headers);
  });

  it('has no status and headers without a response, and no method without a config', () => {
    const told = toFailure(failed({ code: 'EPIPE', config: undefined }), FACTS);
    expect(told).toEqual({ ...FACTS, code: 'EPIPE' });
  });
});

describe('the cause added to another error', () => {
  const failedWith503: Outcome = {
    ok: false,
    value: new AxiosError('failed', 'ERR_BAD_RESPONSE', config, {}, answer(503)),
  };

  it('is the HTTP error, and not enumerable, like a native cause', () => {
    const outcome = failedWith503;
    const error = new Error('mine');
    addCause(error, outcome);
    expect(error.cause).toBe(outcome.value);
    expect(Object.keys(error)).toEqual([]);
    error.cause = 'another';
    expect(error.cause).toBe('another');
    delete error.cause;
    expect(error).not.toHaveProperty('cause');
  });

  it('does not replace an existing cause, even undefined', () => {
    for (const cause of ['own', undefined]) {
      const error = new Error('mine', { cause });
      addCause(error, failedWith503);
      expect(error.cause).toBe(cause);
    }
  });

  it('is not added if the response resolved, or if the error cannot take one', () => {
    const error = new Error('mine');
    addCause(error, { ok: true, value: answer(503) });
    expect(error).not.toHaveProperty('cause');
    const frozen = Object.freeze(new Error('mine'));
    for (const one of [frozen, 'text', undefined, null]) {
      expect(() => addCause(one, failedWith503)).not.toThrow();
    }
    expect(frozen).not.toHaveProperty('cause');
  });
});

describe('a status', () => {
  it('is a number, or missing; anything else is not a number', () => {
    expect(statusOf({ status: 503 })).toBe(503);
    expect(statusOf({})).toBeUndefined();
    expect(statusOf(undefined)).toBeUndefined();
    expect(statusOf({ status: '503' })).toBeNaN();
    expect(statusOf({ status: null })).toBeNaN();
  });
});

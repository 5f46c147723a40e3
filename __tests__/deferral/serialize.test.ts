import { Readable } from 'node:stream';
import axios, { AxiosHeaders } from 'axios';
import fc from 'fast-check';
import NodeFormData from 'form-data';
import type { RetryCall } from '../../src/core/extensions.js';
import { createHeaderFilter } from '../../src/deferral/headers.js';
import { parseTicket } from '../../src/deferral/parse-ticket.js';
import type { TicketOptions } from '../../src/deferral/serialize.js';
import { toTicket } from '../../src/deferral/serialize.js';
import type { RetryTicket } from '../../src/deferral/ticket.js';
import { MAX_TICKET_BYTES } from '../../src/deferral/ticket.js';
import { MAX_TIME_MS } from '../../src/util/time.js';
import { callOf } from '../support/stub-call.js';
import { json } from '../support/tickets.js';

const request = { url: 'https://a.example/x' };
const defaultOptions: TicketOptions = {
  defaults: {},
  omitParams: [],
  allowsHeader: createHeaderFilter(),
};

/** The ticket of a request that waits at a gate for its first send. */
function ticketOf(config: object, options: Partial<TicketOptions> = {}): RetryTicket | undefined {
  const call = callOf({ ...request, ...config });
  return toTicket(call, { notBefore: 5000 }, { ...defaultOptions, ...options });
}

/** The ticket of a call after its first failed attempt. */
function ticketAfterFailure(
  more: Partial<RetryCall> = {},
  notBefore = 9000,
): RetryTicket | undefined {
  const { summary, ...rest } = more;
  const call = callOf(request, {
    summary: () => ({ ...callOf(request).summary(), retryNumber: 1, ...summary?.() }),
    firstSentAt: 1000,
    attempts: [{ sentAt: 1000, status: 503, delay: 8000 }],
    ...rest,
  });
  return toTicket(call, { notBefore }, defaultOptions);
}

const summaryWith = (retryNumber: number) => () =>
  ({ retryNumber }) as ReturnType<RetryCall['summary']>;

describe('the ticket of a call', () => {
  it('has no attempts if the call was never sent', () => {
    expect(ticketOf({})).toStrictEqual({
      version: 1,
      id: expect.stringMatching(/^[\w-]{36}$/),
      method: 'GET',
      url: 'https://a.example/x',
      headers: {},
      sent: false,
      retries: 0,
      notBefore: 5000,
      attempts: [],
    });
  });

  it('has the attempts of a call that failed', () => {
    expect(ticketAfterFailure()).toStrictEqual({
      version: 1,
      id: expect.stringMatching(/^[\w-]{36}$/),
      method: 'GET',
      url: 'https://a.example/x',
      headers: {},
      sent: true,
      retries: 0,
      notBefore: 9000,
      firstSentAt: 1000,
      lastStatus: 503,
      attempts: [{ sentAt: 1000, status: 503, delay: 8000 }],
    });
    expect(ticketAfterFailure({ summary: summaryWith(4), retries: 3 })?.retries).toBe(3);
  });

  it('counts the same send again as no retry, whether or not it was one', () => {
    const attempts = [
      { sentAt: 1000, status: 503, delay: 8000 },
      { sentAt: 9000, status: 401 },
    ];
    const once = { retries: 1, summary: summaryWith(1), attempts };
    expect(ticketAfterFailure(once)).toMatchObject({ retries: 1, lastStatus: 401 });
    const first = { summary: summaryWith(0), attempts: attempts.slice(1) };
    expect(ticketAfterFailure(first)).toMatchObject({ sent: true, retries: 0, lastStatus: 401 });
  });

  it('keeps the id of the ticket it was resumed from', () => {
    const resumedFrom = { id: 'first', lastStatus: 429 };
    expect(ticketAfterFailure({ resumedFrom })).toMatchObject({ id: 'first', lastStatus: 503 });
  });

  it('keeps the last status of the ticket it was resumed from if that tells of no attempt', () => {
    const waiting = { retries: 2, summary: summaryWith(2), attempts: [] };
    const resumedFrom = { id: 'first', sent: true, lastStatus: 429 };
    const ticket = { id: 'first', sent: true, lastStatus: 429, retries: 1, attempts: [] };
    expect(ticketAfterFailure({ ...waiting, resumedFrom })).toMatchObject(ticket);
    expect(
      ticketAfterFailure({ ...waiting, resumedFrom: { id: 'first', sent: true } }),
    ).not.toHaveProperty('lastStatus');
  });

  it('has no status of a last attempt without a response', () => {
    const attempts = [
      { sentAt: 1000, status: 503, delay: 8000 },
      { sentAt: 9000, delay: 64_000 },
    ];
    const resumedFrom = { id: 'first', sent: true, lastStatus: 503 };
    expect(ticketAfterFailure({ resumedFrom, attempts })).not.toHaveProperty('lastStatus');
  });

  it('has only times that a Date can hold', () => {
    expect(ticketAfterFailure({}, Number.POSITIVE_INFINITY)?.notBefore).toBe(MAX_TIME_MS);
    expect(ticketAfterFailure({ firstSentAt: Number.NaN }, -1)).toMatchObject({
      firstSentAt: 0,
      notBefore: 0,
    });
  });

  it('is accepted by parseTicket, also after it was text', () => {
    const given = [
      { data: { a: 1 }, params: { b: [1] } },
      { data: Buffer.from('a') },
      { data: 'a' },
    ];
    for (const ticket of [...given.map((config) => ticketOf(config)), ticketAfterFailure()]) {
      expect(ticket).toBeDefined();
      expect(parseTicket(JSON.parse(JSON.stringify(ticket)))).toStrictEqual(ticket);
    }
  });
});

describe('the headers of a ticket', () => {
  const headersOf = (headers: object, options?: Partial<TicketOptions>) =>
    ticketOf({ headers }, options)?.headers;

  it('are those of the allow-list, in their own letter case', () => {
    const given = {
      accept: 'a',
      'Content-Type': 'b',
      'IF-MATCH': 'c',
      Prefer: 'd',
      'User-Agent': 'e',
    };
    const { 'User-Agent': left, ...kept } = given;
    expect(headersOf(given)).toStrictEqual(kept);
    expect(headersOf(new AxiosHeaders(given))).toStrictEqual(kept);
  });

  it('are also those that the option names', () => {
    const allowsHeader = createHeaderFilter(['X-Tenant']);
    expect(headersOf({ 'x-tenant': '7', 'X-Other': '8' }, { allowsHeader })).toStrictEqual({
      'x-tenant': '7',
    });
  });

  it.each([
    'Authorization',
    'authorization',
    'AUTHORIZATION',
    'Proxy-Authorization',
    'Cookie',
    'set-cookie',
    ' Authorization ',
    'Authorization\t',
    'X-Api-Key',
    'X-Auth-Token',
    'x-xsrf-token',
    '__proto__',
    'common',
  ])('do not include credentials: %j', (name) => {
    const headers = Object.fromEntries([
      [name, 'secret'],
      ['Accept', 'a'],
    ]);
    expect(headersOf(headers)).toStrictEqual({ Accept: 'a' });
  });

  it('do not include credentials even if the filter allows them', () => {
    for (const name of ['Authorization', 'cookie', 'Proxy-authorization', 'SET-COOKIE']) {
      expect(
        ticketOf({ headers: { [name]: 'secret' } }, { allowsHeader: () => true }),
      ).toBeUndefined();
    }
  });

  it('include those that Axios must not set, as false', () => {
    const given = { Accept: false, 'Content-Type': null, Prefer: undefined };
    expect(headersOf(given)).toStrictEqual({ Accept: false, 'Content-Type': false });
    expect(headersOf({ 'Idempotency-Key': false })).toStrictEqual({ 'Idempotency-Key': false });
  });

  it('are strings', () => {
    expect(headersOf({ Accept: ['a', 'b'], Prefer: 7, 'If-Match': true })).toStrictEqual({
      Accept: 'a, b',
      Prefer: '7',
      'If-Match': 'true',
    });
  });

  it.each(['Idempotency-Key', 'idempotency-key', 'IDEMPOTENCY-KEY'])(
    'include the idempotency key, which has a field of its own too: %s',
    (name) => {
      const ticket = ticketOf({ headers: { [name]: 'order-1' } });
      expect(ticket).toMatchObject({ headers: { [name]: 'order-1' }, idempotencyKey: 'order-1' });
    },
  );

  it('cannot be written down if they are invalid', () => {
    expect(ticketOf({ headers: { Prefer: 'a\r\nCookie: b' } })).toBeUndefined();
    expect(ticketOf({ headers: { Prefer: '☃' } })).toBeUndefined();
  });
});

describe('the params of a ticket', () => {
  const paramsOf = (params: unknown, options?: Partial<TicketOptions>) =>
    ticketOf({ params }, options)?.params;

  it('are JSON, with dates as Axios writes them', () => {
    expect(paramsOf({ a: [1, { b: new Date(0) }], c: undefined, d: null })).toStrictEqual({
      a: [1, { b: '1970-01-01T00:00:00.000Z' }],
      d: null,
    });
    expect(ticketOf({})).not.toHaveProperty('params');
  });

  it('leave out the omitted ones and their parts', () => {
    const params = { key: 1, 'key[]': [2], 'key[a]': 3, ' key ': 4, keys: 5, deep: { key: 6 } };
    expect(paramsOf(params, { omitParams: ['key'] })).toStrictEqual({ keys: 5, deep: { key: 6 } });
  });

  it('leave out the omitted ones of URLSearchParams, which are in the URL', () => {
    const params = new URLSearchParams('key=secret&a=1&a=2');
    const ticket = ticketOf({ params }, { omitParams: ['key'] });
    expect(ticket).not.toHaveProperty('params');
    expect(ticket?.url).toBe('https://a.example/x?a=1&a=2');
  });

  it('leave out those that the instance adds again', () => {
    const defaults = { params: { key: 'secret', list: [1], at: new Date(0) } };
    expect(paramsOf({ ...defaults.params, a: 1 }, { defaults })).toStrictEqual({ a: 1 });
    expect(paramsOf({ ...defaults.params, list: [2], key: undefined }, { defaults })).toStrictEqual(
      {
        list: [2],
        key: null,
      },
    );
  });

  it.each<[string, unknown]>([
    ['URLSearchParams', new URLSearchParams('a=1')],
    ['null', null],
  ])('cannot be written down if they replace those of the instance: %s', (_words, params) => {
    expect(ticketOf({ params })).toBeDefined();
    expect(ticketOf({ params }, { defaults: { params: { key: 1 } } })).toBeUndefined();
  });

  class Filter {
    readonly a = 1;
  }
  const circle: { self?: unknown } = {};
  circle.self = circle;

  it.each<[string, unknown]>([
    ['a string', 'a=1'],
    ['an array', [1]],
    ['a class instance', new Filter()],
    ['a nested class instance, which Axios turns into a string', { a: new Filter() }],
    ['NaN, which Axios turns into a string', { a: Number.NaN }],
    [
      'a toJSON method, which Axios does not call',
      {
        a: new (class {
          toJSON = () => 1;
        })(),
      },
    ],
    ['a Map', { a: new Map() }],
    ['a Blob', { a: new Blob(['a']) }],
    ['bytes', { a: new Uint8Array(1) }],
    ['a BigInt', { a: 1n }],
    ['a circle', circle],
    ['the key __proto__', { a: [JSON.parse('{"__proto__":1}')] }],
  ])('cannot be written down if they are or hold %s', (_words, params) => {
    expect(ticketOf({ params })).toBeUndefined();
    expect(ticketOf({ params }, { defaults: { params: { a: 1 } } })).toBeUndefined();
  });

  it('make the same query as before, together with those of the instance', () => {
    const names = fc.constantFrom('a', 'b', 'c[]', 'd e');
    const value = fc.oneof(json, fc.date({ noInvalidDate: true }));
    const some = fc.dictionary(
      names,
      fc.oneof(value, fc.dictionary(names, value), fc.constant(undefined)),
    );
    const api = axios.create();
    const url = fc.constantFrom('https://a.example/x', 'https://a.example/x?a=1');
    fc.assert(
      fc.property(url, some, some, (target, given, defaults) => {
        api.defaults.params = defaults;
        let params: unknown;
        const serialize = (merged: unknown) => {
          params = merged;
          return '';
        };
        let uri: string;
        try {
          uri = new URL(api.getUri({ url: target, params: given })).href;
        } catch {
          // Axios refuses deep nesting.
          return;
        }
        api.getUri({ params: given, paramsSerializer: { serialize } });
        const ticket = ticketOf({ url: target, params }, { defaults: { params: defaults } });
        const again = { url: ticket?.url ?? '', params: { ...ticket?.params } };
        expect(new URL(api.getUri(again)).href).toBe(uri);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a call without a ticket', () => {
  it.each<[string, object]>([
    ['a body that cannot be written down', { data: new Blob(['a']) }],
    ['a FormData', { data: new FormData() }],
    ['form-data', { data: new NodeFormData() }],
    ['a stream', { data: Readable.from(['once']) }],
    [
      'a body whose getters throw',
      {
        data: new Proxy(
          {},
          {
            get: () => {
              throw new Error('no');
            },
          },
        ),
      },
    ],
    ['bytes without a constructor', { data: Object.setPrototypeOf(new Uint8Array(1), null) }],
    ['more than 1 MiB', { data: 'a'.repeat(MAX_TICKET_BYTES) }],
    ['more than 1 MiB of bytes', { data: Buffer.alloc(MAX_TICKET_BYTES) }],
    ['a URL that is not absolute', { url: '/x' }],
    [
      'user info in its path',
      { url: ' https://me:secret@b.example', baseURL: 'https://a.example' },
    ],
    ['another socket than its instance', { socketPath: '/run/a.sock' }],
  ])('has %s', (_words, config) => {
    expect(ticketOf(config)).toBeUndefined();
  });

  it.each(['CONNECT', 'TRACE', 'G T', ''])(
    'has a method that a ticket may not have: %j',
    (method) => {
      const summary = () => ({ ...callOf(request).summary(), method });
      expect(ticketAfterFailure({ summary })).toBeUndefined();
    },
  );

  it('has another socket than its instance', () => {
    const socketPath = '/run/a.sock';
    expect(ticketOf({ socketPath }, { defaults: { socketPath } })).toBeDefined();
    expect(ticketOf({}, { defaults: { socketPath } })).toBeUndefined();
  });
});

describe('credentials', () => {
  it('are never in a ticket, wherever they are in the request', () => {
    const secret = 'hunter2';
    const config = {
      baseURL: `https://me:${secret}@a.example/v1`,
      url: '/x?key=hunter2',
      params: { key: secret, 'key[0]': secret, page: 1 },
      auth: { username: 'me', password: secret },
      proxy: { host: 'b.example', auth: { username: 'me', password: secret } },
      headers: new AxiosHeaders({
        authorization: `Bearer ${secret}`,
        'PROXY-AUTHORIZATION': secret,
        cookie: `session=${secret}`,
        'X-Api-Key': secret,
        'X-XSRF-TOKEN': secret,
        Referer: `https://a.example/?token=${secret}`,
        Accept: 'text/plain',
      }),
      xsrfCookieName: secret,
      httpsAgent: { options: { key: secret, passphrase: secret } },
      data: { amount: 5 },
    };
    const ticket = ticketOf(config, { omitParams: ['key'] });
    expect(ticket).toMatchObject({ url: 'https://a.example/v1/x', params: { page: 1 } });
    expect(JSON.stringify(ticket)).not.toContain(secret);
  });
});

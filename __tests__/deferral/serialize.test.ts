import { Readable } from 'node:stream';
import axios, { AxiosHeaders } from 'axios';
import fc from 'fast-check';
import NodeFormData from 'form-data';
import type { RetryCall } from '../../src/core/extensions.js';
import { createHeaderFilter } from '../../src/deferral/headers.js';
import type { TicketOptions } from '../../src/deferral/serialize.js';
import { toTicket } from '../../src/deferral/serialize.js';
import type { RetryTicket } from '../../src/deferral/ticket.js';
import { MAX_TICKET_BYTES, MAX_TIME_MS, parseTicket } from '../../src/deferral/ticket.js';
import { callOf } from '../support/stub-call.js';
import { json } from '../support/tickets.js';

const request = { url: 'https://a.example/x' };
const usual: TicketOptions = {
  defaults: {},
  omitParams: [],
  allows: createHeaderFilter(),
  newId: () => 'new',
};

/** The ticket of a first send that waits at a gate. */
function written(config: object, ticketing: Partial<TicketOptions> = {}): RetryTicket | undefined {
  const call = callOf({ ...request, ...config });
  return toTicket(call, { notBefore: 5000, status: undefined }, { ...usual, ...ticketing });
}

/** The ticket of a call that has been sent, after its first failure. */
function handedOver(more: Partial<RetryCall> = {}, notBefore = 9000): RetryTicket | undefined {
  const { summary, ...rest } = more;
  const call = callOf(request, {
    summary: () => ({ ...callOf(request).summary(), retryNumber: 1, ...summary?.() }),
    firstSentAt: 1000,
    toJSON: () => ({ attempts: [{ sentAt: 1000, status: 503, delay: 8000 }] }),
    ...rest,
  });
  return toTicket(call, { notBefore, status: 503 }, usual);
}

const described = (retryNumber: number) => () =>
  ({ retryNumber }) as ReturnType<RetryCall['summary']>;

describe('the ticket of a call', () => {
  it('that was never sent has nothing of sends', () => {
    expect(written({})).toStrictEqual({
      version: 1,
      id: 'new',
      method: 'GET',
      url: 'https://a.example/x',
      headers: {},
      sent: false,
      retries: 0,
      notBefore: 5000,
      attempts: [],
    });
  });

  it('that has failed says how often, since when and why', () => {
    expect(handedOver()).toStrictEqual({
      version: 1,
      id: 'new',
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
    expect(handedOver({ summary: described(4), retries: 3 })?.retries).toBe(3);
  });

  it('that was taken up again keeps its id, and until it is sent its last status', () => {
    const resumedFrom = { id: 'first', lastStatus: 429 };
    expect(handedOver({ resumedFrom })).toMatchObject({ id: 'first', lastStatus: 503 });
    const waiting = handedOver({ resumedFrom, retries: 2, summary: described(2) });
    expect(waiting).toMatchObject({ id: 'first', lastStatus: 429, retries: 1 });
    expect(
      handedOver({ resumedFrom: { id: 'first' }, retries: 2, summary: described(2) }),
    ).not.toHaveProperty('lastStatus');
  });

  it('is for the last time that there is, where it is for none', () => {
    const attempts = [{ sentAt: 1000, status: 503, delay: Number.POSITIVE_INFINITY }];
    const ticket = handedOver({ toJSON: () => ({ attempts }) }, Number.POSITIVE_INFINITY);
    expect(ticket).toMatchObject({ notBefore: MAX_TIME_MS, attempts: [{ delay: MAX_TIME_MS }] });
  });

  it('is one that parseTicket takes, as text too', () => {
    const given = [
      { data: { a: 1 }, params: { b: [1] } },
      { data: Buffer.from('a') },
      { data: 'a' },
    ];
    for (const ticket of [...given.map((config) => written(config)), handedOver()]) {
      expect(ticket).toBeDefined();
      expect(parseTicket(JSON.parse(JSON.stringify(ticket)))).toStrictEqual(ticket);
    }
  });
});

describe('the headers of a ticket', () => {
  const headersOf = (headers: object, ticketing?: Partial<TicketOptions>) =>
    written({ headers }, ticketing)?.headers;

  it('are those of the allow-list, as they were written', () => {
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

  it('are those that an option names, too', () => {
    const allows = createHeaderFilter(['X-Tenant']);
    expect(headersOf({ 'x-tenant': '7', 'X-Other': '8' }, { allows })).toStrictEqual({
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
  ])('are no credentials: %j', (name) => {
    const headers = Object.fromEntries([
      [name, 'secret'],
      ['Accept', 'a'],
    ]);
    expect(headersOf(headers)).toStrictEqual({ Accept: 'a' });
  });

  it('are none even where somebody allows them', () => {
    for (const name of ['Authorization', 'cookie', 'Proxy-authorization', 'SET-COOKIE']) {
      expect(written({ headers: { [name]: 'secret' } }, { allows: () => true })).toBeUndefined();
    }
  });

  it('say which ones Axios is not to set', () => {
    const given = { Accept: false, 'Content-Type': null, Prefer: undefined };
    expect(headersOf(given)).toStrictEqual({ Accept: false, 'Content-Type': false });
    expect(headersOf({ 'Idempotency-Key': false })).toStrictEqual({ 'Idempotency-Key': false });
  });

  it('are texts', () => {
    expect(headersOf({ Accept: ['a', 'b'], Prefer: 7, 'If-Match': true })).toStrictEqual({
      Accept: 'a, b',
      Prefer: '7',
      'If-Match': 'true',
    });
  });

  it.each(['Idempotency-Key', 'idempotency-key', 'IDEMPOTENCY-KEY'])(
    'hold the idempotency key, which stands beside them too: %s',
    (name) => {
      const ticket = written({ headers: { [name]: 'order-1' } });
      expect(ticket).toMatchObject({ headers: { [name]: 'order-1' }, idempotencyKey: 'order-1' });
    },
  );

  it('cannot be written where they are none', () => {
    expect(written({ headers: { Prefer: 'a\r\nCookie: b' } })).toBeUndefined();
    expect(written({ headers: { Prefer: '☃' } })).toBeUndefined();
  });
});

describe('the params of a ticket', () => {
  const paramsOf = (params: unknown, ticketing?: Partial<TicketOptions>) =>
    written({ params }, ticketing)?.params;

  it('are JSON, with dates as Axios writes them', () => {
    expect(paramsOf({ a: [1, { b: new Date(0) }], c: undefined, d: null })).toStrictEqual({
      a: [1, { b: '1970-01-01T00:00:00.000Z' }],
      d: null,
    });
    expect(written({})).not.toHaveProperty('params');
  });

  it('lack what is left out, in whole and in part', () => {
    const params = { key: 1, 'key[]': [2], 'key[a]': 3, ' key ': 4, keys: 5, deep: { key: 6 } };
    expect(paramsOf(params, { omitParams: ['key'] })).toStrictEqual({ keys: 5, deep: { key: 6 } });
  });

  it('lack what is left out where they are URLSearchParams, which are in the URL', () => {
    const params = new URLSearchParams('key=secret&a=1&a=2');
    const ticket = written({ params }, { omitParams: ['key'] });
    expect(ticket).not.toHaveProperty('params');
    expect(ticket?.url).toBe('https://a.example/x?a=1&a=2');
  });

  it('lack what the instance gives again', () => {
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
  ])('cannot be written where they stood in place of the instance’s: %s', (_words, params) => {
    expect(written({ params })).toBeDefined();
    expect(written({ params }, { defaults: { params: { key: 1 } } })).toBeUndefined();
  });

  class Filter {
    readonly a = 1;
  }
  const circle: { self?: unknown } = {};
  circle.self = circle;

  it.each<[string, unknown]>([
    ['a text', 'a=1'],
    ['an array', [1]],
    ['a class instance', new Filter()],
    ['an instance inside, of which Axios makes a text', { a: new Filter() }],
    ['NaN, of which Axios makes a text', { a: Number.NaN }],
    [
      'a toJSON, which Axios does not ask',
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
  ])('cannot be written where they hold %s', (_words, params) => {
    expect(written({ params })).toBeUndefined();
    expect(written({ params }, { defaults: { params: { a: 1 } } })).toBeUndefined();
  });

  it('make the same query as before, with the instance’s own', () => {
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
          // Nesting that Axios refuses.
          return;
        }
        api.getUri({ params: given, paramsSerializer: { serialize } });
        const ticket = written({ url: target, params }, { defaults: { params: defaults } });
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
      'a body that throws when it is looked at',
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
    ['no absolute URL', { url: '/x' }],
    [
      'user info in its path',
      { url: ' https://me:secret@b.example', baseURL: 'https://a.example' },
    ],
    ['a socket of its own', { socketPath: '/run/a.sock' }],
  ])('has %s', (_words, config) => {
    expect(written(config)).toBeUndefined();
  });

  it.each(['CONNECT', 'TRACE', 'G T', ''])('has a method that is not sent later: %j', (method) => {
    const summary = () => ({ ...callOf(request).summary(), method });
    expect(handedOver({ summary })).toBeUndefined();
  });

  it('does not have the socket of its instance', () => {
    const socketPath = '/run/a.sock';
    expect(written({ socketPath }, { defaults: { socketPath } })).toBeDefined();
    expect(written({}, { defaults: { socketPath } })).toBeUndefined();
  });
});

describe('credentials', () => {
  it('are in no ticket, wherever in a request they are', () => {
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
    const ticket = written(config, { omitParams: ['key'] });
    expect(ticket).toMatchObject({ url: 'https://a.example/v1/x', params: { page: 1 } });
    expect(JSON.stringify(ticket)).not.toContain(secret);
  });
});

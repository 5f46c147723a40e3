// Section 3 of the contract: every attempt sends the same request.
import assert from 'node:assert/strict';
import type { AxiosRequestConfig } from 'axios';
import type { Environment } from './environment.js';
import { minorOf } from './environment.js';
import type { Rule } from './rule.js';
import type { TestBed } from './test-bed.js';
import { statusOf } from './test-bed.js';

const BYTES = new Uint8Array([0, 104, 105, 10]);

/** A POST of three attempts: what the server received, and the outcome. */
async function attempts(bed: TestBed, data: unknown, config: AxiosRequestConfig = {}) {
  const { api, server } = await bed.client([503, 503, 200]);
  const outcome = await bed.settled(api.post('/x', data, config));
  return { outcome, received: await server.received() };
}

const replayed = (
  name: string,
  make: () => unknown,
  expected: string | RegExp,
  unless?: Rule['unless'],
): Rule => ({
  name: `${name} is the same on every attempt`,
  ...(unless && { unless }),
  async check(bed) {
    const { outcome, received } = await attempts(bed, make());
    assert.equal(statusOf(outcome), 200);
    assert.equal(received.length, 3);
    for (const { body } of received) {
      if (typeof expected === 'string') assert.equal(body, expected);
      else assert.match(body, expected);
    }
    const types = received.map(({ headers }) =>
      String(headers['content-type']).replace(/boundary=.*/, ''),
    );
    assert.deepEqual(types, [types[0], types[0], types[0]]);
  },
});

function formData(): FormData {
  const form = new FormData();
  form.append('name', 'value');
  return form;
}

const mocked = ({ adapter }: Environment): string | undefined =>
  adapter === 'mock' ? 'the mock adapter encodes no body' : undefined;

/** Older releases of Axios cannot send the platform's Blob and FormData on Node. */
function olderHttp(least: number, what: string): (environment: Environment) => string | undefined {
  return (environment) => {
    if (environment.adapter === 'http' && minorOf(environment) < least) {
      return `the http adapter of Axios sends no ${what} before 1.${least}.0`;
    }
    return mocked(environment);
  };
}

function webStream(): ReadableStream {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(BYTES);
      controller.close();
    },
  });
}

export const bodyRules: readonly Rule[] = [
  replayed(
    'an object',
    () => ({ a: 'é', list: [1, { b: null }] }),
    '{"a":"é","list":[1,{"b":null}]}',
  ),
  replayed('a text', () => 'a\nb', 'a\nb'),
  replayed('a URLSearchParams', () => new URLSearchParams({ a: '1', b: 'x y' }), 'a=1&b=x+y'),
  replayed('a Uint8Array', () => BYTES, '\0hi\n'),
  replayed('an ArrayBuffer', () => BYTES.buffer, '\0hi\n'),
  replayed('a FormData', formData, /name="name"\r\n\r\nvalue\r\n/, olderHttp(3, 'FormData')),
  replayed('a Blob', () => new Blob([BYTES]), '\0hi\n', olderHttp(3, 'Blob')),
  {
    name: 'a request without a body has none on any attempt',
    async check(bed) {
      const { received } = await attempts(bed, undefined);
      assert.deepEqual(
        received.map(({ body }) => body),
        ['', '', ''],
      );
    },
  },
  {
    name: "transformRequest runs once per attempt, on the caller's body",
    async check(bed) {
      const { received } = await attempts(bed, 'x', {
        transformRequest: (data: unknown) => `<${String(data)}>`,
      });
      assert.deepEqual(
        received.map(({ body }) => body),
        ['<x>', '<x>', '<x>'],
      );
    },
  },
  {
    name: 'headers, params and URL are the same on every attempt, and a removed header stays removed',
    async check(bed) {
      const config = { headers: { common: { 'X-Default': 'd' } } } as never;
      const { api, server } = await bed.client([503, 503, 200], {}, config);
      await bed.settled(
        api.get('/x', { params: { p: 1 }, headers: { 'X-Own': 'é'.length, 'X-Default': null } }),
      );
      const received = await server.received();
      const [first] = received;
      assert.deepEqual([first?.url, first?.headers['x-default']], ['/x?p=1', undefined]);
      assert.equal(String(first?.headers['x-own']), '1');
      for (const { url, headers } of received) {
        assert.deepEqual({ url, headers }, { url: first?.url, headers: first?.headers });
      }
    },
  },
  {
    name: 'a body that the caller changes during the wait is sent as it was',
    async check(bed) {
      const client = await bed.client([503, 200]);
      const data = { list: ['a'] };
      const request = client.api.post('/x', data);
      await bed.untilWaiting(client);
      data.list.push('b');
      await bed.settled(request);
      assert.deepEqual(
        (await client.server.received()).map(({ body }) => body),
        ['{"list":["a"]}', '{"list":["a"]}'],
      );
    },
  },
  {
    name: 'an object sent as multipart/form-data is the same on every attempt',
    unless: (environment) =>
      mocked(environment) ??
      (environment.adapter === 'fetch' && environment.runtime !== 'chromium'
        ? "Axios's fetch adapter sends such a body only in a browser"
        : undefined),
    async check(bed) {
      const headers = { 'Content-Type': 'multipart/form-data' };
      const { outcome, received } = await attempts(bed, { a: 1, b: 'two' }, { headers });
      assert.equal(statusOf(outcome), 200);
      const bodies = received.map((request) => {
        const [, boundary = ''] =
          /boundary=(\S+)/.exec(String(request.headers['content-type'])) ?? [];
        return request.body.replaceAll(boundary, '(boundary)');
      });
      assert.match(bodies[0] ?? '', /name="a"/);
      assert.deepEqual(bodies, [bodies[0], bodies[0], bodies[0]]);
    },
  },
  ...(
    [
      ['a generator', () => (function* () {})()],
      ['an object with pipe(), such as form-data,', () => ({ pipe: () => undefined })],
    ] as const
  ).map(
    ([name, make]): Rule => ({
      name: `${name} is not sent twice`,
      async check(bed) {
        const { api } = await bed.client([503, 200], {}, { transformRequest: () => 'sent' });
        const outcome = await bed.settled(api.post('/x', make()));
        assert.equal(bed.report(outcome)?.attempts.length, 1);
        assert.equal(bed.report(outcome)?.gaveUp, 'body');
      },
    }),
  ),
  {
    name: 'a stream is not sent twice',
    unless({ adapter, runtime }) {
      if (adapter === 'xhr') return 'XMLHttpRequest sends no streams';
      return adapter === 'fetch' && runtime === 'chromium'
        ? 'Chromium sends streams over HTTP/2 only'
        : undefined;
    },
    async check(bed) {
      const { adapter, nodeStream } = bed.environment;
      const body = adapter === 'http' ? nodeStream?.() : webStream();
      const { api, server } = await bed.client([503, 200]);
      const outcome = await bed.settled(
        api.post('/x', body, { headers: { 'Content-Type': 'application/octet-stream' } }),
      );
      assert.equal(statusOf(outcome), 503);
      assert.equal(bed.report(outcome)?.gaveUp, 'body');
      const received = await server.received();
      assert.equal(received.length, 1);
      if (adapter !== 'mock') assert.equal(received[0]?.body, '\0hi\n');
    },
  },
];

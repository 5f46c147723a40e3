import { Readable } from 'node:stream';
import { AxiosHeaders } from 'axios';
import NodeFormData from 'form-data';
import { Interner, RequestSnapshot, restoreBody } from '../../src/request/snapshot.js';

const polluting = '{"__proto__":{"polluted":true},"kept":1}';

describe('a snapshot', () => {
  it('gives a new config each time, equal to the first', () => {
    const snapshot = new RequestSnapshot({ url: '/', timeout: 5, data: { a: [1, { b: 2 }] } });
    const [one, two] = [snapshot.config(), snapshot.config()];
    expect(one).toEqual({ url: '/', timeout: 5, data: { a: [1, { b: 2 }] } });
    expect(two).toEqual(one);
    expect(two).not.toBe(one);
    expect(two.data).not.toBe(one.data);
  });

  it('is not affected by later changes to the config', () => {
    const data = { list: [1], deep: { n: 1 } };
    const config = { url: '/', data, params: { q: ['a'] }, maxRedirects: 5 };
    const snapshot = new RequestSnapshot(config);
    config.url = '/other';
    config.maxRedirects = 0;
    config.data.list.push(2);
    config.data.deep.n = 2;
    config.params.q.push('b');
    expect(snapshot.config()).toEqual({
      url: '/',
      data: { list: [1], deep: { n: 1 } },
      params: { q: ['a'] },
      maxRedirects: 5,
    });
  });

  it('is not affected by changes to a config it gave', () => {
    const snapshot = new RequestSnapshot({ data: { list: [1] }, headers: { A: '1' } });
    const given = snapshot.config() as { data: { list: number[] }; headers: { A?: string } };
    given.data.list.push(2);
    given.headers.A = '2';
    expect(snapshot.config()).toEqual({ data: { list: [1] }, headers: { A: '1' } });
  });

  it.each<[string, object]>([
    ['a Buffer', Buffer.from('bytes')],
    ['a typed array', new Uint8Array(4)],
    ['a Blob', new Blob(['text'])],
    ['a FormData', new FormData()],
    ['form-data', new NodeFormData()],
    ['a stream', Readable.from(['once'])],
    ['URLSearchParams', new URLSearchParams('a=1')],
    ['a Date', new Date(0)],
    ['a Map', new Map()],
    ['a class instance', new (class Order {})()],
    ['a function', () => undefined],
  ])('keeps %s by reference, even inside a plain object', (_words, body) => {
    const snapshot = new RequestSnapshot({ data: body, params: { list: [body] } });
    expect(snapshot.config().data).toBe(body);
    const { params } = snapshot.config() as { params: { list: unknown[] } };
    expect(params.list[0]).toBe(body);
  });

  it('copies URLSearchParams in params, both ways', () => {
    const params = new URLSearchParams('a=1');
    const snapshot = new RequestSnapshot({ params });
    params.append('b', '2');
    const given = snapshot.config().params as URLSearchParams;
    expect(given).toBeInstanceOf(URLSearchParams);
    expect(String(given)).toBe('a=1');
    given.append('c', '3');
    expect(String(snapshot.config().params)).toBe('a=1');
  });

  it('copies headers into a plain object, with order, false and null', () => {
    const headers = new AxiosHeaders({ B: '1', A: false, C: null });
    const copied = new RequestSnapshot({ headers }).config().headers as object;
    expect(copied).not.toBeInstanceOf(AxiosHeaders);
    expect(Object.entries(copied)).toEqual([
      ['B', '1'],
      ['A', false],
      ['C', null],
    ]);
  });

  it('passes on the immutable parts of Axios’s defaults by reference', () => {
    const config = { transitional: { silentJSONParsing: true }, env: { FormData } };
    const given = new RequestSnapshot(config).config();
    expect(given.transitional).toBe(config.transitional);
    expect(given.env).toBe(config.env);
  });

  it('is safe from a key named __proto__ in its parts', () => {
    const config = { data: JSON.parse(polluting), params: [JSON.parse(polluting)] };
    const { data, params } = new RequestSnapshot(config).config() as typeof config;
    for (const part of [data, params[0]]) {
      expect(part.kept).toBe(1);
      expect(part.polluted).toBeUndefined();
      expect(Object.getPrototypeOf(part)).toBe(Object.prototype);
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('is safe from a key named __proto__ on the config', () => {
    const given = new RequestSnapshot(JSON.parse(polluting)).config();
    expect(given.kept).toBe(1);
    expect(given.polluted).toBeUndefined();
  });

  it('reads single values', () => {
    const snapshot = new RequestSnapshot({ url: '/', method: 'get' });
    expect(snapshot.get('url')).toBe('/');
    expect(snapshot.get('method')).toBe('get');
    expect(snapshot.get('data')).toBeUndefined();
    expect(new RequestSnapshot({ own: 1 }, false).get('own')).toBe(1);
  });
});

describe('a snapshot of a config that nobody else can change yet', () => {
  const make = () => ({ url: '/', timeout: 5, data: { n: 1 }, headers: { A: '1' }, own: ['a'] });

  it('copies at once the parts that sending changes', () => {
    const sent = () => ({
      ...{ data: { n: 1 }, headers: { A: '1' }, params: { q: 1 }, url: '/', baseURL: 'http://a' },
      ...{ method: 'post', adapter: 'http', signal: {}, cancelToken: null, timeout: 5 },
    });
    const config: Record<string, unknown> = sent();
    const snapshot = new RequestSnapshot(config, false);
    Object.assign(config.data as object, { n: 2 });
    Object.assign(config.params as object, { q: 2 });
    Object.assign(config.headers as object, { A: '2' });
    for (const name of Object.keys(config)) config[name] = 'changed';
    expect(snapshot.config()).toEqual(sent());
  });

  it('copies the rest when it is told to', () => {
    const config = make();
    const snapshot = new RequestSnapshot(config, false);
    expect(snapshot.get('timeout')).toBe(5);
    snapshot.captureRest();
    snapshot.captureRest();
    config.timeout = 6;
    config.own.push('b');
    expect(snapshot.get('timeout')).toBe(5);
    expect(snapshot.config()).toEqual(make());
  });

  it('copies the rest before it gives a config', () => {
    const config = make();
    const snapshot = new RequestSnapshot(config, false);
    snapshot.config();
    config.timeout = 6;
    expect(snapshot.config()).toEqual(make());
  });

  it('shares its list of keys with snapshots that have the same keys', () => {
    const names = new Interner<string>();
    const lists = [['a', 'b'], ['a', 'b'], ['a', 'c'], ['a']].map((list) => names.intern(list));
    expect(lists).toEqual([['a', 'b'], ['a', 'b'], ['a', 'c'], ['a']]);
    expect(lists[1]).toBe(lists[0]);
    for (const isShared of [true, false]) {
      const snapshot = new RequestSnapshot(make(), isShared);
      snapshot.captureRest(names);
      expect(snapshot.config()).toEqual(make());
    }
  });

  it('has no other keys than the config', () => {
    const snapshot = new RequestSnapshot({ url: '/', timeout: 5 }, false);
    expect(Object.keys(snapshot.config()).sort()).toEqual(['timeout', 'url']);
  });
});

describe('a failed attempt that other code sends again', () => {
  const original = new RequestSnapshot({
    data: { a: 1 },
    headers: { 'Content-Type': 'text/x-own', Authorization: 'old' },
  });
  const sentAgain = (data: unknown, headers: Record<string, string> = {}) => ({
    data,
    headers: new AxiosHeaders({ 'content-type': 'application/json', ...headers }),
  });

  it('has the caller’s body, the new headers, and no stale Content-Length', () => {
    const config = sentAgain('{"a":1}', { 'Content-Length': '7', Authorization: 'new' });
    restoreBody(config, original, '{"a":1}');
    expect(config.data).toEqual({ a: 1 });
    expect(config.data).not.toBe(original.get('data'));
    expect(config.headers.toJSON()).toEqual({
      'content-type': 'application/json',
      Authorization: 'new',
    });
  });

  it('has the new body if it was given one', () => {
    for (const body of ['{"a":2}', { a: 1 }, undefined]) {
      const config = sentAgain(body, { 'Content-Length': '7' });
      restoreBody(config, original, '{"a":1}');
      expect(config.data).toBe(body);
      expect(config.headers.get('content-type')).toBe('application/json');
      expect(config.headers.has('content-length')).toBe(false);
    }
  });

  it('has the caller’s body if the sent body is unknown, except for a new plain one', () => {
    for (const body of ['{"a":1}', undefined, null, Buffer.from('bytes')]) {
      const config = sentAgain(body);
      restoreBody(config, original, undefined);
      expect(config.data).toEqual({ a: 1 });
    }
    for (const body of [{ a: 2 }, [1]]) {
      const config = sentAgain(body);
      restoreBody(config, original, undefined);
      expect(config.data).toBe(body);
    }
  });

  it('has no body if the caller gave none', () => {
    const config = sentAgain('made by an interceptor');
    restoreBody(config, new RequestSnapshot({ url: '/' }), 'made by an interceptor');
    expect(config.data).toBeUndefined();
  });
});

describe('an interner', () => {
  it('keeps a list as it was, and gives the same one for equal lists', () => {
    const interner = new Interner<string>();
    const list = ['a'];
    const kept = interner.intern(list);
    list.push('b');
    expect(kept).toEqual(['a']);
    expect(interner.intern(['a'])).toBe(kept);
    expect(interner.intern(['b'])).toEqual(['b']);
  });
});

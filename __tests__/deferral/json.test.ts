// toJson: the JSON that Axios would send for a value, if there is any.
import { EventEmitter } from 'node:events';
import { Stream } from 'node:stream';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { toJson } from '../../src/deferral/json.js';
import { json } from '../support/tickets.js';

/** A value of 2 × `times` levels. */
function nested(times: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < times; i += 1) value = { in: [value] };
  return value;
}

describe('toJson', () => {
  it('gives the same as JSON.stringify for plain JSON', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(toJson(value)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  class Order {
    readonly at = new Date(0);
    readonly lines = [{ sku: 'a', note: undefined }];
    ship() {}
  }
  class Money {
    toJSON() {
      return '1.50';
    }
  }

  it.each<[string, unknown, unknown]>([
    ['nested dates', { a: [new Date(0)] }, { a: ['1970-01-01T00:00:00.000Z'] }],
    ['a DTO', new Order(), { at: '1970-01-01T00:00:00.000Z', lines: [{ sku: 'a' }] }],
    ['DTOs in an array', [new Order().lines], [[{ sku: 'a' }]]],
    ['an object with a toJSON method', { price: new Money() }, { price: '1.50' }],
    ['undefined and functions in an object', { a: undefined, b: () => 1, c: 1 }, { c: 1 }],
    ['undefined and holes in an array', [undefined, ...new Array(1)], [null, null]],
    ['NaN', { a: Number.NaN }, { a: null }],
    [
      'fields with the names of methods',
      { toJSON: 1, append: 1, pipe: 1 },
      { toJSON: 1, append: 1, pipe: 1 },
    ],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ['an object of another realm', runInNewContext('({ a: [1] })'), { a: [1] }],
    ['an object that occurs twice', ((one) => [one, one])({ a: 1 }), [{ a: 1 }, { a: 1 }]],
  ])('gives what Axios would send: %s', (_words, value, expected) => {
    expect(toJson(value)).toEqual(expected);
  });

  const circle: { self?: unknown } = {};
  circle.self = circle;
  function* generator() {
    yield 1;
  }
  class Rows {
    *[Symbol.iterator]() {
      yield 1;
    }
  }
  class AsyncRows {
    async *[Symbol.asyncIterator]() {
      yield 1;
    }
  }
  /** Like React Native's: it has no tag, and its parts are plain objects. */
  class UntaggedFormData {
    readonly parts = [['name', 'value']];
    append() {}
  }

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('a')],
    ['a BigInt', 1n],
    ['a nested BigInt', { a: [1n] }],
    ['a circle', circle],
    ['a Map', new Map([['a', 1]])],
    ['a Set', new Set([1])],
    ['a nested Map', { a: new Map() }],
    ['a Blob', new Blob(['a'])],
    ['a nested Blob', { files: [new Blob(['a'])] }],
    ['a Blob next to a field named toJSON', { toJSON: 1, file: new Blob(['a']) }],
    ['a nested File', { file: new File(['a'], 'a.txt') }],
    ['a FormData', new FormData()],
    ['a FormData without a tag', { form: new UntaggedFormData() }],
    ['nested URLSearchParams', { form: new URLSearchParams('a=1') }],
    ['a nested Buffer', { bytes: Buffer.from('a') }],
    ['nested bytes', { bytes: new Uint8Array(1) }],
    ['a nested ArrayBuffer', { bytes: new ArrayBuffer(1) }],
    ['a web stream', new ReadableStream()],
    ['a nested web stream', { file: new ReadableStream() }],
    ['a nested legacy stream', { file: new Stream() }],
    [
      'an EventEmitter that refers to itself',
      new (class extends EventEmitter {
        self = this;
      })(),
    ],
    ['a nested generator', { rows: generator() }],
    ['a custom iterable', { rows: new Rows() }],
    ['a custom async iterable', { rows: new AsyncRows() }],
    ['a Promise', Promise.resolve(1)],
    ['a nested RegExp', { pattern: /a/ }],
    ['a nested Error', { error: new Error('a') }],
    [
      'a getter that throws',
      {
        get a() {
          throw new Error('no');
        },
      },
    ],
    [
      'a toJSON that throws',
      {
        a: {
          toJSON() {
            throw new Error('no');
          },
        },
      },
    ],
    ['a value nested 40,000 levels deep', nested(20_000)],
  ])('gives undefined for %s', (_words, value) => {
    expect(toJson(value)).toBeUndefined();
  });
});

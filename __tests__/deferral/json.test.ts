import { EventEmitter } from 'node:events';
import { Stream } from 'node:stream';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { BoundedJsonReader, describeKind, pathOf, toJson } from '../../src/deferral/json.js';
import { json } from '../support/tickets.js';

/** Two levels for each. */
function nested(times: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < times; i += 1) value = { in: [value] };
  return value;
}

describe('the JSON of a value', () => {
  it('is what JSON.stringify makes of it', () => {
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
    ['a DTO in a list', [new Order().lines], [[{ sku: 'a' }]]],
    ['what has a toJSON', { price: new Money() }, { price: '1.50' }],
    ['undefined in an object, and a function', { a: undefined, b: () => 1, c: 1 }, { c: 1 }],
    ['undefined in a list, and a hole', [undefined, ...new Array(1)], [null, null]],
    ['NaN', { a: Number.NaN }, { a: null }],
    ['fields of such names', { toJSON: 1, append: 1, pipe: 1 }, { toJSON: 1, append: 1, pipe: 1 }],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ['an object of another realm', runInNewContext('({ a: [1] })'), { a: [1] }],
    ['what is shared', ((one) => [one, one])({ a: 1 }), [{ a: 1 }, { a: 1 }]],
  ])('has %s as Axios would send it', (_words, value, expected) => {
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
  /** As React Native's: no tag, and parts of plain objects. */
  class UntaggedFormData {
    readonly parts = [['name', 'value']];
    append() {}
  }

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('a')],
    ['a BigInt', 1n],
    ['a BigInt inside', { a: [1n] }],
    ['a circle', circle],
    ['a Map', new Map([['a', 1]])],
    ['a Set', new Set([1])],
    ['a Map inside', { a: new Map() }],
    ['a Blob', new Blob(['a'])],
    ['a Blob inside', { files: [new Blob(['a'])] }],
    ['a Blob beside a field toJSON', { toJSON: 1, file: new Blob(['a']) }],
    ['a File inside', { file: new File(['a'], 'a.txt') }],
    ['a FormData', new FormData()],
    ['a FormData without a tag', { form: new UntaggedFormData() }],
    ['URLSearchParams inside', { form: new URLSearchParams('a=1') }],
    ['a Buffer inside', { bytes: Buffer.from('a') }],
    ['bytes inside', { bytes: new Uint8Array(1) }],
    ['an ArrayBuffer inside', { bytes: new ArrayBuffer(1) }],
    ['a web stream', new ReadableStream()],
    ['a web stream inside', { file: new ReadableStream() }],
    ['an old stream inside', { file: new Stream() }],
    [
      'an emitter of its own',
      new (class extends EventEmitter {
        self = this;
      })(),
    ],
    ['a generator inside', { rows: generator() }],
    ['an iterable of its own', { rows: new Rows() }],
    ['an async iterable of its own', { rows: new AsyncRows() }],
    ['a Promise', Promise.resolve(1)],
    ['a RegExp inside', { pattern: /a/ }],
    ['an Error inside', { error: new Error('a') }],
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
    ['nesting without end', nested(20_000)],
  ])('does not exist for %s', (_words, value) => {
    expect(toJson(value)).toBeUndefined();
  });
});

describe('a reader of JSON from outside', () => {
  const read = (value: unknown, size = 1000) =>
    new BoundedJsonReader('reader', size).read(value, 'it');
  const whyNot = (value: unknown, size?: number) => {
    try {
      read(value, size);
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError);
      return (error as Error).message;
    }
    return undefined;
  };

  it('gives a copy, of plain objects and arrays', () => {
    fc.assert(
      fc.property(json, (value) => {
        const copied = read(value, 1e6);
        expect(copied).toStrictEqual(JSON.parse(JSON.stringify(value)));
        if (typeof value === 'object' && value !== null) expect(copied).not.toBe(value);
      }),
    );
  });

  it('takes objects of another realm and without a prototype', () => {
    expect(read(runInNewContext('({ a: [1] })'))).toStrictEqual({ a: [1] });
    expect(read(Object.assign(Object.create(null), { a: 1 }))).toStrictEqual({ a: 1 });
  });

  it('takes no inherited property', () => {
    expect(read(Object.create(Object.assign(Object.create(null), { a: 1 })))).toStrictEqual({});
  });

  it('reads each property once, so that it cannot be another one later', () => {
    const trap = jest.fn(Reflect.getOwnPropertyDescriptor);
    read(new Proxy({ a: 1 }, { getOwnPropertyDescriptor: trap }));
    expect(trap).toHaveBeenCalledTimes(1);
  });

  const fails = () => {
    throw new Error('trap');
  };
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  class Order {
    a = 1;
  }

  it.each<[string, unknown, string]>([
    ['undefined', { a: undefined }, 'it.a takes plain JSON; got undefined'],
    ['a hole', [1, ...new Array(1)], 'it[1] takes plain JSON; got undefined'],
    ['NaN', [Number.NaN], 'it[0] takes plain JSON; got NaN'],
    ['Infinity', { a: Infinity }, 'it.a takes plain JSON; got Infinity'],
    ['a BigInt', { a: 4111n }, 'it.a takes plain JSON; got a bigint'],
    ['a symbol', { a: Symbol('secret') }, 'it.a takes plain JSON; got a symbol'],
    ['a function', { a: fails }, 'it.a takes plain JSON; got [object Function]'],
    ['a Date', { a: new Date(0) }, 'it.a takes plain JSON; got [object Date]'],
    ['a Map', { a: new Map() }, 'it.a takes plain JSON; got [object Map]'],
    ['bytes', [new Uint8Array(1)], 'it[0] takes plain JSON; got [object Uint8Array]'],
    ['a boxed text', [Object('a')], 'it[0] takes plain JSON; got [object String]'],
    ['a class instance', { a: new Order() }, 'it.a takes plain JSON; got [object Object]'],
    ['what inherits', Object.create({ a: 1 }), 'it takes plain JSON; got [object Object]'],
    [
      'an accessor',
      {
        get a() {
          return 1;
        },
      },
      'it.a takes plain JSON; got undefined',
    ],
    [
      'an accessor in a list',
      Object.defineProperty([1], 0, { get: () => 1 }),
      'it[0] takes plain JSON; got undefined',
    ],
    ['a revoked Proxy', { a: revoked.proxy }, 'it.a takes plain JSON; got [object]'],
    ['a symbol key', { [Symbol('a')]: 1 }, 'it must not have the key Symbol(a)'],
    [
      'the key __proto__',
      JSON.parse('[{"__proto__":{"admin":true}}]'),
      'it[0] must not have the key "__proto__"',
    ],
  ])('refuses %s', (_words, value, message) => {
    expect(whyNot(value)).toBe(`axios-status-retry: reader: ${message}`);
  });

  it.each(['getPrototypeOf', 'ownKeys', 'getOwnPropertyDescriptor'])(
    'refuses a Proxy that throws at %s, whatever it throws',
    (trap) => {
      const worse = new Proxy({}, { getPrototypeOf: fails });
      for (const thrown of [new Error('trap'), new TypeError('axios-status-retry: mine'), worse]) {
        const proxy = new Proxy(
          { a: 1 },
          {
            [trap]: () => {
              throw thrown;
            },
          },
        );
        expect(whyNot([proxy])).toBe(
          'axios-status-retry: reader: it[0] takes plain JSON; got [object Object]',
        );
      }
    },
  );

  it('refuses a circle, and nesting beyond 100 levels', () => {
    const circle: unknown[] = [];
    circle.push(circle, circle);
    for (const value of [circle, nested(51), nested(1e5)]) {
      expect(whyNot(value)).toBe('axios-status-retry: reader: the ticket is nested too deeply');
    }
    expect(whyNot(nested(50))).toBeUndefined();
  });

  it('counts characters, of names too, and values; one more than its size is too many', () => {
    for (const value of [
      'a'.repeat(9),
      [1, 2, 3, 'a'.repeat(5)],
      { abcd: [1, 2, 3] },
      [[], [], [[[[[[]]]]]]],
    ]) {
      expect(whyNot(value, 9)).toBeUndefined();
      expect(whyNot(value, 8)).toBe(
        'axios-status-retry: reader: the ticket takes 8 bytes of JSON at most; got more',
      );
    }
  });

  it('reads no further than its size', () => {
    const trap = jest.fn(Reflect.getOwnPropertyDescriptor);
    const endless = new Proxy([1], {
      get: (list, name) => (name === 'length' ? Number.MAX_SAFE_INTEGER : Reflect.get(list, name)),
      getOwnPropertyDescriptor: (list) => trap(list, 0),
    });
    expect(whyNot(endless, 100)).toMatch(/takes 100 bytes/);
    expect(trap).toHaveBeenCalledTimes(100);
  });
});

describe('in a message', () => {
  it('a value is shown by its kind, and never what is in it', () => {
    const kinds = ['secret', 4111, 4111n, Symbol('secret'), { a: 1 }, ['secret'], null, true].map(
      describeKind,
    );
    expect(kinds).toEqual([
      'a string of 6 characters',
      'a number',
      'a bigint',
      'a symbol',
      '[object Object]',
      '[object Array]',
      'null',
      'true',
    ]);
  });

  it('a name is cut, and quoted where it is none that code would have', () => {
    expect(pathOf('it', 'page_2')).toBe('it.page_2');
    expect(pathOf('it', 'a\nb')).toBe('it["a\\nb"]');
    expect(pathOf('it', '')).toBe('it[""]');
    expect(pathOf('it', 'x'.repeat(41))).toBe(`it["${'x'.repeat(40)}…"]`);
  });
});

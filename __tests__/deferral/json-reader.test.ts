// readJson: a bounded copy of a value that may be anything.
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describeKind, pathOf, readJson } from '../../src/deferral/json-reader.js';
import { json } from '../support/tickets.js';

/** A value of 2 × `times` levels. */
function nested(times: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < times; i += 1) value = { in: [value] };
  return value;
}

describe('readJson', () => {
  const read = (value: unknown, maxSize = 1000) => readJson(value, 'it', maxSize);
  /** The message with which it refuses a value, without the pointer to its entry in errors.md. */
  const refusalOf = (value: unknown, maxSize?: number) => {
    try {
      read(value, maxSize);
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError);
      const [message, more] = (error as Error).message.split('; see ');
      expect(more).toBe('axios-status-retry/errors.md#invalid-ticket');
      return message;
    }
    return undefined;
  };

  it('returns a copy made of plain objects and arrays', () => {
    fc.assert(
      fc.property(json, (value) => {
        const copied = read(value, 1e6);
        expect(copied).toStrictEqual(JSON.parse(JSON.stringify(value)));
        if (typeof value === 'object' && value !== null) expect(copied).not.toBe(value);
      }),
    );
  });

  it('accepts objects of another realm and without a prototype', () => {
    expect(read(runInNewContext('({ a: [1] })'))).toStrictEqual({ a: [1] });
    expect(read(Object.assign(Object.create(null), { a: 1 }))).toStrictEqual({ a: 1 });
  });

  it('ignores inherited properties', () => {
    expect(read(Object.create(Object.assign(Object.create(null), { a: 1 })))).toStrictEqual({});
  });

  it('reads each property only once', () => {
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
    ['a hole in an array', [1, ...new Array(1)], 'it[1] takes plain JSON; got undefined'],
    ['NaN', [Number.NaN], 'it[0] takes plain JSON; got NaN'],
    ['Infinity', { a: Infinity }, 'it.a takes plain JSON; got Infinity'],
    ['a BigInt', { a: 4111n }, 'it.a takes plain JSON; got a bigint'],
    ['a symbol', { a: Symbol('secret') }, 'it.a takes plain JSON; got a symbol'],
    ['a function', { a: fails }, 'it.a takes plain JSON; got [object Function]'],
    ['a Date', { a: new Date(0) }, 'it.a takes plain JSON; got [object Date]'],
    ['a Map', { a: new Map() }, 'it.a takes plain JSON; got [object Map]'],
    ['bytes', [new Uint8Array(1)], 'it[0] takes plain JSON; got [object Uint8Array]'],
    ['a boxed string', [Object('a')], 'it[0] takes plain JSON; got [object String]'],
    ['a class instance', { a: new Order() }, 'it.a takes plain JSON; got [object Object]'],
    [
      'an object that inherits',
      Object.create({ a: 1 }),
      'it takes plain JSON; got [object Object]',
    ],
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
      'an accessor in an array',
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
    expect(refusalOf(value)).toBe(`axios-status-retry: parseTicket: ${message}`);
  });

  it.each(['getPrototypeOf', 'ownKeys', 'getOwnPropertyDescriptor'])(
    'refuses a Proxy whose %s trap throws, whatever it throws',
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
        expect(refusalOf([proxy])).toBe(
          'axios-status-retry: parseTicket: it[0] takes plain JSON; got [object Object]',
        );
      }
    },
  );

  it('refuses a circle and more than 100 levels of nesting', () => {
    const circle: unknown[] = [];
    circle.push(circle, circle);
    for (const value of [circle, nested(51), nested(1e5)]) {
      expect(refusalOf(value)).toBe(
        'axios-status-retry: parseTicket: the ticket is nested too deeply',
      );
    }
    expect(refusalOf(nested(50))).toBeUndefined();
  });

  it('counts the characters of strings and names, and every value, up to a limit', () => {
    for (const value of [
      'a'.repeat(9),
      [1, 2, 3, 'a'.repeat(5)],
      { abcd: [1, 2, 3] },
      [[], [], [[[[[[]]]]]]],
    ]) {
      expect(refusalOf(value, 9)).toBeUndefined();
      expect(refusalOf(value, 8)).toBe(
        'axios-status-retry: parseTicket: the ticket takes 8 bytes of JSON at most; got more',
      );
    }
  });

  it('stops reading at the limit', () => {
    const trap = jest.fn(Reflect.getOwnPropertyDescriptor);
    const endless = new Proxy([1], {
      get: (list, name) => (name === 'length' ? Number.MAX_SAFE_INTEGER : Reflect.get(list, name)),
      getOwnPropertyDescriptor: (list) => trap(list, 0),
    });
    expect(refusalOf(endless, 100)).toMatch(/takes 100 bytes/);
    expect(trap).toHaveBeenCalledTimes(100);
  });
});

describe('describeKind', () => {
  it('never shows the contents of a value', () => {
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
});

describe('pathOf', () => {
  it('truncates and quotes a name that is not an identifier', () => {
    expect(pathOf('it', 'page_2')).toBe('it.page_2');
    expect(pathOf('it', 'a\nb')).toBe('it["a\\nb"]');
    expect(pathOf('it', '')).toBe('it[""]');
    expect(pathOf('it', 'x'.repeat(41))).toBe(`it["${'x'.repeat(40)}…"]`);
  });
});

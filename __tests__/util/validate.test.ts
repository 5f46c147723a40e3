import fc from 'fast-check';
import {
  A_STRING,
  invalidResult,
  number,
  readOptions,
  formatValue as shown,
  strings,
  withMethods,
} from '../../src/util/validate.js';

describe('formatValue', () => {
  it.each([
    [42, '42'],
    [-1.5, '-1.5'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [12n, '12n'],
    [true, 'true'],
    [null, 'null'],
    [undefined, 'undefined'],
    [Symbol('s'), 'Symbol(s)'],
  ])('prints a primitive as a literal: %p', (value, text) => {
    expect(shown(value)).toBe(text);
  });

  it('quotes a string, so that an empty one or a line break is visible', () => {
    expect(shown('')).toBe('""');
    expect(shown('a\n"b"')).toBe('"a\\n\\"b\\""');
  });

  it('leaves out user info and query of a URL', () => {
    expect(shown('https://user:hunter2@a.example/x')).toBe('"…a.example/x"');
    expect(shown('redis://:hunter2@@a.example')).toBe('"…a.example"');
    expect(shown('https://a.example/x?key=hunter2#hunter2')).toBe('"https://a.example/x…"');
    expect(shown(`https://${'u'.repeat(40)}:hunter2@a.example#hunter2`)).toBe('"…a.example…"');
  });

  it('cuts text after 40 characters', () => {
    expect(shown('a'.repeat(40))).toBe(`"${'a'.repeat(40)}"`);
    expect(shown('a'.repeat(41))).toBe(`"${'a'.repeat(40)}…"`);
    expect(shown(10n ** 50n)).toBe(`1${'0'.repeat(39)}…`);
    expect(shown(Symbol('a'.repeat(99)))).toHaveLength(41);
    expect(shown({ [Symbol.toStringTag]: 'a'.repeat(99) })).toHaveLength(41);
  });

  it.each([
    [[1, 2], '[object Array]'],
    [{ password: 'hunter2' }, '[object Object]'],
    [Object.create(null), '[object Object]'],
    [Promise.resolve(), '[object Promise]'],
    [() => 'secret', '[object Function]'],
  ])('names only the type of an object, without its contents: %#', (value, text) => {
    expect(shown(value)).toBe(text);
  });

  it('does not throw on a Proxy that throws', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const trapped = new Proxy(
      {},
      {
        get() {
          throw new Error('trap');
        },
      },
    );
    expect(shown(proxy)).toBe('[object]');
    expect(shown(trapped)).toBe('[object]');
  });

  it('never throws and always returns a short line', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), (value) => {
        expect(shown(value)).toMatch(/^.{1,260}$/);
      }),
    );
  });
});

describe('readOptions', () => {
  const rules = {
    name: A_STRING,
    size: number('a number above 0', (value) => value > 0),
    tags: strings('an array of short strings', (value) => value.length < 4),
    store: withMethods('get', 'set'),
  };
  const read = (options: unknown, required?: string[]) =>
    readOptions<object>('f', options, rules, { size: 1 }, required);

  it('fills in defaults, even for undefined, and does not change the given object', () => {
    const given = Object.freeze({ name: 'x', size: undefined });
    expect(read(given)).toEqual({ name: 'x', size: 1 });
  });

  it.each([undefined, null, 5, 'a', () => 1, []])(
    'throws for options that are not an object: %p',
    (given) => {
      expect(() => read(given)).toThrow(TypeError);
      expect(() => read(given)).toThrow('axios-status-retry: f takes an object of options; got ');
    },
  );

  it.each(['nam', 'toString', Symbol('name')])(
    'throws for an unknown name, and lists the known ones: %p',
    (name) => {
      expect(() => read({ [name]: 1 })).toThrow(TypeError);
      expect(() => read({ [name]: 1 })).toThrow(
        /f: unknown option .*; it takes name, size, tags, store$/,
      );
    },
  );

  it.each<[object, string]>([
    [{ name: 1 }, 'option "name" takes a string; got 1'],
    [{ size: '1' }, 'option "size" takes a number above 0; got "1"'],
    [{ tags: ['a', 1] }, 'option "tags" takes an array of short strings; got [object Array]'],
    [
      { store: { get: () => 1 } },
      'option "store" takes an object with get, set; got [object Object]',
    ],
  ])('throws a TypeError for a wrong type: %p', (given, message) => {
    expect(() => read(given)).toThrow(new TypeError(`axios-status-retry: f: ${message}`));
  });

  it.each<[object, string]>([
    [{ size: 0 }, 'option "size" takes a number above 0; got 0'],
    [{ tags: ['long one'] }, 'option "tags" takes an array of short strings; got [object Array]'],
  ])('throws a RangeError for a value out of range: %p', (given, message) => {
    expect(() => read(given)).toThrow(new RangeError(`axios-status-retry: f: ${message}`));
  });

  it('throws for a missing required option', () => {
    expect(() => read({}, ['name'])).toThrow(
      new TypeError('axios-status-retry: f: option "name" takes a string; got undefined'),
    );
  });
});

describe('the error for a wrong result', () => {
  it('is a TypeError that names the function and where to read on', () => {
    expect(invalidResult('option "backoff"', 'milliseconds', -1)).toEqual(
      new TypeError(
        'axios-status-retry: the result of option "backoff" takes milliseconds; got -1; see axios-status-retry/errors.md#wrong-result',
      ),
    );
  });
});

import fc from 'fast-check';
import { rejectUnknownKeys, formatValue as shown } from '../../src/util/validate.js';

describe('describe', () => {
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
  ])('prints a primitive as it is written: %p', (value, text) => {
    expect(shown(value)).toBe(text);
  });

  it('quotes a string, so that an empty one or one with a line break can be seen', () => {
    expect(shown('')).toBe('""');
    expect(shown('a\n"b"')).toBe('"a\\n\\"b\\""');
  });

  it('cuts what is longer than 40 characters', () => {
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
  ])('names only the kind of an object, not what is in it: %#', (value, text) => {
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

  it('never throws and is always a short line', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), (value) => {
        expect(shown(value)).toMatch(/^.{1,260}$/);
      }),
    );
  });
});

describe('checkOptionNames', () => {
  it('passes what has known names only', () => {
    expect(() => rejectUnknownKeys('f', {}, ['a', 'b'])).not.toThrow();
    expect(() => rejectUnknownKeys('f', { a: 1, b: undefined }, ['a', 'b'])).not.toThrow();
  });

  it.each([undefined, null, 5, 'a', () => 1])('refuses what is not an object: %p', (options) => {
    expect(() => rejectUnknownKeys('f', options, ['a'])).toThrow(TypeError);
    expect(() => rejectUnknownKeys('f', options, ['a'])).toThrow(
      'f: options must be an object; got',
    );
  });

  it('refuses an unknown name, a symbol too, and says which are known', () => {
    expect(() => rejectUnknownKeys('f', { a: 1, c: 2 }, ['a', 'b'])).toThrow(
      new TypeError('f: unknown option "c"; it takes a, b'),
    );
    expect(() => rejectUnknownKeys('f', { [Symbol('c')]: 2 }, ['a'])).toThrow(
      new TypeError('f: unknown option Symbol(c); it takes a'),
    );
  });
});

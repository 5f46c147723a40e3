import { createGate } from '../../src/gate/gate.js';
import type { GateOptions } from '../../src/gate/options.js';
import { readGateOptions } from '../../src/gate/options.js';

const given = (options: unknown) => () => createGate(options as GateOptions);

describe('the options of a gate', () => {
  it('all have a default', () => {
    expect(readGateOptions('createGate', {})).toEqual({
      key: undefined,
      startWith: 32,
      maxWaiting: Number.POSITIVE_INFINITY,
    });
  });

  it('are taken as they are given', () => {
    const key = () => '';
    const options = { key, startWith: 1, maxWaiting: 0 };
    expect(readGateOptions('createGate', options)).toEqual(options);
    expect(given({ startWith: Number.POSITIVE_INFINITY })).not.toThrow();
    expect(given({ maxWaiting: Number.POSITIVE_INFINITY })).not.toThrow();
    expect(given({ startWith: Number.MAX_SAFE_INTEGER })).not.toThrow();
  });

  it('may be undefined', () => {
    const options = { key: undefined, startWith: undefined, maxWaiting: undefined };
    expect(readGateOptions('createGate', options).startWith).toBe(32);
    expect(given(undefined)).not.toThrow();
  });

  it.each([
    ['startWith', '32', '"32"'],
    ['startWith', null, 'null'],
    ['startWith', 5n, '5n'],
    ['maxWaiting', {}, '\\[object Object\\]'],
    ['key', 'X-Tenant', '"X-Tenant"'],
    ['key', null, 'null'],
  ])('%s of a wrong kind, %p, is a TypeError that names it', (name, value, shown) => {
    const act = given({ [name]: value });
    expect(act).toThrow(TypeError);
    expect(act).toThrow(new RegExp(`createGate: option "${name}" takes .*; got ${shown}`));
  });

  it.each([
    ['startWith', 0, '1 or more'],
    ['startWith', -1, '1 or more'],
    ['startWith', 1.5, 'an integer'],
    ['startWith', Number.NaN, 'an integer'],
    ['startWith', Number.NEGATIVE_INFINITY, '1 or more'],
    ['startWith', 2 ** 53, 'an integer'],
    ['maxWaiting', -1, '0 or more'],
    ['maxWaiting', 0.5, 'an integer'],
    ['maxWaiting', Number.NaN, 'an integer'],
  ])('%s of a wrong value, %d, is a RangeError that says what it takes', (name, value, words) => {
    const act = given({ [name]: value });
    expect(act).toThrow(RangeError);
    expect(act).toThrow(new RegExp(`option "${name}" takes .*${words}.*; got ${value}`));
  });

  it.each([null, 7, 'gate'])('that are %p are a TypeError', (options) => {
    expect(given(options)).toThrow(TypeError);
    expect(given(options)).toThrow(/createGate: options must be an object/);
  });

  it('that are not known are a TypeError that says which are', () => {
    expect(given({ maxwaiting: 5 })).toThrow(TypeError);
    expect(given({ maxwaiting: 5 })).toThrow(
      /createGate: unknown option "maxwaiting"; it takes key, startWith, maxWaiting/,
    );
  });

  it('of another owner may have further names', () => {
    const options = { prefix: 'x' } as GateOptions;
    expect(() => readGateOptions('createOther', options, ['prefix'])).not.toThrow();
    expect(() => readGateOptions('createOther', options)).toThrow(/createOther: unknown option/);
  });
});

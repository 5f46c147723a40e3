import { createGate } from '../../src/gate/gate.js';
import type { GateOptions } from '../../src/gate/options.js';
import { readGateOptions } from '../../src/gate/options.js';
import { A_STRING } from '../../src/util/validate.js';

const given = (options: unknown) => () => createGate(options as GateOptions);

describe('the options of createGate', () => {
  it('all have a default', () => {
    expect(readGateOptions('createGate', {})).toEqual({
      initialConcurrency: 32,
      maxQueued: Number.POSITIVE_INFINITY,
      maxConcurrency: Number.POSITIVE_INFINITY,
      reserve: 0,
      closes: [429, 503, 529],
    });
  });

  it('are returned as given', () => {
    const key = () => '';
    const options = {
      key,
      initialConcurrency: 1,
      maxQueued: 0,
      maxConcurrency: 5,
      maxRate: { requests: 10, per: 0.5 },
      priority: () => 0,
      quotas: [() => []],
      reserve: 0.99,
      cost: () => 1,
      closes: [403, 429],
    };
    expect(readGateOptions('createGate', options)).toEqual(options);
    expect(given({ initialConcurrency: Number.POSITIVE_INFINITY })).not.toThrow();
    expect(given({ maxQueued: Number.POSITIVE_INFINITY })).not.toThrow();
    expect(given({ initialConcurrency: Number.MAX_SAFE_INTEGER })).not.toThrow();
    expect(given({ maxConcurrency: Number.POSITIVE_INFINITY })).not.toThrow();
    expect(given({ quotas: () => [], closes: [] })).not.toThrow();
    expect(given({ reserve: 0, closes: [100, 599] })).not.toThrow();
  });

  it('count as absent when they are undefined', () => {
    const options = { key: undefined, initialConcurrency: undefined, maxQueued: undefined };
    expect(readGateOptions('createGate', options).initialConcurrency).toBe(32);
    expect(given(undefined)).not.toThrow();
  });

  it.each([
    ['initialConcurrency', '32', '"32"'],
    ['initialConcurrency', null, 'null'],
    ['initialConcurrency', 5n, '5n'],
    ['maxQueued', {}, '\\[object Object\\]'],
    ['key', 'X-Tenant', '"X-Tenant"'],
    ['key', null, 'null'],
    ['maxConcurrency', '4', '"4"'],
    ['maxRate', 10, '10'],
    ['maxRate', null, 'null'],
    ['priority', 5, '5'],
    ['quotas', {}, '\\[object Object\\]'],
    ['quotas', [() => [], 'x'], '\\[object Array\\]'],
    ['reserve', '0.1', '"0.1"'],
    ['cost', 1, '1'],
    ['closes', 429, '429'],
    ['closes', ['429'], '\\[object Array\\]'],
  ])('reject a %s of the wrong kind, %p, with a TypeError that names it', (name, value, shown) => {
    const act = given({ [name]: value });
    expect(act).toThrow(TypeError);
    expect(act).toThrow(new RegExp(`createGate: option "${name}" takes .*; got ${shown}`));
  });

  it.each([
    ['initialConcurrency', 0, '1 or more'],
    ['initialConcurrency', -1, '1 or more'],
    ['initialConcurrency', 1.5, 'an integer'],
    ['initialConcurrency', Number.NaN, 'an integer'],
    ['initialConcurrency', Number.NEGATIVE_INFINITY, '1 or more'],
    ['initialConcurrency', 2 ** 53, 'an integer'],
    ['maxQueued', -1, '0 or more'],
    ['maxQueued', 0.5, 'an integer'],
    ['maxQueued', Number.NaN, 'an integer'],
  ])(
    'reject a %s out of range, %d, with a RangeError that says what it takes',
    (name, value, words) => {
      const act = given({ [name]: value });
      expect(act).toThrow(RangeError);
      expect(act).toThrow(new RegExp(`option "${name}" takes .*${words}.*; got ${value}`));
    },
  );

  it.each([
    ['maxConcurrency', 0],
    ['maxRate', { requests: 0, per: 1000 }],
    ['maxRate', { requests: 1.5, per: 1000 }],
    ['maxRate', { requests: Number.POSITIVE_INFINITY, per: 1000 }],
    ['maxRate', { requests: 10, per: 0 }],
    ['maxRate', { requests: 10, per: Number.NaN }],
    ['maxRate', { requests: 10, per: Number.POSITIVE_INFINITY }],
    ['maxRate', { requests: 10, per: '1000' }],
    ['maxRate', { requests: 10 }],
    ['reserve', 1],
    ['reserve', -0.1],
    ['reserve', Number.NaN],
    ['closes', [99]],
    ['closes', [600]],
    ['closes', [429.5]],
    ['closes', [Number.NaN]],
  ])('reject the %s %j with a RangeError that names it', (name, value) => {
    expect(given({ [name]: value })).toThrow(RangeError);
    expect(given({ [name]: value })).toThrow(new RegExp(`option "${name}" takes `));
  });

  it.each([
    ['key', 'a function'],
    ['initialConcurrency', 'an integer, 1 or more, or Infinity'],
    ['maxQueued', 'an integer, 0 or more, or Infinity'],
    ['maxConcurrency', 'an integer, 1 or more, or Infinity'],
    ['maxRate', '{ requests, per }: an integer, 1 or more, and milliseconds above 0'],
    ['priority', 'a function'],
    ['quotas', 'a reader, such as rateLimitFields(), or an array of readers'],
    ['reserve', 'a share: 0 or more, below 1'],
    ['cost', 'a function'],
    ['closes', 'an array of statuses, such as [429, 503]'],
  ])('say what %s takes: %s', (name, words) => {
    expect(given({ [name]: 'x' })).toThrow(
      `axios-status-retry: createGate: option "${name}" takes ${words}; got "x"`,
    );
  });

  it.each([null, 7, 'gate'])('must be an object, not %p', (options) => {
    expect(given(options)).toThrow(TypeError);
    expect(given(options)).toThrow(/createGate takes an object of options/);
  });

  it('reject an unknown name with a TypeError that lists the known ones', () => {
    expect(given({ maxwaiting: 5 })).toThrow(TypeError);
    expect(given({ maxwaiting: 5 })).toThrow(
      /createGate: unknown option "maxwaiting"; it takes key, initialConcurrency, maxQueued/,
    );
  });

  it('may be joined by those of another owner', () => {
    const options = { prefix: 'x' } as GateOptions;
    expect(() => readGateOptions('createOther', options, { prefix: A_STRING })).not.toThrow();
    expect(() => readGateOptions('createOther', options)).toThrow(/createOther: unknown option/);
  });
});

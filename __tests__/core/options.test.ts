import { AxiosHeaders } from 'axios';
import { mergePolicy, readAttachOptions } from '../../src/core/options.js';
import { platformBackoff } from '../../src/policy/backoff.js';
import { defineStatusTable } from '../../src/policy/define-status-table.js';
import { platformStatusTable } from '../../src/policy/platform-status-table.js';
import { createTestClock } from '../../src/testing/index.js';
import { systemClock } from '../../src/wait/clock.js';

const noop = () => undefined;
const table = defineStatusTable([], { extends: platformStatusTable });
const gate = {
  tryAcquire: noop,
  acquire: async () => ({ type: 'gave-up', reason: 'canceled' }) as const,
};
const budget = { withdraw: () => true, deposit: noop };
const deferral = { attach: noop, defer: async () => undefined };

interface Case {
  readonly name: string;
  readonly takes: RegExp;
  readonly accepted: unknown[];
  /** Values of a wrong type: a TypeError. */
  readonly kinds: unknown[];
  /** Values of the right type out of range: a RangeError. */
  readonly values: unknown[];
}

const NUMBERS = ['5', null, true, {}, [5], 5n, noop];
const FUNCTIONS = ['f', null, true, 1, {}, []];
const milliseconds = {
  takes: /milliseconds, 0 or more/,
  accepted: [0, 0.5, 60_000, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY],
  kinds: NUMBERS,
  values: [-1, -0.001, Number.NaN, Number.NEGATIVE_INFINITY],
};
const callback = {
  takes: /a function/,
  accepted: [noop, async () => undefined, jest.fn()],
  kinds: FUNCTIONS,
  values: [],
};
const flag = {
  takes: /true or false/,
  accepted: [true, false],
  kinds: ['true', null, 1, 0, {}, noop],
  values: [],
};

const REQUEST_OPTIONS: Case[] = [
  {
    name: 'table',
    takes: /a table made by defineStatusTable/,
    accepted: [platformStatusTable, table],
    kinds: [{}, [], null, 'platform', new Map(), { get: noop }],
    values: [],
  },
  {
    name: 'maxRetries',
    takes: /an integer, 0 or more, or Infinity/,
    accepted: [0, 1, 5, 1000, Number.POSITIVE_INFINITY],
    kinds: NUMBERS,
    values: [-1, 1.5, Number.NaN, Number.NEGATIVE_INFINITY, 2 ** 53],
  },
  { name: 'backoff', ...callback },
  { name: 'maxDelay', ...milliseconds },
  { name: 'maxElapsed', ...milliseconds },
  { name: 'totalTimeout', ...milliseconds },
  {
    name: 'methods',
    takes: /an array of method names, such as \['GET', 'HEAD'\]/,
    accepted: [[], ['GET'], ['get', 'Head', "M-S!#$%&'*+.^_`|~9"], Object.freeze(['PUT'])],
    kinds: ['GET', null, {}, new Set(['GET']), ['GET', 1], [null], [['GET']]],
    values: [[''], ['GET', 'PO ST'], ['GET,HEAD'], ['GET\n'], ['É']],
  },
  { name: 'networkErrors', ...flag },
  {
    name: 'hints',
    takes: /a function or an array of functions/,
    accepted: [noop, [], [noop, noop], Object.freeze([noop])],
    kinds: ['retry-after-ms', null, true, 1, {}, [noop, 'retry-after-ms'], [null], [[noop]]],
    values: [],
  },
  {
    name: 'jitter',
    takes: /a finite number, 0 or more/,
    accepted: [0, 0.25, 1, 10],
    kinds: NUMBERS,
    values: [-0.1, Number.NaN, Number.POSITIVE_INFINITY],
  },
  {
    name: 'idempotencyKey',
    takes: /true, false or a function/,
    accepted: [true, false, () => 'key'],
    kinds: ['key', null, 1, {}],
    values: [],
  },
  { name: 'decide', ...callback },
  { name: 'onRetry', ...callback },
  { name: 'beforeRetry', ...callback },
  { name: 'onGiveUp', ...callback },
];

class Budget {
  withdraw() {
    return true;
  }
  deposit() {}
}

const ATTACH_OPTIONS: Case[] = [
  {
    name: 'gate',
    takes: /an object with tryAcquire, acquire/,
    accepted: [gate, { ...gate, attach: noop }],
    kinds: [null, {}, true, { ...gate, acquire: undefined }, { ...gate, tryAcquire: true }, noop],
    values: [],
  },
  {
    name: 'budget',
    takes: /an object with withdraw, deposit/,
    accepted: [budget, new Budget()],
    kinds: [null, {}, 5, { withdraw: noop }, { deposit: noop }],
    values: [],
  },
  {
    name: 'deferral',
    takes: /an object with attach, defer/,
    accepted: [deferral],
    kinds: [null, {}, 'later', { attach: noop }, { defer: noop }, deferral.defer],
    values: [],
  },
  {
    name: 'clock',
    takes: /an object with now, setTimeout, clearTimeout/,
    accepted: [systemClock, createTestClock()],
    kinds: [null, {}, Date, { now: noop }, { ...systemClock, clearTimeout: 1 }],
    values: [],
  },
  { name: 'random', ...callback },
];

const policy = readAttachOptions({});
type Read = (options: object) => object;
const attach: Read = (options) => readAttachOptions(options);
const perRequest: Read = (options) => mergePolicy(policy, options);
const PLACES: [place: string, read: Read, cases: Case[]][] = [
  ['attachRetry', attach, [...REQUEST_OPTIONS, ...ATTACH_OPTIONS]],
  ['config.retry', perRequest, REQUEST_OPTIONS],
];

describe.each(PLACES)('the options of %s:', (place, read, cases) => {
  describe.each(cases)('$name', ({ name, takes, accepted, kinds }) => {
    it('accepts valid values', () => {
      for (const value of accepted) {
        expect((read({ [name]: value }) as Record<string, unknown>)[name]).toBe(value);
      }
    });

    it('takes the default for undefined', () => {
      expect(read({ [name]: undefined })).toEqual(read({}));
    });

    it('throws a TypeError that names the accepted type for a value of a wrong type', () => {
      expect(kinds.length).toBeGreaterThan(0);
      for (const value of kinds) {
        const reading = () => read({ [name]: value });
        expect(reading).toThrow(TypeError);
        expect(reading).toThrow(`axios-status-retry: ${place}: option "${name}" takes `);
        expect(reading).toThrow(takes);
        expect(reading).toThrow(/; got \S/);
      }
    });
  });

  const limited = cases.filter(({ values }) => values.length > 0);
  it.each(limited)(
    '$name throws a RangeError that names the accepted range for a value out of range',
    (option) => {
      const { name, takes, values } = option;
      for (const value of values) {
        const reading = () => read({ [name]: value });
        expect(reading).toThrow(RangeError);
        expect(reading).toThrow(`axios-status-retry: ${place}: option "${name}" takes `);
        expect(reading).toThrow(takes);
        expect(reading).toThrow(/; got \S/);
      }
    },
  );

  it.each(['maxRetry', 'retries', '', 'toString', 'constructor', '__proto__', 'MAXRETRIES'])(
    '%j is unknown: a TypeError lists the known names',
    (name) => {
      const reading = () => read(JSON.parse(`{${JSON.stringify(name)}: 1}`));
      expect(reading).toThrow(TypeError);
      expect(reading).toThrow(`${place}: unknown option ${JSON.stringify(name)}; it takes table, `);
      for (const { name: known } of cases) expect(reading).toThrow(RegExp(`\\b${known}\\b`));
    },
  );

  it('an unknown name is refused even if its value is undefined', () => {
    expect(() => read({ maxRetry: undefined })).toThrow(TypeError);
  });

  it.each([null, true, 5, 'options', [], [{}], () => ({})])('cannot be %p', (options) => {
    const reading = () => read(options as object);
    expect(reading).toThrow(TypeError);
    const accepted = /^axios-status-retry: \S+ takes an object of options.*; got \S/;
    expect(reading).toThrow(accepted);
    expect(reading).toThrow(place);
  });

  it('are not changed', () => {
    const options = Object.freeze({ maxRetries: 1, methods: Object.freeze(['GET']) });
    expect(read(options)).toMatchObject(options);
  });
});

describe('the message for an invalid option', () => {
  it.each<[object, string]>([
    [{ maxRetries: '3' }, 'option "maxRetries" takes an integer, 0 or more, or Infinity; got "3"'],
    [{ maxRetries: -1 }, 'option "maxRetries" takes an integer, 0 or more, or Infinity; got -1'],
    [{ maxDelay: Number.NaN }, 'option "maxDelay" takes milliseconds, 0 or more; got NaN'],
    [{ onRetry: null }, 'option "onRetry" takes a function; got null'],
    [{ backoff: {} }, 'option "backoff" takes a function; got [object Object]'],
  ])('for %j is: %s', (options, message) => {
    expect(() => attach(options)).toThrow(`axios-status-retry: attachRetry: ${message}`);
  });

  it.each<[unknown, string]>([
    [3, '3'],
    [0, '0'],
    [true, 'true'],
    [null, 'null'],
    ['3', '"3"'],
  ])('for config.retry: %j says that an object or false is taken', (given, got) => {
    expect(() => perRequest(given as object)).toThrow(
      new TypeError(
        `axios-status-retry: config.retry takes an object of options, such as { maxRetries: 3 }, or false; got ${got}`,
      ),
    );
  });

  it('shows no contents of an object', () => {
    const headers = new AxiosHeaders({ Authorization: 'secret-1' });
    expect(() => attach({ gate: { headers } })).toThrow(/^(?!.*secret-1)/);
  });
});

describe('an option of attachRetry only', () => {
  it.each(ATTACH_OPTIONS)('$name is not allowed in config.retry', ({ name, accepted }) => {
    const reading = () => perRequest({ [name]: accepted[0] });
    expect(reading).toThrow(TypeError);
    expect(reading).toThrow(
      `axios-status-retry: config.retry: unknown option "${name}"; it takes `,
    );
    const listed = /it takes (.*)/.exec(String(thrownBy(reading)))?.[1]?.split(', ');
    expect(listed).toEqual(REQUEST_OPTIONS.map((option) => option.name));
  });

  function thrownBy(run: () => unknown): unknown {
    try {
      run();
    } catch (error) {
      return error;
    }
    throw new Error('It was to throw.');
  }
});

describe('the defaults', () => {
  it('match the documentation', () => {
    expect(readAttachOptions({})).toEqual({
      maxRetries: 5,
      backoff: platformBackoff,
      jitter: 0,
      maxDelay: 86_400_000,
      maxElapsed: Number.POSITIVE_INFINITY,
      totalTimeout: Number.POSITIVE_INFINITY,
      networkErrors: false,
      idempotencyKey: false,
      clock: systemClock,
      random: Math.random,
    });
  });
});

describe('the options of a request', () => {
  it('override those of the instance one by one', () => {
    const base = readAttachOptions({ maxRetries: 3, maxDelay: 1000, methods: ['GET'] });
    const merged = mergePolicy(base, { maxRetries: 1, maxDelay: undefined });
    expect(merged).toEqual({ ...base, maxRetries: 1 });
    expect(base.maxRetries).toBe(3);
  });
});

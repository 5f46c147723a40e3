import { STATUS_CODES } from 'node:http';
import axios from 'axios';
import fc from 'fast-check';
import { decideRetry } from '../../src/policy/decision.js';
import type {
  StatusBehaviors,
  StatusRow,
  StatusRowInput,
  StatusTable,
} from '../../src/policy/define-status-table.js';
import { defineStatusTable, isStatusTable } from '../../src/policy/define-status-table.js';
import { lookupStatus, platformStatusTable } from '../../src/policy/platform-status-table.js';

const teapot: StatusRow = {
  code: 418,
  name: "I'm a teapot",
  description: 'It is a teapot.',
  retry: 'never',
};

const ROWS = "rows takes an iterable of rows, or an object such as { 503: 'backoff' }";
const BEHAVIORS = 'one of never, retry-after, backoff, retry-after-or-backoff';
const CODES = "an integer from 100 to 599, or '1xx', '2xx', '3xx', '4xx' or '5xx'";

describe('defineStatusTable', () => {
  it('iterates its rows in ascending order of code, repeatedly', () => {
    const codes = fc.uniqueArray(fc.integer({ min: 100, max: 599 }));
    fc.assert(
      fc.property(codes, codes, (own, inherited) => {
        const base = defineStatusTable(inherited.map((code) => ({ ...teapot, code })));
        const table = defineStatusTable(
          own.map((code) => ({ ...teapot, code, name: 'own' })),
          { extends: base },
        );
        const expected = Array.from({ length: 500 }, (_, index) => 100 + index).filter(
          (code) => own.includes(code) || inherited.includes(code),
        );
        expect([...table].map((row) => row.code)).toEqual(expected);
        expect([...table].map((row) => row.code)).toEqual(expected);
        for (const code of expected) {
          expect(table.get(code)?.name).toBe(own.includes(code) ? 'own' : teapot.name);
        }
      }),
    );
  });

  it('keeps the rows of the table it extends, except those with the same code', () => {
    const busy = { ...teapot, code: 503, retry: 'never' } as const;
    const table = defineStatusTable([busy, teapot], { extends: platformStatusTable });
    expect([...table]).toHaveLength(15);
    expect(table.get(503)).toEqual(busy);
    expect(table.get(502)).toBe(platformStatusTable.get(502));
    expect(platformStatusTable.get(503)?.retry).toBe('backoff');
  });

  it('extends nothing by default', () => {
    expect([...defineStatusTable([])]).toEqual([]);
    expect([...defineStatusTable([teapot], { extends: undefined })]).toEqual([teapot]);
  });

  it('accepts any iterable, including a table', () => {
    expect([...defineStatusTable(new Set([teapot]))]).toEqual([teapot]);
    expect([...defineStatusTable(platformStatusTable)]).toEqual([...platformStatusTable]);
  });

  it('has frozen copies of the four fields only', () => {
    const given = { ...teapot, color: 'red' };
    const table = defineStatusTable([given]);
    given.name = 'changed';
    expect(table.get(418)).toEqual(teapot);
    expect(Object.isFrozen(table.get(418))).toBe(true);
    expect(Object.isFrozen(table)).toBe(true);
  });

  it('accepts the smallest and the largest code, and each retry behaviour', () => {
    for (const code of [100, 599]) {
      expect(defineStatusTable([{ ...teapot, code }]).get(code)?.code).toBe(code);
    }
    for (const retry of ['never', 'retry-after', 'backoff', 'retry-after-or-backoff'] as const) {
      expect(defineStatusTable([{ ...teapot, retry }]).get(418)?.retry).toBe(retry);
    }
  });

  it.each([
    [{ code: 99 }, `code takes ${CODES}; got 99`],
    [{ code: 600 }, `code takes ${CODES}; got 600`],
    [{ code: 429.5 }, `code takes ${CODES}; got 429.5`],
    [{ code: ['5xx'] }, `code takes ${CODES}; got [object Array]`],
    [{ code: Object.create(null) }, `code takes ${CODES}; got [object Object]`],
    [{ code: Number.NaN }, `code takes ${CODES}; got NaN`],
    [{ code: '6xx' }, `code takes ${CODES}; got "6xx"`],
    [{ code: undefined }, `code takes ${CODES}; got undefined`],
    [{ code: '15xx' }, `code takes ${CODES}; got "15xx"`],
    [{ code: '5xxx' }, `code takes ${CODES}; got "5xxx"`],
    [{ code: '429' }, `code takes ${CODES}; got "429"`],
    [{ code: 200 }, 'code takes each code once; got 200'],
    [
      { retry: 'always' },
      'retry takes one of never, retry-after, backoff, retry-after-or-backoff; got "always"',
    ],
    [
      { retry: undefined },
      'retry takes one of never, retry-after, backoff, retry-after-or-backoff; got undefined',
    ],
    [{ maxRetries: -1 }, 'maxRetries takes an integer, 0 or more, or Infinity; got -1'],
    [{ maxRetries: 1.5 }, 'maxRetries takes an integer, 0 or more, or Infinity; got 1.5'],
  ])('throws for a row with an invalid value: %p', (wrong, message) => {
    const rows = [{ ...teapot, code: 200 }, { ...teapot, ...wrong } as StatusRow];
    expect(() => defineStatusTable(rows)).toThrow(
      new RangeError(`axios-status-retry: defineStatusTable: rows[1].${message}`),
    );
  });

  it.each([
    [{ name: '' }, 'name takes a non-empty string; got ""'],
    [{ name: 7 }, 'name takes a non-empty string; got 7'],
    [{ description: '' }, 'description takes a non-empty string; got ""'],
    [{ description: null }, 'description takes a non-empty string; got null'],
    [{ maxRetries: '3' }, 'maxRetries takes an integer, 0 or more, or Infinity; got "3"'],
    [{ backoff: 1000 }, 'backoff takes a function; got 1000'],
  ])('throws for a row with a value of a wrong kind: %p', (wrong, message) => {
    const rows = [teapot, { ...teapot, code: 200, ...wrong } as StatusRow];
    expect(() => defineStatusTable(rows)).toThrow(
      new TypeError(`axios-status-retry: defineStatusTable: rows[1].${message}`),
    );
  });

  it.each([
    [undefined, `${ROWS}; got undefined`],
    [null, `${ROWS}; got null`],
    [503, `${ROWS}; got 503`],
    [() => [], `${ROWS}; got [object Function]`],
    [new Date(0), `${ROWS}; got [object Date]`],
    [Promise.resolve([]), `${ROWS}; got [object Promise]`],
    [[null], 'rows[0] takes an object; got null'],
    [[429], 'rows[0] takes an object; got 429'],
    ['rows', 'rows[0] takes an object; got "r"'],
  ])('throws for invalid rows: %p', (rows, message) => {
    const given = rows as unknown as StatusRow[];
    expect(() => defineStatusTable(given)).toThrow(
      new TypeError(`axios-status-retry: defineStatusTable: ${message}`),
    );
  });

  it.each([null, [teapot], { get: () => teapot }, 'table'])(
    'throws when it extends anything but a table: %p',
    (base) => {
      expect(() => defineStatusTable([], { extends: base as unknown as StatusTable })).toThrow(
        /^axios-status-retry: defineStatusTable: option "extends" takes a table made by defineStatusTable; got /,
      );
      expect(() => defineStatusTable([], { extends: base as unknown as StatusTable })).toThrow(
        TypeError,
      );
    },
  );

  it('throws for a misspelt option, and for a table in place of the options', () => {
    const misspelt = { extend: platformStatusTable } as { extends?: StatusTable };
    expect(() => defineStatusTable([], misspelt)).toThrow(
      new TypeError(
        'axios-status-retry: defineStatusTable: unknown option "extend"; it takes extends',
      ),
    );
    const table = platformStatusTable as { extends?: StatusTable };
    expect(() => defineStatusTable([], table)).toThrow(TypeError);
  });
});

describe('a row without words', () => {
  const rowOf = (row: Partial<StatusRowInput>, code = 503) =>
    defineStatusTable([{ code, retry: 'backoff', ...row }]).get(code);

  it.each([
    [103, 'Early Hints'],
    [207, 'Multi-Status'],
    [308, 'Permanent Redirect'],
    [408, 'Request Timeout'],
    [413, 'Content Too Large'],
    [422, 'Unprocessable Content'],
    [425, 'Too Early'],
    [503, 'Service Unavailable'],
    [511, 'Network Authentication Required'],
  ])('of the standard status %d has its name: %s', (code, name) => {
    expect(rowOf({}, code)).toEqual({ code, name, description: name, retry: 'backoff' });
  });

  it.each([418, 420, 499, 520, 529, 599])('of %d, which is no standard, has the number', (code) => {
    const name = String(code);
    expect(rowOf({}, code)).toEqual({ code, name, description: name, retry: 'backoff' });
  });

  it('has its own name as its description', () => {
    expect(rowOf({ name: 'Busy' })).toMatchObject({ name: 'Busy', description: 'Busy' });
  });

  it('has the standard name beside its own description', () => {
    const row = rowOf({ description: 'Try later.' });
    expect(row).toMatchObject({ name: 'Service Unavailable', description: 'Try later.' });
  });

  it("has the names that Node has, where both have the status's name of RFC 9110", () => {
    const renamed = [104, 413, 418, 422, 425, 509];
    const names = Object.entries(STATUS_CODES).filter(([code]) => !renamed.includes(Number(code)));
    expect(names.length).toBeGreaterThan(50);
    for (const [code, name] of names) expect(rowOf({}, Number(code))?.name).toBe(name);
  });
});

describe("a row's own maxRetries and backoff", () => {
  it.each([0, 1, 100, Number.POSITIVE_INFINITY])('are kept: %d', (maxRetries) => {
    const backoff = (): number => 1;
    const row = { code: 503, retry: 'backoff', maxRetries, backoff } as const;
    const table = defineStatusTable([row]);
    expect(table.get(503)).toMatchObject({ maxRetries, backoff });
    expect(defineStatusTable([], { extends: table }).get(503)).toMatchObject({ maxRetries });
  });

  it('are left out if they are not given', () => {
    const row = { code: 503, retry: 'backoff', maxRetries: undefined } as const;
    const keys = Object.keys(defineStatusTable([row]).get(503) ?? {});
    expect(keys.sort()).toEqual(['code', 'description', 'name', 'retry']);
  });
});

describe('a range', () => {
  const table = defineStatusTable([
    { code: 501, retry: 'never' },
    { code: '5xx', retry: 'backoff', maxRetries: 2 },
    { code: 503, retry: 'retry-after', name: 'Busy' },
    { code: '4xx', retry: 'never', name: 'Wrong', description: 'It is wrong.' },
  ]);
  const retries = (of: StatusTable, codes: number[]) => codes.map((code) => of.get(code)?.retry);

  it('has a row for each of its codes, with the name of that status', () => {
    const row = { code: 504, name: 'Gateway Timeout', description: 'Gateway Timeout' };
    expect(table.get(504)).toEqual({ ...row, retry: 'backoff', maxRetries: 2 });
    expect(table.get(599)).toMatchObject({ code: 599, name: '599', retry: 'backoff' });
    expect(table.get(500)).toMatchObject({ code: 500, name: 'Internal Server Error' });
    expect(table.get(404)).toEqual({
      code: 404,
      name: 'Wrong',
      description: 'It is wrong.',
      retry: 'never',
    });
  });

  it('has frozen rows, the same each time', () => {
    expect(table.get(504)).toBe(table.get(504));
    expect(Object.isFrozen(table.get(504))).toBe(true);
  });

  it('has no other status, and no text as a code', () => {
    const odd = [399, 600, 5, 50, 5000, -500, 503.5, Number.NaN, '5xx', '503'];
    for (const code of odd) expect(table.get(code as number)).toBeUndefined();
  });

  it('leaves the codes that have a row to it, whatever the order', () => {
    expect(retries(table, [500, 501, 502, 503])).toEqual([
      'backoff',
      'never',
      'backoff',
      'retry-after',
    ]);
  });

  it('is read by lookupStatus and decideRetry', () => {
    expect(lookupStatus(502, table)).toMatchObject({ code: 502, name: 'Bad Gateway' });
    const decide = (retryNumber: number) => decideRetry({ status: 502, retryNumber }, { table });
    expect(decide(2)).toEqual({ retry: true, delay: 64_000, basis: 'backoff' });
    expect(decide(3)).toEqual({ retry: false, reason: 'max-retries' });
  });

  it('is expanded when the table is iterated, in ascending order', () => {
    const rows = [...table];
    expect(rows.map(({ code }) => code)).toEqual(
      Array.from({ length: 200 }, (_, index) => 400 + index),
    );
    for (const row of rows) expect(row).toBe(table.get(row.code));
  });

  it.each<[string, StatusTable]>([
    [
      'this copy',
      defineStatusTable({ 503: 'never', 504: 'retry-after', '5xx': 'never', 404: 'backoff' }),
    ],
    [
      'another copy',
      ofAnotherCopy({ 503: 'never', 504: 'retry-after', '5xx': 'never', 404: 'backoff' }),
    ],
  ])(
    'stands after the single codes of the extended table, and before its range: %s',
    (_words, base) => {
      const extended = defineStatusTable({ 504: 'never', '5xx': 'backoff' }, { extends: base });
      expect(retries(extended, [404, 502, 503, 504])).toEqual([
        'backoff',
        'backoff',
        'never',
        'never',
      ]);
    },
  );

  it('is a single code each in a table whose copy of the package only has an iterator', () => {
    const rows = [...defineStatusTable({ '5xx': 'never' })];
    const brand = Symbol.for('axios-status-retry.status-table');
    const older = { [brand]: true, get: () => undefined, [Symbol.iterator]: () => rows.values() };
    const extended = defineStatusTable({ '5xx': 'backoff', 503: 'backoff' }, { extends: older });
    expect(retries(extended, [502, 503])).toEqual(['never', 'backoff']);
  });

  it('stays a range in a table made from the rows of a table', () => {
    const copy = defineStatusTable(defineStatusTable({ '5xx': 'never' }));
    const extended = defineStatusTable({ '5xx': 'backoff' }, { extends: copy });
    expect(retries(extended, [502])).toEqual(['backoff']);
  });

  it('is given once', () => {
    const rows = [
      { code: '5xx', retry: 'never' },
      { code: '5xx', retry: 'backoff' },
    ] as const;
    expect(() => defineStatusTable(rows)).toThrow(
      new RangeError(
        'axios-status-retry: defineStatusTable: rows[1].code takes each code once; got "5xx"',
      ),
    );
  });
});

function ofAnotherCopy(behaviors: StatusBehaviors): StatusTable {
  let table: StatusTable | undefined;
  jest.isolateModules(() => {
    const other = jest.requireActual<typeof import('../../src/policy/define-status-table.js')>(
      '../../src/policy/define-status-table.js',
    );
    table = other.defineStatusTable(behaviors);
  });
  if (!table) throw new Error('There is no table.');
  return table;
}

describe('the short form', () => {
  it('has a row for each code and range', () => {
    const table = defineStatusTable({ 500: 'backoff', '5xx': 'retry-after', 408: 'never' });
    expect(table.get(500)).toEqual({
      code: 500,
      name: 'Internal Server Error',
      description: 'Internal Server Error',
      retry: 'backoff',
    });
    expect(table.get(502)?.retry).toBe('retry-after');
    expect(table.get(408)?.retry).toBe('never');
    expect(table.get(404)).toBeUndefined();
  });

  it('may be empty, and without a prototype', () => {
    expect([...defineStatusTable({})]).toEqual([]);
    const bare = Object.assign(Object.create(null), { 503: 'backoff' }) as StatusBehaviors;
    expect(defineStatusTable(bare).get(503)?.retry).toBe('backoff');
  });

  it('may extend a table', () => {
    const table = defineStatusTable({ 503: 'never' }, { extends: platformStatusTable });
    expect(table.get(503)?.retry).toBe('never');
    expect(table.get(502)).toBe(platformStatusTable.get(502));
  });

  it.each<[object, string]>([
    [{ '6xx': 'backoff' }, `rows["6xx"].code takes ${CODES}; got "6xx"`],
    [{ '5XX': 'backoff' }, `rows["5XX"].code takes ${CODES}; got "5XX"`],
    [{ 600: 'backoff' }, `rows["600"].code takes ${CODES}; got 600`],
    [{ '0503': 'backoff' }, `rows["0503"].code takes ${CODES}; got "0503"`],
    [{ extends: platformStatusTable }, `rows["extends"].code takes ${CODES}; got "extends"`],
    [{ 503: 'always' }, `rows["503"].retry takes ${BEHAVIORS}; got "always"`],
    [{ '5xx': true }, `rows["5xx"].retry takes ${BEHAVIORS}; got true`],
    [{ 503: teapot }, `rows["503"].retry takes ${BEHAVIORS}; got [object Object]`],
  ])('is refused where it is wrong: %j', (rows, message) => {
    expect(() => defineStatusTable(rows as StatusBehaviors)).toThrow(
      new RangeError(`axios-status-retry: defineStatusTable: ${message}`),
    );
  });
});

describe('a table of another copy of the package', () => {
  it('is recognized by its brand', () => {
    expect(isStatusTable(platformStatusTable)).toBe(true);
    const lookAlike = { get: () => teapot, [Symbol.iterator]: () => [].values() };
    for (const other of [null, undefined, 1, 'table', () => teapot, [], {}, new Map(), lookAlike]) {
      expect(isStatusTable(other)).toBe(false);
    }
  });

  it('is accepted, and can be extended', () => {
    jest.isolateModules(() => {
      const other = jest.requireActual<typeof import('../../src/policy/platform-status-table.js')>(
        '../../src/policy/platform-status-table.js',
      );
      expect(other.platformStatusTable).not.toBe(platformStatusTable);
      expect(isStatusTable(other.platformStatusTable)).toBe(true);
      const table = defineStatusTable([teapot], { extends: other.platformStatusTable });
      expect([...table]).toHaveLength(15);
      expect(lookupStatus(429, other.platformStatusTable)?.retry).toBe('retry-after');
    });
  });

  it('finds the rows under a registered symbol, ranges as they are', () => {
    const table = defineStatusTable({ '5xx': 'never' });
    const rows = Symbol.for('axios-status-retry.status-table.rows');
    expect(Reflect.get(table, rows)).toEqual([{ code: '5xx', retry: 'never' }]);
  });

  it("passes through Axios's config merge unchanged", () => {
    const config = { retry: { table: platformStatusTable } };
    const { retry } = axios.create(config as object).defaults as { retry?: { table: unknown } };
    expect(retry?.table).toBe(platformStatusTable);
    expect(retry).not.toBe(config.retry);
  });
});

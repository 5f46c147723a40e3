import axios from 'axios';
import fc from 'fast-check';
import type { StatusRow, StatusTable } from '../../src/policy/define-status-table.js';
import { defineStatusTable, isStatusTable } from '../../src/policy/define-status-table.js';
import { lookupStatus, platformStatusTable } from '../../src/policy/platform-status-table.js';

const teapot: StatusRow = {
  code: 418,
  name: "I'm a teapot",
  description: 'It is a teapot.',
  retry: 'never',
};

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
    [{ code: 99 }, 'code takes an integer from 100 to 599; got 99'],
    [{ code: 600 }, 'code takes an integer from 100 to 599; got 600'],
    [{ code: 429.5 }, 'code takes an integer from 100 to 599; got 429.5'],
    [{ code: Number.NaN }, 'code takes an integer from 100 to 599; got NaN'],
    [{ code: '429' }, 'code takes an integer from 100 to 599; got "429"'],
    [{ code: 200 }, 'code takes each code once; got 200'],
    [
      { retry: 'always' },
      'retry takes one of never, retry-after, backoff, retry-after-or-backoff; got "always"',
    ],
    [
      { retry: undefined },
      'retry takes one of never, retry-after, backoff, retry-after-or-backoff; got undefined',
    ],
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
    [{ description: undefined }, 'description takes a non-empty string; got undefined'],
  ])('throws for a row with invalid text: %p', (wrong, message) => {
    const rows = [teapot, { ...teapot, code: 200, ...wrong } as StatusRow];
    expect(() => defineStatusTable(rows)).toThrow(
      new TypeError(`axios-status-retry: defineStatusTable: rows[1].${message}`),
    );
  });

  it.each([
    [undefined, 'rows takes an iterable of rows; got undefined'],
    [null, 'rows takes an iterable of rows; got null'],
    [{ 429: teapot }, 'rows takes an iterable of rows; got [object Object]'],
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

  it("passes through Axios's config merge unchanged", () => {
    const config = { retry: { table: platformStatusTable } };
    const { retry } = axios.create(config as object).defaults as { retry?: { table: unknown } };
    expect(retry?.table).toBe(platformStatusTable);
    expect(retry).not.toBe(config.retry);
  });
});

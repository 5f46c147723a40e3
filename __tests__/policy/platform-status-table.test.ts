import type { RetryBehavior, StatusRow } from '../../src/policy/define-status-table.js';
import { defineStatusTable } from '../../src/policy/define-status-table.js';
import { lookupStatus, platformStatusTable } from '../../src/policy/platform-status-table.js';

// Copied by hand from the platform's page, to catch a slip in the source.
const page: readonly [number, string, RetryBehavior][] = [
  [200, 'OK', 'never'],
  [202, 'Accepted', 'never'],
  [204, 'No Content', 'never'],
  [400, 'Bad Request', 'never'],
  [401, 'Unauthorized', 'never'],
  [403, 'Forbidden', 'never'],
  [405, 'Method Not Allowed', 'never'],
  [409, 'Conflict', 'never'],
  [429, 'Too Many Requests', 'retry-after'],
  [500, 'Internal Server Error', 'never'],
  [502, 'Bad Gateway', 'backoff'],
  [503, 'Service Unavailable', 'backoff'],
  [504, 'Gateway Timeout', 'backoff'],
  [529, 'Site Overloaded', 'retry-after-or-backoff'],
];

const teapot: StatusRow = {
  code: 418,
  name: "I'm a teapot",
  description: 'It is a teapot.',
  retry: 'never',
};

describe('platformStatusTable', () => {
  it('has exactly the 14 rows of the page', () => {
    const rows = [...platformStatusTable].map(({ code, name, retry }) => [code, name, retry]);
    expect(rows).toEqual(page);
  });

  it('describes every status in a different sentence', () => {
    const sentences = [...platformStatusTable].map((row) => row.description);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].{10,120}\.$/);
    expect(new Set(sentences).size).toBe(page.length);
  });

  it('has no status that the page does not list', () => {
    const listed = new Set(page.map(([code]) => code));
    for (let status = 100; status <= 599; status++) {
      expect(lookupStatus(status) !== undefined).toBe(listed.has(status));
      expect(lookupStatus(status)).toBe(platformStatusTable.get(status));
    }
    for (const odd of [0, -429, 429.5, 600, Number.NaN]) expect(lookupStatus(odd)).toBeUndefined();
  });

  it('is frozen, rows included', () => {
    expect(Object.isFrozen(platformStatusTable)).toBe(true);
    expect(() => Object.assign(platformStatusTable, { get: () => undefined })).toThrow(TypeError);
    for (const row of platformStatusTable) expect(Object.isFrozen(row)).toBe(true);
  });
});

describe('lookupStatus', () => {
  it('uses the given table', () => {
    const table = defineStatusTable([teapot]);
    expect(lookupStatus(418, table)).toEqual(teapot);
    expect(lookupStatus(503, table)).toBeUndefined();
  });
});

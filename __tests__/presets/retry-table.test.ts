import { retryTable } from '../../src/presets/retry-table.js';

const table = retryTable(
  { base: 100, factor: 2, max: 300 },
  429,
  '5xx',
  ['4xx', 'never'],
  [503, 'backoff'],
);

it.each([
  [429, 'retry-after-or-backoff'],
  [404, 'never'],
  [500, 'retry-after-or-backoff'],
  [503, 'backoff'],
])('gives a %d its behavior and the backoff', (code, retry) => {
  const row = table.get(code);
  expect(row).toMatchObject({ code, retry });
  const waits = [1, 2, 3].map((n) => row?.backoff?.(n, { retryNumber: n }));
  expect(waits).toEqual([100, 200, 300]);
});

it('has no other rows', () => {
  expect([table.get(200), table.get(301)]).toEqual([undefined, undefined]);
});

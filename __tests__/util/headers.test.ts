import { AxiosHeaders } from 'axios';
import { headerOf } from '../../src/util/headers.js';

describe('headerOf', () => {
  it.each<[string, unknown]>([
    ['a plain object', { 'X-A': 'no', Date: 'now' }],
    ['AxiosHeaders', new AxiosHeaders({ 'X-A': 'no', Date: 'now' })],
    ["fetch's Headers", new Headers({ 'X-A': 'no', Date: 'now' })],
    ["Node's rawHeaders", ['X-A', 'no', 'DATE', 'now']],
  ])('finds a header in %s, whatever its letter case', (_words, headers) => {
    expect(headerOf(headers, 'date')).toBe('now');
    expect(headerOf(headers, 'no') ?? undefined).toBeUndefined();
    expect(headerOf(headers, 'now') ?? undefined).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ["Node's rawHeaders", ['Warning', 'a', 'Via', 'x', 'warning', 'b', 'WARNING', 'c']],
    ['an array', { warning: ['a', 'b', 'c'] }],
    ['names that differ by case', { warning: ['a', 'b'], WARNING: 'c' }],
  ])('returns every value of a repeated header: %s', (_words, headers) => {
    expect(headerOf(headers, 'warning')).toEqual(['a', 'b', 'c']);
  });

  it('finds nothing without headers', () => {
    for (const nothing of [undefined, null, {}, 0, '', [], ['date']]) {
      expect(headerOf(nothing, 'date')).toBeUndefined();
    }
  });

  it('treats a header named "get" as a header', () => {
    expect(headerOf({ get: 'it', Date: 'now' }, 'date')).toBe('now');
  });

  it('returns a number as it is, 0 too', () => {
    expect(headerOf({ Age: 0 }, 'age')).toBe(0);
  });
});

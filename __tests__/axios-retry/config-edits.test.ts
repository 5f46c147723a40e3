// What a hook changes in a failed attempt's config reaches the next attempt.
import type { InternalAxiosRequestConfig } from 'axios';
import { AxiosHeaders } from 'axios';
import { applyEdits, copyOf, editsIn } from '../../src/axios-retry/config-edits.js';
import { cloneData } from '../../src/util/clone.js';

type Config = InternalAxiosRequestConfig;

const configOf = (rest: object = {}, headers: Record<string, string> = {}): Config => ({
  ...rest,
  headers: new AxiosHeaders(headers),
});

/** A fresh config with what a hook has changed in another one like it. */
function replay(edit: (config: Config) => void, rest: object = {}, headers = {}): Config {
  const [failed, next] = [configOf(cloneData(rest), headers), configOf(rest, headers)];
  const original = copyOf(failed);
  edit(failed);
  applyEdits(next, editsIn(failed, original));
  return next;
}

describe('the edits of a config', () => {
  it('are its new, changed and deleted keys', () => {
    const next = replay(
      (config) => {
        Object.assign(config, { url: '/b', timeout: 5 });
        delete config.baseURL;
      },
      { url: '/a', baseURL: '/v1', method: 'get' },
    );
    expect({ ...next }).toMatchObject({ url: '/b', timeout: 5, baseURL: undefined, method: 'get' });
  });

  it('are changes inside of plain objects and arrays', () => {
    const next = replay((config) => config.params.ids.push(3), {
      params: { ids: [1, 2], page: 1 },
    });
    expect(next.params).toEqual({ ids: [1, 2, 3], page: 1 });
  });

  it('are headers that are set, changed in another letter case, and deleted', () => {
    const next = replay(
      ({ headers }) => {
        headers.set('authorization', 'new');
        headers.set('X-New', '1');
        headers.delete('X-Old');
      },
      {},
      { Authorization: 'old', 'X-Old': '1', 'X-Kept': '1' },
    );
    expect(next.headers.toJSON()).toEqual({ Authorization: 'new', 'X-New': '1', 'X-Kept': '1' });
  });

  it('may be headers in a new object', () => {
    const next = replay(
      (config) => Object.assign(config, { headers: { 'X-New': '1' } }),
      {},
      { 'X-Old': '1' },
    );
    expect(next.headers.toJSON()).toEqual({ 'X-New': '1' });
  });

  it('keep the type of a body that is replaced', () => {
    const [failed, next] = [
      configOf({ data: '{}' }, { 'Content-Type': 'application/json' }),
      configOf({ data: {} }),
    ];
    const original = copyOf(failed);
    failed.data = '{"a":1}';
    applyEdits(next, editsIn(failed, original));
    expect([next.data, next.headers.getContentType()]).toEqual(['{"a":1}', 'application/json']);
  });

  it('are none where nothing has changed, whatever the next attempt has of its own', () => {
    const failed = configOf({ url: '/a', data: 'sent' }, { 'X-Sent': '1' });
    const next = configOf({ url: '/a', data: { given: true } });
    applyEdits(next, editsIn(failed, copyOf(failed)));
    expect([next.data, next.headers.toJSON()]).toEqual([{ given: true }, {}]);
  });

  it('leave out what the plugins keep on a config', () => {
    const next = replay((config) => {
      Object.assign(config, { 'axios-retry': { retryCount: 9 }, 'axios-status-retry': {} });
    });
    expect(Object.keys(next)).toEqual(['headers']);
  });

  it('add to earlier edits', () => {
    const [first, second, next] = [configOf({ url: '/a' }), configOf({ url: '/b' }), configOf()];
    const firstOriginal = copyOf(first);
    first.url = '/b';
    const earlier = editsIn(first, firstOriginal);
    const secondOriginal = copyOf(second);
    second.headers.set('X-New', '1');
    applyEdits(next, editsIn(second, secondOriginal, earlier));
    expect([next.url, next.headers.toJSON()]).toEqual(['/b', { 'X-New': '1' }]);
  });

  it('are applied as copies, so that an attempt does not change the next one', () => {
    const failed = configOf({ params: { ids: [1] } });
    const original = copyOf(failed);
    failed.params.ids.push(2);
    const edits = editsIn(failed, original);
    const [one, other] = [configOf(), configOf()];
    applyEdits(one, edits);
    one.params.ids.push(3);
    applyEdits(other, edits);
    expect(other.params.ids).toEqual([1, 2]);
  });
});

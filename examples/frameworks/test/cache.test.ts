import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { InternalAxiosRequestConfig } from 'axios';
import axios from 'axios';
import { setupCache } from 'axios-cache-interceptor';
import { attachRetry } from 'axios-status-retry';
import { linesOf } from './run.js';

const lines = await linesOf('cache');

describe('axios-cache-interceptor and the plugin on one instance', () => {
  it('give all but the first the first failure, where the cache is set up first', () => {
    assert.equal(lines[0], '/cache-first three at once: 200, 503, 503; sends: 3');
  });

  it('wait for each other for ever, where the plugin is attached first', () => {
    assert.equal(lines[1], '/retry-first three at once: never, never, never; sends: 1');
  });
});

describe('a caching instance over a retrying one', () => {
  it('makes one retried call of many at once', () => {
    assert.equal(lines[2], '/works       three at once: 200, 200, 200; sends: 3');
  });

  it('answers from the cache without a send, a wait or a report', () => {
    assert.equal(lines[3], '/works       again: 200, cached: true, report: none; sends: 3');
  });

  it('does not cache a failure', () => {
    assert.equal(lines[4], '/failed      503, max-retries; sends: 3');
    assert.equal(lines[5], '/failed      again: 200, a failure is not cached; sends: 4');
  });

  it('gives what is stale, if it may, after the retries', () => {
    assert.equal(lines[6], '/stale       200, stale: true, after its retries failed; sends: 4');
  });

  it('lets the next one send when the one who was sending aborts', () => {
    assert.equal(
      lines[7],
      '/left        two at once, the first canceled, the other 200 at once; sends: 2',
    );
    assert.equal(lines.length, 8);
  });
});

describe('the instances', () => {
  const sent: InternalAxiosRequestConfig[] = [];
  const api = axios.create({
    timeout: 777,
    adapter: async (config) => {
      sent.push(config);
      return { config, status: 404, statusText: '', headers: {}, data: '' };
    },
  });
  attachRetry(api);
  /** A caching instance made by one that exists, over one that retries. */
  const cachedBy = (maker: Pick<typeof axios, 'create'>, over = api) =>
    setupCache(maker.create({ adapter: ({ adapter: _, ...config }) => over.request(config) }));

  it('share the time-out where one is made by the other, and not where it is made by axios', async () => {
    await cachedBy(api).get('/a', { validateStatus: () => true });
    await cachedBy(axios).get('/b', { validateStatus: () => true });
    assert.deepEqual(
      sent.map(({ timeout }) => timeout),
      [777, 0],
    );
  });

  it('have another validateStatus than null, which the cache replaces', async () => {
    await cachedBy(api).get('/c', { validateStatus: null });
    assert.equal(sent.at(-1)?.validateStatus?.(404), false);
  });

  it('give everyone who asked at once the last error of the one call', async () => {
    let sends = 0;
    const down = axios.create({
      adapter: async (config) => {
        sends += 1;
        const response = { config, status: 503, statusText: '', headers: {}, data: '' };
        throw new axios.AxiosError('Down', undefined, config, undefined, response);
      },
    });
    attachRetry(down, { maxRetries: 2, backoff: () => 0 });
    const cached = cachedBy(down, down);
    const ends = await Promise.allSettled([1, 2, 3].map(() => cached.get('/d')));
    assert.deepEqual(
      ends.map(({ status }) => status),
      ['rejected', 'rejected', 'rejected'],
    );
    assert.equal(sends, 3);
  });
});

// npm run cache: axios-cache-interceptor and the plugin. On one instance they harm each other in either
// order; a caching instance over a retrying one works.
import type { AxiosInstance } from 'axios';
import axios from 'axios';
import { setupCache } from 'axios-cache-interceptor';
import { attachRetry, exponentialBackoff, retryReport } from 'axios-status-retry';
import { startUpstream } from './upstream.js';

const upstream = await startUpstream({
  '/cache-first': [503, 503, 200],
  '/retry-first': [503, 503, 200],
  '/works': [503, 503, [200, { 'Retry-After': '60' }]],
  '/failed': [503, 503, 503, 200],
  '/stale': [
    [200, { 'Cache-Control': 'max-age=0', ETag: '"1"' }],
    [503, { 'Cache-Control': 'stale-if-error=60' }],
  ],
  '/left': [[503, { 'Retry-After': '60' }], 200],
});
const base = { baseURL: upstream.url, timeout: 5000, proxy: false } as const;
// Short, so that the example is soon over; the platform's own backoff begins with 8 s.
const options = { backoff: exponentialBackoff({ base: 20, factor: 1 }), maxRetries: 2 };

// Not like this: each attempt goes by the cache, which gives everyone who waits the first 503.
const cacheFirst = axios.create(base);
setupCache(cacheFirst);
attachRetry(cacheFirst, options);

// Nor like this: the cache's request interceptor lets the retry wait for the call's own outcome.
const retryFirst = axios.create(base);
attachRetry(retryFirst, options);
setupCache(retryFirst);

// But like this: the cache's adapter is an instance that retries.
const api = axios.create(base);
const retries = attachRetry(api, options);
const cached = setupCache(
  api.create({ adapter: ({ adapter: _, ...config }) => api.request(config) }),
);

const say = (path: string, what: string): void =>
  console.log(`${path.padEnd(12)} ${what}; sends: ${upstream.sends(path)}`);

/** Asks three times at once; one without an answer in half a second will have none. */
async function askThrice(instance: Pick<AxiosInstance, 'get'>, path: string): Promise<void> {
  const never = new Promise<string>((resolve) => setTimeout(resolve, 500, 'never'));
  const asked = [1, 2, 3].map(() => {
    const status = instance.get(path).then((response) => response.status);
    return Promise.race([status, never]).catch((error) => error.status);
  });
  say(path, `three at once: ${(await Promise.all(asked)).join(', ')}`);
}

await askThrice(cacheFirst, '/cache-first');
await askThrice(retryFirst, '/retry-first');
await askThrice(cached, '/works');

const hit = await cached.get('/works');
const report = retryReport(hit) ?? 'none';
say('/works', `again: ${hit.status}, cached: ${hit.cached}, report: ${report}`);

const failure = await cached.get('/failed').catch((error) => error);
say('/failed', `${failure.status}, ${retryReport(failure)?.gaveUp}`);
say('/failed', `again: ${(await cached.get('/failed')).status}, a failure is not cached`);

await cached.get('/stale');
const stale = await cached.get('/stale');
say('/stale', `${stale.status}, stale: ${stale.stale}, after its retries failed`);

// The one who was sending leaves; the cache lets the next one send, and not wait for Retry-After.
const first = new AbortController();
const left = cached.get('/left', { signal: first.signal }).catch(({ message }) => message);
const next = cached.get('/left');
while (retries.waits.length !== 1) await new Promise(setImmediate);
first.abort();
say('/left', `two at once, the first ${await left}, the other ${(await next).status} at once`);
upstream.close();

// npm run cache: how do I use axios-cache-interceptor with the plugin? On one instance they break each other
// in either order; a caching instance on top of a retrying one works.
import type { AxiosInstance } from 'axios';
import axios from 'axios';
import { setupCache } from 'axios-cache-interceptor';
import { attachRetry, exponentialBackoff, retryReport } from 'axios-status-retry';
import { inAMinute, startUpstream } from './upstream.js';

const { url, say, close } = await startUpstream({
  '/cache-first': [503, 503, 200],
  '/retry-first': [503, 503, 200],
  '/works': [503, 503, inAMinute(200)],
  '/failed': [503, 503, 503, 200],
  '/stale': [
    { headers: { 'Cache-Control': 'max-age=0', ETag: '"1"' } },
    { status: 503, headers: { 'Cache-Control': 'stale-if-error=60' } },
  ],
  '/left': [inAMinute(503), 200],
});
const base = { baseURL: url, timeout: 5000, proxy: false } as const;
// To keep the example short; the default backoff starts at 8 s.
const options = { backoff: exponentialBackoff({ base: 20, factor: 1 }), maxRetries: 2 };

// Wrong: every attempt passes the cache, which hands the first 503 to all pending requests.
const cacheFirst = axios.create(base);
setupCache(cacheFirst);
attachRetry(cacheFirst, options);

// Wrong: the cache's request interceptor makes the retry wait for the call that it belongs to.
const retryFirst = axios.create(base);
attachRetry(retryFirst, options);
setupCache(retryFirst);

// Right: the caching instance sends through an instance that retries.
const api = axios.create(base);
const retries = attachRetry(api, options);
const cached = setupCache(
  api.create({ adapter: ({ adapter: _, ...config }) => api.request(config) }),
);

/** Sends three requests at once. A request without an answer after half a second never gets one. */
async function requestThrice(instance: Pick<AxiosInstance, 'get'>, path: string): Promise<void> {
  const never = new Promise<string>((resolve) => setTimeout(resolve, 500, 'never'));
  const results = [1, 2, 3].map(() => {
    const status = instance.get(path).then((response) => response.status);
    return Promise.race([status, never]).catch((error) => error.status);
  });
  say(path, `three at once: ${(await Promise.all(results)).join(', ')}`);
}

await requestThrice(cacheFirst, '/cache-first');
await requestThrice(retryFirst, '/retry-first');
await requestThrice(cached, '/works');

const hit = await cached.get('/works');
const report = retryReport(hit) ?? 'none';
say('/works', `again: ${hit.status}, cached: ${hit.cached}, report: ${report}`);

const failure = await cached.get('/failed').catch((error) => error);
say('/failed', `${failure.status}, ${retryReport(failure)?.gaveUp}`);
say('/failed', `again: ${(await cached.get('/failed')).status}, failures are not cached`);

await cached.get('/stale');
const stale = await cached.get('/stale');
say('/stale', `${stale.status}, stale: ${stale.stale}, after all retries failed`);

// The sender aborts. The cache lets the next request send at once, without waiting for Retry-After.
const first = new AbortController();
const left = cached.get('/left', { signal: first.signal }).catch(({ message }) => message);
const next = cached.get('/left');
while (retries.waits.length !== 1) await new Promise(setImmediate);
first.abort();
say('/left', `two at once: the first ${await left}, the other ${(await next).status} at once`);
await close();

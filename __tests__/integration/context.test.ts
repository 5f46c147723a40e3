// The AsyncLocalStorage context in which interceptors and hooks of a request run.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { AxiosAdapter, AxiosError } from 'axios';
import axios from 'axios';
import type { RetryHandle, RetryOptions } from '../../src/index.js';
import { attachRetry } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';

const USERS = ['alice', 'bob', 'carol'];
const user = new AsyncLocalStorage<string>();

/** Fails three times for each URL, each time in a later turn of the event loop. */
function failThrice(): AxiosAdapter {
  const sends = new Map<string, number>();
  return async (config) => {
    await new Promise((resolve) => setImmediate(resolve));
    const url = config.url ?? '';
    sends.set(url, (sends.get(url) ?? 0) + 1);
    const status = sends.get(url) === 4 ? 200 : 503;
    const response = { status, statusText: '', headers: {}, data: '', config };
    if (status === 200) return response;
    throw new axios.AxiosError('busy', 'ERR_BAD_RESPONSE', config, null, response);
  };
}

/** Each user requests their own URL, all at once; `seen` records the user in whose context each function ran. */
function ask(options: RetryOptions = {}) {
  const clock = createTestClock();
  const api = axios.create({ adapter: failThrice() });
  const seen: string[] = [];
  const note = (url: string | undefined, where: string): void => {
    seen.push(`${where} of ${url}: ${user.getStore()}`);
  };
  api.interceptors.request.use((config) => {
    note(config.url, 'send');
    return config;
  });
  const handle = attachRetry(api, {
    clock,
    onRetry: (wait) => note(wait.url, 'onRetry'),
    beforeRetry: (config) => note(config.url, 'beforeRetry'),
    onGiveUp: (_, { config }) => note(config.url, 'onGiveUp'),
    ...options,
  });
  const requests = Promise.all(
    USERS.map((name) =>
      user.run(name, () => api.get(name).catch((error: AxiosError) => error.code)),
    ),
  );
  return { clock, handle, requests, seen };
}

/** Every function ran in its own user's context, at least once per place. */
function expectOwn(seen: readonly string[], ...places: string[]): void {
  const own = USERS.flatMap((name) => places.map((where) => `${where} of ${name}: ${name}`));
  expect([...new Set(seen)].sort()).toEqual(own.sort());
}

/** Another user acts on every wait. */
function all(handle: RetryHandle, act: 'cancel' | 'retryNow'): void {
  user.run('somebody else', () => {
    for (const wait of handle.waits) wait[act]();
  });
}

describe('the async context of a request', () => {
  it('is kept after each wait, although all waits share one timer', async () => {
    const { clock, requests, seen } = ask();
    await clock.runAll();
    await requests;
    expect(seen).toHaveLength(3 * (4 + 3 + 3));
    expectOwn(seen, 'send', 'onRetry', 'beforeRetry');
  });

  it('is kept when another user skips the wait', async () => {
    const { clock, handle, requests, seen } = ask({ maxRetries: 1 });
    await clock.advance(0);
    all(handle, 'retryNow');
    await clock.runAll();
    await requests;
    expectOwn(seen, 'send', 'onRetry', 'beforeRetry', 'onGiveUp');
  });

  it('is kept when another user cancels the wait', async () => {
    const { clock, handle, requests, seen } = ask();
    await clock.advance(0);
    all(handle, 'cancel');
    await requests;
    expectOwn(seen, 'send', 'onRetry', 'onGiveUp');
  });
});

// Signals that belong to one attempt, and signals that cannot be used.
import { getEventListeners } from 'node:events';
import type { AxiosAdapter } from 'axios';
import axios from 'axios';
import { retryReport } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';
import { failureOf } from '../support/failure-of.js';
import { setUp } from '../support/scripted-client.js';

const never = () => new Promise<never>(() => undefined);

/** A request that waits, whose attempts get another signal from a request interceptor. */
async function waiting(attemptSignal: () => AbortSignal, answers = [503, 200]) {
  const all = setUp(answers);
  all.api.interceptors.request.use((config) => ({ ...config, signal: attemptSignal() }));
  const caller = new AbortController();
  const request = all.get({ signal: caller.signal });
  await all.clock.advance(1000);
  expect(all.handle.waits).toHaveLength(1);
  return { ...all, caller, request };
}

const timeout = () => new DOMException('The operation timed out.', 'TimeoutError');

describe('a signal that an interceptor puts on an attempt', () => {
  it('ends the wait after the attempt', async () => {
    const controller = new AbortController();
    const { request, handle } = await waiting(() => controller.signal);
    controller.abort();
    expect(axios.isCancel(await failureOf(request))).toBe(true);
    expect(handle.waits).toEqual([]);
  });

  it('does not end the wait by its own time-out, which was the attempt’s', async () => {
    const controllers: AbortController[] = [];
    const { request, clock } = await waiting(() => {
      controllers.push(new AbortController());
      return controllers.at(-1)?.signal as AbortSignal;
    });
    controllers[0]?.abort(timeout());
    await clock.advance(8000);
    expect((await request).status).toBe(200);
    expect(controllers).toHaveLength(2);
  });

  it('does not keep the caller’s own abort from ending the wait', async () => {
    const { request, caller } = await waiting(() => new AbortController().signal);
    caller.abort();
    expect(axios.isCancel(await failureOf(request))).toBe(true);
  });

  it('leaves no listener when the call is over', async () => {
    const { signal } = new AbortController();
    const { request, caller, clock } = await waiting(() => signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await clock.runAll();
    await request;
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
  });

  it('ends the wait by its time-out if the caller gave it', async () => {
    const { get, clock, handle } = setUp([503]);
    const caller = new AbortController();
    const request = failureOf(get({ signal: caller.signal }));
    await clock.advance(1000);
    caller.abort(timeout());
    expect(axios.isCancel(await request)).toBe(true);
    expect(handle.waits).toEqual([]);
  });
});

describe('a hook that never answers', () => {
  it.each(['cancel', 'detach'] as const)(
    'does not stay on a shared signal after %s()',
    async (how) => {
      const { signal } = new AbortController();
      const { get, clock, handle } = setUp([503], { onRetry: never });
      const request = failureOf(get({ signal }));
      await clock.advance(1000);
      if (how === 'cancel') handle.waits[0]?.cancel();
      else handle.detach();
      expect((await request).status).toBe(503);
      expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    },
  );
});

describe('a hook that has answered', () => {
  it('listens no longer while the next attempt is under way', async () => {
    const { signal } = new AbortController();
    const beforeRetry = (): void => undefined;
    const { api, get, clock } = setUp([503], { beforeRetry });
    const adapter = api.defaults.adapter as AxiosAdapter;
    let sends = 0;
    let listeners = 0;
    api.defaults.adapter = (config) => {
      sends += 1;
      if (sends === 2) listeners = getEventListeners(signal, 'abort').length;
      return adapter(config);
    };
    const request = failureOf(get({ signal, retry: { maxRetries: 1 } }));
    await clock.runAll();
    await request;
    expect([sends, listeners]).toEqual([2, 0]);
  });

  it('late, after its wait, does not end the watch of the next hook', async () => {
    const { signal } = new AbortController();
    const { inFlight: _, ...clock } = createTestClock();
    let answer = (): void => undefined;
    const onRetry = () =>
      new Promise<void>((resolve) => {
        answer = resolve;
      });
    const options = { clock, totalTimeout: 10_000, onRetry, onGiveUp: never };
    const { get, handle } = setUp([503], options);
    const request = failureOf(get({ signal }));
    await clock.advance(0);
    handle.waits[0]?.cancel();
    await clock.advance(0);
    answer();
    await clock.advance(9999);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await clock.advance(1);
    expect((await request).status).toBe(503);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

describe('a signal that cannot be listened to', () => {
  it('fails the request, and leaves no wait', async () => {
    const broken = {
      aborted: false,
      addEventListener: () => {
        throw new Error('broken');
      },
      removeEventListener: () => undefined,
    };
    const { get, clock, handle } = setUp([503]);
    const request = failureOf(get({ signal: broken }));
    await clock.advance(0);
    expect(await request).toMatchObject({ message: 'broken', cause: { status: 503 } });
    expect(handle.waits).toEqual([]);
  });
});

describe('a retry that is aborted in flight', () => {
  it('is among the attempts of the report, as an aborted first send is', async () => {
    const { api, get, clock } = setUp([503]);
    const controller = new AbortController();
    const adapter = api.defaults.adapter as AxiosAdapter;
    let sends = 0;
    api.defaults.adapter = (config) => {
      sends += 1;
      if (sends < 2) return adapter(config);
      controller.abort();
      return Promise.reject(new axios.CanceledError(undefined, config));
    };
    const request = failureOf(get({ signal: controller.signal }));
    await clock.runAll();
    const report = retryReport(await request);
    expect(report?.attempts).toEqual([
      { sentAt: expect.any(Number), status: 503, delay: 8000 },
      { sentAt: clock.now() },
    ]);
    expect(report?.gaveUp).toBe('canceled');
  });
});

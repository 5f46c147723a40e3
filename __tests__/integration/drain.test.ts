// `deferral.drain(until)`: a shutdown that loses no request, also none that is refused after it began.
import type { AxiosRequestConfig } from 'axios';
import axios, { AxiosError } from 'axios';
import type { DeferralOptions, DrainError, RetryTicket } from '../../src/deferral/index.js';
import { createDeferral, isRetryDeferred } from '../../src/deferral/index.js';
import { createGate } from '../../src/gate/index.js';
import type { RetryOptions } from '../../src/index.js';
import { attachRetry, retryReport } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';
import { failureOf } from '../support/failure-of.js';

const SECOND = 1000;

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

function deferred<T = void>(): Deferred<T> {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((...both) => {
    [resolve, reject] = both;
  });
  return { promise, resolve, reject };
}

/** An instance whose requests get a 503 (429 for `/busy`) once the test answers them; `/now` at once. */
function setUp(deferralOptions: Partial<DeferralOptions> = {}, options: RetryOptions = {}) {
  // Without `inFlight`, because some requests hang on purpose.
  const { inFlight: _, ...clock } = createTestClock();
  const saved: string[] = [];
  const pathOf = ({ url }: RetryTicket) => url.slice('https://api.example'.length);
  const save = (ticket: RetryTicket): unknown => saved.push(pathOf(ticket));
  const deferral = createDeferral({ save, ...deferralOptions });
  const answers = new Map<string | undefined, Deferred<number>>();
  const api = axios.create({
    baseURL: 'https://api.example',
    adapter: async (config) => {
      const answer = deferred<number>();
      answers.set(config.url, answer);
      const status = config.url?.startsWith('/now') ? 503 : await answer.promise;
      const headers = status === 429 ? { 'retry-after': '30' } : {};
      const response = { status, statusText: '', headers, config, data: '' };
      if (status < 400) return response;
      throw new AxiosError(`status ${status}`, undefined, config, undefined, response);
    },
  });
  const handle = attachRetry(api, { clock, deferral, ...options });
  const send = (url: string, config?: AxiosRequestConfig) =>
    failureOf(api.request({ method: 'post', url, ...config }));
  const answer = async (url: string, status = 503) => {
    answers.get(url)?.resolve(status);
    await clock.advance(0);
  };
  /** Starts a drain, and tells whether it is over. */
  const drain = (until: Promise<unknown>) => {
    const state = { over: false, paths: [] as string[], error: undefined as unknown };
    void deferral.drain(until).then(
      (tickets) => Object.assign(state, { over: true, paths: tickets.map(pathOf) }),
      (error: unknown) => Object.assign(state, { over: true, error }),
    );
    return state;
  };
  return { clock, saved, deferral, api, handle, send, answer, drain };
}

describe('drain', () => {
  it('saves the waits under way and those that begin later, until its promise settles', async () => {
    const { clock, saved, handle, send, answer, drain } = setUp();
    const requests = ['/now/a', '/b', '/c'].map((url) => send(url));
    await clock.advance(SECOND);
    const work = deferred();
    const drained = drain(work.promise);
    await clock.advance(0);
    expect(saved).toEqual(['/now/a']);
    await answer('/b');
    expect(saved).toEqual(['/now/a', '/b']);
    expect(handle.waits).toEqual([]);
    expect(drained.over).toBe(false);
    await answer('/c');
    work.resolve();
    await clock.advance(0);
    expect(drained).toEqual({ over: true, paths: ['/now/a', '/b', '/c'], error: undefined });
    expect((await Promise.all(requests)).every(isRetryDeferred)).toBe(true);
  });

  it('ends when the work ends that it makes end', async () => {
    const { clock, send, answer, drain } = setUp();
    const work = Promise.all([send('/now/a'), send('/b')]);
    await clock.advance(0);
    const drained = drain(work);
    await answer('/b');
    expect(drained).toMatchObject({ over: true, paths: ['/now/a', '/b'] });
  });

  it('leaves later waits alone, and requests that succeed', async () => {
    const { clock, saved, handle, send, answer, drain } = setUp();
    const succeeded = send('/b').catch((error: Error) => error.message);
    await clock.advance(0);
    const drained = drain(Promise.resolve());
    await clock.advance(0);
    expect(drained).toMatchObject({ over: true, paths: [] });
    await answer('/b', 200);
    expect(await succeeded).toBe('The request should have failed.');
    void send('/now/c').catch(() => undefined);
    await clock.advance(0);
    expect(handle.waits).toHaveLength(1);
    expect(saved).toEqual([]);
  });

  it('resolves though its promise rejects, and leaves no rejection unhandled', async () => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    const save = () => Promise.reject(new Error('disk full'));
    const { clock, send, drain } = setUp();
    void send('/now/a');
    await clock.advance(0);
    const drained = drain(Promise.reject(new Error('the server did not close')));
    await clock.advance(0);
    expect(drained).toMatchObject({ over: true, paths: ['/now/a'] });
    const failing = setUp({ save });
    void failing.send('/now/b');
    await failing.clock.advance(0);
    failing.drain(Promise.reject(new Error('the server did not close')));
    await failing.clock.advance(0);
    await new Promise(setImmediate);
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('tries every ticket, then rejects with those that were not saved', async () => {
    const full = new Error('disk full');
    const kept: string[] = [];
    const save = ({ url }: RetryTicket): unknown => {
      if (url.endsWith('/a')) throw full;
      return url.endsWith('/b') ? Promise.reject(full) : kept.push(url);
    };
    const { clock, send, drain } = setUp({ save });
    const data = { password: 's3cr3t' };
    const requests = ['/now/a', '/now/b', '/now/c'].map((url) => send(url, { data }));
    await clock.advance(0);
    const work = deferred();
    const drained = drain(work.promise);
    await Promise.all(requests);
    expect(drained.over).toBe(false);
    work.resolve();
    await clock.advance(0);
    const error = drained.error as DrainError;
    expect(error).toBeInstanceOf(AggregateError);
    expect(error.message).toBe(
      'axios-status-retry: drain: 2 of 3 tickets could not be saved; see axios-status-retry/errors.md#save-failed',
    );
    expect(error.errors).toEqual([full, full]);
    expect(error.tickets.map(({ url }) => url.slice(-2))).toEqual(['/a', '/b']);
    expect(error.tickets).toEqual((await Promise.all(requests)).slice(0, 2).map(ticketOn));
    expect(kept).toEqual(['https://api.example/now/c']);
    expect([error.stack, JSON.stringify(error)].join()).not.toContain('s3cr3t');
  });

  const ticketOn = (error: unknown) => isRetryDeferred(error) && error.ticket;

  it('waits for every save under way, also those of waits that are too long', async () => {
    const saves: Deferred<void>[] = [];
    const save = () => {
      const saving = deferred();
      saves.push(saving);
      return saving.promise;
    };
    const { clock, send, drain } = setUp({ save }, { gate: createGate(), maxDelay: 60_000 });
    const requests = [
      send('/now/long', { retry: { maxDelay: 0 } }),
      send('/now/short', { retry: { maxDelay: 60_000 } }),
      // Waits at the closed gate while its ticket is saved.
      clock.advance(0).then(() => send('/gate', { retry: { maxDelay: 1 } })),
    ];
    await clock.advance(0);
    const drained = drain(Promise.resolve());
    await clock.advance(0);
    expect(saves).toHaveLength(3);
    saves[0]?.resolve();
    saves[1]?.resolve();
    await clock.advance(0);
    expect(drained.over).toBe(false);
    saves[2]?.resolve();
    await clock.advance(0);
    expect(drained).toMatchObject({ over: true, paths: ['/now/short'] });
    expect((await Promise.all(requests)).every(isRetryDeferred)).toBe(true);
    expect(saves).toHaveLength(3);
  });

  it('ends a request that cannot be written down with its last error and the reason "body"', async () => {
    const { clock, saved, send, answer, drain } = setUp();
    const failed = send('/b', { data: new Blob(['x']) });
    await clock.advance(0);
    const drained = drain(failed);
    await answer('/b');
    expect(drained).toMatchObject({ over: true, paths: [] });
    expect(retryReport(await failed)?.gaveUp).toBe('body');
    expect(saved).toEqual([]);
  });

  it('saves requests at a gate, and resumed tickets before their time', async () => {
    const { clock, saved, deferral, send, answer, drain } = setUp({}, { gate: createGate() });
    const work = deferred();
    void send('/busy', { retry: { maxRetries: 0 } });
    const early = send('/now/a');
    await clock.advance(0);
    const [ticket] = await deferral.suspend();
    await early;
    const drained = drain(work.promise);
    await answer('/busy', 429);
    const first = send('/first');
    const resumed = failureOf(deferral.resume(ticket as RetryTicket));
    await clock.advance(0);
    expect(saved.sort()).toEqual(['/first', '/now/a']);
    expect(ticketOn(await first)).toMatchObject({ sent: false });
    expect(ticketOn(await resumed)).toEqual(ticket);
    work.resolve();
    await clock.advance(0);
    expect(drained.over).toBe(true);
  });

  it('may be called twice: each ticket is saved once, and both have it', async () => {
    const { clock, saved, send, answer, drain } = setUp();
    const requests = [send('/now/a'), send('/b'), send('/c')];
    await clock.advance(0);
    const [one, other] = [deferred(), deferred()];
    const first = drain(one.promise);
    const second = drain(other.promise);
    await answer('/b');
    one.resolve();
    await answer('/c');
    other.resolve();
    await clock.advance(0);
    await Promise.all(requests);
    expect(saved).toEqual(['/now/a', '/b', '/c']);
    expect([first.paths, second.paths]).toEqual([
      ['/now/a', '/b'],
      ['/b', '/c'],
    ]);
  });

  it('goes on until its promise settles when its instance is detached, or attached later', async () => {
    const { clock, saved, api, deferral, handle, send, answer, drain } = setUp();
    const failed = send('/b');
    await clock.advance(0);
    const work = deferred();
    const drained = drain(work.promise);
    handle.detach();
    await answer('/b');
    expect(retryReport(await failed)?.gaveUp).toBe('canceled');
    expect(drained.over).toBe(false);
    attachRetry(api, { clock, deferral });
    await send('/now/c');
    work.resolve();
    await clock.advance(0);
    expect(saved).toEqual(['/now/c']);
    expect(drained).toMatchObject({ over: true, paths: ['/now/c'] });
    expect(await createDeferral({ save: () => undefined }).drain(Promise.resolve())).toEqual([]);
  });
});

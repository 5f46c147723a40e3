import axios from 'axios';
import type { RetryDeferral } from '../../src/index.js';
import { retryReport } from '../../src/index.js';
import { extending, HOUR, SECOND, START, setUp, setUpClosed } from '../support/gate-client.js';
import { busy } from '../support/stub-server.js';

describe('a deferral at a gate closed for longer than maxDelay', () => {
  const deferred = Object.assign(new Error('taken over'), { reason: 'deferred' });

  function deferralOf(defer: RetryDeferral['defer']) {
    return { attach: () => undefined, defer: jest.fn(defer) };
  }

  it('takes over the request', async () => {
    const deferral = deferralOf(async () => deferred);
    const { get, handle, server, clock } = await setUpClosed({}, { maxDelay: 30_000, deferral });
    const { error } = await get('/x');
    expect(error).toBe(deferred);
    expect(retryReport({ config: undefined, ...error })).toBeUndefined();
    expect(deferral.defer.mock.calls).toMatchObject([
      [{ retries: 0 }, { notBefore: START + 60 * SECOND, status: undefined, cause: undefined }],
    ]);
    await clock.advance(HOUR);
    expect([server.sent, handle.waits]).toEqual([[], []]);
  });

  it('takes over a retry with its last status', async () => {
    const deferral = deferralOf(async () => deferred);
    const { clock, get, close } = setUp(() => 502, {}, { maxDelay: 30_000, deferral });
    const ending = get('/x');
    await clock.advance(SECOND);
    await close(busy(60));
    deferral.defer.mockClear();
    await clock.advance(8 * SECOND);
    expect((await ending).error).toBe(deferred);
    expect(deferral.defer.mock.calls).toMatchObject([
      [{}, { notBefore: START + 61 * SECOND, status: 502 }],
    ]);
  });

  it('removes the request from the queue at once', async () => {
    const deferral = deferralOf(() => new Promise(() => undefined));
    const { clock, get, getAll, handle, server } = await setUpClosed(
      { maxQueued: 1 },
      { deferral },
    );
    get('/x', { retry: { maxDelay: 30_000 } });
    await clock.advance(0);
    getAll('/y');
    await clock.advance(0);
    expect(handle.waits.map(({ url }) => url)).toEqual(['/x', '/y']);
    handle.waits[0]?.retryNow();
    await clock.advance(60 * SECOND);
    expect(server.urls).toEqual(['/y']);
  });

  it('can be cancelled while it saves', async () => {
    let saved: (error: Error) => void = () => undefined;
    const deferral = deferralOf(
      () =>
        new Promise((resolve) => {
          saved = resolve;
        }),
    );
    const { clock, get, handle } = await setUpClosed({}, { maxDelay: 30_000, deferral });
    const ending = get('/x');
    await clock.advance(0);
    handle.waits[0]?.cancel();
    expect(axios.isCancel((await ending).error)).toBe(true);
    saved(deferred);
    await clock.advance(HOUR);
    expect([handle.waits, clock.timers.size]).toEqual([[], 0]);
  });

  it.each<[string, unknown, string]>([
    ['an error', new Error('disk full'), 'disk full'],
    ['something else', 'disk full', 'disk full'],
  ])('that rejects with %s fails the request with it', async (_words, thrown, message) => {
    const deferral = deferralOf(() => Promise.reject(thrown));
    const { get, handle } = await setUpClosed({}, { maxDelay: 30_000, deferral });
    const { error } = await get('/x');
    expect(error).toBeInstanceOf(Error);
    expect(error?.message).toBe(message);
    expect(handle.waits).toEqual([]);
  });

  it('that throws synchronously fails the request with that error', async () => {
    const deferral = deferralOf(() => {
      throw new Error('no disk');
    });
    const { get } = await setUpClosed({}, { maxDelay: 30_000, deferral });
    expect((await get('/x')).error).toMatchObject({ message: 'no disk' });
  });

  it('that cannot take over leaves the request refused', async () => {
    const deferral = deferralOf(async () => undefined);
    const { get } = await setUpClosed({}, { maxDelay: 30_000, deferral });
    expect((await get('/x')).error).toMatchObject({ code: 'ERR_GATE_CLOSED', reason: 'gate' });
  });

  it('takes over each queued request once when the closing is extended', async () => {
    const deferral = deferralOf(async () => deferred);
    const { clock, getAll, endings } = setUp(
      ({ url, index }) => extending(url, index),
      {},
      { maxDelay: 80 * SECOND, deferral },
    );
    getAll('/late', '/soon');
    await clock.advance(0);
    getAll('/x');
    await clock.runAll();
    expect(endings).toHaveLength(3);
    // The first two reject in the same turn, in any order.
    expect(endings).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({ url: '/late', error: deferred }),
        expect.objectContaining({ url: '/x', error: deferred }),
      ]),
    );
    expect(endings[2]).toMatchObject({ url: '/soon', status: 200 });
    expect(deferral.defer).toHaveBeenCalledTimes(2);
  });

  it('is not asked when maxElapsed forbids the wait', async () => {
    const deferral = deferralOf(async () => deferred);
    const { get } = await setUpClosed({}, { maxElapsed: 30_000, deferral });
    expect((await get('/x')).error).toMatchObject({ code: 'ERR_GATE_CLOSED' });
    expect(deferral.defer).not.toHaveBeenCalled();
  });
});

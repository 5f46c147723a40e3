import { getEventListeners } from 'node:events';
import axios from 'axios';
import { retryReport } from '../../src/index.js';
import { dueTimes, HOUR, numbered, SECOND, setUp, setUpClosed } from '../support/gate-client.js';
import { busy } from '../support/stub-server.js';

describe('a wait at a closed gate that the user ends', () => {
  it('by cancel() before the first attempt rejects with Axios’s CanceledError', async () => {
    const { clock, server, get, handle } = await setUpClosed();
    const ending = get('/x');
    await clock.advance(0);
    handle.waits[0]?.cancel();
    const { error } = await ending;
    expect(axios.isCancel(error)).toBe(true);
    expect(error).toMatchObject({ name: 'CanceledError', code: 'ERR_CANCELED' });
    expect(retryReport(error)?.gaveUp).toBe('canceled');
    await clock.advance(HOUR);
    expect([server.sent, handle.waits]).toEqual([[], []]);
    expect(clock.timers.size).toBe(0);
  });

  it('by cancel() before a retry settles with the last outcome', async () => {
    const { clock, get, close, handle, server } = setUp(() => 502);
    const ending = get('/x');
    await clock.advance(SECOND);
    await close(busy(60));
    await clock.advance(8 * SECOND);
    handle.waits.find(({ url }) => url === '/x')?.cancel();
    const { error, status } = await ending;
    expect([error?.name, status]).toEqual(['AxiosError', 502]);
    expect(retryReport(error)?.gaveUp).toBe('canceled');
    expect(server.urls).toEqual(['/x', '/first']);
  });

  it('by detach() rejects too, and leaves nothing queued', async () => {
    const { clock, getAll, handle, endings, server } = await setUpClosed();
    getAll('/a', '/b');
    await clock.advance(0);
    handle.detach();
    await clock.advance(HOUR);
    expect(endings.map(({ error }) => axios.isCancel(error))).toEqual([true, true]);
    expect([server.sent, handle.waits]).toEqual([[], []]);
    expect(clock.timers.size).toBe(0);
  });

  it('ignores retryNow() while the gate is closed', async () => {
    const { clock, server, get, handle } = await setUpClosed();
    get('/x');
    await clock.advance(0);
    handle.waits[0]?.retryNow();
    await clock.advance(59 * SECOND);
    expect(server.sent).toEqual([]);
    expect(handle.waits).toHaveLength(1);
  });

  it('ignores retryNow() while a probe is in flight', async () => {
    const { clock, server, getAll, handle } = await setUpClosed();
    server.answer = () => ({ status: 200, after: 3 * SECOND });
    getAll('/a', '/b');
    await clock.advance(61 * SECOND);
    expect(server.urls).toEqual(['/a']);
    handle.waits[0]?.retryNow();
    await clock.advance(SECOND);
    expect(server.urls).toEqual(['/a']);
  });

  it('skips the queue by retryNow() when the gate is open', async () => {
    const { clock, server, getAll, handle } = await setUpClosed();
    getAll(...numbered(8));
    await clock.advance(60 * SECOND);
    expect(server.urls).toEqual(['/0']);
    handle.waits.find(({ url }) => url === '/6')?.retryNow();
    await clock.advance(0);
    expect(server.urls).toEqual(['/0', '/6']);
    await clock.advance(10 * SECOND);
    expect(server.urls).toEqual(['/0', '/6', '/1', '/2', '/3', '/4', '/5', '/7']);
  });

  it('may exceed the concurrency window by retryNow()', async () => {
    const { clock, server, getAll, handle } = setUp(() => ({ status: 200, after: SECOND }), {
      initialConcurrency: 2,
    });
    getAll('/a', '/b', '/c', '/d');
    await clock.advance(0);
    expect(server.urls).toEqual(['/a', '/b']);
    handle.waits.find(({ url }) => url === '/d')?.retryNow();
    await clock.advance(0);
    expect(server.urls).toEqual(['/a', '/b', '/d']);
    await clock.advance(SECOND);
    expect(server.urls).toEqual(['/a', '/b', '/d', '/c']);
  });

  it('starts at the gate after retryNow() on the backoff of the retry', async () => {
    const { clock, get, close, handle, server } = setUp(({ index }) => (index === 0 ? 502 : 200));
    get('/x');
    await clock.advance(0);
    await close(busy(60));
    handle.waits.find(({ url }) => url === '/x')?.retryNow();
    await clock.advance(0);
    expect(server.sent).toHaveLength(2);
    expect(handle.waits).toMatchObject([{ url: '/first' }, { url: '/x', basis: 'gate' }]);
  });
});

describe('an abort at a closed gate', () => {
  it('by signal ends a first attempt at once, and leaves nothing behind', async () => {
    const { clock, server, get, handle } = await setUpClosed();
    const controller = new AbortController();
    const ending = get('/x', { signal: controller.signal });
    await clock.advance(SECOND);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    controller.abort();
    const { error } = await ending;
    expect(axios.isCancel(error)).toBe(true);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    expect([handle.waits, clock.timers.size]).toEqual([[], 0]);
    await clock.advance(HOUR);
    expect(server.sent).toEqual([]);
  });

  it('by cancelToken ends a first attempt at once, with the token’s reason', async () => {
    const { clock, server, get, handle } = await setUpClosed();
    const source = axios.CancelToken.source();
    const ending = get('/x', { cancelToken: source.token });
    await clock.advance(SECOND);
    source.cancel('the user left');
    expect((await ending).error).toMatchObject({
      name: 'CanceledError',
      message: 'the user left',
    });
    expect([handle.waits, clock.timers.size]).toEqual([[], 0]);
    await clock.advance(HOUR);
    expect(server.sent).toEqual([]);
  });

  it('ends a retry at once with Axios’s CanceledError', async () => {
    const { clock, get, close, handle } = setUp(() => 502);
    const controller = new AbortController();
    const ending = get('/x', { signal: controller.signal });
    await clock.advance(SECOND);
    await close(busy(60));
    await clock.advance(8 * SECOND);
    controller.abort();
    expect(axios.isCancel((await ending).error)).toBe(true);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    expect(dueTimes(handle)).toEqual([['/first', 61 * SECOND]]);
  });

  it('before the request is queued prevents the send, and does not hold up other requests', async () => {
    const { clock, server, get, getAll, endings } = await setUpClosed();
    get('/aborted', { signal: AbortSignal.abort() });
    getAll('/x');
    await clock.advance(60 * SECOND);
    expect(server.urls).toEqual(['/x']);
    expect(axios.isCancel(endings[0]?.error)).toBe(true);
  });

  it('of many queued requests leaves the others in order', async () => {
    const { clock, server, get, endings } = await setUpClosed();
    const controller = new AbortController();
    for (const [i, url] of numbered(300).entries()) {
      get(url, i % 3 === 0 ? {} : { signal: controller.signal });
    }
    await clock.advance(0);
    controller.abort();
    await clock.runAll();
    expect(endings).toHaveLength(300);
    expect(server.urls).toEqual(numbered(300).filter((_, i) => i % 3 === 0));
  });
});

import { getEventListeners } from 'node:events';
import axios from 'axios';
import { retryReport } from '../../src/index.js';
import { closed, HOUR, numbered, SECOND, setUp, shown } from '../support/gate-client.js';
import { busy } from '../support/stub-server.js';

describe('a wait at a closed gate that a person ends', () => {
  it('by cancel() rejects with Axios’s CanceledError before a first send', async () => {
    const { clock, server, get, handle } = await closed();
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

  it('by cancel() settles a retry with its last outcome', async () => {
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

  it('by detach() ends too, and nothing waits at the gate any more', async () => {
    const { clock, getAll, handle, endings, server } = await closed();
    getAll('/a', '/b');
    await clock.advance(0);
    handle.detach();
    await clock.advance(HOUR);
    expect(endings.map(({ error }) => axios.isCancel(error))).toEqual([true, true]);
    expect([server.sent, handle.waits]).toEqual([[], []]);
    expect(clock.timers.size).toBe(0);
  });

  it('does not end by retryNow() while the gate is closed', async () => {
    const { clock, server, get, handle } = await closed();
    get('/x');
    await clock.advance(0);
    handle.waits[0]?.retryNow();
    await clock.advance(59 * SECOND);
    expect(server.sent).toEqual([]);
    expect(handle.waits).toHaveLength(1);
  });

  it('does not end by retryNow() while a probe is out', async () => {
    const { clock, server, getAll, handle } = await closed();
    server.answer = () => ({ status: 200, after: 3 * SECOND });
    getAll('/a', '/b');
    await clock.advance(61 * SECOND);
    expect(server.urls).toEqual(['/a']);
    handle.waits[0]?.retryNow();
    await clock.advance(SECOND);
    expect(server.urls).toEqual(['/a']);
  });

  it('ends by retryNow() out of turn where the gate is open', async () => {
    const { clock, server, getAll, handle } = await closed();
    getAll(...numbered(8));
    await clock.advance(60 * SECOND);
    expect(server.urls).toEqual(['/0']);
    handle.waits.find(({ url }) => url === '/6')?.retryNow();
    await clock.advance(0);
    expect(server.urls).toEqual(['/0', '/6']);
    await clock.advance(10 * SECOND);
    expect(server.urls).toEqual(['/0', '/6', '/1', '/2', '/3', '/4', '/5', '/7']);
  });

  it('ends by retryNow() beyond the start window', async () => {
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

  it('goes on at the gate by retryNow() of the retry’s own wait', async () => {
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
  it('by signal ends a first send at once, and leaves nothing behind', async () => {
    const { clock, server, get, handle } = await closed();
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

  it('by cancelToken ends a first send at once, with the token’s reason', async () => {
    const { clock, server, get, handle } = await closed();
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
    expect(shown(handle)).toEqual([['/first', 61 * SECOND]]);
  });

  it('before it came there is not sent, and does not hold up the others', async () => {
    const { clock, server, get, getAll, endings } = await closed();
    get('/aborted', { signal: AbortSignal.abort() });
    getAll('/x');
    await clock.advance(60 * SECOND);
    expect(server.urls).toEqual(['/x']);
    expect(axios.isCancel(endings[0]?.error)).toBe(true);
  });

  it('of a whole crowd leaves the others in their order', async () => {
    const { clock, server, get, endings } = await closed();
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

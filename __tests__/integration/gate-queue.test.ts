import { isRetryGateError } from '../../src/gate/index.js';
import { retryReport } from '../../src/index.js';
import { numbered, SECOND, setUp, setUpClosed } from '../support/gate-client.js';
import { busy } from '../support/stub-server.js';

describe('the queue of a gate', () => {
  it('is first in, first out', async () => {
    const { clock, server, getAll } = await setUpClosed();
    const urls = numbered(100);
    getAll(...urls);
    await clock.runAll();
    expect(server.urls).toEqual(urls);
  });

  it('keeps its order when a request arrives after the gate has opened', async () => {
    const { clock, server, getAll } = await setUpClosed();
    getAll('/a', '/b', '/c', '/d');
    await clock.advance(60 * SECOND + 150);
    expect(server.urls).toEqual(['/a', '/b']);
    getAll('/late');
    await clock.runAll();
    expect(server.urls).toEqual(['/a', '/b', '/c', '/d', '/late']);
  });

  it('puts a refused request last when its wait is over', async () => {
    const { clock, server, close, getAll } = setUp(() => 200);
    await close(busy(60));
    getAll('/a', '/b');
    await clock.runAll();
    expect(server.urls).toEqual(['/first', '/a', '/b', '/first']);
  });

  it('of one key does not delay requests of another', async () => {
    const { clock, server, getAll } = await setUpClosed();
    getAll('/x', 'https://other.example/y', 'https://api.example:8443/z', 'http://api.example/w');
    await clock.advance(0);
    expect(server.urls).toEqual([
      'https://other.example/y',
      'https://api.example:8443/z',
      'http://api.example/w',
    ]);
  });

  it('holds maxQueued requests per key, and refuses more', async () => {
    const { clock, get, getAll, handle, server } = await setUpClosed({ maxQueued: 2 });
    getAll('/a', '/b');
    await clock.advance(0);
    const { error } = await get('/c');
    expect(isRetryGateError(error)).toBe(true);
    expect(error).toMatchObject({
      name: 'RetryGateError',
      code: 'ERR_GATE_FULL',
      reason: 'gate',
      message: expect.stringMatching(/maxQueued \(2\)/),
    });
    expect(retryReport(error)?.gaveUp).toBe('gate');
    expect(handle.waits.map(({ url }) => url)).toEqual(['/a', '/b']);
    expect((await get('https://other.example/')).status).toBe(200);
    await clock.runAll();
    expect(server.urls).toEqual(['https://other.example/', '/a', '/b']);
  });

  it('has room again after a request leaves it', async () => {
    const { clock, getAll, handle, endings } = await setUpClosed({ maxQueued: 1 });
    getAll('/a');
    await clock.advance(0);
    handle.waits[0]?.cancel();
    getAll('/b');
    await clock.runAll();
    expect(endings).toMatchObject([{ url: '/a' }, { url: '/b', status: 200 }]);
  });

  it('holds none with maxQueued: 0, but admits requests that need not wait', async () => {
    const { get, close, clock } = setUp(() => 200, { maxQueued: 0 });
    expect((await get('/open')).status).toBe(200);
    const { ending } = await close();
    expect((await get('/x')).error).toMatchObject({ code: 'ERR_GATE_FULL' });
    await clock.runAll();
    expect((await ending).status).toBe(200);
  });

  it('refuses a retry too; the HTTP error is the cause', async () => {
    const onGiveUp = jest.fn();
    const { clock, get, close, endings } = setUp(
      ({ url }) => (url === '/x' ? 502 : 200),
      { maxQueued: 0 },
      { onGiveUp },
    );
    get('/x');
    await clock.advance(SECOND);
    await close(busy(60));
    await clock.advance(8 * SECOND);
    expect(endings).toMatchObject([
      { url: '/x', error: { code: 'ERR_GATE_FULL', cause: { response: { status: 502 } } } },
    ]);
    expect(onGiveUp.mock.calls).toMatchObject([
      [{ gaveUp: 'gate', attempts: [{ status: 502 }] }, {}],
    ]);
  });
});

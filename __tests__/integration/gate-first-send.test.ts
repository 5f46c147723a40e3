import { rateLimitFields } from '../../src/hints/index.js';
import { retryReport } from '../../src/index.js';
import { dueTimes, extending, SECOND, START, setUp, setUpClosed } from '../support/gate-client.js';
import { busy, endingOf } from '../support/stub-server.js';

describe('a request at a closed gate', () => {
  it('waits before its first attempt, and shows the earliest possible time', async () => {
    const { clock, handle, api } = await setUpClosed();
    await clock.advance(10 * SECOND);
    endingOf('/x', api.post('/x'));
    await clock.advance(5 * SECOND);
    expect(handle.waits).toEqual([
      {
        id: expect.any(Number),
        method: 'POST',
        url: '/x',
        status: undefined,
        retryNumber: 0,
        maxRetries: 5,
        delay: 50 * SECOND,
        dueAt: START + 60 * SECOND,
        basis: 'gate',
        retryNow: expect.any(Function),
        cancel: expect.any(Function),
      },
    ]);
    await clock.runAll();
    expect(handle.waits).toEqual([]);
  });

  it('uses up no attempt by waiting', async () => {
    const { clock, server, get } = await setUpClosed({}, { maxRetries: 1 });
    server.answer = ({ index }) => (index === 0 ? 502 : 200);
    const ending = get('/x');
    await clock.runAll();
    expect(server.sent.map(({ retryNumber }) => retryNumber)).toEqual([0, 1]);
    expect(retryReport((await ending).value)?.attempts).toEqual([
      { sentAt: START + 60 * SECOND, status: 502, delay: 8 * SECOND },
      { sentAt: START + 68 * SECOND, status: 200 },
    ]);
  });

  it('waits before a retry, after the backoff, without using up an attempt', async () => {
    const { clock, server, get, close, handle } = setUp(
      ({ index }) => (index === 0 ? 502 : 200),
      {},
      { maxRetries: 1 },
    );
    const ending = get('/x');
    await clock.advance(SECOND);
    await close(busy(60));
    await clock.advance(8 * SECOND);
    expect(handle.waits).toMatchObject([
      { url: '/first', basis: 'retry-after' },
      { url: '/x', basis: 'gate', status: 502, retryNumber: 1, dueAt: START + 61 * SECOND },
    ]);
    await clock.advance(60 * SECOND);
    const { value } = await ending;
    expect(server.sent.find(({ retryNumber, url }) => url === '/x' && retryNumber > 0)).toEqual({
      at: 61 * SECOND,
      url: '/x',
      retryNumber: 1,
      index: 2,
    });
    expect(retryReport(value)?.attempts).toMatchObject([
      { status: 502, delay: 8 * SECOND },
      { status: 200, sentAt: START + 61 * SECOND },
    ]);
  });

  it('shows the new time when the closing is extended', async () => {
    const { clock, server, getAll, handle } = setUp(({ url, index }) => extending(url, index));
    getAll('/late', '/soon');
    await clock.advance(0);
    getAll('/x');
    await clock.advance(0);
    const listener = jest.fn();
    handle.subscribe(listener);
    expect(dueTimes(handle)).toContainEqual(['/x', 60 * SECOND]);
    await clock.advance(10 * SECOND);
    expect(listener).toHaveBeenCalled();
    expect(dueTimes(handle)).toContainEqual(['/x', 100 * SECOND]);
    await clock.advance(89 * SECOND);
    expect(server.sent).toHaveLength(2);
  });

  const usedUp = { ratelimit: '"a";r=0;t=60', 'ratelimit-policy': '"a";q=9;w=60' };
  it.each([
    ['the gate closed', {}, busy(60)],
    [
      'a quota was used up',
      { quotas: rateLimitFields() },
      { status: 429, retryAfter: '60', headers: usedUp },
    ],
  ])('waits too if %s while a request interceptor held it', async (_what, options, refusal) => {
    const { clock, api, server, get } = setUp(
      ({ url }) => (url === '/first' ? refusal : 200),
      options,
    );
    // Registered after the plugin: it runs before the place where the plugin waits.
    api.interceptors.request.use(async (config) => {
      await new Promise<void>((resolve) => void clock.setTimeout(resolve, SECOND));
      return config;
    });
    get('/first', { retry: { maxRetries: 0 } });
    await clock.advance(SECOND / 2);
    get('/held');
    await clock.advance(10 * SECOND);
    expect(server.urls).toEqual(['/first']);
    await clock.runAll();
    expect(server.sent.at(-1)).toMatchObject({ url: '/held', at: 61 * SECOND });
  });

  it('is sent with config.retry = false', async () => {
    const { server, get } = await setUpClosed();
    expect((await get('/x', { retry: false })).status).toBe(200);
    expect(server.times).toEqual([0]);
  });

  it('does not close the gate with config.retry = false', async () => {
    const { clock, server, get } = setUp(({ url }) => (url === '/off' ? busy(60) : 200));
    await get('/off', { retry: false });
    get('/x');
    await clock.advance(0);
    expect(server.urls).toEqual(['/off', '/x']);
  });
});

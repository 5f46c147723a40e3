import { numbered, SECOND, START, setUp } from '../support/gate-client.js';

describe('a key without a refused request', () => {
  it('allows 32 requests in flight by default', async () => {
    const { clock, server, getAll } = setUp(() => ({ after: SECOND }));
    getAll(...numbered(100));
    await clock.advance(SECOND - 1);
    expect([server.open, server.peak]).toEqual([32, 32]);
  });

  it('allows one more request for each success', async () => {
    const { clock, server, getAll } = setUp(
      ({ index }) => ({ status: 200, after: index < 2 ? SECOND : 9 * SECOND }),
      { initialConcurrency: 4 },
    );
    getAll(...numbered(100));
    await clock.advance(0);
    expect(server.open).toBe(4);
    await clock.advance(SECOND);
    expect(server.open).toBe(6);
  });

  it.each([
    ['500', { status: 500 }],
    ['502', { status: 502 }],
    ['a network error', { reset: true }],
    ['a 429 without Retry-After', { status: 429 }],
  ])('allows no more requests after %s', async (_words, answer) => {
    const { clock, server, getAll } = setUp(
      ({ index }) => ({ ...(index < 2 ? answer : {}), after: index < 2 ? SECOND : 9 * SECOND }),
      { initialConcurrency: 4 },
    );
    getAll(...numbered(100));
    await clock.advance(SECOND);
    expect(server.open).toBe(4);
  });

  it('allows one more request for every fourth success from 48 in flight', async () => {
    const { clock, server, getAll } = setUp(({ index }) => ({
      after: index < 48 - 32 + 80 ? 1 : 9 * SECOND,
    }));
    getAll(...numbered(1000));
    await clock.advance(100);
    expect(server.open).toBe(48 + 80 / 4);
  });

  it('allows any number of requests with initialConcurrency: Infinity', async () => {
    const { clock, server, getAll } = setUp(() => ({ after: SECOND }), {
      initialConcurrency: Number.POSITIVE_INFINITY,
    });
    getAll(...numbered(500));
    await clock.advance(0);
    expect(server.open).toBe(500);
  });

  it('does not delay requests below the limit', async () => {
    const { clock, server, get, passed } = setUp(() => ({ after: 20 }));
    for (let i = 0; i < 200; i += 1) {
      get('/x');
      await clock.advance(1);
      expect(server.times.at(-1)).toBe(passed() - 1);
    }
  });

  it('shows a queued request as due at once', async () => {
    const { clock, getAll, handle } = setUp(() => ({ after: SECOND }), { initialConcurrency: 1 });
    getAll('/a', '/b');
    await clock.advance(100);
    expect(handle.waits).toMatchObject([{ url: '/b', basis: 'gate', delay: 0, dueAt: START }]);
    await clock.advance(SECOND);
    expect(handle.waits).toEqual([]);
  });

  it('keeps no timer when the queue is empty', async () => {
    const { clock, getAll, endings } = setUp(() => ({ after: SECOND }), { initialConcurrency: 1 });
    getAll('/a', '/b');
    await clock.advance(SECOND);
    // Only the timer of the response to /b.
    await clock.advance(0);
    expect([endings.length, clock.timers.size]).toEqual([1, 1]);
    await clock.advance(SECOND);
    expect([endings.length, clock.timers.size]).toEqual([2, 0]);
  });

  it('is not blocked for ever by a call that never ends', async () => {
    const { clock, server, getAll } = setUp(
      ({ url }) => (url === '/lost' ? { after: Number.POSITIVE_INFINITY } : 200),
      { initialConcurrency: 1 },
    );
    getAll('/lost', '/a', '/b', '/c');
    await clock.advance(30 * SECOND - 1);
    expect(server.urls).toEqual(['/lost']);
    await clock.advance(1);
    expect(server.urls).toEqual(['/lost', '/a', '/b', '/c']);
  });

  it('gets the permit back from a request whose backoff throws', async () => {
    const { clock, server, get } = setUp(({ index }) => (index === 0 ? 503 : 200), {
      initialConcurrency: 1,
    });
    const ending = get('/a', {
      retry: {
        backoff() {
          throw new Error('mine');
        },
      },
    });
    await clock.advance(0);
    expect((await ending).error?.message).toBe('mine');
    get('/b');
    await clock.advance(SECOND);
    expect(server.urls).toEqual(['/a', '/b']);
  });
});

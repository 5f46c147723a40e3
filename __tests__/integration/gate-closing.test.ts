import { defineStatusTable } from '../../src/policy/define-status-table.js';
import { HOUR, SECOND, setUp, setUpClosed } from '../support/gate-client.js';
import { busy } from '../support/stub-server.js';

describe('a response closes the gate for other requests:', () => {
  it.each([
    [429, '7', 7],
    [503, '7', 7],
    [529, '7', 7],
    [429, '120', 120],
    [429, 'Tue, 01 Jan 2030 00:01:30 GMT', 90],
    [429, '3, 9', 9],
  ])('%d with Retry-After: %s for that long', async (status, retryAfter, seconds) => {
    const { clock, server, get } = await setUpClosed({}, {}, { status, retryAfter });
    get('/next');
    await clock.advance(seconds * SECOND - 1);
    expect(server.sent).toEqual([]);
    await clock.advance(1);
    expect(server.times).toEqual([seconds * SECOND]);
  });

  it.each([503, 529])('%d without Retry-After for backoff(1)', async (status) => {
    const { clock, server, get } = await setUpClosed({}, {}, status);
    get('/next');
    await clock.advance(20 * SECOND);
    expect(server.times).toEqual([8 * SECOND]);
  });

  it.each([503, 529])('%d with an invalid Retry-After for backoff(1)', async (status) => {
    const { clock, server, get } = await setUpClosed({}, {}, { status, retryAfter: 'soon' });
    get('/next');
    await clock.advance(20 * SECOND);
    expect(server.times).toEqual([8 * SECOND]);
  });

  it('503 without Retry-After for the time of the request’s own backoff', async () => {
    const backoff = jest.fn((retryNumber: number) => retryNumber * 2500);
    const { clock, server, get } = await setUpClosed({}, { backoff }, 503);
    expect(backoff).toHaveBeenCalledWith(1, { status: 503, retryNumber: 1 });
    get('/next');
    await clock.advance(20 * SECOND);
    expect(server.times).toEqual([2500]);
  });

  it('503 without Retry-After for the backoff of its row', async () => {
    const table = defineStatusTable([{ code: 503, retry: 'backoff', backoff: () => 1500 }]);
    const { clock, server, get } = await setUpClosed({}, { table }, 503);
    get('/next');
    await clock.advance(20 * SECOND);
    expect(server.times).toEqual([1500]);
  });

  it('503 without Retry-After for backoff(1) after a retry too', async () => {
    const { clock, get, server, handle } = setUp(
      ({ url }) => (url === '/sick' ? 503 : 200),
      {},
      { backoff: (retryNumber) => retryNumber * 1000 },
    );
    get('/sick');
    await clock.advance(SECOND);
    expect(server.times).toEqual([0, SECOND]);
    get('/next');
    await clock.advance(0);
    expect(handle.waits).toMatchObject([{ url: '/sick' }, { url: '/next', delay: SECOND }]);
  });

  it.each([200, 204, 400, 401, 403, 404, 409, 500, 502, 504])(
    'not for %d, even with Retry-After',
    async (status) => {
      const { clock, server, getAll } = await setUpClosed({}, {}, busy(60, status));
      getAll('/a', '/b');
      await clock.advance(0);
      expect(server.times).toEqual([0, 0]);
    },
  );

  it.each([undefined, '', 'soon', '-5', '1.5', '1e3', '7, soon'])(
    'not for 429 with the invalid Retry-After: %s',
    async (retryAfter) => {
      const answer = retryAfter === undefined ? 429 : { status: 429, retryAfter };
      const { clock, server, get } = await setUpClosed({}, {}, answer);
      get('/next');
      await clock.advance(0);
      expect(server.times).toEqual([0]);
    },
  );

  it.each<[string, () => number]>([
    ['Infinity', () => Number.POSITIVE_INFINITY],
    ['NaN', () => Number.NaN],
    ['a negative number', () => -1],
    ['text', () => 'soon' as unknown as number],
  ])('not for 503 when backoff returns %s', async (_words, backoff) => {
    const { clock, server, get, api } = await setUpClosed({}, { backoff }, 503);
    expect(api).toBeDefined();
    get('/next');
    await clock.advance(0);
    expect(server.times).toEqual([0]);
  });

  it('whatever validateStatus says', async () => {
    const all = setUp(({ url }) => (url === '/first' ? busy(60, 503) : 200));
    all.get('/first', { validateStatus: () => true });
    await all.clock.advance(0);
    all.get('/next');
    await all.clock.advance(59 * SECOND);
    expect(all.server.urls).toEqual(['/first']);
  });

  it('after a retry too', async () => {
    const { clock, server, get } = setUp(({ index }) => [502, busy(60), 200][index] ?? 200);
    get('/first');
    await clock.advance(8 * SECOND);
    expect(server.times).toEqual([0, 8 * SECOND]);
    get('/next');
    await clock.advance(59 * SECOND);
    expect(server.sent).toHaveLength(2);
    await clock.advance(SECOND);
    expect(server.times[2]).toBe(68 * SECOND);
  });

  it('Retry-After: 0 lets one request through at once, and the others after its response', async () => {
    const { clock, server, getAll } = await setUpClosed({}, {}, busy(0));
    server.answer = () => ({ status: 200, after: 40 });
    getAll('/a', '/b');
    await clock.advance(39);
    expect(server.urls).toEqual(['/a']);
    await clock.advance(200);
    expect(server.urls).toEqual(['/a', '/b']);
  });

  it('an infinite Retry-After refuses the others', async () => {
    const { clock, get, handle } = await setUpClosed({}, {}, busy('9'.repeat(400)));
    const { error } = await get('/next');
    expect(error).toMatchObject({ code: 'ERR_GATE_CLOSED', reason: 'gate' });
    get('/patient', { retry: { maxDelay: Number.POSITIVE_INFINITY } });
    await clock.advance(2 * HOUR);
    expect(handle.waits).toMatchObject([{ url: '/patient' }]);
    handle.waits[0]?.cancel();
    await clock.runAll();
    expect(clock.timers.size).toBe(0);
  });

  it('a shorter closing does not shorten a longer one', async () => {
    const { clock, server, getAll } = setUp(({ url }) =>
      url === '/long' ? busy(60) : url === '/short' ? busy(5) : 200,
    );
    getAll('/long', '/short');
    await clock.advance(0);
    getAll('/next');
    await clock.advance(59 * SECOND);
    expect(server.urls).toEqual(['/long', '/short']);
  });
});

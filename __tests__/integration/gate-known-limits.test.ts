import axios from 'axios';
import { createGate } from '../../src/gate/index.js';
import { attachRetry } from '../../src/index.js';
import { numbered, SECOND, setUp } from '../support/gate-client.js';

/** The most sends in any window of a length. */
function mostIn(length: number, times: readonly number[]): number {
  return Math.max(
    ...times.map((from) => times.filter((at) => at >= from && at < from + length).length),
  );
}

describe('maxConcurrency', () => {
  it('holds the requests in flight from the first on, and loses none', async () => {
    const { clock, server, getAll, endings } = setUp(({ index }) => ({ after: 10 + (index % 7) }), {
      maxConcurrency: 3,
    });
    getAll(...numbered(50));
    await clock.runAll();
    expect([server.peak, server.sent.length, endings.length]).toEqual([3, 50, 50]);
    expect(endings.every(({ status }) => status === 200)).toBe(true);
  });

  it('counts retries too', async () => {
    const { clock, server, getAll, endings } = setUp(
      ({ retryNumber }) => ({ status: retryNumber < 2 ? 502 : 200, after: 30 }),
      { maxConcurrency: 2 },
      { backoff: () => 10 },
    );
    getAll(...numbered(20));
    await clock.runAll();
    expect([server.peak, server.sent.length]).toEqual([2, 60]);
    expect(endings.every(({ status }) => status === 200)).toBe(true);
  });

  it('is freed by requests that are aborted, fail, or never get an answer', async () => {
    const { clock, server, get, getAll, endings } = setUp(
      ({ url }) =>
        url === '/reset'
          ? { reset: true, after: 5 }
          : { after: url === '/hung' ? Number.POSITIVE_INFINITY : 5 },
      { maxConcurrency: 1 },
    );
    const controller = new AbortController();
    get('/hung', { signal: controller.signal });
    getAll('/reset', '/x');
    await clock.advance(SECOND);
    expect(server.urls).toEqual(['/hung']);
    controller.abort();
    await clock.advance(SECOND);
    expect(endings.map(({ url }) => url)).toEqual(['/hung', '/reset', '/x']);
  });

  it('holds a retry that a hook kept until it counted as lost, while another is in flight', async () => {
    const { clock, server, getAll } = setUp(
      ({ url, retryNumber }) =>
        url === '/held' ? { status: retryNumber === 0 ? 502 : 200 } : { after: 200 * SECOND },
      { maxConcurrency: 1 },
      {
        beforeRetry: () =>
          new Promise<void>((resolve) => void clock.setTimeout(resolve, 400 * SECOND)),
      },
    );
    getAll('/held');
    await clock.advance(10 * SECOND);
    getAll('/next');
    await clock.runAll();
    expect([server.urls, server.peak]).toEqual([['/held', '/next', '/held'], 1]);
  });

  it('gives way to a person', async () => {
    const { clock, server, getAll, handle } = setUp(() => ({ after: SECOND }), {
      maxConcurrency: 1,
    });
    getAll('/a', '/b');
    await clock.advance(0);
    handle.waits[0]?.retryNow();
    await clock.advance(0);
    expect(server.urls).toEqual(['/a', '/b']);
  });
});

describe('maxRate', () => {
  it('is never exceeded, and sends each request once', async () => {
    const { clock, server, getAll, endings } = setUp(({ index }) => ({ after: index % 10 }), {
      maxRate: { requests: 20, per: SECOND },
      initialConcurrency: Number.POSITIVE_INFINITY,
    });
    getAll(...numbered(200));
    await clock.runAll();
    expect([server.sent.length, endings.length]).toEqual([200, 200]);
    expect(mostIn(SECOND, server.times)).toBeLessThanOrEqual(20);
    expect(server.times.at(-1)).toBeLessThanOrEqual(9 * SECOND * 1.03);
  });

  it('counts retries and what a person sends', async () => {
    const { clock, server, getAll, handle } = setUp(
      ({ retryNumber }) => (retryNumber === 0 ? 502 : 200),
      { maxRate: { requests: 2, per: 10 * SECOND } },
      { backoff: () => SECOND },
    );
    getAll('/a', '/b', '/c');
    await clock.advance(0);
    expect(server.urls).toEqual(['/a', '/b']);
    handle.waits.find(({ url }) => url === '/c')?.retryNow();
    await clock.advance(9 * SECOND);
    expect(server.urls).toEqual(['/a', '/b', '/c']);
    await clock.runAll();
    expect(server.sent).toHaveLength(6);
    expect(mostIn(10 * SECOND, server.times.slice(3))).toBeLessThanOrEqual(2);
  });

  it('takes what a request costs', async () => {
    const { clock, server, getAll } = setUp(() => 200, {
      maxRate: { requests: 10, per: SECOND },
      cost: ({ url }) => Number(url?.slice(1)),
    });
    getAll('/5', '/5', '/20', '/1');
    await clock.runAll();
    expect(server.times).toEqual([0, 0, SECOND, 2 * SECOND]);
  });

  it('holds while the clock stands still or is set back', async () => {
    const { clock, server } = setUp(() => 200);
    let now = clock.now();
    const still = { ...clock, now: () => now };
    const gate = createGate({ maxRate: { requests: 1, per: SECOND } });
    const api = axios.create({ adapter: server.adapter, baseURL: 'https://api.example' });
    attachRetry(api, { clock: still, gate });
    const all = ['/a', '/b', '/c'].map((url) => api.get(url));
    await clock.advance(5 * SECOND);
    now -= 3600 * SECOND;
    await clock.runAll();
    expect((await Promise.all(all)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(mostIn(SECOND, server.times)).toBe(1);
  });
});

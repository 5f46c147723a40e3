import { github } from '../../src/presets/github.js';
import { numbered, SECOND, START } from '../support/gate-client.js';
import { answer, inSeconds, refusals, replay, setUpGate } from '../support/preset-client.js';

const SECONDARY = {
  message:
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
};
const FORBIDDEN = { message: 'Resource not accessible by integration' };
const quota = (remaining: number, seconds: number) => ({
  'x-ratelimit-limit': '5000',
  'x-ratelimit-remaining': String(remaining),
  'x-ratelimit-reset': inSeconds(seconds).epoch,
  'x-ratelimit-resource': 'core',
});

describe.each([403, 429])('a %d of GitHub', (status) => {
  it('with nothing left is sent again when the window ends', async () => {
    const ending = await replay(github(), [answer(status, quota(0, 600)), answer(200)]);
    expect(ending).toEqual({ status: 200, waits: [600_000] });
  });

  it('with Retry-After is sent again after it, although something is left', async () => {
    const headers = { ...quota(4990, 600), 'Retry-After': '45' };
    const ending = await replay(github(), [answer(status, headers), answer(200)]);
    expect(ending).toEqual({ status: 200, waits: [45_000] });
  });

  it('with only a message is sent again after a minute, then after twice as long each time', async () => {
    const ending = await replay(github(), [answer(status, quota(4990, 600), SECONDARY)]);
    expect(ending).toEqual({
      status,
      gaveUp: 'max-retries',
      waits: [60_000, 120_000, 240_000, 480_000, 960_000],
    });
  });

  it('whose Retry-After is longer than what the reset says waits for that', async () => {
    const headers = { ...quota(0, 10), 'Retry-After': '45' };
    const ending = await replay(github(), [answer(status, headers), answer(200)]);
    expect(ending.waits).toEqual([45_000]);
  });
});

describe('a 403 of GitHub that is no rate limit', () => {
  it.each<[string, unknown]>([
    ['a missing permission', FORBIDDEN],
    ['an empty body', ''],
    ['a body of another form', [null, { message: 5 }]],
  ])('is not retried: %s', async (_what, body) => {
    const onGiveUp = jest.fn();
    const answers = [answer(403, quota(4990, 600), body)];
    const ending = await replay(github(), answers, undefined, { onGiveUp });
    expect(ending).toEqual({ status: 403, gaveUp: 'status', waits: [] });
    expect(onGiveUp).not.toHaveBeenCalled();
  });
});

it('a refusal of GitHub without a body to read waits a minute if it is a 429', async () => {
  const ending = await replay(github(), [answer(429), answer(200)], (api) => api.head('/'));
  expect(ending).toEqual({ status: 200, waits: [60_000] });
});

it('a 404 of GitHub is not retried, although nothing is left', async () => {
  const ending = await replay(github(), [answer(404, quota(0, 600))]);
  expect(ending).toMatchObject({ status: 404, gaveUp: 'status' });
});

it.each([500, 502, 503, 504])('a %d of GitHub is retried after 1, 2, 4 s', async (status) => {
  const ending = await replay(github(), [
    answer(status),
    answer(status),
    answer(status),
    answer(200),
  ]);
  expect(ending).toEqual({ status: 200, waits: [1000, 2000, 4000] });
});

describe('the gate of GitHub', () => {
  /** Answers by windows of a minute, each resource by itself; 403 once nothing is left. */
  function limitedTo(limits: Readonly<Record<string, number>>) {
    const counts = new Map<string, number>();
    return ({ at, url }: { at: number; url: string }) => {
      const resource = url.startsWith('/search') ? 'search' : 'core';
      const index = Math.floor(at / 60_000);
      const key = `${resource} ${index}`;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      const limit = limits[resource] ?? 0;
      return {
        status: count > limit ? 403 : 200,
        after: 20,
        headers: {
          'x-ratelimit-limit': String(limit),
          'x-ratelimit-remaining': String(Math.max(limit - count, 0)),
          'x-ratelimit-reset': String(START / 1000 + (index + 1) * 60),
          'x-ratelimit-resource': resource,
        },
      };
    };
  }

  it('spends what is left and then waits for the reset, without one refusal', async () => {
    const { clock, server, getAll, endings } = setUpGate(github(), limitedTo({ core: 60 }));
    getAll('/first');
    await clock.advance(SECOND);
    getAll(...numbered(150));
    await clock.runAll();
    expect(endings.filter(({ status }) => status === 200)).toHaveLength(151);
    expect(refusals(server.sent)).toBe(0);
    expect(server.times.at(-1)).toBeLessThan(122 * SECOND);
  });

  it('does not hold other requests because search is used up', async () => {
    const limits = { core: 5000, search: 1 };
    const { clock, get, server } = setUpGate(github(), limitedTo(limits));
    get('/search/issues?q=a');
    await clock.advance(SECOND);
    get('/search/issues?q=b');
    get('/repos/search/issues');
    await clock.advance(SECOND);
    expect(server.urls).toEqual(['/search/issues?q=a', '/repos/search/issues']);
    await clock.advance(60 * SECOND);
    expect(server.urls).toHaveLength(3);
  });

  it('is closed for a minute to all by a refusal that says no time', async () => {
    const { clock, get, getAll, server } = setUpGate(github(), ({ index }) =>
      index === 0 ? 429 : 200,
    );
    get('/refused');
    await clock.advance(0);
    getAll(...numbered(10));
    await clock.advance(59 * SECOND);
    expect(server.urls).toEqual(['/refused']);
    await clock.runAll();
    expect(server.sent).toHaveLength(12);
  });

  it('has no more than 100 requests at once, all resources together', async () => {
    const { clock, getAll, server } = setUpGate(github(), () => ({ after: 100 * SECOND }));
    for (const path of ['/repos', '/search/issues', '/search/code', '/graphql']) {
      getAll(...numbered(40).map((url) => path + url));
    }
    await clock.advance(SECOND);
    expect(server.open).toBe(100);
    expect(github().gate.maxConcurrency).toBe(25);
  });

  it('lets 60 writes or 900 reads go in a minute', async () => {
    const sendsOf = async (method: string) => {
      const { clock, api, server } = setUpGate(github(), () => ({ after: 1 }));
      for (const url of numbered(1000)) void api.request({ url, method });
      await clock.advance(59 * SECOND);
      return server.sent.length;
    };
    expect([await sendsOf('post'), await sendsOf('get')]).toEqual([60, 900]);
  });
});

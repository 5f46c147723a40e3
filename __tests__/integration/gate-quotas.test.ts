import { createGate, isRetryGateError } from '../../src/gate/index.js';
import type { Quota, QuotaReader } from '../../src/hints/quota.js';
import type { RetryDeferral } from '../../src/index.js';
import { HOUR, numbered, SECOND, START, setUp } from '../support/gate-client.js';
import { QUOTA_HEADER, QuotaWindow, readQuotaHeader } from '../support/quota-server.js';
import type { Reply } from '../support/stub-server.js';

const quotas = readQuotaHeader;

/** An answer that tells quotas. */
const telling = (told: readonly Partial<Quota>[], reply: Reply = {}): Reply => ({
  ...reply,
  headers: { [QUOTA_HEADER]: JSON.stringify(told) },
});

/** Answers by quotas, 429 with Retry-After if one is used up; `trip` milliseconds after a request. */
function limitedBy(windows: readonly QuotaWindow[], trip = 20) {
  return ({ at }: { at: number }): Reply => {
    const answers = windows.map((window) => window.answer(at));
    const told = answers.map(({ quota }) => quota);
    const refusing = answers.filter(({ accepted }) => !accepted);
    if (refusing.length === 0) return telling(told, { after: trip });
    const retryAfter = String(Math.max(...refusing.map((answer) => answer.retryAfter)));
    return telling(told, { status: 429, retryAfter, after: trip });
  };
}

const refusals = (sent: readonly { retryNumber: number }[]) =>
  sent.filter(({ retryNumber }) => retryNumber > 0).length;

describe('a quota that successes tell', () => {
  it('is spent, and then the gate waits for the end of the window instead of for a 429', async () => {
    const { clock, server, get, getAll, endings } = setUp(
      limitedBy([new QuotaWindow(10, 60 * SECOND)]),
      { quotas },
    );
    get('/first');
    await clock.advance(SECOND);
    getAll(...numbered(25));
    await clock.runAll();
    expect(endings).toHaveLength(26);
    expect(endings.every(({ status }) => status === 200)).toBe(true);
    expect(server.sent).toHaveLength(26);
    expect(server.times.filter((at) => at < 60 * SECOND)).toHaveLength(10);
    expect(server.times.filter((at) => at >= 120 * SECOND)).toHaveLength(6);
    expect(server.times.at(-1)).toBeLessThan(121 * SECOND);
  });

  it('is spent in all its windows by a large herd, without one refusal', async () => {
    const { clock, server, get, getAll, endings } = setUp(
      limitedBy([new QuotaWindow(100, 10 * SECOND, 'burst'), new QuotaWindow(400, 60 * SECOND)]),
      { quotas },
    );
    get('/first');
    await clock.advance(SECOND);
    getAll(...numbered(1000));
    await clock.runAll();
    expect([endings.length, refusals(server.sent)]).toEqual([1001, 0]);
    expect(server.times.at(-1)).toBeLessThan(145 * SECOND);
  });

  it('reckons what is in flight', async () => {
    const { clock, server, getAll } = setUp(
      () => telling([{ name: 'a', remaining: 3, reset: 60_000, limit: 10 }], { after: SECOND }),
      { quotas },
    );
    getAll('/first');
    await clock.advance(SECOND);
    getAll(...numbered(10));
    await clock.advance(500);
    expect(server.open).toBe(3);
  });

  it('opens at the end of the window for what the window gives, without a probe', async () => {
    const { clock, server, getAll } = setUp(limitedBy([new QuotaWindow(5, 60 * SECOND)], 1), {
      quotas,
    });
    getAll('/first');
    await clock.advance(SECOND);
    getAll(...numbered(20));
    await clock.advance(58 * SECOND);
    expect(server.sent).toHaveLength(5);
    const from = 59.9 * SECOND;
    await clock.advance(2 * SECOND);
    const sent = server.times.filter((at) => at >= from);
    expect([sent.length, new Set(sent).size]).toEqual([5, 1]);
  });

  it('shows those that wait the end of the window', async () => {
    const { clock, get, handle } = setUp(
      () => telling([{ name: 'a', remaining: 0, reset: 30 * SECOND }]),
      { quotas },
    );
    get('/first');
    await clock.advance(SECOND);
    get('/x');
    await clock.advance(0);
    expect(handle.waits).toMatchObject([
      { url: '/x', basis: 'gate', dueAt: START + 30 * SECOND, retryNumber: 0 },
    ]);
    handle.waits[0]?.retryNow();
    expect(handle.waits).toHaveLength(1);
  });

  it('is not learned from an answer that its reader passes over, a cached one say', async () => {
    const reader: QuotaReader = (answer) => ('age' in answer.headers ? [] : quotas(answer));
    const { headers } = telling([{ name: 'a', remaining: 0, reset: HOUR }]);
    const { get } = setUp(() => ({ headers: { ...headers, age: '5' } }), { quotas: reader });
    await get('/first');
    expect((await get('/x')).status).toBe(200);
  });

  it('is learned by retries and from failures', async () => {
    const { clock, server, get } = setUp(
      ({ index }) =>
        index === 0
          ? telling([{ name: 'a', remaining: 0, reset: 60_000 }], { status: 502 })
          : { status: 200 },
      { quotas },
    );
    get('/x');
    await clock.runAll();
    expect(server.times).toEqual([0, 60_000]);
  });

  it.each([
    [0, 1.8],
    [0.4, 1.2],
  ])(
    'may be spent by others as fast: with a reserve of %d it takes less than %d sends per success',
    async (...given) => {
      const [reserve, perSuccess] = given;
      const window = new QuotaWindow(100, 10 * SECOND);
      const answer = limitedBy([window]);
      const { clock, server, getAll, endings } = setUp(
        (sent) => {
          // Somebody else sends as much.
          window.answer(sent.at);
          return answer(sent);
        },
        { quotas, reserve },
      );
      getAll(...numbered(300));
      await clock.runAll();
      expect(endings.filter(({ status }) => status === 200)).toHaveLength(300);
      expect(server.sent.length).toBeLessThan(300 * perSuccess);
      expect(server.times.at(-1)).toBeLessThan(130 * SECOND);
    },
  );

  it('leaves nothing behind when its requests are detached, cancelled or aborted', async () => {
    const { clock, server, get, getAll, endings, handle } = setUp(
      () => telling([{ name: 'a', remaining: 0, reset: 60 * SECOND, limit: 10 }]),
      { quotas, priority: () => 0, cost: () => 1, maxConcurrency: 5 },
    );
    getAll('/first');
    await clock.advance(0);
    const controller = new AbortController();
    get('/aborted', { signal: controller.signal });
    getAll('/cancelled', '/detached', '/detached-too');
    await clock.advance(SECOND);
    controller.abort();
    handle.waits[0]?.cancel();
    handle.detach();
    await clock.advance(0);
    expect([endings.length, handle.waits, clock.timers.size]).toEqual([5, [], 0]);
    await clock.runAll();
    expect(server.urls).toEqual(['/first']);
  });

  it('of a token bucket rises again', async () => {
    let tokens = 10;
    let filledAt = 0;
    const { clock, server, getAll, endings } = setUp(
      ({ at }) => {
        tokens = Math.min(10, tokens + (at - filledAt) / 1000);
        filledAt = at;
        const isAccepted = tokens >= 1;
        if (isAccepted) tokens -= 1;
        const told = [{ name: 'bucket', remaining: Math.floor(tokens), reset: SECOND, limit: 10 }];
        return telling(
          told,
          isAccepted ? { after: 20 } : { status: 429, retryAfter: '1', after: 20 },
        );
      },
      { quotas },
    );
    getAll(...numbered(60));
    await clock.runAll();
    expect(endings.filter(({ status }) => status === 200)).toHaveLength(60);
    expect(server.times.at(-1)).toBeLessThan(70 * SECOND);
    expect(server.sent.length).toBeLessThan(60 * 1.6);
  });
});

describe('a quota whose window ends after maxDelay', () => {
  const tellsHour = () => telling([{ name: 'a', remaining: 0, reset: HOUR }]);

  it('refuses requests at once', async () => {
    const { get, server } = setUp(tellsHour, { quotas }, { maxDelay: HOUR - 1 });
    await get('/first');
    const { error } = await get('/x');
    expect(isRetryGateError(error)).toBe(true);
    expect(error).toMatchObject({ code: 'ERR_GATE_CLOSED', notBefore: START + HOUR });
    expect(server.urls).toEqual(['/first']);
  });

  it('refuses requests that wait already', async () => {
    const { get, clock, endings } = setUp(
      () => ({ ...tellsHour(), after: SECOND }),
      { quotas, initialConcurrency: 1 },
      { maxDelay: 60_000 },
    );
    get('/first');
    get('/x');
    await clock.advance(SECOND);
    expect(endings).toMatchObject([
      { url: '/first', status: 200 },
      { url: '/x', error: { code: 'ERR_GATE_CLOSED' } },
    ]);
  });

  it('hands requests over to the deferral', async () => {
    const deferred = new Error('taken over');
    const deferral: RetryDeferral = {
      attach: () => undefined,
      defer: jest.fn(async () => deferred),
    };
    const { get } = setUp(tellsHour, { quotas }, { maxDelay: 60_000, deferral });
    await get('/first');
    expect((await get('/x')).error).toBe(deferred);
    expect(deferral.defer).toHaveBeenCalledWith(
      expect.anything(),
      expect.objectContaining({ notBefore: START + HOUR }),
    );
  });

  it('refuses a request that costs more than is left, also in the queue, but not a cheaper one', async () => {
    const { get, clock, endings } = setUp(
      ({ url }) =>
        telling([{ name: 'a', remaining: 3, reset: HOUR, limit: 10 }], {
          after: url === '/first' ? SECOND : 1,
        }),
      { quotas, cost: ({ url }) => (url === '/dear' ? 5 : 1), initialConcurrency: 1 },
      { maxDelay: 60_000 },
    );
    get('/first');
    get('/dear');
    get('/cheap');
    await clock.advance(2 * SECOND);
    expect(endings).toMatchObject([
      { url: '/first', status: 200 },
      { url: '/dear', error: { code: 'ERR_GATE_CLOSED', notBefore: START + HOUR + SECOND } },
      { url: '/cheap', status: 200 },
    ]);
    expect((await get('/dear')).error).toMatchObject({ code: 'ERR_GATE_CLOSED' });
  });
});

describe('reserve and cost', () => {
  it('leave a share of the quota to others', async () => {
    const { clock, server, get, getAll } = setUp(limitedBy([new QuotaWindow(20, 60 * SECOND)]), {
      quotas,
      reserve: 0.25,
    });
    get('/first');
    await clock.advance(SECOND);
    getAll(...numbered(50));
    await clock.advance(58 * SECOND);
    expect(server.sent).toHaveLength(15);
  });

  it('take what a request costs', async () => {
    const { clock, server, get, getAll } = setUp(
      ({ index }) =>
        telling([{ name: 'a', remaining: index === 0 ? 10 : 2, reset: HOUR, limit: 20 }]),
      { quotas, cost: () => 4 },
    );
    get('/first');
    await clock.advance(0);
    getAll('/a', '/b', '/c');
    await clock.advance(0);
    expect(server.urls).toEqual(['/first', '/a', '/b']);
  });
});

describe('a 429', () => {
  const sendsIn = (times: readonly number[], from: number, to: number) =>
    times.filter((at) => at >= from && at < to).length;

  it('that the quota explains does not start the slow adaptive pace', async () => {
    const { clock, server, getAll } = setUp(
      ({ index }) =>
        index === 0
          ? telling([{ name: 'a', remaining: 0, reset: 9 * SECOND, limit: 100 }], {
              status: 429,
              retryAfter: '10',
            })
          : { status: 200, after: SECOND },
      { quotas },
    );
    getAll('/0');
    await clock.advance(0);
    getAll(...numbered(30));
    await clock.advance(10 * SECOND);
    // All at once when Retry-After is over: it wins over the quota's own end.
    expect(sendsIn(server.times, 1, 10_000)).toBe(0);
    expect(sendsIn(server.times, 10_000, 10_010)).toBe(31);
  });

  it('that the quota does not explain starts it', async () => {
    const { clock, server, getAll } = setUp(
      ({ index }) =>
        index === 0
          ? telling([{ name: 'a', remaining: 50, reset: 9 * SECOND, limit: 100 }], {
              status: 429,
              retryAfter: '10',
            })
          : { status: 200, after: SECOND },
      { quotas },
    );
    getAll('/0');
    await clock.advance(0);
    getAll(...numbered(30));
    await clock.advance(10 * SECOND);
    expect(sendsIn(server.times, 1, 10_010)).toBe(1);
  });

  it('with Retry-After: 0 again and again does not become a storm', async () => {
    const { clock, server, getAll } = setUp(
      () =>
        telling([{ name: 'a', remaining: 0, reset: 0, limit: 100 }], {
          status: 429,
          retryAfter: '0',
          after: 5,
        }),
      { quotas },
      { maxRetries: Number.POSITIVE_INFINITY },
    );
    getAll(...numbered(100));
    await clock.advance(10 * SECOND);
    expect(server.sent.length).toBeLessThan(3000);
  });
});

describe('a reader of quotas that is wrong', () => {
  it.each<[string, QuotaReader, string]>([
    [
      'throws',
      () => {
        throw new Error('a bug');
      },
      'a bug',
    ],
    ['returns nonsense', () => 5 as never, 'option "quotas" takes an array of quotas; got 5'],
  ])('and %s fails the request, and holds no other', async (_words, reader, message) => {
    const gate = createGate({ quotas: reader, initialConcurrency: 1 });
    const { get, clock, handle } = setUp(() => 200, {}, { gate });
    const all = [get('/a'), get('/b'), get('/c')];
    await clock.runAll();
    for (const { error } of await Promise.all(all)) expect(error?.message).toContain(message);
    expect(gate.inspect()).toMatchObject([{ inFlight: 0, queued: 0 }]);
    expect([handle.waits, clock.timers.size]).toEqual([[], 0]);
  });
});

describe('a quota of nonsense', () => {
  it.each<[string, readonly object[]]>([
    ['a limit of 0', [{ name: 'a', remaining: 0, limit: 0 }]],
    ['a limit of 0 for a while', [{ name: 'a', remaining: 0, limit: 0, reset: 5000 }]],
    ['no end', [{ name: 'a', remaining: 0 }]],
    ['no end but a limit', [{ name: 'a', remaining: 0, limit: 5 }]],
    ['an end at once', [{ name: 'a', remaining: 0, reset: 0, limit: 5 }]],
    ['a tiny window', [{ name: 'a', remaining: 0, reset: 0.001, window: 0.001, limit: 1 }]],
    ['a strange unit', [{ name: 'a', remaining: 1, limit: 1, reset: 10, unit: '__proto__' }]],
    ['strange names', ['__proto__', 'constructor', ''].map((name) => ({ name, remaining: 1 }))],
    [
      '10,000 quotas',
      Array.from({ length: 10_000 }, (_, i) => ({ name: `${i}`, remaining: 1, reset: 50 })),
    ],
    ['huge numbers', [{ name: 'a', remaining: 1e308, reset: 1e308, limit: 1e308, window: 1e308 }]],
  ])('(%s) holds nothing for ever', async (_words, told) => {
    const { getAll, clock, endings, handle, server } = setUp(() => telling(told, { after: 5 }), {
      quotas,
    });
    getAll(...numbered(50));
    await clock.advance(HOUR);
    expect(endings.filter(({ status }) => status === 200)).toHaveLength(50);
    expect([handle.waits, server.sent.length, clock.timers.size]).toEqual([[], 50, 0]);
  });

  it('that ends far in the future refuses, and opens when an answer says so', async () => {
    const { get, getAll, clock, endings } = setUp(
      ({ url }) =>
        url === '/slow'
          ? telling([{ name: 'a', remaining: 100, reset: 1000 }], { after: 5 * SECOND })
          : telling([{ name: 'a', remaining: 0, reset: Number.MAX_SAFE_INTEGER }], {
              after: SECOND,
            }),
      { quotas },
    );
    getAll('/slow', '/first');
    await clock.advance(2 * SECOND);
    expect((await get('/x')).error).toMatchObject({ code: 'ERR_GATE_CLOSED' });
    await clock.advance(10 * SECOND);
    expect(endings).toHaveLength(3);
    expect(clock.timers.size).toBe(0);
  });
});

import { numbered, SECOND, setUp, setUpClosed } from '../support/gate-client.js';

/** The priority is in the URL: `/5-name`. */
const priority = ({ url = '' }: { url?: string | undefined }) => Number(url.slice(1).split('-')[0]);

describe('priority', () => {
  it('orders the queue; of the same, the oldest goes first', async () => {
    const { clock, server, getAll } = setUp(() => ({ after: 10 }), {
      priority,
      initialConcurrency: 1,
      maxConcurrency: 1,
    });
    getAll('/0-first', '/0-a', '/9-b', '/5-c', '/9-d', '/-1-e');
    await clock.runAll();
    expect(server.urls).toEqual(['/0-first', '/9-b', '/9-d', '/5-c', '/0-a', '/-1-e']);
  });

  it('holds after a closing too', async () => {
    const { clock, server, getAll } = await setUpClosed({
      priority: ({ url }) => (url === '/high' ? 1 : 0),
    });
    getAll('/a', '/b', '/high');
    await clock.runAll();
    expect(server.urls).toEqual(['/high', '/a', '/b']);
  });

  it('sends a lower one within a minute though higher ones keep coming', async () => {
    const { clock, server, get, getAll } = setUp(() => ({ after: 1 }), {
      priority,
      maxRate: { requests: 1, per: SECOND },
    });
    getAll('/0-first', '/0-low');
    for (let second = 0; second < 61; second += 1) {
      get('/1-high');
      get('/1-high');
      await clock.advance(SECOND);
    }
    expect(server.urls).toContain('/0-low');
    expect(server.urls.indexOf('/0-low')).toBeGreaterThan(25);
    await clock.runAll();
  });

  it('may be infinite', async () => {
    const ranks = [0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 5];
    const { clock, server, getAll } = setUp(() => ({ after: 1 }), {
      priority: ({ url }) => ranks[Number(url?.slice(1))] as number,
      maxConcurrency: 1,
    });
    getAll(...numbered(4));
    await clock.runAll();
    expect(server.urls).toEqual(['/0', '/2', '/3', '/1']);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['returns NaN', () => Number.NaN, /option "priority" takes a number; got NaN/],
    ['returns a text', () => '5', /option "priority" takes a number; got "5"/],
    [
      'throws',
      () => {
        throw new Error('a bug');
      },
      /a bug/,
    ],
  ])('that %s fails the request that has to wait, unsent', async (_words, wrong, message) => {
    const { clock, server, getAll, endings, handle } = setUp(() => ({ after: 1 }), {
      priority: wrong as () => number,
      maxConcurrency: 1,
    });
    getAll('/a', '/b', '/c');
    await clock.runAll();
    expect(server.urls).toEqual(['/a']);
    expect(endings.map(({ error }) => error?.message ?? '').sort()).toEqual([
      '',
      expect.stringMatching(message),
      expect.stringMatching(message),
    ]);
    expect(handle.waits).toEqual([]);
  });
});

describe('cost', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['returns a negative number', () => -1, /option "cost" takes a number, 0 or more; got -1/],
    ['returns Infinity', () => Number.POSITIVE_INFINITY, /option "cost" takes .*; got Infinity/],
    [
      'throws',
      () => {
        throw new Error('a bug');
      },
      /a bug/,
    ],
  ])('that %s fails the request, unsent', async (_words, wrong, message) => {
    const { clock, server, get } = setUp(() => 200, { cost: wrong as () => number });
    expect((await get('/a')).error?.message).toMatch(message);
    expect([server.sent, clock.timers.size]).toEqual([[], 0]);
  });
});

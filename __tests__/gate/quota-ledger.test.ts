import fc from 'fast-check';
import { QuotaLedger } from '../../src/gate/quota-ledger.js';
import type { Quota } from '../../src/hints/quota.js';
import { COLLECTING, growthOf } from '../support/garbage.js';

const SECOND = 1000;

/** A ledger that has been told these quotas at time 0. */
function told(quotas: readonly Quota[], reserve = 0): QuotaLedger {
  const ledger = new QuotaLedger(reserve);
  ledger.learn(0, 0, quotas);
  return ledger;
}

/** How many sends may go at a time, one after another without an answer. */
function room(ledger: QuotaLedger, now: number, cost = 1): number {
  let sends = 0;
  for (; sends < 1000 && ledger.freeAt(now, cost) <= now; sends += 1) ledger.take(now, cost);
  return sends;
}

/** A send that is answered at once. */
function send(ledger: QuotaLedger, now: number, quotas: readonly Quota[]): void {
  ledger.take(now, 1);
  ledger.release(now, 1);
  ledger.learn(now, now, quotas);
}

const MINUTE: Quota = { name: 'minute', remaining: 10, reset: 60 * SECOND, limit: 100 };

describe('a quota that was told', () => {
  it('limits nothing before', () => {
    const ledger = new QuotaLedger(0);
    expect([ledger.freeAt(0, 1), ledger.told, ledger.tightest(0)]).toEqual([
      Number.NEGATIVE_INFINITY,
      false,
      undefined,
    ]);
  });

  it('is spent, and what is in flight is reckoned', () => {
    const ledger = told([MINUTE]);
    expect(room(ledger, 0)).toBe(10);
    expect(ledger.tightest(0)).toMatchObject({ name: 'minute', remaining: 0, limit: 100 });
    ledger.release(5, 1);
    expect(room(ledger, 5)).toBe(1);
  });

  it('that is used up holds everything until its window ends', () => {
    const ledger = told([{ ...MINUTE, remaining: 0 }]);
    expect([ledger.freeAt(0, 1), ledger.usedUpUntil(0), ledger.endsAt]).toEqual([
      60_000, 60_000, 60_000,
    ]);
    expect(ledger.usedUpUntil(60_000)).toBeLessThanOrEqual(60_000);
  });

  it('gives its limit again when its window ends', () => {
    const ledger = told([{ ...MINUTE, remaining: 0 }]);
    expect(room(ledger, 60_000)).toBe(100);
    expect(ledger.endsAt).toBe(Number.NEGATIVE_INFINITY);
  });

  it('gives its limit again though answers have come that do not tell it', () => {
    const ledger = told([MINUTE]);
    send(ledger, 30_000, []);
    expect(room(ledger, 60_000)).toBe(100);
  });

  it('is forgotten when its window ends if its limit was not told', () => {
    const ledger = told([{ name: 'a', remaining: 0, reset: 1000 }]);
    expect([room(ledger, 999), room(ledger, 1000), ledger.told]).toEqual([0, 1000, false]);
  });

  it('of several is the tightest one', () => {
    const ledger = told([MINUTE, { name: 'hour', remaining: 3, reset: 3_600_000, limit: 1000 }]);
    expect(room(ledger, 0)).toBe(3);
    expect(ledger.tightest(0)).toMatchObject({ name: 'hour', remaining: 0, resetAt: 3_600_000 });
  });

  it('of several that are used up holds until the last window ends', () => {
    const ledger = told([
      { ...MINUTE, remaining: 0 },
      { name: 'hour', remaining: 0, reset: 3_600_000 },
    ]);
    expect(ledger.usedUpUntil(0)).toBe(3_600_000);
  });

  it('counts what a send takes', () => {
    const ledger = told([MINUTE]);
    expect(room(ledger, 0, 4)).toBe(2);
    expect(room(ledger, 0, 1)).toBe(2);
  });

  it('lets a send that takes nothing go always', () => {
    const ledger = told([{ ...MINUTE, remaining: 0 }]);
    expect([ledger.freeAt(0, 0) <= 0, ledger.usedUpUntil(0, 0)]).toEqual([
      true,
      Number.NEGATIVE_INFINITY,
    ]);
  });

  it('is used up for a send that takes more than is left', () => {
    const ledger = told([MINUTE]);
    expect([ledger.usedUpUntil(0, 10), ledger.usedUpUntil(0, 11)]).toEqual([
      Number.NEGATIVE_INFINITY,
      60_000,
    ]);
  });

  it('lets a send that takes more than the limit go when the whole window is left', () => {
    const ledger = told([{ ...MINUTE, remaining: 99 }]);
    expect(ledger.freeAt(0, 500)).toBe(60_000);
    ledger.learn(1, 1, [{ ...MINUTE, remaining: 100 }]);
    expect(ledger.freeAt(1, 500)).toBeLessThanOrEqual(1);
  });

  it('leaves the reserve to others', () => {
    expect(room(told([{ ...MINUTE, remaining: 30 }], 0.2), 0)).toBe(10);
    expect(room(told([{ name: 'a', remaining: 10, reset: 1000 }], 0.5), 0)).toBe(5);
  });

  it('is free again after costs that do not add up exactly', () => {
    const ledger = told([{ ...MINUTE, remaining: 2 }]);
    for (const cost of [3.1, 3.2, 3.3]) ledger.take(0, cost);
    for (const cost of [3.1, 3.2, 3.3]) ledger.release(1, cost);
    expect(room(ledger, 1)).toBe(2);
  });

  it('is freed of sends that never end, when none has ended for 30 s', () => {
    const ledger = told([{ ...MINUTE, reset: 3_600_000 }]);
    room(ledger, 0);
    expect(ledger.freeAt(0, 1)).toBe(30_000);
    expect(ledger.freeAt(29_999, 1)).toBe(30_000);
    expect(room(ledger, 30_000)).toBe(10);
  });

  it('is freed of sends that never end 30 s after the first, though others are sent meanwhile', () => {
    const ledger = told([{ ...MINUTE, reset: 3_600_000 }]);
    for (const now of [0, 20_000]) for (let i = 0; i < 5; i += 1) ledger.take(now, 1);
    expect(ledger.freeAt(20_000, 1)).toBe(30_000);
  });

  it('holds no longer than its window, if none in flight ends', () => {
    const ledger = told([{ ...MINUTE, remaining: 1, reset: 5000 }]);
    room(ledger, 0);
    expect(ledger.freeAt(0, 1)).toBe(5000);
  });

  it('has nothing left, and not less, when more is in flight than was left', () => {
    const ledger = told([{ ...MINUTE, remaining: 1 }]);
    for (let i = 0; i < 3; i += 1) ledger.take(0, 1);
    expect([ledger.inFlight, ledger.tightest(0)?.remaining]).toEqual([3, 0]);
  });
});

describe('a quota without a known end', () => {
  const UNTIMED: Quota = { name: 'bucket', remaining: 0, limit: 40 };

  it('that is used up lets one send at a time go, which tells', () => {
    const ledger = told([UNTIMED]);
    expect([ledger.usedUpUntil(0), ledger.endsAt]).toEqual([-Infinity, -Infinity]);
    expect(room(ledger, 0)).toBe(1);
    ledger.release(5, 1);
    ledger.learn(5, 0, [{ ...UNTIMED, remaining: 7 }]);
    expect(room(ledger, 5)).toBe(7);
  });

  it('is forgotten after a minute if answers come that do not tell it', () => {
    const ledger = told([UNTIMED]);
    send(ledger, 30_000, []);
    expect(room(ledger, 60_000)).toBe(1000);
  });

  it('gives its limit again after a minute if no answer comes', () => {
    const ledger = new QuotaLedger(0);
    send(ledger, 0, [UNTIMED]);
    expect(room(ledger, 59_999)).toBe(1);
    const idle = new QuotaLedger(0);
    send(idle, 0, [UNTIMED]);
    expect(room(idle, 60_000)).toBe(40);
  });

  it('is kept while it is told', () => {
    const ledger = told([UNTIMED]);
    for (let at = 0; at <= 300_000; at += 30_000) send(ledger, at, [UNTIMED]);
    expect(room(ledger, 300_000)).toBe(1);
  });
});

describe('a window of known length', () => {
  const QUOTA: Quota = { name: 'a', remaining: 0, reset: 500, limit: 10, window: 1000 };

  it('ends after that length if no answer says when', () => {
    const { reset, ...rest } = QUOTA;
    expect(told([rest]).usedUpUntil(0)).toBe(1000);
  });

  it('is followed by others', () => {
    const ledger = told([QUOTA]);
    expect(room(ledger, 700)).toBe(10);
    expect(ledger.endsAt).toBe(1500);
    const idle = told([QUOTA]);
    expect([room(idle, 7_700), idle.endsAt]).toEqual([10, 8500]);
    const unanswered = told([QUOTA]);
    for (const now of [500, 1500, 2500]) expect(unanswered.freeAt(now, 1)).toBe(-Infinity);
    expect(unanswered.endsAt).toBe(3500);
  });

  it('is followed by none if answers have come that do not tell it', () => {
    const ledger = told([QUOTA]);
    expect(ledger.freeAt(600, 1)).toBeLessThanOrEqual(600);
    send(ledger, 700, []);
    expect(room(ledger, 1600)).toBe(1000);
  });

  it('begins with what the last one gave, if that was less than the limit', () => {
    const ledger = told([QUOTA]);
    expect(ledger.freeAt(500, 1)).toBeLessThanOrEqual(500);
    send(ledger, 500, [{ ...QUOTA, remaining: 2, reset: 1000 }]);
    send(ledger, 501, [{ ...QUOTA, remaining: 0, reset: 999 }]);
    expect(room(ledger, 1500)).toBe(3);
  });

  it('does not begin with what an answer to a send before it told', () => {
    const ledger = told([QUOTA]);
    expect(ledger.freeAt(500, 1)).toBeLessThanOrEqual(500);
    ledger.learn(510, 490, [{ ...QUOTA, remaining: 2, reset: 990 }]);
    expect(room(ledger, 1500)).toBe(10);
  });

  it('begins with no more than the limit', () => {
    const ledger = told([QUOTA]);
    expect(ledger.freeAt(500, 0)).toBeLessThanOrEqual(500);
    send(ledger, 500, [{ ...QUOTA, remaining: 10, reset: 1000 }]);
    expect(room(ledger, 1500)).toBe(10);
  });

  it('lets one send go even if the last one gave less than the reserve', () => {
    const ledger = told([QUOTA], 0.5);
    expect(ledger.freeAt(500, 1)).toBeLessThanOrEqual(500);
    send(ledger, 500, [{ ...QUOTA, remaining: 0, reset: 1000 }]);
    expect(room(ledger, 1500)).toBe(1);
  });
});

describe('answers that overtake each other', () => {
  const tells = (remaining: number, reset: number): Quota[] => [
    { name: 'a', remaining, reset, limit: 100 },
  ];
  const remainingOf = (ledger: QuotaLedger, now: number) => ledger.tightest(now)?.remaining;

  it('raise what is left only if the send was later', () => {
    const ledger = told(tells(50, 10_000));
    ledger.learn(100, 60, tells(30, 9900));
    ledger.learn(110, 50, tells(40, 9890));
    expect(remainingOf(ledger, 110)).toBe(30);
    ledger.learn(200, 110, tells(35, 9800));
    expect(remainingOf(ledger, 200)).toBe(35);
  });

  it('of an old window change nothing in the new one', () => {
    const ledger = told(tells(5, 1000));
    ledger.freeAt(1000, 1);
    ledger.learn(1100, 1010, tells(90, 60_000));
    ledger.learn(1110, 900, tells(1, 0));
    expect([remainingOf(ledger, 1110), ledger.endsAt]).toEqual([90, 61_100]);
  });

  it('of the new window count before the old one has ended', () => {
    const ledger = told(tells(0, 10_000));
    ledger.learn(5000, 4000, tells(99, 60_000));
    expect([remainingOf(ledger, 5000), ledger.endsAt]).toEqual([99, 65_000]);
  });

  it('that round to seconds give the earliest end', () => {
    const ledger = told(tells(50, 10_000));
    ledger.learn(900, 500, tells(49, 10_000));
    expect(ledger.endsAt).toBe(10_000);
    ledger.learn(910, 905, tells(48, 10_090));
    expect(ledger.endsAt).toBe(10_000);
    ledger.learn(920, 915, tells(47, 10_081));
    expect(ledger.endsAt).toBe(11_001);
    ledger.learn(1000, 950, tells(46, 8500));
    expect(ledger.endsAt).toBe(9500);
  });

  it('to an earlier send may only put the end off', () => {
    const ledger = told(tells(50, 1000));
    ledger.learn(10, 5, tells(49, 100));
    ledger.learn(20, 5, tells(0, 50));
    expect(ledger.endsAt).toBe(110);
    ledger.learn(30, 5, tells(3, 200));
    expect(ledger.endsAt).toBe(230);
  });

  it('that tell more again than before are of the next window, though it is a second long', () => {
    const ledger = told(tells(2, 1000));
    ledger.learn(600, 550, tells(9, 1000));
    expect(ledger.endsAt).toBe(1600);
  });
});

describe('a refusal', () => {
  it('is explained by a quota that is used up, whose window then ends when Retry-After says', () => {
    const ledger = told([{ ...MINUTE, remaining: 0 }]);
    expect(ledger.explains(10, 5000)).toBe(true);
    expect(ledger.usedUpUntil(10)).toBe(5010);
    const other = told([{ ...MINUTE, remaining: 0 }]);
    expect(other.explains(10, 90_000)).toBe(true);
    expect(other.usedUpUntil(10)).toBe(90_010);
  });

  it.each<[string, Quota]>([
    ['has something left', { ...MINUTE, remaining: 1 }],
    ['has no limit', { name: 'a', remaining: 0, reset: 1000 }],
    ['is of requests at once', { name: 'a', remaining: 0, limit: 5, unit: 'concurrent-requests' }],
  ])('is not explained by one that %s', (_words, quota) => {
    const ledger = told([quota]);
    expect(ledger.explains(0, 5000)).toBe(false);
    expect(ledger.freeAt(0, 0)).toBe(-Infinity);
  });

  it('holds every send until Retry-After is over, those that take nothing too', () => {
    const ledger = told([{ ...MINUTE, remaining: 0 }]);
    ledger.explains(10, 5000);
    expect([ledger.freeAt(10, 0), ledger.usedUpUntil(10, 0)]).toEqual([5010, 5010]);
  });

  it('without a wait is not explained', () => {
    const ledger = told([{ ...MINUTE, remaining: 0 }]);
    expect([ledger.explains(0, 0), ledger.usedUpUntil(0)]).toEqual([false, 60_000]);
  });

  it('is not undone by answers to earlier sends', () => {
    const ledger = told([{ ...MINUTE, remaining: 0 }]);
    ledger.explains(10, 90_000);
    ledger.learn(20, 5, [{ ...MINUTE, remaining: 3 }]);
    expect(ledger.usedUpUntil(20)).toBe(90_010);
  });
});

describe('quotas of other units', () => {
  it('keep their unit when an answer does not tell it', () => {
    const ledger = told([{ name: 'a', remaining: 500, reset: 1000, unit: 'content-bytes' }]);
    ledger.learn(10, 5, [{ name: 'a', remaining: 3 }]);
    expect(room(ledger, 10)).toBe(1000);
  });

  it('limit the requests at once, whatever they cost', () => {
    const ledger = told([{ name: 'a', limit: 3, unit: 'concurrent-requests' }]);
    expect(room(ledger, 0, 50)).toBe(3);
    ledger.release(1, 50);
    expect(room(ledger, 1, 50)).toBe(1);
  });

  it('hold everything only when nothing is left', () => {
    const bytes = { name: 'a', reset: 1000, limit: 1e6, unit: 'content-bytes' };
    expect(room(told([{ ...bytes, remaining: 1 }]), 0, 50)).toBe(1000);
    expect(told([{ ...bytes, remaining: 0 }]).usedUpUntil(0)).toBe(1000);
  });
});

describe('what a ledger tells other processes', () => {
  it('is what answers have told since the last time, with the time that is left', () => {
    const ledger = told([MINUTE]);
    expect(ledger.hasNews).toBe(true);
    expect(ledger.takeNews(5000)).toEqual([
      { name: 'minute', remaining: 10, limit: 100, reset: 55_000 },
    ]);
    expect([ledger.hasNews, ledger.takeNews(5000)]).toEqual([false, []]);
  });

  it('is nothing before an answer', () => {
    const ledger = new QuotaLedger(0);
    expect([ledger.hasNews, ledger.takeNews(0)]).toEqual([false, []]);
  });

  it('is only what is new', () => {
    const ledger = told([MINUTE, { name: 'hour', remaining: 5, reset: 3_600_000 }]);
    ledger.takeNews(0);
    ledger.learn(10, 5, [{ name: 'hour', remaining: 4, reset: 3_599_990 }]);
    expect(ledger.takeNews(10).map(({ name }) => name)).toEqual(['hour']);
    // An answer of an earlier window.
    ledger.learn(20, 5, [{ name: 'hour', remaining: 0, reset: 10 }]);
    expect(ledger.hasNews).toBe(false);
  });

  it('is no quota of another unit, or without a known end', () => {
    const bytes = { name: 'bytes', remaining: 5, reset: 1000, unit: 'content-bytes' };
    const ledger = told([bytes, { name: 'untimed', remaining: 5, limit: 5 }, MINUTE]);
    expect(ledger.takeNews(0).map(({ name }) => name)).toEqual(['minute']);
  });

  it('is no window that has ended meanwhile', () => {
    const ledger = told([
      { name: 'forgotten', remaining: 1, reset: 1000 },
      { name: 'renewed', remaining: 1, reset: 1000, limit: 10, window: 1000 },
    ]);
    expect(ledger.takeNews(1500)).toEqual([]);
    const other = told([{ name: 'forgotten', remaining: 1, reset: 1000 }]);
    other.freeAt(1000, 1);
    expect(other.hasNews).toBe(false);
  });

  it('is a certain end after a refusal that a quota explains', () => {
    const ledger = told([{ ...MINUTE, remaining: 0 }]);
    ledger.takeNews(0);
    ledger.explains(0, 5000);
    expect(ledger.takeNews(0)).toEqual([
      { name: 'minute', remaining: 0, limit: 100, reset: 5000, isCertain: true },
    ]);
  });

  it('is not what they told themselves', () => {
    const ledger = new QuotaLedger(0);
    ledger.adopt(0, [MINUTE]);
    expect([ledger.hasNews, ledger.takeNews(0), ledger.told]).toEqual([false, [], true]);
  });
});

describe('what other processes tell a ledger', () => {
  it('limits it as an answer does', () => {
    const ledger = new QuotaLedger(0);
    ledger.adopt(0, [MINUTE]);
    expect(room(ledger, 0)).toBe(10);
  });

  it('lowers what is left, and does not raise it', () => {
    const ledger = told([MINUTE]);
    ledger.adopt(10, [{ ...MINUTE, remaining: 12, reset: 59_990 }]);
    expect(ledger.tightest(10)?.remaining).toBe(10);
    ledger.adopt(20, [{ ...MINUTE, remaining: 3, reset: 59_980 }]);
    expect(ledger.tightest(20)?.remaining).toBe(3);
  });

  it('holds every send until the time that they were told', () => {
    const ledger = told([MINUTE]);
    ledger.closeUntil(5000);
    ledger.closeUntil(3000);
    expect([ledger.freeAt(0, 0), ledger.usedUpUntil(0), ledger.endsAt]).toEqual([
      5000, 5000, 60_000,
    ]);
  });
});

describe('the tightest quota', () => {
  it('is one of requests', () => {
    const ledger = told([
      { name: 'bytes', remaining: 1, reset: 1000, unit: 'content-bytes' },
      { name: 'at once', limit: 1, unit: 'concurrent-requests' },
      MINUTE,
    ]);
    expect(ledger.tightest(0)?.name).toBe('minute');
  });

  it('is the one with the least room beside the reserve', () => {
    const ledger = told(
      [
        { name: 'small', remaining: 9, limit: 10, reset: 1000 },
        { name: 'large', remaining: 55, limit: 100, reset: 1000 },
      ],
      0.5,
    );
    expect(ledger.tightest(0)?.name).toBe('small');
    ledger.learn(10, 5, [{ name: 'large', remaining: 53, limit: 100, reset: 1000 }]);
    expect(ledger.tightest(10)?.name).toBe('large');
  });
});

describe('what a ledger remembers', () => {
  it('is 16 quotas, and of more those told last', () => {
    const ledger = told([{ name: 'first', remaining: 0, reset: 60_000 }]);
    for (let i = 1; i < 16; i += 1) ledger.learn(0, 0, [{ name: `${i}`, remaining: 5 }]);
    expect(ledger.usedUpUntil(0)).toBe(60_000);
    ledger.learn(0, 0, [{ name: '16', remaining: 5 }]);
    expect(ledger.usedUpUntil(0)).toBe(-Infinity);
  });

  it('is what the server still tells, however many others it names', () => {
    const ledger = told([{ name: 'real', remaining: 0, reset: 60_000, limit: 10 }]);
    for (let i = 0; i < 1000; i += 1) {
      const real = { name: 'real', remaining: 0, reset: 60_000, limit: 10 };
      ledger.learn(i, i, [{ name: `hostile-${i}`, remaining: 5, limit: 5 }, real]);
    }
    expect(ledger.usedUpUntil(1000)).toBeGreaterThan(1000);
    expect(ledger.tightest(1000)?.name).toBe('real');
  });

  it(
    'takes bounded memory, whatever names answers tell',
    async () => {
      const ledger = new QuotaLedger(0);
      const grown = await growthOf(() => {
        for (let i = 0; i < 50_000; i += 1) {
          ledger.learn(i, i, [{ name: `hostile-${i}`, remaining: 5, reset: i % 3 }]);
          ledger.freeAt(i, 1);
        }
      });
      expect(grown).toBeLessThan(1_000_000);
    },
    COLLECTING,
  );

  it('has names of every kind', () => {
    const names = ['__proto__', 'constructor', ''];
    for (const name of names) {
      expect(told([{ name, remaining: 0, reset: 1000 }]).usedUpUntil(0)).toBe(1000);
    }
  });
});

describe('a ledger against a server with fixed windows', () => {
  const world = fc.record({
    limit: fc.integer({ min: 1, max: 12 }),
    window: fc.constantFrom(1000, 2500, 10_000, 60_000),
    rounded: fc.boolean(),
    second: fc.option(fc.integer({ min: 3, max: 30 })),
    tellsWindow: fc.boolean(),
    trips: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 20 }),
    count: fc.integer({ min: 1, max: 80 }),
    phase: fc.integer({ min: 0, max: 60_000 }),
    reserve: fc.constantFrom(0, 0.3),
  });

  /** Windows that begin at fixed times; `t` may be whole seconds, rounded up. */
  class Windows {
    readonly counts = new Map<number, number>();

    constructor(
      readonly name: string,
      readonly limit: number,
      readonly length: number,
      readonly phase: number,
      readonly rounded: boolean,
      readonly tellsWindow: boolean,
    ) {}

    count(now: number): boolean {
      const index = Math.floor((now + this.phase) / this.length);
      const count = (this.counts.get(index) ?? 0) + 1;
      this.counts.set(index, count);
      return count <= this.limit;
    }

    tell(now: number): Quota {
      const index = Math.floor((now + this.phase) / this.length);
      const left = (index + 1) * this.length - this.phase - now;
      return {
        name: this.name,
        remaining: Math.max(this.limit - (this.counts.get(index) ?? 0), 0),
        reset: this.rounded ? Math.ceil(left / SECOND) * SECOND : left,
        limit: this.limit,
        ...(this.tellsWindow && { window: this.length }),
      };
    }
  }

  type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

  /** Sends as early as the ledger lets; answers take various times. Sends that are on their way overtake each other. */
  function run(given: World) {
    const { limit, window, second, rounded, tellsWindow, trips, count, phase, reserve } = given;
    const servers = [new Windows('a', limit, window, phase, rounded, tellsWindow)];
    if (second !== null) {
      servers.push(new Windows('b', second, window * 3, phase / 2, rounded, tellsWindow));
    }
    const ledger = new QuotaLedger(reserve);
    const events: { at: number; run(): void }[] = [];
    let now = 0;
    let sent = 0;
    let refused = 0;
    let idle = 0;
    while (sent < count || events.length > 0) {
      // The first send of all tells; before it is answered, nothing is known.
      const isKnown = sent === 0 || ledger.told;
      const at = sent < count && isKnown ? ledger.freeAt(now, 1) : Number.POSITIVE_INFINITY;
      if (at <= now) {
        const sentAt = now;
        const trip = trips[sent % trips.length] as number;
        ledger.take(now, 1);
        sent += 1;
        events.push({
          at: now + trip / 2,
          run() {
            const accepted = servers.map((server) => server.count(now)).every(Boolean);
            if (!accepted) refused += 1;
            const quotas = servers.map((server) => server.tell(now));
            events.push({
              at: now + trip / 2,
              run() {
                ledger.release(now, 1);
                ledger.learn(now, sentAt, quotas);
              },
            });
          },
        });
        continue;
      }
      events.sort((a, b) => a.at - b.at);
      const next = events[0];
      if (next && next.at <= at) {
        events.shift();
        now = Math.max(now, next.at);
        next.run();
      } else now = at;
      idle += 1;
      if (idle > 10_000) throw new Error('It stands still.');
    }
    return { refused, time: now, servers };
  }

  it('the server refuses nothing if nobody else spends', () => {
    fc.assert(
      fc.property(world, (given) => {
        expect(run(given).refused).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it('every window is spent, so that it takes no longer than it must', () => {
    fc.assert(
      fc.property(world, (given) => {
        const { time } = run({ ...given, second: null, reserve: 0 });
        // A rounded end may be told up to a second late, and answers have to come back.
        const slack = 1000 + 2 * 300;
        const windows = Math.ceil(given.count / given.limit) + 1;
        expect(time).toBeLessThanOrEqual(windows * (given.window + slack));
      }),
      { numRuns: 300 },
    );
  });
});

import fc from 'fast-check';
import { SentLog } from '../../src/gate/sent-log.js';
import { COLLECTING, growthOf } from '../support/garbage.js';

describe('a log of sends', () => {
  it('admits as many sends at once as the limit, and the next when the first counts no more', () => {
    const log = new SentLog({ requests: 2, per: 1000 });
    const answered = [0, 10].map((at) => {
      expect(log.freeAt(at, 1)).toBeLessThanOrEqual(at);
      return log.take(at, 1);
    });
    answered[0]?.(5);
    answered[1]?.(12);
    // The clock may have been almost a millisecond behind.
    expect(log.freeAt(12, 1)).toBe(1006);
    expect(log.freeAt(12, 2)).toBe(1013);
    expect(log.freeAt(1006, 1)).toBeLessThanOrEqual(1006);
  });

  it('counts a send from its answer on, but at most a hundredth of the time later', () => {
    const log = new SentLog({ requests: 1, per: 1000 });
    const answered = log.take(0, 1);
    log.left(0);
    expect(log.freeAt(0, 1)).toBe(1010);
    answered(4);
    expect(log.freeAt(4, 1)).toBe(1005);
    const slow = log.take(1005, 1);
    log.left(1005);
    slow(1900);
    expect(log.freeAt(1900, 1)).toBe(2015);
  });

  it('does not count the time in which a busy process has not let a send out', () => {
    const log = new SentLog({ requests: 1, per: 100 });
    const answered = log.take(0, 1);
    expect(log.freeAt(900, 1)).toBe(Infinity);
    log.left(900);
    expect(log.freeAt(900, 1)).toBe(1010);
    answered(903);
    expect(log.freeAt(903, 1)).toBe(1004);
  });

  it('counts what a send takes', () => {
    const log = new SentLog({ requests: 10, per: 1000 });
    log.take(0, 4)(0);
    log.take(100, 4)(100);
    expect(log.freeAt(100, 2)).toBeLessThanOrEqual(100);
    expect(log.freeAt(100, 3)).toBe(1000);
    expect(log.freeAt(100, 7)).toBe(1100);
  });

  it('waits for the last of several sends, whichever was answered first', () => {
    const log = new SentLog({ requests: 2, per: 1000 });
    const [one, other] = [log.take(0, 1), log.take(0, 1)];
    other?.(1);
    one?.(9);
    expect(log.freeAt(9, 2)).toBe(1010);
  });

  it('lets a send that costs more than the limit go alone', () => {
    const log = new SentLog({ requests: 3, per: 1000 });
    log.take(0, 1)(0);
    expect(log.freeAt(0, 50)).toBe(1000);
    log.take(1000, 50)(1000);
    expect(log.freeAt(1000, 1)).toBe(2000);
  });

  it('is not held up by sends that cost nothing', () => {
    const log = new SentLog({ requests: 1, per: 1000 });
    log.take(0, 0);
    log.take(0, 1)(0);
    expect(log.freeAt(0, 1)).toBe(1000);
  });

  it('has room for a whole limit after costs that do not add up exactly', () => {
    const log = new SentLog({ requests: 4, per: 1000 });
    for (const cost of [3.1, 3.2, 3.3]) log.take(0, cost)(0);
    expect(log.freeAt(1000, 4)).toBeLessThanOrEqual(1000);
  });

  it(
    'keeps only the sends that still count',
    async () => {
      const log = new SentLog({ requests: 3, per: 10 });
      const grown = await growthOf(() => {
        for (let i = 0; i < 100_000; i += 1) {
          log.freeAt(i * 10, 1);
          log.take(i * 10, 1)(i * 10);
          log.left(i * 10);
        }
      });
      expect(log.freeAt(1_000_000, 3)).toBeLessThanOrEqual(1_000_000);
      expect(grown).toBeLessThan(1_000_000);
    },
    COLLECTING,
  );

  it(
    'keeps none that cost nothing',
    async () => {
      const log = new SentLog({ requests: 3, per: 1e12 });
      const grown = await growthOf(() => {
        for (let i = 0; i < 200_000; i += 1) log.take(i, 0)(i);
      });
      expect(log.freeAt(200_000, 0)).toBeLessThanOrEqual(200_000);
      expect(grown).toBeLessThan(2_000_000);
    },
    COLLECTING,
  );

  it('goes on after costs that do not add up exactly', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 3, noNaN: true }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 3 }),
        (costs, requests) => {
          const log = new SentLog({ requests, per: 1000 });
          let now = 0;
          for (const cost of costs) {
            const at = log.freeAt(now, cost);
            expect(at).toBeLessThan(now + 1011);
            now = Math.max(now, at);
            expect(log.freeAt(now, cost)).toBeLessThanOrEqual(now);
            log.take(now, cost)(now);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  /** Sends one after another as early as the log lets them, each answered after some time. */
  function run(requests: number, per: number, trips: readonly number[]) {
    const log = new SentLog({ requests, per });
    const open: { sentAt: number; answeredAt: number; tell(at: number): void }[] = [];
    const sends: { sentAt: number; answeredAt: number }[] = [];
    let now = 0;
    const answerUntil = (at: number): void => {
      open.sort((a, b) => a.answeredAt - b.answeredAt);
      while (open[0] && open[0].answeredAt <= at) {
        const one = open.shift();
        one?.tell(one.answeredAt);
      }
    };
    for (const trip of trips) {
      for (;;) {
        answerUntil(now);
        const at = log.freeAt(now, 1);
        if (at <= now) break;
        now = Math.min(at, open[0]?.answeredAt ?? at);
      }
      const send = { sentAt: now, answeredAt: now + trip };
      open.push({ ...send, tell: log.take(now, 1) });
      log.left(now);
      sends.push(send);
    }
    return sends;
  }

  /** The most that a server may count in any window: a send counts wherever it may have arrived. */
  function mostIn(per: number, arrivals: readonly number[]): number {
    const sorted = [...arrivals].sort((a, b) => a - b);
    return Math.max(
      ...sorted.map((from) => sorted.filter((at) => at >= from && at < from + per).length),
    );
  }

  const world = fc.record({
    requests: fc.integer({ min: 1, max: 8 }),
    per: fc.constantFrom(100, 1000, 60_000),
    /** The time from a send to its answer, as shares of a hundredth of `per`. */
    trips: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 }),
    /** When each arrives, between its send and its answer. */
    places: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 }),
  });

  it('never lets more sends arrive in any window than the limit, wherever they are on their way', () => {
    fc.assert(
      fc.property(world, ({ requests, per, trips, places }) => {
        const sends = run(
          requests,
          per,
          trips.map((trip) => (trip * per) / 100),
        );
        const arrivals = sends.map(
          ({ sentAt, answeredAt }, i) =>
            sentAt + (answeredAt - sentAt) * (places[i % places.length] as number),
        );
        expect(mostIn(per * (1 - 1e-9), arrivals)).toBeLessThanOrEqual(requests);
      }),
      { numRuns: 400 },
    );
  });

  it('takes at most 1 % longer than the limit needs, or 10 ms a window, however slow the answers are', () => {
    fc.assert(
      fc.property(world, fc.constantFrom(0.01, 1, 1000), ({ requests, per, trips }, slowness) => {
        const sends = run(
          requests,
          per,
          trips.map((trip) => trip * per * slowness),
        );
        const ideal = Math.floor((trips.length - 1) / requests) * per;
        expect(sends.at(-1)?.sentAt).toBeLessThanOrEqual(
          ideal * (1 + Math.max(0.01, 10 / per)) + 1e-3,
        );
      }),
      { numRuns: 300 },
    );
  });
});

import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import type { TimerEntry } from '../../src/wait/timer-queue.js';
import { TimerQueue } from '../../src/wait/timer-queue.js';
import { SkewedClock } from '../support/skewed-clock.js';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
/** The period of checks of the wall clock, and the largest delay of a wait when the clock is changed. */
const PERIOD = 15 * SECOND;

/** A wait, and how it ended. */
interface Item extends TimerEntry {
  canceled: boolean;
  readonly delay: number;
  readonly begunAt: number;
  /** The real time at each end; one entry if all is well. */
  readonly waited: number[];
}

/** A timer queue on a skewed clock. */
function setUp(wall?: number) {
  const clock = new SkewedClock(wall);
  const moved = jest.fn();
  const queue = new TimerQueue(clock, moved);
  const items: Item[] = [];
  function add(delay: number, due: (item: Item) => void = () => undefined): Item {
    const item: Item = {
      id: items.length + 1,
      dueAt: clock.now() + delay,
      canceled: false,
      delay,
      begunAt: clock.elapsed,
      waited: [],
      fire() {
        item.canceled = true;
        item.waited.push(clock.elapsed - item.begunAt);
        due(item);
      },
    };
    items.push(item);
    queue.add(item);
    return item;
  }
  function cancel(item: Item): void {
    item.canceled = true;
    queue.entryCanceled();
  }
  return { clock, moved, queue, items, add, cancel };
}

describe('a wait while the clock is not changed', () => {
  it.each([0, 1, 999, 8_000, 14_999, 15_000, 15_001, 30_000, 64_000, 3_600_001, 32_768_000])(
    'of %d ms ends after that time',
    (delay) => {
      const { clock, add } = setUp();
      const item = add(delay);
      clock.pass(delay - 1);
      expect(item.waited).toEqual([]);
      clock.pass(1);
      expect(item.waited).toEqual([delay]);
      clock.pass(HOUR);
      expect(item.waited).toEqual([delay]);
    },
  );

  it('does not end synchronously, even with a delay of 0', () => {
    const { clock, add } = setUp();
    const item = add(0);
    expect(item.waited).toEqual([]);
    clock.pass(0);
    expect(item.waited).toEqual([0]);
  });

  it('does not end a fraction of a millisecond early', () => {
    const { clock, add } = setUp();
    const item = add(20.25);
    clock.pass(20);
    expect(item.waited).toEqual([]);
    clock.pass(1);
    expect(item.waited).toEqual([21]);
  });

  it.each([-1, -2, -5])('does not end early if timers fire %d ms early', (lag) => {
    const { clock, add } = setUp();
    clock.lag = lag;
    const items = [3, 4_000, 40_000, HOUR].map((delay) => add(delay));
    clock.pass(HOUR);
    expect(items.map(({ waited }) => waited)).toEqual([[3], [4_000], [40_000], [HOUR]]);
  });

  it('is as late as its last timer at most', () => {
    const { clock, add } = setUp();
    clock.lag = 700;
    const item = add(10 * PERIOD);
    clock.pass(11 * PERIOD);
    const [waited = 0] = item.waited;
    expect(waited).toBeGreaterThanOrEqual(item.delay);
    expect(waited).toBeLessThanOrEqual(item.delay + 700);
  });

  it.each([2 ** 31 - 1, 2 ** 31, 2 ** 31 + 12_345])(
    'of %d ms ends after that time, with timers of 15 s at most',
    (delay) => {
      const { clock, add } = setUp();
      const item = add(delay);
      clock.pass(delay - 1);
      expect(item.waited).toEqual([]);
      clock.pass(1);
      expect(item.waited).toEqual([delay]);
      expect(clock.asked.reduce((most, ms) => Math.max(most, ms), 0)).toBe(PERIOD);
    },
  );

  it('may have the longest possible delay', () => {
    const { clock, add } = setUp(0);
    const item = add(Number.MAX_SAFE_INTEGER);
    clock.pass(HOUR);
    expect(item.waited).toEqual([]);
    clock.sleep(Number.MAX_SAFE_INTEGER - HOUR - 20 * SECOND);
    clock.pass(20 * SECOND - 1);
    expect(item.waited).toEqual([]);
    clock.pass(1);
    expect(item.waited).toHaveLength(1);
    expect(clock.live).toBe(0);
  });

  it('does not overflow if the clock itself is far ahead', () => {
    const { clock, add } = setUp();
    const item = add(Number.MAX_SAFE_INTEGER);
    clock.pass(HOUR);
    expect(item.waited).toEqual([]);
    expect(clock.live).toBe(1);
    expect(new Set(clock.asked)).toEqual(new Set([PERIOD]));
  });
});

describe('many waits', () => {
  it('end in the order of their times, older ones first if equal', () => {
    const { clock, add } = setUp();
    const ended: number[] = [];
    for (const delay of [30, 10, 20, 10, 30, 0]) add(delay, ({ id }) => ended.push(id));
    clock.pass(30);
    expect(ended).toEqual([6, 2, 4, 3, 1, 5]);
  });

  it('share one timer', () => {
    const { clock, add, items } = setUp();
    for (let i = 0; i < 5_000; i += 1) {
      add(((i * 7_919) % 100_003) + 1);
      expect(clock.live).toBe(1);
    }
    for (let i = 0; i < 101; i += 1) {
      expect(clock.live).toBe(items.every(({ canceled }) => canceled) ? 0 : 1);
      clock.pass(SECOND);
    }
    expect(clock.live).toBe(0);
    expect(items.every(({ waited, delay }) => waited[0] === delay)).toBe(true);
  });

  it('end on time when a shorter wait begins later', () => {
    const { clock, add } = setUp();
    const long = add(10 * SECOND);
    clock.pass(2 * SECOND);
    const short = add(3 * SECOND);
    clock.pass(HOUR);
    expect([long.waited, short.waited]).toEqual([[10 * SECOND], [3 * SECOND]]);
  });

  it('may begin when another wait ends', () => {
    const { clock, add, items } = setUp();
    add(SECOND, () => add(0, () => add(HOUR)));
    clock.pass(2 * HOUR);
    expect(items.map(({ waited }) => waited)).toEqual([[SECOND], [0], [HOUR]]);
    expect(clock.live).toBe(0);
  });
});

describe('a wait with a late timer', () => {
  it.each([1, 2, 20, 200])('by %d ms is not postponed by others that begin all the time', (lag) => {
    const { clock, add } = setUp();
    clock.lag = lag;
    const item = add(5);
    for (let i = 0; i < 2_000; i += 1) {
      clock.pass(1);
      add(HOUR);
    }
    expect(item.waited).toHaveLength(1);
    expect(item.waited[0]).toBeGreaterThanOrEqual(5);
    expect(item.waited[0]).toBeLessThanOrEqual(5 + 2 * lag);
  });

  it('is not postponed after the machine has slept', () => {
    const { clock, add } = setUp();
    clock.lag = 20;
    const item = add(HOUR);
    clock.pass(5);
    clock.sleep(2 * HOUR);
    for (let i = 0; i < 2_000; i += 1) {
      add(HOUR);
      clock.pass(1);
    }
    expect(item.waited).toHaveLength(1);
    expect(item.waited[0]).toBeLessThanOrEqual(100);
  });
});

describe('a cancelled wait', () => {
  it('never ends', () => {
    const { clock, add, cancel } = setUp();
    const [first, second, third] = [add(SECOND), add(2 * SECOND), add(3 * SECOND)];
    cancel(first);
    clock.pass(HOUR);
    expect([first.waited, second.waited, third.waited]).toEqual([[], [2 * SECOND], [3 * SECOND]]);
  });

  it('leaves no timer if it was the last', () => {
    const { clock, add, cancel } = setUp();
    const items = [add(SECOND), add(HOUR), add(PERIOD)];
    for (const item of items) {
      expect(clock.live).toBe(1);
      cancel(item);
    }
    expect(clock.live).toBe(0);
  });

  it('leaves no timer after the others have ended', () => {
    const { clock, add, cancel } = setUp();
    add(SECOND);
    add(2 * SECOND);
    cancel(add(HOUR));
    clock.pass(2 * SECOND);
    clock.pass(PERIOD);
    expect(clock.live).toBe(0);
  });

  it('does not end if another wait with the same time cancels it', () => {
    const { clock, add, cancel } = setUp();
    const others: Item[] = [];
    add(SECOND, () => others.forEach(cancel));
    others.push(add(SECOND), add(SECOND), add(HOUR));
    clock.pass(HOUR);
    expect(others.map(({ waited }) => waited)).toEqual([[], [], []]);
    expect(clock.live).toBe(0);
  });

  it('frees memory: there are never more cancelled waits than live ones', () => {
    const { clock, queue, add, cancel } = setUp();
    let looks = 0;
    for (let id = 1; id <= 10; id += 1) add(HOUR);
    for (let round = 0; round < 1_000; round += 1) {
      let over = false;
      queue.add({
        id: 11 + round,
        dueAt: clock.now() + 2 * HOUR,
        get canceled() {
          looks += 1;
          return over;
        },
        fire: () => undefined,
      });
      over = true;
      queue.entryCanceled();
    }
    // A clock that is set back causes a check of every wait still in the queue.
    looks = 0;
    clock.step(-HOUR);
    cancel(add(HOUR));
    expect(looks).toBeLessThanOrEqual(10);
  });

  it.each([
    ['oldest first', (_: number, i: number) => i],
    ['newest first', (count: number, i: number) => count - 1 - i],
    ['in mixed order', (count: number, i: number) => (i * 7_919) % count],
  ])('is cheap among 100,000 others, %s', (_, order) => {
    const count = 100_000;
    const clock = new SkewedClock();
    const queue = new TimerQueue(clock, () => undefined);
    const over = new Uint8Array(count);
    let looks = 0;
    for (let id = 0; id < count; id += 1) {
      let dueAt = clock.now() + HOUR + ((id * 104_729) % count);
      queue.add({
        id,
        get dueAt() {
          looks += 1;
          return dueAt;
        },
        set dueAt(at) {
          dueAt = at;
        },
        get canceled() {
          looks += 1;
          return over[id] === 1;
        },
        fire: () => undefined,
      });
    }
    for (let i = 0; i < count; i += 1) {
      over[order(count, i)] = 1;
      queue.entryCanceled();
    }
    expect(looks).toBeLessThan(count * 8 * Math.ceil(Math.log2(count)));
    expect(clock.live).toBe(0);
  });
});

describe('a machine that sleeps', () => {
  it('ends a wait soon after waking if it became due meanwhile', () => {
    const { clock, add } = setUp();
    const item = add(2 * HOUR);
    clock.pass(20 * SECOND);
    clock.sleep(8 * HOUR);
    clock.pass(PERIOD);
    expect(item.waited).toHaveLength(1);
    expect(clock.elapsed).toBeLessThanOrEqual(20 * SECOND + PERIOD);
  });

  it('ends a wait on time if it becomes due after waking', () => {
    const { clock, add } = setUp();
    const item = add(2 * HOUR);
    clock.pass(7 * SECOND);
    clock.sleep(HOUR);
    clock.pass(2 * HOUR);
    expect(item.waited).toEqual([HOUR]);
  });

  it('catches up with late timers, as in a throttled tab', () => {
    const { clock, add } = setUp();
    clock.lag = 60 * SECOND;
    const item = add(HOUR);
    clock.pass(2 * HOUR);
    expect(item.waited[0]).toBeGreaterThanOrEqual(HOUR);
    expect(item.waited[0]).toBeLessThanOrEqual(HOUR + PERIOD + 60 * SECOND);
  });

  it('does not delay a wait that begins after waking', () => {
    const { clock, add } = setUp();
    add(24 * HOUR);
    clock.pass(SECOND);
    clock.sleep(8 * HOUR);
    const item = add(2 * SECOND);
    clock.pass(PERIOD);
    expect(item.waited).toEqual([2 * SECOND]);
  });
});

describe('a wall clock set forward', () => {
  it.each([SECOND, 20 * SECOND, HOUR])('by %d ms counts as time passed', (step) => {
    const { clock, add } = setUp();
    const item = add(3 * HOUR);
    clock.pass(7 * SECOND);
    clock.step(step);
    clock.pass(3 * HOUR);
    expect(item.waited).toEqual([3 * HOUR - step]);
  });

  it('beyond the end of a wait ends it at the next check', () => {
    const { clock, add } = setUp();
    const item = add(HOUR);
    clock.pass(7 * SECOND);
    clock.step(HOUR);
    clock.pass(PERIOD - 7 * SECOND);
    expect(item.waited).toEqual([PERIOD]);
  });

  it('and back again between two checks changes nothing', () => {
    const { clock, add, moved } = setUp();
    const item = add(2 * HOUR);
    clock.pass(SECOND);
    clock.step(HOUR);
    clock.pass(SECOND);
    clock.step(-HOUR);
    clock.pass(3 * HOUR);
    expect(item.waited).toEqual([2 * HOUR]);
    expect(moved).not.toHaveBeenCalled();
  });

  it.each([SECOND, 20 * SECOND, HOUR])(
    'by %d ms and back again does not lengthen a wait that begins in between',
    (step) => {
      const { clock, add } = setUp();
      add(24 * HOUR);
      clock.pass(SECOND);
      clock.step(step);
      const item = add(2 * HOUR);
      clock.pass(SECOND);
      clock.step(-step);
      clock.pass(3 * HOUR);
      expect(item.waited[0]).toBeGreaterThanOrEqual(2 * HOUR);
      expect(item.waited[0]).toBeLessThanOrEqual(2 * HOUR + PERIOD);
    },
  );

  it('does not end a wait early that begins after it', () => {
    const { clock, add } = setUp();
    add(SECOND);
    clock.step(HOUR);
    const item = add(HOUR);
    clock.pass(2 * HOUR);
    expect(item.waited).toEqual([HOUR]);
  });
});

describe('a wall clock set back', () => {
  const steps = [200, 5 * SECOND, HOUR, 30 * 24 * HOUR];
  const moments = [0, 1, 7 * SECOND, PERIOD - 1, PERIOD, 100 * SECOND, HOUR - 1];
  it.each(moments.flatMap((moment) => steps.map((step) => [moment, step] as const)))(
    'does not lengthen a wait: after %d ms, by %d ms',
    (moment, step) => {
      const { clock, add, moved } = setUp();
      const item = add(HOUR);
      clock.pass(moment);
      clock.step(-step);
      clock.pass(2 * HOUR);
      expect(item.waited).toEqual([HOUR]);
      expect(moved).toHaveBeenCalledTimes(1);
    },
  );

  it.each([1, 5])('by %d ms is indistinguishable from early timers', (step) => {
    const { clock, add, moved } = setUp();
    const item = add(HOUR);
    clock.pass(7 * SECOND);
    clock.step(-step);
    clock.pass(2 * HOUR);
    expect(item.waited).toEqual([HOUR + step]);
    expect(moved).not.toHaveBeenCalled();
  });

  it.each([6, 50, 128])('by %d ms, as a coarse clock may be, moves no displayed time', (step) => {
    const { clock, add, moved } = setUp();
    const item = add(HOUR);
    clock.pass(7 * SECOND);
    clock.step(-step);
    clock.pass(2 * HOUR);
    expect(item.waited).toEqual([HOUR]);
    expect(moved).not.toHaveBeenCalled();
  });

  it('repeatedly does not lengthen a wait', () => {
    const { clock, add } = setUp();
    const item = add(HOUR);
    for (let i = 0; i < 200; i += 1) {
      clock.pass(11 * SECOND);
      clock.step(i % 2 === 0 ? -HOUR : -3 * SECOND);
    }
    clock.pass(2 * HOUR);
    expect(item.waited).toEqual([HOUR]);
  });

  it('moves the displayed time at the next check, and reports it', () => {
    const { clock, add, moved } = setUp();
    const items = [add(HOUR), add(2 * HOUR)];
    const before = items.map(({ dueAt }) => dueAt);
    clock.pass(PERIOD + 7 * SECOND);
    clock.step(-HOUR);
    expect(moved).not.toHaveBeenCalled();
    clock.pass(PERIOD);
    expect(moved).toHaveBeenCalledTimes(1);
    expect(items.map(({ dueAt }) => dueAt)).toEqual(before.map((dueAt) => dueAt - HOUR));
  });

  it('just before a wait begins does not affect that wait', () => {
    for (const delay of [0, SECOND, 12 * SECOND, 14 * SECOND, HOUR]) {
      for (const step of [200, 2 * SECOND, 9 * SECOND, HOUR]) {
        const { clock, add } = setUp();
        const old = add(3 * HOUR);
        clock.pass(10 * SECOND);
        clock.step(-step);
        const item = add(delay);
        clock.pass(4 * HOUR);
        expect([delay, step, item.waited]).toEqual([delay, step, [delay]]);
        // Only the timer that was replaced knew how much of the period had passed.
        expect(old.waited[0]).toBeGreaterThanOrEqual(old.delay);
        expect(old.waited[0]).toBeLessThanOrEqual(old.delay + 10 * SECOND);
      }
    }
  });

  it('does not lengthen a wait if one that ends later begins before the change', () => {
    const { clock, add } = setUp();
    const item = add(HOUR);
    clock.pass(5 * SECOND);
    const later = add(2 * HOUR);
    clock.pass(5 * SECOND);
    clock.step(-HOUR);
    clock.pass(3 * HOUR);
    expect(item.waited).toEqual([HOUR]);
    expect(later.waited[0]).toBeGreaterThanOrEqual(2 * HOUR);
    expect(later.waited[0]).toBeLessThanOrEqual(2 * HOUR + PERIOD);
  });

  it('is detected for all waits as soon as another wait begins', () => {
    const { clock, add, moved } = setUp();
    const old = add(HOUR);
    clock.step(-HOUR);
    add(HOUR);
    expect(moved).toHaveBeenCalledTimes(1);
    clock.pass(HOUR);
    expect(old.waited).toEqual([HOUR]);
  });

  it('does not end a wait early that ends with one that was moved', () => {
    const { clock, add } = setUp();
    add(20 * SECOND);
    clock.pass(10 * SECOND);
    clock.step(-8 * SECOND);
    const item = add(17 * SECOND);
    clock.pass(HOUR);
    expect(item.waited).toEqual([17 * SECOND]);
  });

  it('while nothing waits does not affect later waits', () => {
    const { clock, add, cancel, moved } = setUp();
    add(SECOND);
    clock.pass(SECOND);
    clock.step(-HOUR);
    const first = add(SECOND);
    clock.pass(SECOND);
    cancel(add(HOUR));
    clock.step(-HOUR);
    const second = add(SECOND);
    clock.pass(SECOND);
    expect([first.waited, second.waited]).toEqual([[SECOND], [SECOND]]);
    expect(moved).not.toHaveBeenCalled();
  });

  it('drops waits that are cancelled in between', () => {
    const { clock, add, cancel } = setUp();
    const kept = [add(HOUR), add(HOUR), add(HOUR)];
    const dropped = add(30 * SECOND);
    clock.pass(PERIOD);
    cancel(dropped);
    clock.step(-HOUR);
    clock.pass(HOUR);
    expect([...kept, dropped].map(({ waited }) => waited)).toEqual([[HOUR], [HOUR], [HOUR], []]);
    expect(clock.live).toBe(0);
  });
});

describe('a wall clock set back, and a wait that begins before it shows', () => {
  /** How late a wait may be: an eighth of its delay, at least a second. */
  const lateness = (delay: number) => Math.min(Math.max(delay / 8, SECOND), PERIOD);

  it('does not lengthen the new wait by the time of a timer that was set for another', () => {
    const { clock, add } = setUp();
    add(HOUR);
    clock.pass(SECOND);
    const item = add(20 * SECOND);
    clock.pass(14 * SECOND - 100);
    clock.step(-14 * SECOND);
    clock.pass(HOUR);
    expect(item.waited).toEqual([20 * SECOND]);
  });

  it.each([1_500, 20 * SECOND, HOUR])(
    'lengthens an older wait of %d ms by a part only',
    (delay) => {
      for (let at = 100; at < Math.min(delay, 30 * SECOND); at += 700) {
        for (const step of [500, 14 * SECOND, HOUR]) {
          const { clock, add } = setUp();
          const old = add(delay);
          clock.pass(at - 100);
          clock.step(-step);
          clock.pass(100);
          const item = add(2 * HOUR);
          clock.pass(3 * HOUR);
          expect(old.waited[0]).toBeGreaterThanOrEqual(delay);
          expect(old.waited[0]).toBeLessThanOrEqual(delay + lateness(delay));
          expect(item.waited[0]).toBeGreaterThanOrEqual(2 * HOUR);
          expect(item.waited[0]).toBeLessThanOrEqual(2 * HOUR + 5);
        }
      }
    },
  );
});

describe('a wall clock that stands still', () => {
  it.each([1, 2, 5, 6, 50, 128, 129, 999, PERIOD + 50, HOUR])(
    'ends a wait of %d ms when its timers have run that long',
    (delay) => {
      const { clock, add } = setUp();
      clock.isStill = true;
      const item = add(delay);
      clock.pass(delay + 5);
      // Up to 5 ms prove nothing, because timers fire early.
      expect(item.waited).toEqual([delay > 5 ? delay : expect.any(Number)]);
      expect(item.waited[0]).toBeGreaterThanOrEqual(delay);
      expect(item.waited[0]).toBeLessThanOrEqual(delay + 5);
      expect(clock.live).toBe(0);
    },
  );

  it('ends each of many waits after its own time', () => {
    const { clock, add, items } = setUp();
    clock.isStill = true;
    for (let delay = 6; delay < 600; delay += 6) add(delay);
    clock.pass(SECOND);
    for (const { delay, waited } of items) {
      expect(waited[0]).toBeGreaterThanOrEqual(delay);
      expect(waited[0]).toBeLessThanOrEqual(delay + 5);
    }
  });

  it('ends waits on time that begin when others end', () => {
    const { clock, add, items } = setUp();
    clock.isStill = true;
    const long = add(10 * SECOND);
    const again = () => {
      if (items.length < 100) add(50, again);
    };
    again();
    clock.pass(HOUR);
    expect(items.slice(1).map(({ waited }) => waited)).toEqual(Array(99).fill([50]));
    expect(long.waited).toEqual([10 * SECOND]);
  });

  it.each([6, 50, 128, SECOND])(
    'does not end a wait of %d ms early that begins while a timer runs',
    (delay) => {
      const { clock, add } = setUp();
      clock.isStill = true;
      add(delay);
      clock.pass(delay - 3);
      const item = add(delay);
      clock.pass(HOUR);
      expect(item.waited[0]).toBeGreaterThanOrEqual(delay);
      expect(item.waited[0]).toBeLessThanOrEqual(2 * delay);
    },
  );

  it('and goes on later counts the time in between', () => {
    const { clock, add } = setUp();
    const item = add(HOUR);
    clock.pass(SECOND);
    clock.isStill = true;
    clock.pass(600 * SECOND);
    clock.isStill = false;
    clock.pass(HOUR);
    expect(item.waited).toEqual([HOUR]);
  });
});

describe('a coarse wall clock', () => {
  it('does not make a wait shorter that lasts while many short ones come and go', () => {
    const { clock, add } = setUp();
    clock.resolution = 100;
    const item = add(60 * SECOND);
    for (let i = 0; i < 3_000 && item.waited.length === 0; i += 1) {
      add(37);
      clock.pass(41);
    }
    expect(item.waited[0]).toBeGreaterThanOrEqual(60 * SECOND - 100);
    expect(item.waited[0]).toBeLessThanOrEqual(60 * SECOND + 100);
  });
});

describe('a clock', () => {
  it('whose timers run at once ends waits of any length at once', () => {
    const run = jest.fn();
    const queue = new TimerQueue(
      { now: () => 0, setTimeout: (go) => go(), clearTimeout: () => undefined },
      () => undefined,
    );
    for (const [id, dueAt] of [0, 1, 50, 20 * SECOND, HOUR].entries()) {
      queue.add({
        id,
        dueAt,
        canceled: false,
        fire: () => run(id),
      });
    }
    expect(run.mock.calls).toEqual([[0], [1], [2], [3], [4]]);
  });

  it('that runs cleared timers ends no wait early', () => {
    const { clock, add } = setUp();
    jest.spyOn(clock, 'clearTimeout').mockImplementation();
    const [first, second] = [add(SECOND), add(2 * SECOND)];
    clock.isStill = true;
    clock.pass(HOUR);
    expect([first.waited, second.waited]).toEqual([[SECOND], [2 * SECOND]]);
  });

  it('may allow longer timers, and then a wait needs only one', () => {
    const { clock } = setUp();
    const asked: number[] = [];
    const queue = new TimerQueue(
      {
        now: () => clock.now(),
        setTimeout: (_, ms) => asked.push(ms),
        clearTimeout: () => undefined,
        maxTimeout: Number.POSITIVE_INFINITY,
      },
      () => undefined,
    );
    queue.add({ id: 1, dueAt: clock.now() + 9 * HOUR, canceled: false, fire: () => undefined });
    expect(asked).toEqual([9 * HOUR]);
  });

  it('may ask for shorter timers', () => {
    const { clock, add } = setUp();
    Object.assign(clock, { maxTimeout: SECOND });
    const item = add(HOUR);
    clock.pass(HOUR);
    expect(item.waited).toEqual([HOUR]);
    expect(Math.max(...clock.asked)).toBe(SECOND);
  });
});

/** A document with events, for one test. */
function stubDocument() {
  const document = new EventTarget();
  Object.defineProperty(globalThis, 'document', { value: document, configurable: true });
  return {
    wake: () => document.dispatchEvent(new Event('visibilitychange')),
    listeners: () => getEventListeners(document, 'visibilitychange').length,
  };
}

afterEach(() => {
  Reflect.deleteProperty(globalThis, 'document');
});

describe('a wake event', () => {
  it('ends due waits at once, without a timer', () => {
    const page = stubDocument();
    const { clock, add } = setUp();
    const [due, later] = [add(HOUR), add(9 * HOUR)];
    clock.sleep(8 * HOUR);
    page.wake();
    expect(due.waited).toEqual([0]);
    expect(later.waited).toEqual([]);
  });

  it('ends no other wait', () => {
    const page = stubDocument();
    const { clock, add } = setUp();
    const item = add(10 * SECOND);
    clock.pass(9 * SECOND);
    page.wake();
    page.wake();
    expect(item.waited).toEqual([]);
    clock.pass(SECOND);
    expect(item.waited).toEqual([10 * SECOND]);
  });

  it('detects a clock that was set back', () => {
    const page = stubDocument();
    const { clock, add, moved } = setUp();
    const item = add(HOUR);
    clock.step(-HOUR);
    page.wake();
    expect(moved).toHaveBeenCalledTimes(1);
    clock.pass(HOUR);
    expect(item.waited).toEqual([HOUR]);
  });

  it('lets a wait end on time that is due soon after waking', () => {
    const page = stubDocument();
    const { clock, add } = setUp();
    const item = add(HOUR);
    clock.pass(SECOND);
    clock.sleep(HOUR - 3 * SECOND);
    page.wake();
    clock.pass(PERIOD);
    expect(item.waited).toEqual([3 * SECOND]);
  });

  it('has one listener while something waits, and none otherwise', () => {
    const page = stubDocument();
    const { clock, add, cancel } = setUp();
    expect(page.listeners()).toBe(0);
    for (let round = 0; round < 3; round += 1) {
      const items = [add(SECOND), add(2 * SECOND), add(HOUR)] as const;
      expect(page.listeners()).toBe(1);
      clock.pass(2 * SECOND);
      expect(page.listeners()).toBe(1);
      cancel(items[2]);
      expect(page.listeners()).toBe(0);
      add(SECOND);
      clock.pass(SECOND);
      expect(page.listeners()).toBe(0);
    }
  });
});

describe('the timer queue with random actions', () => {
  const upTo = (max: number) => fc.integer({ min: 0, max });
  const waitFor = fc.record({ add: fc.oneof(upTo(20), upTo(20_000), upTo(200_000)) });
  const onTime = [
    { weight: 5, arbitrary: waitFor },
    { weight: 2, arbitrary: fc.record({ cancel: upTo(50) }) },
    { weight: 4, arbitrary: fc.record({ pass: fc.oneof(upTo(30), upTo(40_000)) }) },
    { weight: 1, arbitrary: fc.constant({ wake: true as const }) },
  ];
  const calm = [
    ...onTime,
    { weight: 1, arbitrary: fc.record({ lag: fc.integer({ min: -5, max: 3_000 }) }) },
  ];
  const step = fc.oneof(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 2 * HOUR }));
  const forward = { weight: 1, arbitrary: fc.record({ step }) };
  const back = { weight: 2, arbitrary: fc.record({ step: step.map((ms) => -ms) }) };
  const lateTimers = { weight: 1, arbitrary: fc.record({ lag: upTo(3_000) }) };
  const still = { weight: 1, arbitrary: fc.record({ still: fc.boolean() }) };

  type Todo =
    | { add: number }
    | { cancel: number }
    | { pass: number }
    | { wake: true }
    | { lag: number }
    | { step: number }
    | { still: boolean };

  /** Runs a plan to its end and checks the invariants at every step. */
  function play(todos: readonly Todo[], resolution?: number) {
    const page = stubDocument();
    const run = setUp();
    const { clock, items } = run;
    if (resolution !== undefined) clock.resolution = resolution;
    const canceled = new Set<Item>();
    const steps: { readonly at: number; readonly ms: number }[] = [];
    /** When a timer was replaced that ran on a clock that stood still, or the clock was stopped. */
    const lost: number[] = [];
    const check = () => {
      const waiting = items.some(({ canceled }) => !canceled);
      expect([clock.live, page.listeners()]).toEqual(waiting ? [1, 1] : [0, 0]);
    };
    for (const todo of todos) {
      const replaces = 'add' in todo || 'wake' in todo;
      if ('still' in todo || (clock.isStill && replaces)) lost.push(clock.elapsed);
      if ('still' in todo) clock.isStill = todo.still;
      else if ('add' in todo) run.add(todo.add);
      else if ('pass' in todo) clock.pass(todo.pass);
      else if ('wake' in todo) page.wake();
      else if ('lag' in todo) clock.lag = todo.lag;
      else if ('step' in todo) {
        clock.step(todo.step);
        steps.push({ at: clock.elapsed, ms: todo.step });
      } else {
        const item = items[todo.cancel];
        if (item !== undefined && !item.canceled) {
          run.cancel(item);
          canceled.add(item);
        }
      }
      check();
    }
    clock.lag = Math.min(clock.lag, 0);
    clock.pass(HOUR + steps.length * PERIOD);
    check();
    expect(clock.live).toBe(0);
    for (const item of items) expect(item.waited).toHaveLength(canceled.has(item) ? 0 : 1);
    return { ended: items.filter((item) => !canceled.has(item)), steps, lost };
  }

  /** How late the latest timer is. */
  function lateness(todos: readonly Todo[]): number {
    return Math.max(0, ...todos.map((todo) => ('lag' in todo ? todo.lag : 0)));
  }

  it('ends each wait once and on time, if the clock is not changed', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(...calm), { maxLength: 60 }), (todos) => {
        const { ended } = play(todos);
        const late = lateness(todos);
        for (const { waited, delay } of ended) {
          expect(waited[0]).toBeGreaterThanOrEqual(delay);
          // A late timer may be taken for a sleep and set again once.
          expect(waited[0]).toBeLessThanOrEqual(delay + 2 * late);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['is set back, with late timers', fc.oneof(...onTime, back, lateTimers)],
    ['is set back and stopped', fc.oneof(...onTime, back, still)],
  ])(
    'ends each wait once, never early, and late by a part per change, if the clock %s',
    (_, todo) => {
      fc.assert(
        fc.property(fc.array<Todo>(todo, { maxLength: 60 }), (todos) => {
          const { ended, steps, lost } = play(todos);
          const late = lateness(todos);
          for (const { waited, delay, begunAt } of ended) {
            expect(waited[0]).toBeGreaterThanOrEqual(delay);
            const changes = [...steps.map(({ at }) => at), ...lost].filter((at) => at >= begunAt);
            const perChange = Math.min(Math.max(delay / 8, SECOND), PERIOD) + late + 6;
            expect(waited[0]).toBeLessThanOrEqual(
              delay + 6 + 2 * late + changes.length * perChange,
            );
          }
        }),
        { numRuns: 300 },
      );
    },
  );

  it('ends each wait at most a step early or late on a coarse clock', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(...onTime), { maxLength: 60 }), (todos) => {
        const { ended } = play(todos, 100);
        for (const { waited, delay } of ended) {
          expect(waited[0]).toBeGreaterThan(delay - 100);
          expect(waited[0]).toBeLessThan(delay + 100);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('ends each wait once, not before the clock has advanced by its delay, however it is set', () => {
    const world = fc.array(fc.oneof(...onTime, back, forward, lateTimers), { maxLength: 60 });
    fc.assert(
      fc.property(world, (todos) => {
        const { ended, steps } = play(todos);
        const late = lateness(todos);
        for (const { waited, delay, begunAt } of ended) {
          const [took = 0] = waited;
          const during = steps.filter(({ at }) => at >= begunAt && at <= begunAt + took);
          const forwards = during.reduce((sum, { ms }) => sum + Math.max(ms, 0), 0);
          expect(took + forwards).toBeGreaterThanOrEqual(delay);
          const most = (steps.length + 1) * (PERIOD + 2 * late + 6);
          expect(took).toBeLessThanOrEqual(delay + most);
        }
      }),
      { numRuns: 300 },
    );
  });
});

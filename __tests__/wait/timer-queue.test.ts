import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import type { TimerEntry } from '../../src/wait/timer-queue.js';
import { TimerQueue } from '../../src/wait/timer-queue.js';
import { SkewedClock } from '../support/skewed-clock.js';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
/** How often the wall clock is looked at, and so what a wait may be late by where nothing better is known. */
const PERIOD = 15 * SECOND;

/** What is waited for, and what came of it. */
interface Item extends TimerEntry {
  canceled: boolean;
  readonly delay: number;
  readonly begunAt: number;
  /** How long it waited by the timer, each time it was said to be due; once, if all is well. */
  readonly waited: number[];
}

/** A schedule on a skewed clock. */
function setUp(wall?: number) {
  const clock = new SkewedClock(wall);
  const moved = jest.fn();
  const schedule = new TimerQueue(clock, moved);
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
    schedule.add(item);
    return item;
  }
  function cancel(item: Item): void {
    item.canceled = true;
    schedule.entryCanceled();
  }
  return { clock, moved, schedule, items, add, cancel };
}

describe('a wait whose clock is not changed', () => {
  it.each([0, 1, 999, 8_000, 14_999, 15_000, 15_001, 30_000, 64_000, 3_600_001, 32_768_000])(
    'of %d ms ends when they have passed',
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

  it('does not end where it begins, not even without a delay', () => {
    const { clock, add } = setUp();
    const item = add(0);
    expect(item.waited).toEqual([]);
    clock.pass(0);
    expect(item.waited).toEqual([0]);
  });

  it('does not end a part of a millisecond early', () => {
    const { clock, add } = setUp();
    const item = add(20.25);
    clock.pass(20);
    expect(item.waited).toEqual([]);
    clock.pass(1);
    expect(item.waited).toEqual([21]);
  });

  it.each([-1, -2, -5])('does not end early by timers that fire %d ms early', (lag) => {
    const { clock, add } = setUp();
    clock.lag = lag;
    const items = [3, 4_000, 40_000, HOUR].map((delay) => add(delay));
    clock.pass(HOUR);
    expect(items.map(({ waited }) => waited)).toEqual([[3], [4_000], [40_000], [HOUR]]);
  });

  it('is late by no more than its last timer', () => {
    const { clock, add } = setUp();
    clock.lag = 700;
    const item = add(10 * PERIOD);
    clock.pass(11 * PERIOD);
    const [waited = 0] = item.waited;
    expect(waited).toBeGreaterThanOrEqual(item.delay);
    expect(waited).toBeLessThanOrEqual(item.delay + 700);
  });

  it.each([2 ** 31 - 1, 2 ** 31, 2 ** 31 + 12_345])(
    'of %d ms ends when they have passed, by timers of 15 s at most',
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

  it('may have the longest delay there is', () => {
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

  it('does not overflow where the clock itself is far on', () => {
    const { clock, add } = setUp();
    const item = add(Number.MAX_SAFE_INTEGER);
    clock.pass(HOUR);
    expect(item.waited).toEqual([]);
    expect(clock.live).toBe(1);
    expect(new Set(clock.asked)).toEqual(new Set([PERIOD]));
  });
});

describe('many waits', () => {
  it('end in the order of their times, and the older first where these are the same', () => {
    const { clock, add } = setUp();
    const ended: number[] = [];
    for (const delay of [30, 10, 20, 10, 30, 0]) add(delay, ({ id }) => ended.push(id));
    clock.pass(30);
    expect(ended).toEqual([6, 2, 4, 3, 1, 5]);
  });

  it('have one timer together', () => {
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

  it('do not arm it anew for one that ends later', () => {
    const { clock, add } = setUp();
    add(SECOND);
    for (let i = 1; i < 100; i += 1) add(SECOND + i);
    expect(clock.asked).toEqual([SECOND]);
  });

  it('end on time when a shorter one begins later', () => {
    const { clock, add } = setUp();
    const long = add(10 * SECOND);
    clock.pass(2 * SECOND);
    const short = add(3 * SECOND);
    clock.pass(HOUR);
    expect([long.waited, short.waited]).toEqual([[10 * SECOND], [3 * SECOND]]);
  });

  it('may begin when another ends', () => {
    const { clock, add, items } = setUp();
    add(SECOND, () => add(0, () => add(HOUR)));
    clock.pass(2 * HOUR);
    expect(items.map(({ waited }) => waited)).toEqual([[SECOND], [0], [HOUR]]);
    expect(clock.live).toBe(0);
  });
});

describe('a wait whose timer is late', () => {
  it.each([1, 2, 20, 200])('by %d ms is not put off by others that begin all the time', (lag) => {
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

  it('is not put off either after the machine has slept', () => {
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

describe('a wait that is cancelled', () => {
  it('never ends', () => {
    const { clock, add, cancel } = setUp();
    const [first, second, third] = [add(SECOND), add(2 * SECOND), add(3 * SECOND)];
    cancel(first);
    clock.pass(HOUR);
    expect([first.waited, second.waited, third.waited]).toEqual([[], [2 * SECOND], [3 * SECOND]]);
  });

  it('leaves no timer when it was the last', () => {
    const { clock, add, cancel } = setUp();
    const items = [add(SECOND), add(HOUR), add(PERIOD)];
    for (const item of items) {
      expect(clock.live).toBe(1);
      cancel(item);
    }
    expect(clock.live).toBe(0);
  });

  it('leaves no timer when the others have ended', () => {
    const { clock, add, cancel } = setUp();
    add(SECOND);
    add(2 * SECOND);
    cancel(add(HOUR));
    clock.pass(2 * SECOND);
    clock.pass(PERIOD);
    expect(clock.live).toBe(0);
  });

  it('does not end when another cancels it that is due at the same time', () => {
    const { clock, add, cancel } = setUp();
    const others: Item[] = [];
    add(SECOND, () => others.forEach(cancel));
    others.push(add(SECOND), add(SECOND), add(HOUR));
    clock.pass(HOUR);
    expect(others.map(({ waited }) => waited)).toEqual([[], [], []]);
    expect(clock.live).toBe(0);
  });

  it('makes room: no more cancelled ones are kept than live ones', () => {
    const { clock, schedule, add, cancel } = setUp();
    let looks = 0;
    for (let id = 1; id <= 10; id += 1) add(HOUR);
    for (let round = 0; round < 1_000; round += 1) {
      let over = false;
      schedule.add({
        id: 11 + round,
        dueAt: clock.now() + 2 * HOUR,
        get canceled() {
          looks += 1;
          return over;
        },
        fire: () => undefined,
      });
      over = true;
      schedule.entryCanceled();
    }
    // A clock set back has every one looked at that is still there.
    looks = 0;
    clock.step(-HOUR);
    cancel(add(HOUR));
    expect(looks).toBeLessThanOrEqual(10);
  });

  it.each([
    ['the oldest first', (_: number, i: number) => i],
    ['the youngest first', (count: number, i: number) => count - 1 - i],
    ['in a mixed order', (count: number, i: number) => (i * 7_919) % count],
  ])('costs little also among 100,000, %s', (_, order) => {
    const count = 100_000;
    const clock = new SkewedClock();
    const schedule = new TimerQueue(clock, () => undefined);
    const over = new Uint8Array(count);
    let looks = 0;
    for (let id = 0; id < count; id += 1) {
      const dueAt = clock.now() + HOUR + ((id * 104_729) % count);
      schedule.add({
        id,
        get dueAt() {
          looks += 1;
          return dueAt;
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
      schedule.entryCanceled();
    }
    expect(looks).toBeLessThan(count * 8 * Math.ceil(Math.log2(count)));
    expect(clock.asked.length).toBeLessThan(3);
    expect(clock.live).toBe(0);
  });
});

describe('a machine that slept', () => {
  it('ends a wait soon after waking, when its time came in the meantime', () => {
    const { clock, add } = setUp();
    const item = add(2 * HOUR);
    clock.pass(20 * SECOND);
    clock.sleep(8 * HOUR);
    clock.pass(PERIOD);
    expect(item.waited).toHaveLength(1);
    expect(clock.elapsed).toBeLessThanOrEqual(20 * SECOND + PERIOD);
  });

  it('ends a wait on time that is due after waking', () => {
    const { clock, add } = setUp();
    const item = add(2 * HOUR);
    clock.pass(7 * SECOND);
    clock.sleep(HOUR);
    clock.pass(2 * HOUR);
    expect(item.waited).toEqual([HOUR]);
  });

  it('catches up by timers that are late, as those of a throttled tab are', () => {
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

  it('beyond the end of a wait ends it at the next look', () => {
    const { clock, add } = setUp();
    const item = add(HOUR);
    clock.pass(7 * SECOND);
    clock.step(HOUR);
    clock.pass(PERIOD - 7 * SECOND);
    expect(item.waited).toEqual([PERIOD]);
  });

  it('and back again between two looks changes nothing', () => {
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
    'by %d ms and back again does not make a wait longer that begins in between',
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
    'does not make a wait longer: after %d ms, by %d ms',
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

  it.each([1, 50, 128])('by %d ms is not told from timers that are early', (step) => {
    const { clock, add, moved } = setUp();
    const item = add(HOUR);
    clock.pass(7 * SECOND);
    clock.step(-step);
    clock.pass(2 * HOUR);
    expect(item.waited).toEqual([HOUR + step]);
    expect(moved).not.toHaveBeenCalled();
  });

  it('does not make a wait longer when it is set back again and again', () => {
    const { clock, add } = setUp();
    const item = add(HOUR);
    for (let i = 0; i < 200; i += 1) {
      clock.pass(11 * SECOND);
      clock.step(i % 2 === 0 ? -HOUR : -3 * SECOND);
    }
    clock.pass(2 * HOUR);
    expect(item.waited).toEqual([HOUR]);
  });

  it('moves the time that is shown, and says so, at the next look', () => {
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

  it('just before a wait begins leaves that wait as it is', () => {
    for (const delay of [0, SECOND, 12 * SECOND, 14 * SECOND, HOUR]) {
      for (const step of [200, 2 * SECOND, 9 * SECOND, HOUR]) {
        const { clock, add } = setUp();
        const old = add(3 * HOUR);
        clock.pass(10 * SECOND);
        clock.step(-step);
        const item = add(delay);
        clock.pass(4 * HOUR);
        expect([delay, step, item.waited]).toEqual([delay, step, [delay]]);
        // How much of the period had passed was only known to the timer that made way.
        expect(old.waited[0]).toBeGreaterThanOrEqual(old.delay);
        expect(old.waited[0]).toBeLessThanOrEqual(old.delay + 10 * SECOND);
      }
    }
  });

  it('does not make a wait longer when one begins before it that ends later', () => {
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

  it('is seen at once by a wait that begins, for the others too', () => {
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

  it('while nothing waits does not bear on what begins later', () => {
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

  it('forgets those that are cancelled on the way', () => {
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

/** A document that events can be sent to, for the run of one test. */
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
  it('ends at once what is due, without a timer', () => {
    const page = stubDocument();
    const { clock, add } = setUp();
    const [due, later] = [add(HOUR), add(9 * HOUR)];
    clock.sleep(8 * HOUR);
    page.wake();
    expect(due.waited).toEqual([0]);
    expect(later.waited).toEqual([]);
  });

  it('ends nothing that is not due, and arms nothing anew', () => {
    const page = stubDocument();
    const { clock, add } = setUp();
    const item = add(10 * SECOND);
    clock.pass(9 * SECOND);
    page.wake();
    page.wake();
    expect(item.waited).toEqual([]);
    expect(clock.asked).toEqual([10 * SECOND]);
    clock.pass(SECOND);
    expect(item.waited).toEqual([10 * SECOND]);
  });

  it('shows a clock that was set back', () => {
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

  it('is listened to by one listener while something waits, and by none else', () => {
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

describe('Schedule, whatever happens', () => {
  const upTo = (max: number) => fc.integer({ min: 0, max });
  const waitFor = fc.record({ add: fc.oneof(upTo(20), upTo(20_000), upTo(200_000)) });
  const calm = [
    { weight: 5, arbitrary: waitFor },
    { weight: 2, arbitrary: fc.record({ cancel: upTo(50) }) },
    { weight: 4, arbitrary: fc.record({ pass: fc.oneof(upTo(30), upTo(40_000)) }) },
    { weight: 1, arbitrary: fc.constant({ wake: true as const }) },
    { weight: 1, arbitrary: fc.record({ lag: fc.integer({ min: -5, max: 3_000 }) }) },
  ];
  const step = fc.oneof(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 2 * HOUR }));
  const forward = { weight: 1, arbitrary: fc.record({ step }) };
  const back = { weight: 2, arbitrary: fc.record({ step: step.map((ms) => -ms) }) };

  type Todo =
    | { add: number }
    | { cancel: number }
    | { pass: number }
    | { wake: true }
    | { lag: number }
    | { step: number };

  /** Runs it all and then to the end, and checks what holds at every moment. */
  function play(todos: readonly Todo[]) {
    const page = stubDocument();
    const run = setUp();
    const { clock, items } = run;
    const canceled = new Set<Item>();
    const steps: { readonly at: number; readonly ms: number }[] = [];
    const check = () => {
      const waiting = items.some(({ canceled }) => !canceled);
      expect([clock.live, page.listeners()]).toEqual(waiting ? [1, 1] : [0, 0]);
    };
    for (const todo of todos) {
      if ('add' in todo) run.add(todo.add);
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
    return { ended: items.filter((item) => !canceled.has(item)), steps };
  }

  /** By how much timers were early and late, at most. */
  function lagOf(todos: readonly Todo[]) {
    const lags = todos.map((todo) => ('lag' in todo ? todo.lag : 0));
    return { early: Math.max(0, ...lags.map((ms) => -ms)), late: Math.max(0, ...lags) };
  }

  it('ends each wait once, on time, where the clock is not changed', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(...calm), { maxLength: 60 }), (todos) => {
        const { ended } = play(todos);
        const { late } = lagOf(todos);
        for (const { waited, delay } of ended) {
          expect(waited[0]).toBeGreaterThanOrEqual(delay);
          // A timer that is late may be taken for one that slept, and set anew, once.
          expect(waited[0]).toBeLessThanOrEqual(delay + 2 * late);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('ends each wait once, never early, and late by a period at most each time it is set back', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(...calm, back), { maxLength: 60 }), (todos) => {
        const { ended, steps } = play(todos);
        const { early, late } = lagOf(todos);
        for (const { waited, delay, begunAt } of ended) {
          const during = steps.filter(({ at }) => at >= begunAt).length;
          // A timer that is early makes the step look larger by as much.
          expect(waited[0]).toBeGreaterThanOrEqual(delay - early * during);
          const perStep = PERIOD + late + 128;
          expect(waited[0]).toBeLessThanOrEqual(delay + 2 * late + during * perStep);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('ends each wait once, and not before the clock has gone on by its delay, wherever it is set', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(...calm, back, forward), { maxLength: 60 }), (todos) => {
        const { ended, steps } = play(todos);
        const { early, late } = lagOf(todos);
        for (const { waited, delay, begunAt } of ended) {
          const [took = 0] = waited;
          const during = steps.filter(({ at }) => at >= begunAt && at <= begunAt + took);
          const forwards = during.reduce((sum, { ms }) => sum + Math.max(ms, 0), 0);
          expect(took + forwards).toBeGreaterThanOrEqual(delay - early * during.length);
          const most = (steps.length + 1) * (PERIOD + 2 * late + 128);
          expect(took).toBeLessThanOrEqual(delay + most);
        }
      }),
      { numRuns: 300 },
    );
  });
});

import { MonotonicTimers } from '../../src/wait/monotonic-timers.js';
import { SkewedClock } from '../support/skewed-clock.js';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

function setUp() {
  const clock = new SkewedClock();
  const moved = jest.fn();
  const timers = new MonotonicTimers(clock, moved);
  const fired: [name: string, elapsed: number][] = [];
  const startedAt = timers.now();
  /** A timer that fires after the given number of milliseconds. */
  const set = (name: string, ms: number) =>
    timers.set(timers.now() + ms, () => fired.push([name, clock.elapsed]));
  const passed = () => timers.now() - startedAt;
  return { clock, moved, timers, fired, set, passed };
}

describe('a timer', () => {
  it.each([0, 1, 999, 14_999, 15_000, 15_001, HOUR])(
    'of %d ms fires once after that time',
    (ms) => {
      const { clock, fired, set } = setUp();
      set('a', ms);
      if (ms > 0) clock.pass(ms - 1);
      expect(fired).toEqual([]);
      clock.pass(Math.min(ms, 1));
      expect(fired).toEqual([['a', ms]]);
      clock.pass(HOUR);
      expect(fired).toHaveLength(1);
      expect(clock.live).toBe(0);
    },
  );

  it('fires before timers with later times, whenever they were set', () => {
    const { clock, fired, set } = setUp();
    set('c', 30);
    set('a', 10);
    set('b', 20);
    clock.pass(100);
    expect(fired.map(([name]) => name)).toEqual(['a', 'b', 'c']);
  });

  it('fires before timers of the same time that were set later', () => {
    const { clock, fired, set } = setUp();
    for (const name of ['a', 'b', 'c']) set(name, 10);
    clock.pass(100);
    expect(fired.map(([name]) => name)).toEqual(['a', 'b', 'c']);
  });

  it('fires in time when most of the others are cleared on the way', () => {
    const { clock, timers, fired, set } = setUp();
    set('a', 1000);
    const others = [set('b', 2000), set('c', 2000)];
    clock.pass(500);
    for (const timer of others) timers.clear(timer);
    clock.pass(500);
    expect(fired).toEqual([['a', 1000]]);
  });

  it('that is cleared does not fire, and leaves no system timer', () => {
    const { clock, timers, fired, set } = setUp();
    const timer = set('a', 10);
    timers.clear(timer);
    timers.clear(timer);
    timers.clear(undefined);
    expect(clock.live).toBe(0);
    clock.pass(HOUR);
    expect(fired).toEqual([]);
  });

  it('that has fired can be cleared', () => {
    const { clock, timers, fired, set } = setUp();
    const timer = set('a', 10);
    set('b', 20);
    clock.pass(15);
    timers.clear(timer);
    timers.clear(timer);
    clock.pass(15);
    expect(fired.map(([name]) => name)).toEqual(['a', 'b']);
  });

  it('may set another timer when it fires', () => {
    const { clock, timers, fired, set } = setUp();
    timers.set(timers.now() + 10, () => set('b', 10));
    clock.pass(30);
    expect(fired).toEqual([['b', 20]]);
  });
});

describe('monotonic time', () => {
  it("starts at the clock's time, and advances with it", () => {
    const { clock, timers, passed } = setUp();
    expect(timers.now()).toBe(clock.now());
    clock.pass(1234);
    expect([timers.now(), passed()]).toEqual([clock.now(), 1234]);
    expect(timers.toWallTime(timers.now() + 5)).toBe(clock.now() + 5);
  });

  it('never goes back, and keeps advancing when the clock is set back', () => {
    const { clock, timers, passed } = setUp();
    clock.pass(SECOND);
    expect(passed()).toBe(SECOND);
    clock.step(-HOUR);
    expect(passed()).toBe(SECOND);
    clock.pass(SECOND);
    expect(passed()).toBe(2 * SECOND);
    expect(timers.toWallTime(timers.now())).toBe(clock.now());
  });

  it('keeps advancing when the clock is set back repeatedly', () => {
    const { clock, passed } = setUp();
    for (let i = 1; i <= 50; i += 1) {
      clock.pass(SECOND);
      expect(passed()).toBe(i * SECOND);
      clock.step(i % 2 ? -HOUR : -500);
      passed();
    }
  });

  it('counts a clock set forward as time passed', () => {
    const { clock, fired, set, passed } = setUp();
    set('a', HOUR);
    clock.pass(SECOND);
    clock.step(HOUR);
    expect(passed()).toBe(HOUR + SECOND);
    clock.pass(15 * SECOND);
    expect(fired).toHaveLength(1);
  });

  it('counts a sleep as time passed', () => {
    const { clock, fired, set } = setUp();
    set('a', 2 * HOUR);
    set('b', 9 * HOUR);
    clock.pass(20 * SECOND);
    clock.sleep(8 * HOUR);
    clock.pass(15 * SECOND);
    expect(fired.map(([name]) => name)).toEqual(['a']);
    clock.pass(HOUR);
    expect(fired.map(([name]) => name)).toEqual(['a', 'b']);
  });
});

describe('a clock that is set back', () => {
  const steps = [200, 5 * SECOND, HOUR, 30 * 24 * HOUR];
  const moments = [0, 1, 7 * SECOND, 15 * SECOND, 100 * SECOND, HOUR - 1];

  it.each(moments.flatMap((moment) => steps.map((step) => [moment, step] as const)))(
    'does not delay a timer: after %d ms, by %d ms',
    (moment, step) => {
      const { clock, fired, set, moved, passed } = setUp();
      set('a', HOUR);
      clock.pass(moment);
      clock.step(-step);
      clock.pass(2 * HOUR);
      expect(fired).toEqual([['a', HOUR]]);
      expect(moved).toHaveBeenCalledTimes(1);
      expect(passed()).toBeGreaterThanOrEqual(HOUR);
    },
  );

  it('is reported, and shifts wall time by the same amount', () => {
    const { clock, timers, set, moved } = setUp();
    const { at } = set('a', HOUR);
    const before = timers.toWallTime(at);
    clock.pass(20 * SECOND);
    clock.step(-600 * SECOND);
    clock.pass(15 * SECOND);
    expect(moved).toHaveBeenCalledTimes(1);
    expect(timers.toWallTime(at)).toBe(before - 600 * SECOND);
  });

  it('is detected just as well if the last timer was cleared', () => {
    const { clock, timers, set, moved, passed } = setUp();
    const { at } = set('a', HOUR);
    for (const name of ['b', 'c', 'd']) timers.clear(set(name, HOUR));
    const before = timers.toWallTime(at);
    clock.pass(20 * SECOND);
    clock.step(-600 * SECOND);
    clock.pass(15 * SECOND);
    expect(moved).toHaveBeenCalledTimes(1);
    expect(passed()).toBe(35 * SECOND);
    expect(timers.toWallTime(at)).toBe(before - 600 * SECOND);
  });

  it('is detected just as well if the last timer has fired', () => {
    const { clock, timers, set, passed } = setUp();
    const { at } = set('a', HOUR);
    set('b', SECOND);
    const before = timers.toWallTime(at);
    clock.pass(20 * SECOND);
    clock.step(-600 * SECOND);
    clock.pass(15 * SECOND);
    expect(passed()).toBe(35 * SECOND);
    expect(timers.toWallTime(at)).toBe(before - 600 * SECOND);
  });

  it('does not move a timer that is set after it', () => {
    const { clock, fired, set } = setUp();
    set('a', HOUR);
    clock.pass(20 * SECOND);
    clock.step(-600 * SECOND);
    set('b', 30 * SECOND);
    clock.pass(2 * HOUR);
    const [, b = 0] = fired.find(([name]) => name === 'b') ?? [];
    expect(b).toBeGreaterThanOrEqual(50 * SECOND);
    expect(b).toBeLessThanOrEqual(50 * SECOND + 500);
    // The moment of the change is known to 15 s only.
    const [, a = 0] = fired.find(([name]) => name === 'a') ?? [];
    expect(a).toBeGreaterThanOrEqual(HOUR);
    expect(a).toBeLessThanOrEqual(HOUR + 15 * SECOND);
  });

  it('fires a timer by monotonic time, never before', () => {
    const { clock, timers, set } = setUp();
    const times: number[] = [];
    for (const ms of [500, 40 * SECOND, 90 * SECOND]) {
      const at = timers.now() + ms;
      timers.set(at, () => times.push(timers.now() - at));
    }
    set('late', HOUR);
    for (let i = 0; i < 30; i += 1) {
      clock.pass(7 * SECOND);
      clock.step(i % 3 ? -400 : -20 * SECOND);
    }
    expect(times).toHaveLength(3);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(0);
  });
});

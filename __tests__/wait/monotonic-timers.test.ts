import { MonotonicTimers } from '../../src/wait/monotonic-timers.js';
import { SkewedClock } from '../support/skewed-clock.js';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

function setUp() {
  const clock = new SkewedClock();
  const moved = jest.fn();
  const alarms = new MonotonicTimers(clock, moved);
  const rung: [name: string, elapsed: number][] = [];
  const begun = alarms.now();
  /** One that rings so many milliseconds from now. */
  const set = (name: string, ms: number) =>
    alarms.set(alarms.now() + ms, () => rung.push([name, clock.elapsed]));
  const passed = () => alarms.now() - begun;
  return { clock, moved, alarms, rung, set, passed };
}

describe('an alarm', () => {
  it.each([0, 1, 999, 14_999, 15_000, 15_001, HOUR])('of %d ms rings then, once', (ms) => {
    const { clock, rung, set } = setUp();
    set('a', ms);
    if (ms > 0) clock.pass(ms - 1);
    expect(rung).toEqual([]);
    clock.pass(Math.min(ms, 1));
    expect(rung).toEqual([['a', ms]]);
    clock.pass(HOUR);
    expect(rung).toHaveLength(1);
    expect(clock.live).toBe(0);
  });

  it('rings before others that were set for later, whenever they were', () => {
    const { clock, rung, set } = setUp();
    set('c', 30);
    set('a', 10);
    set('b', 20);
    clock.pass(100);
    expect(rung.map(([name]) => name)).toEqual(['a', 'b', 'c']);
  });

  it('that is cleared does not ring, and leaves no timer', () => {
    const { clock, alarms, rung, set } = setUp();
    const alarm = set('a', 10);
    alarms.clear(alarm);
    alarms.clear(alarm);
    alarms.clear(undefined);
    expect(clock.live).toBe(0);
    clock.pass(HOUR);
    expect(rung).toEqual([]);
  });

  it('that has rung can be cleared too', () => {
    const { clock, alarms, rung, set } = setUp();
    const alarm = set('a', 10);
    set('b', 20);
    clock.pass(15);
    alarms.clear(alarm);
    alarms.clear(alarm);
    clock.pass(15);
    expect(rung.map(([name]) => name)).toEqual(['a', 'b']);
  });

  it('may set another as it rings', () => {
    const { clock, alarms, rung, set } = setUp();
    alarms.set(alarms.now() + 10, () => set('b', 10));
    clock.pass(30);
    expect(rung).toEqual([['b', 20]]);
  });
});

describe('steady time', () => {
  it('begins with what the clock shows, and goes with it', () => {
    const { clock, alarms, passed } = setUp();
    expect(alarms.now()).toBe(clock.now());
    clock.pass(1234);
    expect([alarms.now(), passed()]).toEqual([clock.now(), 1234]);
    expect(alarms.toWallTime(alarms.now() + 5)).toBe(clock.now() + 5);
  });

  it('never goes back, and goes on at once, when the clock is set back', () => {
    const { clock, alarms, passed } = setUp();
    clock.pass(SECOND);
    expect(passed()).toBe(SECOND);
    clock.step(-HOUR);
    expect(passed()).toBe(SECOND);
    clock.pass(SECOND);
    expect(passed()).toBe(2 * SECOND);
    expect(alarms.toWallTime(alarms.now())).toBe(clock.now());
  });

  it('goes on when the clock is set back again and again', () => {
    const { clock, passed } = setUp();
    for (let i = 1; i <= 50; i += 1) {
      clock.pass(SECOND);
      expect(passed()).toBe(i * SECOND);
      clock.step(i % 2 ? -HOUR : -500);
      passed();
    }
  });

  it('takes a clock set forward for time that has passed', () => {
    const { clock, rung, set, passed } = setUp();
    set('a', HOUR);
    clock.pass(SECOND);
    clock.step(HOUR);
    expect(passed()).toBe(HOUR + SECOND);
    clock.pass(15 * SECOND);
    expect(rung).toHaveLength(1);
  });

  it('takes a sleep for time that has passed', () => {
    const { clock, rung, set } = setUp();
    set('a', 2 * HOUR);
    set('b', 9 * HOUR);
    clock.pass(20 * SECOND);
    clock.sleep(8 * HOUR);
    clock.pass(15 * SECOND);
    expect(rung.map(([name]) => name)).toEqual(['a']);
    clock.pass(HOUR);
    expect(rung.map(([name]) => name)).toEqual(['a', 'b']);
  });
});

describe('a clock that is set back', () => {
  const steps = [200, 5 * SECOND, HOUR, 30 * 24 * HOUR];
  const moments = [0, 1, 7 * SECOND, 15 * SECOND, 100 * SECOND, HOUR - 1];

  it.each(moments.flatMap((moment) => steps.map((step) => [moment, step] as const)))(
    'does not make an alarm later: after %d ms, by %d ms',
    (moment, step) => {
      const { clock, rung, set, moved, passed } = setUp();
      set('a', HOUR);
      clock.pass(moment);
      clock.step(-step);
      clock.pass(2 * HOUR);
      expect(rung).toEqual([['a', HOUR]]);
      expect(moved).toHaveBeenCalledTimes(1);
      expect(passed()).toBeGreaterThanOrEqual(HOUR);
    },
  );

  it('is told of, and time on the wall is earlier by as much', () => {
    const { clock, alarms, set, moved } = setUp();
    const { at } = set('a', HOUR);
    const before = alarms.toWallTime(at);
    clock.pass(20 * SECOND);
    clock.step(-600 * SECOND);
    clock.pass(15 * SECOND);
    expect(moved).toHaveBeenCalledTimes(1);
    expect(alarms.toWallTime(at)).toBe(before - 600 * SECOND);
  });

  it('is as well known where the alarm that was set last has been cleared', () => {
    const { clock, alarms, set, moved, passed } = setUp();
    const { at } = set('a', HOUR);
    for (const name of ['b', 'c', 'd']) alarms.clear(set(name, HOUR));
    const before = alarms.toWallTime(at);
    clock.pass(20 * SECOND);
    clock.step(-600 * SECOND);
    clock.pass(15 * SECOND);
    expect(moved).toHaveBeenCalledTimes(1);
    expect(passed()).toBe(35 * SECOND);
    expect(alarms.toWallTime(at)).toBe(before - 600 * SECOND);
  });

  it('is as well known where the alarm that was set last has rung', () => {
    const { clock, alarms, set, passed } = setUp();
    const { at } = set('a', HOUR);
    set('b', SECOND);
    const before = alarms.toWallTime(at);
    clock.pass(20 * SECOND);
    clock.step(-600 * SECOND);
    clock.pass(15 * SECOND);
    expect(passed()).toBe(35 * SECOND);
    expect(alarms.toWallTime(at)).toBe(before - 600 * SECOND);
  });

  it('does not make an alarm earlier or later that is set after it', () => {
    const { clock, rung, set } = setUp();
    set('a', HOUR);
    clock.pass(20 * SECOND);
    clock.step(-600 * SECOND);
    set('b', 30 * SECOND);
    clock.pass(2 * HOUR);
    const [, b = 0] = rung.find(([name]) => name === 'b') ?? [];
    expect(b).toBeGreaterThanOrEqual(50 * SECOND);
    expect(b).toBeLessThanOrEqual(50 * SECOND + 500);
    // When it was set back is known to 15 s only.
    const [, a = 0] = rung.find(([name]) => name === 'a') ?? [];
    expect(a).toBeGreaterThanOrEqual(HOUR);
    expect(a).toBeLessThanOrEqual(HOUR + 15 * SECOND);
  });

  it('has an alarm ring when steady time says so, never before', () => {
    const { clock, alarms, set } = setUp();
    const times: number[] = [];
    for (const ms of [500, 40 * SECOND, 90 * SECOND]) {
      const at = alarms.now() + ms;
      alarms.set(at, () => times.push(alarms.now() - at));
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

// A clock for tests, whose time passes only when the test says so.
import { formatValue } from '../util/validate.js';
import type { Clock } from '../wait/clock.js';
import { Heap } from '../wait/heap.js';

/** A clock that stands still until a test moves it. */
export interface TestClock extends Clock {
  /**
   * Moves the clock forward. Runs every timer that is due on the way, at its time, and lets
   * requests settle in between.
   *
   * @param ms - Milliseconds, 0 or more.
   * @throws {RangeError} Rejects when `ms` is not a finite number, 0 or more.
   * @throws Rejects with the error of a timer that throws.
   */
  advance(ms: number): Promise<void>;
  /** Runs all timers, each at its time, and those that they set, but not those of `Infinity` ms. */
  runAll(): Promise<void>;
}

interface Timer {
  readonly id: number;
  readonly dueAt: number;
  /** Undefined once the timer is cleared. */
  run: (() => void) | undefined;
}

/** How long, in real time, the clock stands still for the requests that are under way. */
const SETTLE_TIMEOUT_MS = 2_000;

/** Turns of the event loop in which promises may settle that the clock is not told of. */
const EVENT_LOOP_TURNS = 4;

interface Globals {
  setImmediate?(run: () => void): unknown;
  readonly Deno?: unknown;
}

// Kept from the time of loading, before a test replaces them with fakes.
const { setTimeout: realSetTimeout } = globalThis;
const { setImmediate: realSetImmediate, Deno } = globalThis as Globals;
const realNow = Date.now;

/**
 * Waits for one turn of the event loop, also under fake timers, which leave MessageChannel alone.
 */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    // In Deno a message is a microtask, which is too early.
    if (Deno && realSetImmediate) {
      realSetImmediate(resolve);
      return;
    }
    if (typeof MessageChannel !== 'function') {
      realSetTimeout(resolve, 0);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/**
 * Creates a {@link Clock} for the option `clock`. The whole schedule of 10.4 hours runs on it in
 * milliseconds. Real requests, to a server on localhost say, are waited for in real time, up to 2
 * seconds for each.
 *
 * @param start - Where it starts, in epoch milliseconds.
 * @defaultValue `start`: 2030-01-01T00:00:00Z
 */
export function createTestClock(start: number = Date.UTC(2030, 0, 1)): TestClock {
  const timers = new Heap<Timer>();
  let now = start;
  let lastId = 0;
  let inFlight = 0;
  /** Requests that the clock has waited for in vain; it does not wait for them again. */
  let hanging = 0;

  async function settle(): Promise<void> {
    for (let i = 0; i < EVENT_LOOP_TURNS; i += 1) await nextTurn();
    const until = realNow() + SETTLE_TIMEOUT_MS;
    while (inFlight > hanging && realNow() < until) await nextTurn();
    hanging = inFlight;
  }

  async function runUntil(end: number): Promise<void> {
    await settle();
    for (;;) {
      const timer = timers.peek();
      // A timer of Infinity never runs, also not in `runAll`.
      if (timer === undefined || timer.dueAt > end || timer.dueAt === Infinity) return;
      timers.pop();
      if (timer.run === undefined) continue;
      now = Math.max(now, timer.dueAt);
      timer.run();
      await settle();
    }
  }

  return {
    now: () => now,
    maxTimeout: Infinity,
    setTimeout(run, ms) {
      lastId += 1;
      const timer: Timer = { id: lastId, dueAt: now + Math.max(ms, 0), run };
      timers.push(timer);
      return timer;
    },
    clearTimeout(timer) {
      if (typeof timer === 'object' && timer !== null) (timer as Timer).run = undefined;
    },
    inFlight(change) {
      inFlight += change;
      // If one of them has ended, it was the one expected to.
      hanging = Math.min(hanging, inFlight);
    },
    async advance(ms) {
      if (!Number.isFinite(ms) || ms < 0) {
        throw new RangeError(
          `axios-status-retry: advance takes milliseconds, 0 or more; got ${formatValue(ms)}`,
        );
      }
      const end = now + ms;
      await runUntil(end);
      now = Math.max(now, end);
      await settle();
    },
    runAll: () => runUntil(Infinity),
  };
}

import { formatValue } from '../util/validate.js';
import type { Clock } from '../wait/clock.js';
import { Heap } from '../wait/heap.js';

interface Timer {
  readonly id: number;
  readonly dueAt: number;
  run: (() => void) | undefined;
}

/** A clock for tests, which stands still until it is told to move. */
export interface TestClock extends Clock {
  /** Moves on by `ms` milliseconds, running each timer at its time; lets requests settle between. */
  advance(ms: number): Promise<void>;
  /** Runs timers, each at its time, until none is left. */
  runAll(): Promise<void>;
}

/** Real time that requests under way may take to settle before the clock moves on regardless (ms). */
const SETTLE_TIMEOUT_MS = 2_000;

/** Turns of the event loop that are let pass for what the clock is not told of. */
const EVENT_LOOP_TURNS = 4;

/** What of the globals says what a turn is; the timers as they were before anybody faked them. */
interface Globals {
  setImmediate?(run: () => void): unknown;
  readonly Deno?: unknown;
}

const { setTimeout: anyTimeout } = globalThis;
const { setImmediate: anyImmediate, Deno } = globalThis as Globals;
const realNow = Date.now;

/** One turn of the event loop; a real one also under fake timers, which leave message ports alone. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    // In Deno a message is a microtask, and comes before what is to be waited for.
    if (Deno && anyImmediate) {
      anyImmediate(resolve);
      return;
    }
    if (typeof MessageChannel !== 'function') {
      anyTimeout(resolve, 0);
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
 * A {@link Clock} whose time passes only when a test says so: the whole schedule of 10.4 hours runs
 * in milliseconds. Real requests (to a server on loopback, say) are waited for in real time.
 *
 * @param start - Epoch milliseconds it begins at. Default: 2030-01-01T00:00:00Z.
 */
export function createTestClock(start: number = Date.UTC(2030, 0, 1)): TestClock {
  const timers = new Heap<Timer>();
  let now = start;
  let lastId = 0;
  let inFlight = 0;

  async function settle(): Promise<void> {
    for (let i = 0; i < EVENT_LOOP_TURNS; i += 1) await turn();
    const until = realNow() + SETTLE_TIMEOUT_MS;
    while (inFlight > 0 && realNow() < until) await turn();
  }

  async function runUntil(end: number): Promise<void> {
    await settle();
    for (;;) {
      const timer = timers.peek();
      if (timer === undefined || timer.dueAt > end) return;
      timers.pop();
      if (timer.run === undefined) continue;
      now = Math.max(now, timer.dueAt);
      timer.run();
      await settle();
    }
  }

  return {
    now: () => now,
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
    },
    async advance(ms) {
      if (!Number.isFinite(ms) || ms < 0) {
        throw new RangeError(`advance takes milliseconds, 0 or more; got ${formatValue(ms)}`);
      }
      const end = now + ms;
      await runUntil(end);
      now = Math.max(now, end);
      await settle();
    },
    runAll: () => runUntil(Number.POSITIVE_INFINITY),
  };
}

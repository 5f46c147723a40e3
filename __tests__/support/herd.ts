import type { ServerLimit } from '../../benchmarks/herd/limits.js';
import { AdaptiveRate } from '../../src/gate/adaptive-rate.js';
import { ConcurrencyWindow } from '../../src/gate/concurrency-window.js';
import type { RateLimiter } from '../../src/gate/rate-limiter.js';
import type { HeapItem } from '../../src/wait/heap.js';
import { Heap } from '../../src/wait/heap.js';

export { FixedWindow, TokenBucket as Bucket } from '../../benchmarks/herd/limits.js';

export interface Herd {
  readonly limit: ServerLimit;
  readonly count: number;
  /** Milliseconds from a send to its answer. */
  readonly roundTrip?: number;
  readonly initialConcurrency?: number;
  /** The first ones take up to so many milliseconds more each, as connections are made. */
  readonly cold?: number;
  readonly seed?: number;
  /** Stop then. */
  readonly until?: number;
  /** What happens at times. */
  readonly events?: readonly (readonly [number, () => void])[];
}

interface Event extends HeapItem {
  run(): void;
}

/** Requests that come all at once, paced as a gate paces those to one key; in virtual time. */
export function runHerd(herd: Herd) {
  const { limit, count, roundTrip = 5, initialConcurrency = 32, cold = 100, seed = 1 } = herd;
  const events = new Heap<Event>();
  const start = new ConcurrencyWindow(initialConcurrency) as ConcurrencyWindow & RateLimiter;
  let pace: AdaptiveRate | undefined;
  let now = 0;
  let lastId = 0;
  let state = seed;
  let waiting = count;
  let sends = 0;
  let lookAt = Number.POSITIVE_INFINITY;
  const successes: number[] = [];
  /** The rate that was held after each opening. */
  const rates: [at: number, rate: number][] = [];

  function random(): number {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  }
  function at(time: number, run: () => void): void {
    lastId += 1;
    events.push({ id: lastId, dueAt: time, run });
  }
  function pump(): void {
    while (waiting > 0) {
      const { sends: leave, at: next, epoch } = (pace ?? start).acquire(now);
      if (leave === 0) {
        // A timer is late by up to a millisecond.
        const looks = Math.max(next, now) + random();
        if (looks < lookAt) {
          lookAt = looks;
          at(looks, () => look(looks));
        }
        return;
      }
      waiting -= 1;
      send(epoch);
    }
  }
  /** Only the latest one that was armed looks, as there is one timer. */
  function look(armedFor: number): void {
    if (armedFor !== lookAt) return;
    lookAt = Number.POSITIVE_INFINITY;
    pump();
  }
  function send(epoch: number): void {
    sends += 1;
    const late = sends <= initialConcurrency ? random() * cold : 0;
    const way = () => (roundTrip / 2) * (1 + 0.3 * random());
    at(now + way() + late, () => {
      const closedFor = limit.answer(now);
      at(now + way(), () => answered(epoch, closedFor));
    });
  }
  function answered(epoch: number, closedFor: number): void {
    if (closedFor === 0) {
      successes.push(now);
      const wasClosed = pace?.closed;
      if (pace) pace.onSuccess(now, epoch);
      else start.onSuccess(now, epoch);
      if (pace && wasClosed && !pace.closed) rates.push([now, pace.rateAt(now)]);
    } else {
      if (pace) pace.onThrottled(now, { epoch, closedFor });
      else {
        start.onThrottled(now, { epoch, closedFor });
        pace = new AdaptiveRate();
        pace.onThrottled(now, { epoch, closedFor, ...start.burst(now) });
      }
      at(now + closedFor, () => {
        waiting += 1;
        pump();
      });
    }
    pump();
  }

  for (const [time, run] of herd.events ?? []) at(time, run);
  at(0, pump);
  while (successes.length < count) {
    const event = events.pop();
    if (event === undefined) throw new Error(`Nobody goes on: ${successes.length} of ${count}.`);
    now = Math.max(now, event.dueAt);
    if (now > (herd.until ?? Number.POSITIVE_INFINITY)) break;
    event.run();
  }
  return { sends, successes, time: now, rates, perSuccess: sends / successes.length };
}

// Makes a simulation repeatable: virtual time, and random numbers from a seed.
import { Heap } from '../../src/wait/heap.js';

interface Event {
  readonly id: number;
  /** Milliseconds. */
  readonly dueAt: number;
  readonly run: () => void;
}

/** Time that stands still until the next event. */
export class VirtualTime {
  now = 0;
  readonly #events = new Heap<Event>();
  #lastId = 0;

  after(delayMs: number, run: () => void): void {
    this.#lastId += 1;
    this.#events.push({ id: this.#lastId, dueAt: this.now + delayMs, run });
  }

  /** Runs events in order until `isOver` returns true or none is left. */
  run(isOver: () => boolean): void {
    while (!isOver()) {
      const event = this.#events.pop();
      if (event === undefined) return;
      this.now = event.dueAt;
      event.run();
    }
  }
}

/** From 0 to 1, excluding 1. */
export type Random = () => number;

/** The same numbers for the same seed (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

import { Heap } from '../../src/wait/heap.js';

interface Event {
  readonly id: number;
  /** Milliseconds. */
  readonly dueAt: number;
  readonly run: () => void;
}

/** A time that stands still until the next event. */
export class VirtualTime {
  now = 0;
  readonly #events = new Heap<Event>();
  #lastId = 0;

  after(delay: number, run: () => void): void {
    this.#lastId += 1;
    this.#events.push({ id: this.#lastId, dueAt: this.now + delay, run });
  }

  /** Runs all events in order, until none is left or `isOver` says so. */
  run(isOver: () => boolean): void {
    while (!isOver()) {
      const event = this.#events.pop();
      if (event === undefined) return;
      this.now = event.dueAt;
      event.run();
    }
  }
}

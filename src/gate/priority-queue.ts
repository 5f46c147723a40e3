// A queue in which a higher priority goes first, and nobody waits for ever.
import { Heap } from '../wait/heap.js';
import type { Removable } from './queue.js';
import { Queue } from './queue.js';

/** An item that has waited this long takes turns with those of a higher priority. */
const MAX_YIELD_MS = 30_000;

export interface Prioritized extends Removable {
  /** Higher goes first. */
  readonly priority: number;
  /** Monotonic milliseconds. */
  readonly queuedAt: number;
}

interface Entry<T> {
  readonly item: T;
  readonly id: number;
  /** The heap's order: the negated priority. */
  readonly dueAt: number;
}

export class PriorityQueue<T extends Prioritized> {
  /** All items by age. */
  readonly #byAge = new Queue<T>();
  readonly #byPriority = new Heap<Entry<T>>();
  #lastId = 0;
  /** True if the item that `first` has returned goes before one that has waited too long. */
  #isPassing = false;
  /** The next turn is that of the oldest item, if that has waited too long. */
  #isTurnOfOldest = false;

  get size(): number {
    return this.#byAge.size;
  }

  add(item: T): void {
    this.#lastId += 1;
    this.#byAge.add(item);
    this.#byPriority.push({ item, id: this.#lastId, dueAt: -item.priority });
  }

  /** The item whose turn it is; it stays in the queue. */
  first(now: number): T | undefined {
    const oldest = this.#byAge.first();
    const highest = this.#highest();
    const hasWaited = oldest !== undefined && now - oldest.queuedAt >= MAX_YIELD_MS;
    const first = hasWaited && this.#isTurnOfOldest ? oldest : highest;
    this.#isPassing = hasWaited && first !== oldest;
    return first;
  }

  /** The first item goes. */
  took(): void {
    this.#isTurnOfOldest = this.#isPassing;
    this.itemRemoved();
  }

  /** To be called once for each item that has become `removed` while it was in the queue. */
  itemRemoved(): void {
    this.#byAge.itemRemoved();
    if (this.#byPriority.size > 2 * this.size) this.#byPriority.filter(({ item }) => !item.removed);
  }

  /** The items in the queue, the oldest first. */
  all(): T[] {
    return this.#byAge.all();
  }

  #highest(): T | undefined {
    for (let top = this.#byPriority.peek(); top?.item.removed; top = this.#byPriority.peek()) {
      this.#byPriority.pop();
    }
    return this.#byPriority.peek()?.item;
  }
}

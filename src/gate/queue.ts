// A first-in, first-out queue whose items may also leave from the middle.

/** An item says itself whether it has left the queue. */
export interface Removable {
  readonly removed: boolean;
}

/** Adding and removing take amortized constant time. */
export class Queue<T extends Removable> {
  #items: (T | undefined)[] = [];
  #head = 0;
  #removed = 0;

  get size(): number {
    return this.#items.length - this.#head - this.#removed;
  }

  add(item: T): void {
    this.#items.push(item);
  }

  /** The oldest item; it stays in the queue. */
  first(): T | undefined {
    for (; this.#head < this.#items.length; this.#head += 1) {
      const item = this.#items[this.#head] as T;
      if (!item.removed) return item;
      this.#items[this.#head] = undefined;
      this.#removed -= 1;
    }
    this.#items = [];
    this.#head = 0;
    return undefined;
  }

  /** The first item goes: it has become `removed`. */
  took(): void {
    this.itemRemoved();
  }

  /** To be called once for each item that has become `removed` while it was in the queue. */
  itemRemoved(): void {
    this.#removed += 1;
    this.#compact();
  }

  /** The items in the queue, the oldest first. */
  all(): T[] {
    return this.#items.filter((item): item is T => item?.removed === false);
  }

  /** Frees the items that have left, once they are more than those in the queue. */
  #compact(): void {
    if ((this.#head + this.#removed) * 2 <= this.#items.length) return;
    this.#items = this.all();
    this.#head = this.#removed = 0;
  }
}

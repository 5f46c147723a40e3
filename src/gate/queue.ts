/** Something that may leave a line from its middle. */
export interface Removable {
  readonly removed: boolean;
}

/** First in, first out; adding, taking and leaving cost O(1), taken together. */
export class Queue<T extends Removable> {
  #items: (T | undefined)[] = [];
  #head = 0;
  #removed = 0;

  /** How many stand in it. */
  get size(): number {
    return this.#items.length - this.#head - this.#removed;
  }

  add(item: T): void {
    this.#items.push(item);
  }

  /** The one whose turn it is. */
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

  shift(): T | undefined {
    const item = this.first();
    if (item === undefined) return undefined;
    this.#items[this.#head] = undefined;
    this.#head += 1;
    this.#compact();
    return item;
  }

  /** Tells that one of them has become `over`. */
  itemRemoved(): void {
    this.#removed += 1;
    this.#compact();
  }

  /** Those who stand in it, in their order. */
  all(): T[] {
    return this.#items.slice(this.#head).filter((item): item is T => item?.removed === false);
  }

  /** Lets go of what has left, once that is more than what stands. */
  #compact(): void {
    if ((this.#head + this.#removed) * 2 <= this.#items.length) return;
    this.#items = this.all();
    this.#head = this.#removed = 0;
  }
}

/** Something that may leave a line from its middle. */
export interface Leaving {
  readonly over: boolean;
}

/** First in, first out; adding, taking and leaving cost O(1), taken together. */
export class Fifo<T extends Leaving> {
  #items: (T | undefined)[] = [];
  #head = 0;
  #over = 0;

  /** How many stand in it. */
  get size(): number {
    return this.#items.length - this.#head - this.#over;
  }

  add(item: T): void {
    this.#items.push(item);
  }

  /** The one whose turn it is. */
  first(): T | undefined {
    for (; this.#head < this.#items.length; this.#head += 1) {
      const item = this.#items[this.#head] as T;
      if (!item.over) return item;
      this.#items[this.#head] = undefined;
      this.#over -= 1;
    }
    this.#items = [];
    this.#head = 0;
    return undefined;
  }

  take(): T | undefined {
    const item = this.first();
    if (item === undefined) return undefined;
    this.#items[this.#head] = undefined;
    this.#head += 1;
    this.#pack();
    return item;
  }

  /** Tells that one of them has become `over`. */
  drop(): void {
    this.#over += 1;
    this.#pack();
  }

  /** Those who stand in it, in their order. */
  all(): T[] {
    return this.#items.slice(this.#head).filter((item): item is T => item?.over === false);
  }

  /** Lets go of what has left, once that is more than what stands. */
  #pack(): void {
    if ((this.#head + this.#over) * 2 <= this.#items.length) return;
    this.#items = this.all();
    this.#head = this.#over = 0;
  }
}

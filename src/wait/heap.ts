// A priority queue by time.

/** The earliest `dueAt` comes first, then the lowest `id`. */
export interface HeapItem {
  readonly id: number;
  readonly dueAt: number;
}

/** A binary heap: `push` and `pop` take O(log n), `peek` O(1). */
export class Heap<T extends HeapItem> {
  #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(item, items[parent] as T)) break;
      items[at] = items[parent] as T;
      at = parent;
    }
    items[at] = item;
  }

  pop(): T | undefined {
    const first = this.peek();
    const last = this.#items.pop();
    if (last !== first) this.#sink(last as T, 0);
    return first;
  }

  /** Drops the items for which `keep` is false and restores the order, also of changed times: O(n). */
  filter(keep: (item: T) => boolean): void {
    this.#items = this.#items.filter(keep);
    for (let at = this.size >> 1; at-- > 0; ) this.#sink(this.#items[at] as T, at);
  }

  /** Puts an item at a place, or below it. */
  #sink(item: T, place: number): void {
    const items = this.#items;
    let at = place;
    for (;;) {
      let child = 2 * at + 1;
      const [left, right] = [items[child], items[child + 1]];
      if (left && right && isBefore(right, left)) child += 1;
      const next = items[child];
      if (!next || !isBefore(next, item)) break;
      items[at] = next;
      at = child;
    }
    items[at] = item;
  }
}

function isBefore(one: HeapItem, other: HeapItem): boolean {
  return one.dueAt === other.dueAt ? one.id < other.id : one.dueAt < other.dueAt;
}

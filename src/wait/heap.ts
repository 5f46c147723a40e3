// A priority queue by time.

/** The earliest `dueAt` comes first, then the lowest `id`. */
export interface HeapItem {
  readonly id: number;
  readonly dueAt: number;
}

/** Children per node: four are adjacent in memory, and the heap is half as deep as with two. */
const WIDTH = 4;

/** A heap: `push` and `pop` take O(log n), `peek` O(1). */
export class Heap<T extends HeapItem> {
  #items: T[] = [];
  /** Due times in a parallel array, because dereferencing each item is a cache miss in large heaps. */
  #times: number[] = [];

  get size(): number {
    return this.#items.length;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    let at = this.#items.push(item) - 1;
    this.#times.push(item.dueAt);
    while (at > 0) {
      const parent = Math.floor((at - 1) / WIDTH);
      if (!this.#isBefore(at, parent)) break;
      this.#swap(at, parent);
      at = parent;
    }
  }

  pop(): T | undefined {
    this.#swap(0, Math.max(this.size - 1, 0));
    const first = this.#items.pop();
    this.#times.pop();
    this.#sink(0);
    return first;
  }

  /** Drops the items for which `keep` is false and restores the order, also of changed times: O(n). */
  filter(keep: (item: T) => boolean): void {
    this.#items = this.#items.filter(keep);
    this.#times = this.#items.map(({ dueAt }) => dueAt);
    for (let at = Math.floor((this.size - 2) / WIDTH); at >= 0; at -= 1) this.#sink(at);
  }

  #sink(from: number): void {
    for (let at = from, first = at; ; at = first) {
      const end = Math.min(WIDTH * at + WIDTH + 1, this.size);
      for (let child = WIDTH * at + 1; child < end; child += 1) {
        if (this.#isBefore(child, first)) first = child;
      }
      if (first === at) break;
      this.#swap(at, first);
    }
  }

  #isBefore(a: number, b: number): boolean {
    const one = this.#times[a] as number;
    const other = this.#times[b] as number;
    if (one !== other) return one < other;
    return (this.#items[a] as T).id < (this.#items[b] as T).id;
  }

  #swap(a: number, b: number): void {
    const item = this.#items[a] as T;
    const time = this.#times[a] as number;
    this.#items[a] = this.#items[b] as T;
    this.#times[a] = this.#times[b] as number;
    this.#items[b] = item;
    this.#times[b] = time;
  }
}

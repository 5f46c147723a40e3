import fc from 'fast-check';
import { Heap } from '../../src/wait/heap.js';

interface Item {
  readonly id: number;
  dueAt: number;
}

/** The order of the heap, stated in another way. */
function sorted(items: readonly Item[]): Item[] {
  return [...items].sort((a, b) => a.dueAt - b.dueAt || a.id - b.id);
}

function heapOf(items: readonly Item[]): Heap<Item> {
  const heap = new Heap<Item>();
  for (const item of items) heap.push(item);
  return heap;
}

function takeAll(heap: Heap<Item>): Item[] {
  const taken: Item[] = [];
  for (let item = heap.pop(); item !== undefined; item = heap.pop()) taken.push(item);
  return taken;
}

/** Few distinct times, so that many are equal, and a few very large ones. */
const time = fc.oneof(fc.integer({ min: -3, max: 9 }), fc.double({ noNaN: true }));
const items = fc
  .array(time, { maxLength: 60 })
  .map((times) => times.map((dueAt, id): Item => ({ id, dueAt })));

describe('Heap', () => {
  it('is empty at first', () => {
    const heap = new Heap<Item>();
    expect(heap.size).toBe(0);
    expect(heap.peek()).toBeUndefined();
    expect(heap.pop()).toBeUndefined();
    expect(heap.size).toBe(0);
  });

  it('returns its items in order, however they were added', () => {
    fc.assert(
      fc.property(
        items.chain((all) => fc.shuffledSubarray(all, { minLength: all.length })),
        (all) => {
          expect(takeAll(heapOf(all))).toEqual(sorted(all));
        },
      ),
    );
  });

  it('returns the lowest id first if times are equal', () => {
    const all = [4, 0, 3, 1, 2].map((id) => ({ id, dueAt: 7 }));
    expect(takeAll(heapOf(all)).map(({ id }) => id)).toEqual([0, 1, 2, 3, 4]);
  });

  it('agrees with a sorted array after any sequence of add, take, filter and time changes', () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ add: time }) },
      { weight: 3, arbitrary: fc.constant('take' as const) },
      { weight: 1, arbitrary: fc.record({ drop: fc.integer({ min: 1, max: 4 }) }) },
      { weight: 1, arbitrary: fc.record({ move: fc.integer({ min: 1, max: 4 }), by: time }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const heap = new Heap<Item>();
        let model: Item[] = [];
        steps.forEach((todo, id) => {
          if (todo === 'take') {
            expect(heap.pop()).toBe(model.shift());
          } else if ('add' in todo) {
            const item = { id, dueAt: todo.add };
            heap.push(item);
            model = sorted([...model, item]);
          } else if ('drop' in todo) {
            heap.filter((item) => item.id % todo.drop !== 0);
            model = model.filter((item) => item.id % todo.drop !== 0);
          } else {
            heap.filter((item) => {
              if (item.id % todo.move === 0) item.dueAt -= todo.by;
              return true;
            });
            model = sorted(model);
          }
          expect(heap.size).toBe(model.length);
          expect(heap.peek()).toBe(model[0]);
        });
        expect(takeAll(heap)).toEqual(model);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps no reference to items that were taken or dropped', () => {
    const all = [3, 1, 2].map((dueAt, id) => ({ id, dueAt }));
    const heap = heapOf(all);
    expect(heap.pop()?.dueAt).toBe(1);
    heap.filter(() => false);
    expect(heap.size).toBe(0);
    expect(heap.peek()).toBeUndefined();
  });

  it.each([
    ['rising', (id: number) => id],
    ['falling', (id: number) => -id],
    ['mixed', (id: number) => (id * 7919) % 100_003],
  ])('compares few items to add or take one of 100,000 with %s times', (_, timeOf) => {
    const count = 100_000;
    let looks = 0;
    const heap = new Heap();
    for (let id = 0; id < count; id += 1) {
      heap.push({
        id,
        get dueAt() {
          looks += 1;
          return timeOf(id);
        },
      });
    }
    // A swap takes at most two comparisons, and a comparison at most four reads.
    const most = 8 * Math.ceil(Math.log2(count));
    expect(looks).toBeLessThan(count * most);
    looks = 0;
    for (let i = 0; i < 100; i += 1) heap.pop();
    expect(looks).toBeLessThan(100 * most);
    looks = 0;
    heap.filter(() => true);
    expect(looks).toBeLessThan(count * 8);
    looks = 0;
    heap.peek();
    expect(looks).toBe(0);
  });
});

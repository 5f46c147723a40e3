import fc from 'fast-check';
import { Queue } from '../../src/gate/queue.js';
import { COLLECTING, leftOf } from '../support/garbage.js';

interface Item {
  readonly id: number;
  removed: boolean;
}

const itemOf = (id: number): Item => ({ id, removed: false });

/** Takes the first item, if there is one. */
function take(queue: Queue<Item>): Item | undefined {
  const item = queue.first();
  if (item) {
    item.removed = true;
    queue.took();
  }
  return item;
}

describe('a queue', () => {
  it('has no first item when it is empty', () => {
    const queue = new Queue<Item>();
    expect([queue.size, queue.first(), take(queue), queue.all()]).toEqual([
      0,
      undefined,
      undefined,
      [],
    ]);
  });

  it('returns the oldest item first', () => {
    const queue = new Queue<Item>();
    const items = [0, 1, 2].map(itemOf);
    for (const item of items) queue.add(item);
    expect(queue.first()).toBe(items[0]);
    expect([take(queue), take(queue), take(queue), take(queue)]).toEqual([...items, undefined]);
  });

  it('skips items that were removed', () => {
    const queue = new Queue<Item>();
    const items = [0, 1, 2].map(itemOf);
    for (const item of items) queue.add(item);
    for (const item of items.slice(0, 2)) {
      item.removed = true;
      queue.itemRemoved();
    }
    expect([queue.size, queue.first()]).toEqual([1, items[2]]);
  });

  it('can be read between an item’s removal and itemRemoved()', () => {
    const queue = new Queue<Item>();
    const [first, second] = [itemOf(0), itemOf(1)];
    queue.add(first);
    queue.add(second);
    first.removed = true;
    expect(queue.first()).toBe(second);
    queue.itemRemoved();
    expect([queue.size, queue.all()]).toEqual([1, [second]]);
    second.removed = true;
    expect(queue.first()).toBeUndefined();
    queue.itemRemoved();
    expect([queue.size, queue.first()]).toEqual([0, undefined]);
  });

  it('behaves like an array through any adding, taking and removing', () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.constant('add' as const) },
      { weight: 2, arbitrary: fc.constant('take' as const) },
      { weight: 2, arbitrary: fc.nat(60) },
      { weight: 1, arbitrary: fc.constant('first' as const) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const queue = new Queue<Item>();
        let model: Item[] = [];
        steps.forEach((todo, id) => {
          if (todo === 'add') {
            const item = itemOf(id);
            queue.add(item);
            model.push(item);
          } else if (todo === 'take') expect(take(queue)).toBe(model.shift());
          else if (todo === 'first') expect(queue.first()).toBe(model[0]);
          else if (model.length > 0) {
            const gone = model[todo % model.length] as Item;
            gone.removed = true;
            queue.itemRemoved();
            model = model.filter((item) => item !== gone);
          }
          expect(queue.size).toBe(model.length);
          expect(queue.all()).toEqual(model);
        });
        for (const item of model) expect(take(queue)).toBe(item);
        expect([queue.size, take(queue)]).toEqual([0, undefined]);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['oldest first', (count: number, i: number) => i * (count > 0 ? 1 : 0)],
    ['newest first', (count: number, i: number) => count - 1 - i],
    ['in mixed order', (count: number, i: number) => (i * 7_919) % count],
  ])('removes 100,000 items at constant cost each, %s', (_words, order) => {
    const count = 100_000;
    let reads = 0;
    const gone = new Uint8Array(count);
    const queue = new Queue();
    for (let id = 0; id < count; id += 1) {
      queue.add({
        get removed() {
          reads += 1;
          return gone[id] === 1;
        },
      });
    }
    for (let i = 0; i < count; i += 1) {
      gone[order(count, i)] = 1;
      queue.itemRemoved();
    }
    expect([queue.size, queue.first()]).toEqual([0, undefined]);
    expect(reads).toBeLessThan(4 * count);
  });

  it('gives 200,000 items at constant cost each, also while others are added', () => {
    let reads = 0;
    let taken = 0;
    const queue = new Queue();
    let added = 0;
    const addOne = (): void => {
      const id = added;
      added += 1;
      queue.add({
        get removed() {
          reads += 1;
          return id < taken;
        },
      });
    };
    for (let i = 0; i < 100_000; i += 1) addOne();
    reads = 0;
    for (let i = 0; i < 200_000; i += 1) {
      queue.first();
      taken += 1;
      queue.took();
      if (i < 100_000) addOne();
    }
    expect(queue.size).toBe(0);
    expect(reads).toBeLessThan(5 * 200_000);
  });

  it(
    'frees items that were taken, and removed ones once they outnumber the rest',
    async () => {
      const queue = new Queue<Item>();
      const refs: WeakRef<Item>[] = [];
      for (let id = 0; id < 1000; id += 1) {
        const item = itemOf(id);
        refs.push(new WeakRef(item));
        queue.add(item);
      }
      // On the next turn, because a WeakRef keeps its target alive through the turn it was created in.
      await new Promise((resolve) => setImmediate(resolve));
      for (let i = 0; i < 300; i += 1) take(queue);
      for (const item of queue.all().slice(0, 600)) {
        item.removed = true;
        queue.itemRemoved();
      }
      expect(queue.size).toBe(100);
      expect(await leftOf(refs)).toBeLessThanOrEqual(200);
      expect(queue.first()).toMatchObject({ id: 900 });
    },
    COLLECTING,
  );
});

import fc from 'fast-check';
import { Queue } from '../../src/gate/queue.js';
import { COLLECTING, leftOf } from '../support/garbage.js';

interface Item {
  readonly id: number;
  removed: boolean;
}

const itemOf = (id: number): Item => ({ id, removed: false });

describe('a line', () => {
  it('that is empty has no first one', () => {
    const line = new Queue<Item>();
    expect([line.size, line.first(), line.shift(), line.all()]).toEqual([
      0,
      undefined,
      undefined,
      [],
    ]);
  });

  it('gives the first that came', () => {
    const line = new Queue<Item>();
    const items = [0, 1, 2].map(itemOf);
    for (const item of items) line.add(item);
    expect(line.first()).toBe(items[0]);
    expect([line.shift(), line.shift(), line.shift(), line.shift()]).toEqual([...items, undefined]);
  });

  it('passes over those who have left', () => {
    const line = new Queue<Item>();
    const items = [0, 1, 2].map(itemOf);
    for (const item of items) line.add(item);
    for (const item of items.slice(0, 2)) {
      item.removed = true;
      line.itemRemoved();
    }
    expect([line.size, line.first()]).toEqual([1, items[2]]);
  });

  it('can be looked at between one’s leaving and its being told of it', () => {
    const line = new Queue<Item>();
    const [first, second] = [itemOf(0), itemOf(1)];
    line.add(first);
    line.add(second);
    first.removed = true;
    expect(line.first()).toBe(second);
    line.itemRemoved();
    expect([line.size, line.all()]).toEqual([1, [second]]);
    second.removed = true;
    expect(line.first()).toBeUndefined();
    line.itemRemoved();
    expect([line.size, line.first()]).toEqual([0, undefined]);
  });

  it('agrees with an array through any adding, taking and leaving', () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.constant('add' as const) },
      { weight: 2, arbitrary: fc.constant('take' as const) },
      { weight: 2, arbitrary: fc.nat(60) },
      { weight: 1, arbitrary: fc.constant('look' as const) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const line = new Queue<Item>();
        let model: Item[] = [];
        steps.forEach((todo, id) => {
          if (todo === 'add') {
            const item = itemOf(id);
            line.add(item);
            model.push(item);
          } else if (todo === 'take') expect(line.shift()).toBe(model.shift());
          else if (todo === 'look') expect(line.first()).toBe(model[0]);
          else if (model.length > 0) {
            const gone = model[todo % model.length] as Item;
            gone.removed = true;
            line.itemRemoved();
            model = model.filter((item) => item !== gone);
          }
          expect(line.size).toBe(model.length);
          expect(line.all()).toEqual(model);
        });
        for (const item of model) expect(line.shift()).toBe(item);
        expect([line.size, line.shift()]).toEqual([0, undefined]);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['the oldest first', (count: number, i: number) => i * (count > 0 ? 1 : 0)],
    ['the youngest first', (count: number, i: number) => count - 1 - i],
    ['in a mixed order', (count: number, i: number) => (i * 7_919) % count],
  ])('of 100,000 is left at little cost, %s', (_words, order) => {
    const count = 100_000;
    let looks = 0;
    const gone = new Uint8Array(count);
    const line = new Queue();
    for (let id = 0; id < count; id += 1) {
      line.add({
        get removed() {
          looks += 1;
          return gone[id] === 1;
        },
      });
    }
    for (let i = 0; i < count; i += 1) {
      gone[order(count, i)] = 1;
      line.itemRemoved();
    }
    expect([line.size, line.first()]).toEqual([0, undefined]);
    expect(looks).toBeLessThan(4 * count);
  });

  it('of 100,000 is served at little cost while others keep coming', () => {
    let looks = 0;
    const line = new Queue();
    const come = (): void =>
      line.add({
        get removed() {
          looks += 1;
          return false;
        },
      });
    for (let i = 0; i < 100_000; i += 1) come();
    looks = 0;
    for (let i = 0; i < 200_000; i += 1) {
      line.first();
      line.shift();
      if (i < 100_000) come();
    }
    expect(line.size).toBe(0);
    expect(looks).toBeLessThan(5 * 200_000);
  });

  it(
    'keeps no hold of what was taken, nor of more that has left than stands in it',
    async () => {
      const line = new Queue<Item>();
      const refs: WeakRef<Item>[] = [];
      for (let id = 0; id < 1000; id += 1) {
        const item = itemOf(id);
        refs.push(new WeakRef(item));
        line.add(item);
      }
      // A turn of its own, as a WeakRef holds what it was made of through the turn.
      await new Promise((resolve) => setImmediate(resolve));
      for (let i = 0; i < 300; i += 1) line.shift();
      for (const item of line.all().slice(0, 600)) {
        item.removed = true;
        line.itemRemoved();
      }
      expect(line.size).toBe(100);
      expect(await leftOf(refs)).toBeLessThanOrEqual(200);
      expect(line.first()).toMatchObject({ id: 900 });
    },
    COLLECTING,
  );
});

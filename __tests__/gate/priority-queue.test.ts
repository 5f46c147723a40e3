import fc from 'fast-check';
import { PriorityQueue } from '../../src/gate/priority-queue.js';
import { COLLECTING, leftOf } from '../support/garbage.js';

interface Item {
  readonly id: number;
  readonly priority: number;
  readonly queuedAt: number;
  removed: boolean;
}

const SECOND = 1000;

function setUp() {
  const queue = new PriorityQueue<Item>();
  let lastId = 0;
  function add(priority: number, queuedAt = 0): Item {
    lastId += 1;
    const item = { id: lastId, priority, queuedAt, removed: false };
    queue.add(item);
    return item;
  }
  function take(now = 0): Item | undefined {
    const item = queue.first(now);
    if (item) {
      item.removed = true;
      queue.took();
    }
    return item;
  }
  function remove(item: Item): void {
    item.removed = true;
    queue.itemRemoved();
  }
  return { queue, add, take, remove };
}

describe('a priority queue', () => {
  it('gives the highest priority first, and of the same the oldest', () => {
    const { add, take, queue } = setUp();
    const items = [0, 5, 5, -1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((one) =>
      add(one),
    );
    expect(queue.all()).toEqual(items);
    expect(items.map(() => take()?.priority)).toEqual([
      Number.POSITIVE_INFINITY,
      5,
      5,
      0,
      -1,
      Number.NEGATIVE_INFINITY,
    ]);
    expect([take(), queue.size]).toEqual([undefined, 0]);
  });

  it('keeps the order of those with the same extreme priority', () => {
    const { add, take } = setUp();
    const [one, other] = [add(Number.POSITIVE_INFINITY), add(Number.POSITIVE_INFINITY)];
    expect([take(), take()]).toEqual([one, other]);
  });

  it('lets an item that has waited for 30 s take turns with higher ones', () => {
    const { add, take } = setUp();
    const lows = [add(0), add(0)];
    const highs = Array.from({ length: 4 }, () => add(1, 29 * SECOND));
    expect(take(29_999)).toBe(highs[0]);
    const order = [0, 1, 2, 3].map(() => take(30 * SECOND));
    expect(order).toEqual([highs[1], lows[0], highs[2], lows[1]]);
  });

  it('lets the highest go first after a time in which nothing was sent', () => {
    const { add, take } = setUp();
    const [low, high] = [add(0), add(1)];
    expect([take(60 * SECOND), take(60 * SECOND)]).toEqual([high, low]);
  });

  it.each([
    ['one higher one a second', 1],
    ['three higher ones a second', 3],
  ])('sends a lower one within a minute while %s come, at one send a second', (_words, rate) => {
    const { add, take } = setUp();
    const low = add(0);
    let second = 0;
    for (; !low.removed && second < 120; second += 1) {
      for (let i = 0; i < rate; i += 1) add(1, second * SECOND);
      take(second * SECOND);
    }
    expect(second).toBeLessThanOrEqual(60);
    expect(second).toBeGreaterThan(30);
  });

  it('behaves like a sorted array through any adding, taking and removing', () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ add: fc.integer({ min: -2, max: 2 }) }) },
      { weight: 2, arbitrary: fc.constant('take' as const) },
      { weight: 2, arbitrary: fc.record({ remove: fc.nat(60) }) },
      { weight: 2, arbitrary: fc.record({ pass: fc.constantFrom(1, 5000, 31_000) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        const { queue, add, take, remove } = setUp();
        let model: Item[] = [];
        let now = 0;
        let isTurnOfOldest = false;
        for (const todo of steps) {
          if (todo === 'take') {
            const [oldest] = model;
            const [highest] = [...model].sort((a, b) => b.priority - a.priority || a.id - b.id);
            const isOld = oldest && now - oldest.queuedAt >= 30_000;
            const expected: Item | undefined = isOld && isTurnOfOldest ? oldest : highest;
            expect(take(now)).toBe(expected);
            if (expected) isTurnOfOldest = Boolean(isOld) && expected !== oldest;
            model = model.filter((item) => item !== expected);
          } else if ('add' in todo) model.push(add(todo.add, now));
          else if ('pass' in todo) now += todo.pass;
          else if (model.length > 0) {
            const gone = model[todo.remove % model.length] as Item;
            remove(gone);
            model = model.filter((item) => item !== gone);
          }
          expect(queue.size).toBe(model.length);
          expect(queue.all()).toEqual(model);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('keeps one of 4000 items with few looks at each', () => {
    let reads = 0;
    const gone = new Set<number>();
    const queue = new PriorityQueue();
    for (let id = 0; id < 4000; id += 1) {
      queue.add({
        priority: id % 3,
        queuedAt: 0,
        get removed() {
          reads += 1;
          return gone.has(id);
        },
      });
    }
    for (let id = 3999; id > 0; id -= 1) {
      gone.add(id);
      queue.itemRemoved();
    }
    expect([queue.size, queue.first(0)?.priority]).toEqual([1, 0]);
    expect(reads).toBeLessThan(10 * 4000);
  });

  it(
    'frees items that have left',
    async () => {
      const { add, take, remove, queue } = setUp();
      const refs: WeakRef<Item>[] = [];
      for (let i = 0; i < 1000; i += 1) refs.push(new WeakRef(add(i % 3)));
      await new Promise((resolve) => setImmediate(resolve));
      for (let i = 0; i < 400; i += 1) take();
      for (const item of queue.all().slice(0, 500)) remove(item);
      expect(queue.size).toBe(100);
      expect(await leftOf(refs)).toBeLessThanOrEqual(300);
    },
    COLLECTING,
  );
});

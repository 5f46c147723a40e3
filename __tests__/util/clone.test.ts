import { cloneData } from '../../src/util/clone.js';

describe('a copy', () => {
  it('is of an array of all sorts, and of what is in it', () => {
    const inner = { n: 1 };
    const copied = cloneData([1, inner, 'text', [inner]]);
    inner.n = 2;
    expect(copied).toEqual([1, { n: 1 }, 'text', [{ n: 1 }]]);
  });

  it('of what is frozen can be edited', () => {
    const copied = cloneData(Object.freeze({ list: Object.freeze([1]) })) as { list: number[] };
    copied.list.push(2);
    expect(copied).toEqual({ list: [1, 2] });
  });

  it('is of an object without a prototype, too', () => {
    const data = Object.assign(Object.create(null), { a: { b: 1 } });
    const copied = cloneData(data);
    data.a.b = 2;
    expect(copied).toEqual({ a: { b: 1 } });
  });

  it('keeps a circle a circle', () => {
    const data: { name: string; self?: unknown; list: unknown[] } = { name: 'a', list: [] };
    data.self = data;
    data.list.push(data, data.list);
    const copied = cloneData(data) as typeof data;
    expect(copied).not.toBe(data);
    expect(copied.self).toBe(copied);
    expect(copied.list[0]).toBe(copied);
    expect(copied.list[1]).toBe(copied.list);
  });

  it('keeps what is shared shared', () => {
    const shared = { n: 1 };
    const data = { a: shared, b: [shared], c: { d: shared } };
    const copied = cloneData(data) as typeof data;
    expect(copied.a).not.toBe(shared);
    expect(copied.b[0]).toBe(copied.a);
    expect(copied.c.d).toBe(copied.a);
  });

  it('keeps an array as long as it was, holes and all', () => {
    const mixed = [{ n: 1 }];
    mixed.length = 2;
    for (const data of [new Array(3), [1, ...new Array(1), 3], mixed]) {
      expect(JSON.stringify(cloneData(data))).toBe(JSON.stringify(data));
    }
  });

  it('is not made of what has more to it than keys and values: in an array that stays itself', () => {
    const masked = Object.defineProperty({ a: 1 }, 'toJSON', { value: () => ({ masked: true }) });
    const tagged = { a: 1, [Symbol.iterator]: () => [1].values() };
    const named = JSON.parse('{"__proto__":"text","a":1}');
    for (const part of [masked, tagged, named]) {
      expect((cloneData([part]) as unknown[])[0]).toBe(part);
      expect((cloneData({ list: [{ part }] }) as { list: { part: object }[] }).list[0]?.part).toBe(
        part,
      );
    }
  });

  it('is not made of what Axios passes on as it is, though it may look plain', () => {
    for (const tag of [Symbol.toStringTag, Symbol.iterator]) {
      const tagged = Object.defineProperty({ [tag]: 'X' }, 'pipe', { value: () => {} });
      expect(cloneData(tagged)).toBe(tagged);
      expect((cloneData({ body: tagged }) as { body: object }).body).toBe(tagged);
    }
  });

  it('of an array keeps what else it has been given', () => {
    const list = Object.assign([{ a: 1 }], { meta: { b: 2 } });
    const copied = cloneData([list]) as [typeof list];
    expect(copied[0]).not.toBe(list);
    expect(copied[0].meta).toEqual({ b: 2 });
    expect(copied[0].meta).not.toBe(list.meta);
  });

  it('of a whole array with more to it is that array', () => {
    const list = Object.assign([{ a: 1 }], { [Symbol.for('more')]: true });
    expect(cloneData(list)).toBe(list);
  });
});

import { cloneData } from '../../src/util/clone.js';

describe('a copy', () => {
  it('of an array includes everything in it', () => {
    const inner = { n: 1 };
    const copied = cloneData([1, inner, 'text', [inner]]);
    inner.n = 2;
    expect(copied).toEqual([1, { n: 1 }, 'text', [{ n: 1 }]]);
  });

  it('of a frozen value can be edited', () => {
    const copied = cloneData(Object.freeze({ list: Object.freeze([1]) })) as { list: number[] };
    copied.list.push(2);
    expect(copied).toEqual({ list: [1, 2] });
  });

  it('can be made of an object without a prototype', () => {
    const data = Object.assign(Object.create(null), { a: { b: 1 } });
    const copied = cloneData(data);
    data.a.b = 2;
    expect(copied).toEqual({ a: { b: 1 } });
  });

  it('keeps circular references', () => {
    const data: { name: string; self?: unknown; list: unknown[] } = { name: 'a', list: [] };
    data.self = data;
    data.list.push(data, data.list);
    const copied = cloneData(data) as typeof data;
    expect(copied).not.toBe(data);
    expect(copied.self).toBe(copied);
    expect(copied.list[0]).toBe(copied);
    expect(copied.list[1]).toBe(copied.list);
  });

  it('keeps shared references', () => {
    const shared = { n: 1 };
    const data = { a: shared, b: [shared], c: { d: shared } };
    const copied = cloneData(data) as typeof data;
    expect(copied.a).not.toBe(shared);
    expect(copied.b[0]).toBe(copied.a);
    expect(copied.c.d).toBe(copied.a);
  });

  it('keeps the length and the holes of an array', () => {
    const mixed = [{ n: 1 }];
    mixed.length = 2;
    for (const data of [new Array(3), [1, ...new Array(1), 3], mixed]) {
      expect(JSON.stringify(cloneData(data))).toBe(JSON.stringify(data));
    }
  });

  it('is not made of objects with more than keys and values: they are kept by reference', () => {
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

  it('is not made of objects that Axios passes on by reference, even if they look plain', () => {
    for (const tag of [Symbol.toStringTag, Symbol.iterator]) {
      const tagged = Object.defineProperty({ [tag]: 'X' }, 'pipe', { value: () => {} });
      expect(cloneData(tagged)).toBe(tagged);
      expect((cloneData({ body: tagged }) as { body: object }).body).toBe(tagged);
    }
  });

  it('of an array keeps its extra properties', () => {
    const list = Object.assign([{ a: 1 }], { meta: { b: 2 } });
    const copied = cloneData([list]) as [typeof list];
    expect(copied[0]).not.toBe(list);
    expect(copied[0].meta).toEqual({ b: 2 });
    expect(copied[0].meta).not.toBe(list.meta);
  });

  it('of a flat array with extra properties is that array', () => {
    const list = Object.assign([{ a: 1 }], { [Symbol.for('more')]: true });
    expect(cloneData(list)).toBe(list);
  });
});

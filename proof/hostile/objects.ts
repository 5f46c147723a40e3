// Objects that throw, change or hide what they are.
import type { Random } from './random.js';

const refuse = (): never => {
  throw new Error('not to be looked at');
};

/** An object of which nothing can be read. */
export const revoked = (target: object = {}): object => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};

/** A Proxy, each of whose traps throws. */
export const throwing = (target: object = {}): object =>
  new Proxy(target, {
    get: refuse,
    has: refuse,
    ownKeys: refuse,
    getOwnPropertyDescriptor: refuse,
    getPrototypeOf: refuse,
    set: refuse,
    defineProperty: refuse,
    deleteProperty: refuse,
  });

/** A Proxy that answers every question with a function that answers with itself. */
export const endless = (): object => {
  const all: object = new Proxy(() => all, {
    get: (_, name) => (name === 'then' ? undefined : all),
  });
  return all;
};

export const getter = (name: string, target: object = {}): object =>
  Object.defineProperty(target, name, { get: refuse, enumerable: true, configurable: true });

export function cyclic(): object {
  const circle: Record<string, unknown> = { list: [1, 2] };
  circle.self = circle;
  (circle.list as unknown[]).push(circle);
  return circle;
}

export function deep(levels: number): object {
  let value: object = {};
  for (let i = 0; i < levels; i += 1) value = i % 2 ? [value] : { value };
  return value;
}

export const polluting = (): object =>
  JSON.parse(
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a":1}',
  ) as object;

/** A body, a set of params, or anything else that a caller gives. */
export function anyObject(random: Random): unknown {
  return random.pick<() => unknown>([
    cyclic,
    polluting,
    endless,
    () => revoked(),
    () => revoked([]),
    () => throwing(),
    () => throwing([]),
    () => getter('a'),
    () => getter('toJSON'),
    () => getter('pipe'),
    () => getter('then'),
    () => Object.freeze({ a: Object.freeze([1]) }),
    () => Object.seal({ a: 1 }),
    () => deep(random.pick([10, 200, 2000])),
    () => Array(10_000).fill(0),
    () => 'x'.repeat(random.pick([0, 10, 100_000])),
    () => Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, i])),
    () => new Map([[1, 2]]),
    () => new Uint8Array(8),
    () => Object.create(null),
    () => Symbol('a'),
    () => 5n,
    () => null,
    () => undefined,
  ])();
}

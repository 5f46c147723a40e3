import fc from 'fast-check';

const throws = (): never => {
  throw new Error('not to be read');
};

/** Whatever an adapter or an interceptor can put where a code or a status belongs. */
export const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }),
  fc.constantFrom<unknown>(
    ...[14, -1, 0, 99, 100, 503, 503.5, 999, 1000, Number.NaN, Number.POSITIVE_INFINITY, 5n],
    ...['503', '', 'ECONNRESET', 'a secret: hunter2', Symbol('a'), null, undefined, () => 503],
    ...[
      { toString: throws },
      { valueOf: throws, toString: throws },
      { [Symbol.toPrimitive]: throws },
    ],
  ),
);

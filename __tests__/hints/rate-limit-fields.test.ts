import fc from 'fast-check';
import type { Quota } from '../../src/hints/index.js';
import { rateLimitFields } from '../../src/hints/index.js';
import { answerWith } from '../support/answer.js';

const readAll = rateLimitFields();
const read = (limit: unknown, policy?: unknown, more: object = {}): readonly Quota[] =>
  readAll(answerWith({ RateLimit: limit, 'RateLimit-Policy': policy, ...more }));

describe('the field RateLimit', () => {
  it('tells what is left of a quota, and for how long', () => {
    expect(read('"default";r=50;t=30')).toEqual([
      { name: 'default', remaining: 50, reset: 30_000 },
    ]);
    expect(read('"default";r=0')).toEqual([{ name: 'default', remaining: 0 }]);
  });

  it('tells several quotas, also in several lines', () => {
    const quotas = [
      { name: 'hour', remaining: 5, reset: 60_000 },
      { name: 'day', remaining: 100, reset: 36_000_000 },
    ];
    expect(read('"hour";r=5;t=60, "day";r=100;t=36000')).toEqual(quotas);
    expect(read(['"hour";r=5;t=60', '"day";r=100;t=36000'])).toEqual(quotas);
  });

  it('tells partitions of a quota apart', () => {
    expect(
      read('"a";r=5;pk=:dXNlcjE=:, "a";r=6;pk=:dXNlcjI=:, "a";r=7').map(({ name }) => name),
    ).toEqual(['a;pk=:dXNlcjE:', 'a;pk=:dXNlcjI:', 'a']);
  });

  it('has the limit, the window and the unit of its policy', () => {
    expect(
      read('"burst";r=5;t=6', '"day";q=1000;w=86400, "burst";q=100;w=60;qu="content-bytes"'),
    ).toEqual([
      {
        name: 'burst',
        remaining: 5,
        reset: 6000,
        limit: 100,
        window: 60_000,
        unit: 'content-bytes',
      },
      { name: 'day', limit: 1000, window: 86_400_000 },
    ]);
  });

  it('has the policy of its own partition, or one without a partition', () => {
    const policy = '"a";q=1;pk=:YQ==:, "a";q=2;pk=:Yg==:, "c";q=3, "d";q=4;pk=:ZA==:';
    expect(read('"a";r=0;pk=:Yg==:, "c";r=0;pk=:Yw==:, "d";r=0', policy)).toEqual([
      { name: 'a;pk=:Yg:', remaining: 0, limit: 2 },
      { name: 'c;pk=:Yw:', remaining: 0, limit: 3 },
      { name: 'd;pk=:ZA:', remaining: 0, limit: 4 },
      { name: 'a;pk=:YQ:', limit: 1 },
    ]);
  });

  it('ignores parameters that it does not know', () => {
    expect(read('"a";q=12;r=6;t=1;acme-burst=2.5;x', '"a";q=12;w=1;burst=1000;c="d"')).toEqual([
      { name: 'a', remaining: 6, reset: 1000, limit: 12, window: 1000 },
    ]);
  });

  it('saturates', () => {
    const [quota] = read('"a";r=999999999999999;t=999999999999999');
    expect(quota).toEqual({
      name: 'a',
      remaining: 999_999_999_999_999,
      reset: Number.MAX_SAFE_INTEGER,
    });
  });
});

describe('a malformed field', () => {
  it.each([
    ...['default;r=50;t=30', '"default";t=30', '"default";r', '"default";r="5"', '"default";r=5.0'],
    ...[
      '"default";r=-1',
      '"default";r=5;t=-1',
      '"default";r=5;t=1.5',
      '"default";r=5;t="1"',
      '5;r=5',
    ],
    ...['"default";r=5;pk="user"', '"default";r=5;pk=user', '"default";r=5;pk=:a:', '("a");r=5'],
    ...['"default";r=5,', '"default";r=5;t=', '"default"r=5', '"default', '"a";r=5, "b";t=5'],
  ])('RateLimit is ignored as a whole: %s', (value) => {
    expect(read(value)).toEqual([]);
    expect(read(`"good";r=1;t=1, ${value}`)).toEqual([]);
    expect(read(value, '"p";q=5')).toEqual([{ name: 'p', limit: 5 }]);
  });

  it.each([
    ...['"p"', 'p;q=5', '"p";q=-5', '"p";q=5.0', '"p";q=5;w=0', '"p";q=5;w=-1', '"p";q=5;w=1.5'],
    ...['"p";q=5;qu=requests', '"p";q=5;pk="user"', '"fixed window";"api";q=500;w=300', '"p";w=5'],
  ])('RateLimit-Policy is ignored as a whole: %s', (value) => {
    expect(read('"p";r=1', value)).toEqual([{ name: 'p', remaining: 1 }]);
    expect(read('"p";r=1', `"q";q=1, ${value}`)).toEqual([{ name: 'p', remaining: 1 }]);
  });

  it.each([5, true, {}, null, Symbol('r')])('is ignored: %p', (value) => {
    expect(read(value)).toEqual([]);
  });
});

describe('an answer from a cache', () => {
  it.each(['1', '600', 'old', '-1', '', ['0', '5']])('is ignored: Age %j', (age) => {
    expect(read('"a";r=5', undefined, { Age: age })).toEqual([]);
    expect(read(undefined, undefined, { Age: age, 'RateLimit-Remaining': '5' })).toEqual([]);
  });

  it.each(['0', '00', ' 0 ', 0])('is not one whose Age is %j', (age) => {
    expect(read('"a";r=5', undefined, { Age: age })).toHaveLength(1);
  });
});

describe('what a server can make a client keep', () => {
  it('is at most 16 quotas', () => {
    const items = Array.from({ length: 100 }, (_, i) => `"q${i}";r=${i}`);
    const policies = items.map((item) => item.replace('r=', 'q='));
    expect(read(items.join()).map(({ name }) => name)).toEqual(
      Array.from({ length: 16 }, (_, i) => `q${i}`),
    );
    expect(read(items.slice(0, 10).join(), policies.join())).toHaveLength(16);
  });

  it('is no name above 128 characters', () => {
    const [longest, longer] = ['a'.repeat(128), 'b'.repeat(129)];
    expect(read(`"${longer}";r=1, "${longest}";r=2`).map(({ remaining }) => remaining)).toEqual([
      2,
    ]);
    expect(read(`"${'a'.repeat(120)}";r=1;pk=:${'A'.repeat(8)}:`)).toEqual([]);
  });

  it('is the lowest remainder of quotas with the same name', () => {
    expect(read('"a";r=5;t=1, "a";r=3;t=2, "a";r=4;t=3')).toEqual([
      { name: 'a', remaining: 3, reset: 2000 },
    ]);
  });
});

describe('former drafts', () => {
  const trio = { 'RateLimit-Limit': '100', 'RateLimit-Remaining': '50', 'RateLimit-Reset': '30' };
  const quota = { name: 'default', remaining: 50, reset: 30_000, limit: 100 };

  it('draft 6: three fields, of which the reset is seconds', () => {
    expect(readAll(answerWith(trio))).toEqual([quota]);
    expect(readAll(answerWith({ 'RateLimit-Remaining': '0' }))).toEqual([
      { name: 'default', remaining: 0 },
    ]);
    expect(readAll(answerWith({ 'RateLimit-Reset': '30' }))).toEqual([]);
  });

  it('draft 7: one field with three numbers', () => {
    expect(read('limit=100, remaining=50, reset=30')).toEqual([quota]);
    expect(read('reset=30,remaining=50,limit=100,x=1')).toEqual([quota]);
  });

  it('have the window of a policy with the same limit', () => {
    const policy = { 'RateLimit-Policy': '10;w=1, 100;w=60' };
    expect(readAll(answerWith({ ...trio, ...policy }))).toEqual([{ ...quota, window: 60_000 }]);
    expect(read('limit=10, remaining=5, reset=1', '10;w=1, 100;w=60')).toEqual([
      { name: 'default', remaining: 5, reset: 1000, limit: 10, window: 1000 },
    ]);
    expect(read('limit=10, remaining=5, reset=1', '10;w=0')).toEqual([
      { name: 'default', remaining: 5, reset: 1000, limit: 10 },
    ]);
  });

  it.each([
    'limit=100, remaining=50',
    'limit=100, remaining=-1, reset=30',
    'limit=100, remaining=5.0, reset=1',
  ])('are ignored when they are malformed: %s', (value) => {
    expect(read(value)).toEqual([]);
    expect(read(value, undefined, trio)).toEqual([quota]);
  });

  it('draft 6: a malformed field is ignored by itself', () => {
    const malformed = { 'RateLimit-Limit': '100 per hour', 'RateLimit-Reset': 'soon' };
    expect(readAll(answerWith({ ...trio, ...malformed }))).toEqual([
      { name: 'default', remaining: 50 },
    ]);
  });

  it('are not looked at beside a valid RateLimit', () => {
    expect(read('"a";r=5', undefined, trio)).toEqual([{ name: 'a', remaining: 5 }]);
  });
});

it('never throws, and tells only numbers that are 0 or more', () => {
  const field = fc.oneof(fc.anything(), fc.string(), fc.stringMatching(/^["a-z;=rtq0-9, ]{0,20}$/));
  fc.assert(
    fc.property(field, field, field, (limit, policy, remaining) => {
      const quotas = read(limit, policy, { 'RateLimit-Remaining': remaining });
      for (const { name, ...numbers } of quotas) {
        expect(typeof name).toBe('string');
        for (const value of [numbers.remaining, numbers.reset, numbers.limit, numbers.window]) {
          expect(value === undefined || (Number.isSafeInteger(value) && value >= 0)).toBe(true);
        }
      }
    }),
  );
});

import { shopify } from '../../src/presets/shopify.js';
import { answerWith } from '../support/answer.js';
import { numbered, SECOND } from '../support/gate-client.js';
import { answer, refusals, replay, setUpGate } from '../support/preset-client.js';

const HEADER = 'X-Shopify-Shop-Api-Call-Limit';

/** Answers as a leaky bucket does. */
function leakyBucket(size: number, leak: number) {
  let used = 0;
  let leakedAt = 0;
  return ({ at }: { at: number }) => {
    used = Math.max(used - ((at - leakedAt) / 1000) * leak, 0);
    leakedAt = at;
    const isFull = used + 1 > size;
    if (!isFull) used += 1;
    return {
      status: isFull ? 429 : 200,
      after: 50,
      headers: {
        [HEADER.toLowerCase()]: `${Math.ceil(used)}/${size}`,
        ...(isFull && { 'retry-after': '2.0' }),
      },
    };
  };
}

it('a 429 of Shopify is sent again after its decimal seconds', async () => {
  const headers = { [HEADER]: '40/40', 'Retry-After': '2.0' };
  const ending = await replay(shopify(), [answer(429, headers), answer(200)]);
  expect(ending).toEqual({ status: 200, waits: [2000] });
});

it.each([429, 503])(
  'a %d of Shopify that says no time is sent again after 1, 2, 4 s',
  async (status) => {
    const ending = await replay(shopify(), [
      answer(status),
      answer(status),
      answer(status),
      answer(200),
    ]);
    expect(ending).toEqual({ status: 200, waits: [1000, 2000, 4000] });
  },
);

it.each([402, 423, 430, 500])('a %d of Shopify is not retried', async (status) => {
  expect(await replay(shopify(), [answer(status, { 'Retry-After': '2.0' })])).toEqual({
    status,
    gaveUp: 'status',
    waits: [],
  });
});

describe('the gate of Shopify', () => {
  it.each([
    [40, 2],
    [400, 20],
  ])('fills a bucket of %d and then sends %d a second, without one refusal', async (size, leak) => {
    const { clock, server, getAll, endings } = setUpGate(shopify(), leakyBucket(size, leak));
    getAll('/first');
    await clock.advance(SECOND);
    getAll(...numbered(size + 30 * leak));
    await clock.runAll();
    expect(endings.filter(({ status }) => status === 200)).toHaveLength(size + 30 * leak + 1);
    expect(refusals(server.sent)).toBe(0);
    expect(server.times.at(-1)).toBeLessThan(45 * SECOND);
  });

  it('lets a burst go at once that fits into the bucket', async () => {
    const { clock, server, getAll } = setUpGate(shopify(), leakyBucket(40, 2));
    getAll(...numbered(35));
    await clock.advance(SECOND);
    expect(server.sent).toHaveLength(35);
  });

  it.each(['', '40', 'x/40', '-1/40', '1.5/40', '1/40, 2/40', `${'9'.repeat(400)}/40`])(
    'learns nothing from "%s"',
    (text) => {
      const read = shopify().gate.quotas as (given: object) => unknown;
      expect(read(answerWith({ [HEADER]: text }))).toEqual([]);
    },
  );
});

import axios from 'axios';
import fc from 'fast-check';
import { isRetryGateError } from '../../src/gate/index.js';
import { HOUR, SECOND, setUp } from '../support/gate-client.js';
import { QUOTA_HEADER, readQuotaHeader } from '../support/quota-server.js';
import type { Reply, Sent } from '../support/stub-server.js';

describe('with random responses and random user actions', () => {
  const answer = fc.oneof(
    { weight: 6, arbitrary: fc.record({ status: fc.constant(200) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        status: fc.constantFrom(429, 503, 529),
        retryAfter: fc.constantFrom('0', '1', '3', '20', '-1', 'soon', ''),
      }),
    },
    { weight: 2, arbitrary: fc.record({ status: fc.constantFrom(404, 429, 500, 502, 503, 504) }) },
    { weight: 1, arbitrary: fc.record({ reset: fc.constant(true) }) },
  );
  const amount = fc.constantFrom(undefined, 0, 1, 5, 100, 1e15, -1, 0.5);
  const quota = fc.record({
    name: fc.constantFrom('a', 'b', '__proto__'),
    remaining: amount,
    limit: amount,
    reset: fc.constantFrom(undefined, 0, 1, 400, 2000, 9000, HOUR, 1e15),
    window: fc.constantFrom(undefined, 0.001, 1000, 60_000),
    unit: fc.constantFrom(undefined, 'requests', 'concurrent-requests', 'content-bytes'),
  });
  const headers = fc
    .array(quota, { maxLength: 2 })
    .map((told) => ({ [QUOTA_HEADER]: JSON.stringify(told) }));
  const replies = fc.array(
    fc
      .tuple(answer, fc.constantFrom(0, 1, 30, 400, 7000), headers)
      .map(([reply, after, told]) => ({ ...reply, after, headers: told })),
    { minLength: 1, maxLength: 40 },
  );
  const act = fc.oneof(
    { weight: 6, arbitrary: fc.record({ send: fc.integer({ min: 1, max: 8 }) }) },
    { weight: 4, arbitrary: fc.record({ pass: fc.constantFrom(0, 1, 50, 400, 1000, 9000) }) },
    { weight: 1, arbitrary: fc.record({ cancel: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.record({ abort: fc.nat(60) }) },
    { weight: 1, arbitrary: fc.record({ skip: fc.nat(20) }) },
  );
  const plan = fc.record({
    replies,
    acts: fc.array(act, { maxLength: 30 }),
    initialConcurrency: fc.constantFrom(1, 3, 32, Number.POSITIVE_INFINITY),
    maxQueued: fc.constantFrom(4, 1000, Number.POSITIVE_INFINITY),
    maxDelay: fc.constantFrom(10 * SECOND, HOUR),
    networkErrors: fc.boolean(),
    keys: fc.constantFrom(1, 2),
    limits: fc.record({
      maxConcurrency: fc.constantFrom(1, 4, Number.POSITIVE_INFINITY),
      maxRate: fc.constantFrom(undefined, { requests: 3, per: SECOND }),
      reserve: fc.constantFrom(0, 0.2),
      isCosted: fc.boolean(),
      readsQuotas: fc.boolean(),
    }),
  });
  type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;

  /** The closing of one key, as the rules define it. */
  class Closing {
    #from = Number.POSITIVE_INFINITY;
    #until = 0;

    forbids(at: number): boolean {
      // Requests admitted at the same moment may already be on their way.
      return at > this.#from && at < this.#until;
    }

    answered(at: number, { status = 200, retryAfter }: Reply): void {
      const seconds = /^\d+$/.test(retryAfter ?? '') ? Number(retryAfter) : undefined;
      const closedFor = status === 429 ? seconds : (seconds ?? 8);
      if (![429, 503, 529].includes(status) || closedFor === undefined) return;
      if (at >= this.#until) this.#from = at;
      this.#until = Math.max(this.#until, at + closedFor * SECOND);
    }
  }

  /** Runs a plan, after which the server recovers. */
  async function carryOut({
    replies,
    acts,
    keys,
    initialConcurrency,
    maxQueued,
    limits: { isCosted, readsQuotas, ...limits },
    ...options
  }: Plan) {
    const all = setUp(
      ({ index }) => replies[index] ?? { status: 200, after: 5 },
      {
        initialConcurrency,
        maxQueued,
        ...limits,
        ...(readsQuotas && { quotas: readQuotaHeader }),
        ...(isCosted && { cost: ({ url }) => Number(String(url).slice(1)) % 4 }),
        key: ({ url }) => String(keyOf(String(url))),
      },
      { ...options, backoff: () => 8 * SECOND },
    );
    const { clock, server, handle, passed } = all;
    const closings = Array.from({ length: keys }, () => new Closing());
    const keyOf = (url: string): number => Number(url.slice(1)) % keys;
    const closingOf = (url: string): Closing => closings[keyOf(url)] as Closing;
    const early: Sent[] = [];
    const reply = server.answer;
    server.answer = (sent) => {
      if (closingOf(sent.url).forbids(sent.at)) early.push(sent);
      return reply(sent);
    };
    server.onAnswer = ({ url }, given) => closingOf(url).answered(passed(), given);
    const controllers: AbortController[] = [];
    const skipped = new Set<string>();
    for (const one of acts) {
      if ('send' in one) {
        for (let i = 0; i < one.send; i += 1) {
          const controller = new AbortController();
          controllers.push(controller);
          all.get(`/${controllers.length - 1}`, { signal: controller.signal });
        }
      } else if ('pass' in one) await clock.advance(one.pass);
      else if ('cancel' in one) handle.waits[one.cancel]?.cancel();
      else if ('abort' in one) controllers[one.abort]?.abort();
      else {
        const wait = handle.waits[one.skip];
        if (wait) skipped.add(wait.url);
        wait?.retryNow();
      }
    }
    await clock.runAll();
    return { ...all, early, skipped, keyOf, made: controllers.length };
  }

  it('nothing is sent while its key is closed', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async (given) => {
        const { early } = await carryOut(given);
        expect(early).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('every request is answered, refused or cancelled, and nothing is left behind', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async (given) => {
        const { endings, made, handle, server, clock } = await carryOut(given);
        expect(endings).toHaveLength(made);
        for (const { status, error } of endings) {
          const isAnswered = status !== undefined || /socket hang up/.test(error?.message ?? '');
          expect(isAnswered || axios.isCancel(error) || isRetryGateError(error)).toBe(true);
        }
        expect([handle.waits, server.open, clock.timers.size]).toEqual([[], 0, 0]);
      }),
      { numRuns: 60 },
    );
  });

  it('first attempts to a key keep their order, except those that were skipped ahead', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async (given) => {
        // A request that costs less may go while another has not reached the queue.
        fc.pre(!given.limits.isCosted);
        const { server, skipped, keyOf } = await carryOut(given);
        for (let key = 0; key < given.keys; key += 1) {
          const numbers = server.sent
            .filter(
              ({ url, retryNumber }) =>
                retryNumber === 0 && keyOf(url) === key && !skipped.has(url),
            )
            .map(({ url }) => Number(url.slice(1)));
          expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('a key works normally in the end', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async (given) => {
        const { server, clock, get } = await carryOut(given);
        server.sent.splice(0);
        server.answer = () => 200;
        // Longer than any window that does not refuse the request.
        await clock.advance(given.limits.readsQuotas ? 1.1e15 : 61 * SECOND);
        const ending = get('/0');
        await clock.advance(0);
        expect((await ending).status).toBe(200);
      }),
      { numRuns: 40 },
    );
  });
});

import axios from 'axios';
import type { RetryBudgetOptions } from '../../src/gate/index.js';
import { awsRetryCost, createRetryBudget } from '../../src/gate/index.js';
import type { RetryFailure, RetryOptions, RetryReport } from '../../src/index.js';
import { attachRetry, retryReport } from '../../src/index.js';
import { COLLECTING, growthOf } from '../support/garbage.js';
import { callOf } from '../support/stub-call.js';
import type { Answer, Sent } from '../support/stub-server.js';
import { busy, endingOf, StubServer, stubClock } from '../support/stub-server.js';

/** An instance with a budget. Its retries wait a millisecond. */
function setUp(
  answer: (sent: Sent) => Answer,
  budgetOptions: RetryBudgetOptions = {},
  options: RetryOptions = {},
) {
  const clock = stubClock(0);
  const server = new StubServer(clock, answer);
  const api = axios.create({ adapter: server.adapter, baseURL: 'https://api.example' });
  const budget = createRetryBudget(budgetOptions);
  attachRetry(api, { clock, budget, backoff: () => 1, ...options });
  async function get(url = '/') {
    const ending = endingOf(url, api.get(url));
    await clock.runAll();
    return ending;
  }
  /** How many retries the budget still pays for, one request after the other. */
  async function retriesLeft(url = '/', refusal: Answer = 503): Promise<number> {
    const { answer } = server;
    server.answer = () => refusal;
    const before = server.sent.length;
    for (let calls = 1; ; calls += 1) {
      const { error } = await get(url);
      if (retryReport(error)?.gaveUp === 'budget') {
        server.answer = answer;
        return server.sent.length - before - calls;
      }
    }
  }
  return { clock, server, api, get, retriesLeft };
}

const failureOf = (status: number, retryNumber = 1): RetryFailure => ({ status, retryNumber });

const given = (options: unknown) => () => createRetryBudget(options as RetryBudgetOptions);

describe('the default budget: a capacity of 500, and 14 per retry', () => {
  it('pays for 35 retries when nothing succeeds', async () => {
    const { get, server } = setUp(() => 503, {}, { maxRetries: 1 });
    for (let i = 0; i < 35; i += 1) {
      expect(retryReport((await get()).error)?.gaveUp).toBe('max-retries');
    }
    expect(server.sent).toHaveLength(70);
    expect(retryReport((await get()).error)?.gaveUp).toBe('budget');
    expect(server.sent).toHaveLength(71);
  });

  it.each([429, 529])('pays for 100 retries of a throttled request: %i, 5 each', async (status) => {
    const { retriesLeft } = setUp(() => 200);
    expect(await retriesLeft('/', busy(0, status))).toBe(100);
  });

  it('is shared by all requests', async () => {
    const { retriesLeft } = setUp(() => 503, {}, { maxRetries: 3 });
    expect(await retriesLeft()).toBe(35);
  });

  it('ends a request with its outcome when it is empty, and calls onGiveUp', async () => {
    const onGiveUp = jest.fn((_report: RetryReport) => undefined);
    const { get, retriesLeft } = setUp(() => 503, {}, { onGiveUp });
    await retriesLeft();
    onGiveUp.mockClear();
    const { error, status } = await get();
    expect([error?.name, status]).toEqual(['AxiosError', 503]);
    expect(retryReport(error)).toEqual({
      attempts: [{ sentAt: expect.any(Number), status: 503 }],
      gaveUp: 'budget',
      retryAt: expect.any(Number),
    });
    expect(onGiveUp.mock.calls.map(([report]) => report.gaveUp)).toEqual(['budget']);
  });

  it('never prevents a first send', async () => {
    const { get, retriesLeft, server } = setUp(() => 200);
    await retriesLeft();
    const before = server.sent.length;
    expect((await get()).status).toBe(200);
    expect(server.sent).toHaveLength(before + 1);
  });

  it('regains 1 from a success at the first send', async () => {
    const { get, retriesLeft } = setUp(() => 200);
    await retriesLeft(); // 10 are left.
    for (let i = 0; i < 3; i += 1) await get();
    expect(await retriesLeft()).toBe(0);
    await get();
    expect(await retriesLeft()).toBe(1);
    expect(await retriesLeft()).toBe(0);
  });

  it('regains once what the last retry took, after any number of retries', async () => {
    const { get, retriesLeft, server } = setUp(() => 200);
    server.answer = ({ index }) => (index < 3 ? 503 : 200);
    expect((await get()).status).toBe(200);
    expect(server.sent).toHaveLength(4);
    expect(await retriesLeft()).toBe(Math.floor((500 - 3 * 14 + 14) / 14));
  });

  it('regains 5 or 14, by the failure before the last retry', async () => {
    for (const [first, second, regained] of [
      [503, busy(0), 5],
      [busy(0), 503, 14],
    ] as const) {
      const { get, retriesLeft, server } = setUp(() => 200, { capacity: 100 });
      server.answer = ({ index }) => [first, second][index] ?? 200;
      expect((await get()).status).toBe(200);
      expect(await retriesLeft('/', busy(0))).toBe(Math.floor((100 - 14 - 5 + regained) / 5));
    }
  });

  it('never holds more than 500', async () => {
    const { get, retriesLeft } = setUp(() => 200);
    for (let i = 0; i < 50; i += 1) await get();
    expect(await retriesLeft()).toBe(35);
    for (let i = 0; i < 700; i += 1) await get();
    expect(await retriesLeft()).toBe(35);
  });

  it('regains nothing from a failure', async () => {
    const { get, retriesLeft } = setUp(() => 404);
    await retriesLeft();
    for (let i = 0; i < 20; i += 1) await get();
    expect(await retriesLeft()).toBe(0);
  });

  it('is not used by failures that are not retried', async () => {
    const { get, retriesLeft, server } = setUp(() => 500);
    for (let i = 0; i < 200; i += 1) await get();
    server.answer = () => 429;
    for (let i = 0; i < 200; i += 1) await get();
    expect(await retriesLeft()).toBe(35);
  });
});

describe('the option retryCost as a function', () => {
  it('gets the failed attempt', async () => {
    const retryCost = jest.fn((_failure: RetryFailure) => 1);
    const { get, server } = setUp(() => 200, { retryCost });
    server.answer = ({ index }) => [busy('0', 503), 502][index] ?? 200;
    await get();
    expect(retryCost.mock.calls).toMatchObject([
      [{ status: 503, headers: { 'retry-after': '0' }, retryNumber: 1 }],
      [{ status: 502, retryNumber: 2, previousDelay: 1 }],
    ]);
  });

  it('may build on the default', async () => {
    const retryCost = (failure: RetryFailure) =>
      failure.status === 503 ? 5 : awsRetryCost(failure);
    const { retriesLeft } = setUp(() => 200, { retryCost });
    expect(await retriesLeft('/a')).toBe(100);
    expect(await retriesLeft('https://other.example/', 502)).toBe(35);
  });

  it('may make some retries free, which then give nothing back', async () => {
    const retryCost = ({ status }: RetryFailure) => (status === 429 ? 0 : 10);
    const { get, retriesLeft, server } = setUp(() => 200, { retryCost, capacity: 20 });
    await retriesLeft();
    server.answer = ({ index }) => (index % 2 === 1 ? busy(0) : 200);
    for (let i = 0; i < 10; i += 1) expect((await get()).status).toBe(200);
    server.answer = () => 200;
    expect(await retriesLeft()).toBe(0);
  });

  it('gives back nothing of a retry that was refused', async () => {
    const budget = createRetryBudget({ capacity: 10, retryCost: ({ retryNumber }) => retryNumber });
    const [one, other] = [callOf(), callOf()];
    expect(budget.withdraw(one, failureOf(503, 8))).toBe(true);
    expect(budget.withdraw(other, failureOf(503, 3))).toBe(false);
    budget.deposit(other); // As a first success: 1.
    expect(budget.withdraw(other, failureOf(503, 4))).toBe(false);
    expect(budget.withdraw(other, failureOf(503, 3))).toBe(true);
  });

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY, '5', undefined, Promise.resolve(5)])(
    'fails the request with a TypeError that names it if it returns %p',
    async (cost) => {
      const { get } = setUp(() => 503, { retryCost: () => cost as number });
      const { error } = await get();
      expect(error).toBeInstanceOf(TypeError);
      expect(error).toMatchObject({
        message: expect.stringMatching(
          /the result of option "retryCost" takes a finite number, 0 or more; got /,
        ),
        cause: { response: { status: 503 } },
      });
    },
  );

  it('fails the request with its error if it throws', async () => {
    const mine = new Error('mine');
    const retryCost = () => {
      throw mine;
    };
    const { get } = setUp(() => 503, { retryCost });
    expect((await get()).error).toBe(mine);
  });
});

describe('the key of a budget', () => {
  it('is the origin', async () => {
    const { retriesLeft } = setUp(() => 503);
    await retriesLeft('/a');
    expect(await retriesLeft('/b')).toBe(0);
    expect(await retriesLeft('https://api.example:443/c')).toBe(0);
    expect(await retriesLeft('https://other.example/')).toBe(35);
  });

  it('is what the option returns', async () => {
    const { retriesLeft } = setUp(() => 503, { key: ({ url }) => String(url) });
    await retriesLeft('/a');
    expect([await retriesLeft('/a'), await retriesLeft('/b')]).toEqual([0, 35]);
  });

  it('is not asked for while no retry has taken anything', async () => {
    const key = jest.fn(() => 'all');
    const { get, server } = setUp(() => 200, { key });
    await get();
    expect(key).not.toHaveBeenCalled();
    server.answer = ({ index }) => (index === 1 ? 503 : 200);
    await get();
    expect(key).toHaveBeenCalledTimes(2);
    await get();
    expect(key).toHaveBeenCalledTimes(2);
  });

  it('fails the request with a TypeError that names it if it is not a string', async () => {
    const { get } = setUp(() => 503, { key: () => undefined as unknown as string });
    const { error } = await get();
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({
      message: expect.stringMatching(/option "key" takes a string; got undefined/),
      cause: { response: { status: 503 } },
    });
  });
});

const failure = failureOf(503);

describe('the buckets of a budget', () => {
  const call = (key: number) => callOf({ url: `https://host-${key}.example/` });

  it('are kept up to 1,000; beyond that, those used longest ago count as full', () => {
    const budget = createRetryBudget({ capacity: 10, retryCost: 10 });
    for (let key = 0; key < 1000; key += 1) expect(budget.withdraw(call(key), failure)).toBe(true);
    for (let key = 0; key < 1000; key += 1) expect(budget.withdraw(call(key), failure)).toBe(false);
    expect(budget.withdraw(call(1000), failure)).toBe(true);
    expect(budget.withdraw(call(0), failure)).toBe(true);
    expect(budget.withdraw(call(999), failure)).toBe(false);
  });

  it('count as used when they had too little left, too', () => {
    const budget = createRetryBudget({ capacity: 10, retryCost: 10 });
    budget.withdraw(call(0), failure);
    for (let key = 1; key < 3000; key += 1) {
      budget.withdraw(call(key), failure);
      expect(budget.withdraw(call(0), failure)).toBe(false);
    }
  });

  it('are kept only while they are not full', () => {
    const budget = createRetryBudget({ capacity: 10, retryCost: 10 });
    budget.withdraw(call(0), failure);
    for (let key = 1; key < 3000; key += 1) {
      const one = call(key);
      budget.withdraw(one, failure);
      budget.deposit(one);
    }
    expect(budget.withdraw(call(0), failure)).toBe(false);
  });

  it(
    'take bounded memory however many keys there are',
    async () => {
      const budget = createRetryBudget({ key: ({ url }) => String(url) });
      const use = (from: number, to: number) => () => {
        for (let key = from; key < to; key += 1) budget.withdraw(call(key), failure);
      };
      use(0, 2000)();
      expect(await growthOf(use(2000, 20_000))).toBeLessThan(1_000_000);
    },
    COLLECTING,
  );
});

describe('the options of createRetryBudget', () => {
  it('are used as given', async () => {
    const options = { capacity: 12, retryCost: 3, refund: 2 };
    const { get, retriesLeft } = setUp(() => 200, options);
    expect(await retriesLeft()).toBe(4);
    await get();
    expect(await retriesLeft()).toBe(0);
    await get();
    expect(await retriesLeft()).toBe(1);
  });

  it('can make retries free', async () => {
    const { get, server } = setUp(() => 503, { retryCost: 0, capacity: 1 }, { maxRetries: 50 });
    expect(retryReport((await get()).error)?.gaveUp).toBe('max-retries');
    expect(server.sent).toHaveLength(51);
  });

  it('can forbid retries with a cost above the capacity', async () => {
    const { retriesLeft } = setUp(() => 503, { retryCost: 6, capacity: 5 });
    expect(await retriesLeft()).toBe(0);
  });

  it('can make the budget unlimited', () => {
    const budget = createRetryBudget({ capacity: Number.POSITIVE_INFINITY });
    for (let i = 0; i < 1000; i += 1)
      expect(budget.withdraw(callOf({ url: '' }), failure)).toBe(true);
  });

  it.each([
    ['capacity', '500', '"500"'],
    ['refund', {}, '\\[object Object\\]'],
    ['key', 'origin', '"origin"'],
  ])('reject a %s of the wrong kind, %p, with a TypeError that names it', (name, value, shown) => {
    const act = given({ [name]: value });
    expect(act).toThrow(TypeError);
    expect(act).toThrow(new RegExp(`createRetryBudget: option "${name}" takes .*; got ${shown}`));
  });

  it.each([
    ['capacity', 0, 'a number above 0'],
    ['capacity', -1, 'a number above 0'],
    ['capacity', Number.NaN, 'a number above 0'],
    ['refund', -0.5, 'a finite number, 0 or more'],
    ['refund', Number.NaN, 'a finite number, 0 or more'],
    ['refund', Number.POSITIVE_INFINITY, 'a finite number, 0 or more'],
  ])('reject a %s out of range, %d, with a RangeError that names it', (name, value, takes) => {
    const act = given({ [name]: value });
    expect(act).toThrow(RangeError);
    expect(act).toThrow(`option "${name}" takes ${takes}; got ${value}`);
  });

  it('reject an unknown name with a TypeError that lists the known ones', () => {
    expect(given({ cost: 5 })).toThrow(TypeError);
    expect(given({ cost: 5 })).toThrow(
      /unknown option "cost"; it takes capacity, retryCost, refund, key/,
    );
    expect(given(null)).toThrow(/createRetryBudget takes an object of options/);
  });
});

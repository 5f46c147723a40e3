import type { RetryBudget, RetryCall } from '../../src/core/extensions.js';
import type { RetryFailure, RetryOptions, RetryReport } from '../../src/index.js';
import { retryReport } from '../../src/index.js';
import type { Answer } from '../support/scripted-client.js';
import { setUp, throwError } from '../support/scripted-client.js';

describe('a budget', () => {
  function budgetOf(credit: number) {
    return {
      credit,
      withdraw: jest.fn(function (this: { credit: number }, _call: RetryCall) {
        this.credit -= 1;
        return this.credit >= 0;
      }),
      deposit: jest.fn((_call: RetryCall) => undefined),
    } satisfies RetryBudget & { credit: number };
  }

  it('is charged for each retry before its wait, and credited for a success', async () => {
    const budget = budgetOf(10);
    const { get, clock } = setUp([503, 503, 200], { budget });
    const request = get();
    await clock.advance(0);
    expect(budget.withdraw).toHaveBeenCalledTimes(1);
    await clock.runAll();
    await request;
    expect(budget.withdraw).toHaveBeenCalledTimes(2);
    expect(budget.deposit).toHaveBeenCalledTimes(1);
  });

  it('gets the failed attempt that each retry follows', async () => {
    const withdraw = jest.fn((_call: RetryCall, _failure: RetryFailure) => true);
    const budget = { withdraw, deposit: () => undefined };
    const { get, clock } = setUp([{ status: 429, retryAfter: '1' }, 503, 200], { budget });
    const request = get();
    await clock.runAll();
    await request;
    expect(withdraw.mock.calls.map(([, failure]) => failure)).toMatchObject([
      { status: 429, retryNumber: 1, headers: { 'retry-after': '1' } },
      { status: 503, retryNumber: 2, previousDelay: 1000 },
    ]);
  });

  it('is credited for a success at once, without a charge', async () => {
    const budget = budgetOf(0);
    await setUp([200], { budget }).get();
    expect(budget.withdraw).not.toHaveBeenCalled();
    expect(budget.deposit).toHaveBeenCalledTimes(1);
  });

  it('that is empty ends the call with the reason "budget"', async () => {
    const budget = budgetOf(1);
    const onGiveUp = jest.fn((_report: RetryReport) => undefined);
    const { fail, passed, sent } = setUp([503], { budget, onGiveUp });
    const error = await fail();
    expect(error).toMatchObject({ name: 'AxiosError', status: 503 });
    expect(retryReport(error)?.gaveUp).toBe('budget');
    expect([sent.length, passed()]).toEqual([2, 8000]);
    expect(onGiveUp.mock.calls[0]?.[0].gaveUp).toBe('budget');
    expect(budget.deposit).not.toHaveBeenCalled();
  });

  it.each<[string, Answer, RetryOptions]>([
    ['a status that is not retried', 404, {}],
    ['a limit', 503, { maxDelay: 1 }],
    ['the hook', 503, { decide: () => ({ retry: false, reason: 'decided' }) }],
  ])('is not charged when %s ends the call', async (_words, answer, options) => {
    const budget = budgetOf(10);
    await setUp([answer], { budget, ...options }).fail();
    expect(budget.withdraw).not.toHaveBeenCalled();
    expect(budget.deposit).not.toHaveBeenCalled();
  });

  it('that throws fails the request with its error', async () => {
    const budget = { withdraw: throwError, deposit: () => undefined };
    const error = await setUp([503], { budget }).fail();
    expect(error).toMatchObject({ message: 'mine', cause: { status: 503 } });
  });

  it('that throws when it is credited leaves no request pending', async () => {
    const budget = { withdraw: () => true, deposit: throwError };
    for (const answers of [[200], [503, 200]]) {
      const { get, clock } = setUp(answers, { budget });
      let settled = false;
      get()
        .catch(() => undefined)
        .finally(() => {
          settled = true;
        });
      await clock.runAll();
      expect(settled).toBe(true);
    }
  });

  it('is bypassed with config.retry = false', async () => {
    const budget = budgetOf(10);
    await setUp([200], { budget }).get({ retry: false });
    expect(budget.deposit).not.toHaveBeenCalled();
  });
});

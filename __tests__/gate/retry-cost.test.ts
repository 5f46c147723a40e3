import { awsRetryCost, createRetryBudget } from '../../src/gate/index.js';
import { costOf } from '../../src/gate/retry-cost.js';

const failure = { status: 503, retryNumber: 1 };

describe('the cost by AWS', () => {
  it.each([
    [429, 5],
    [529, 5],
    [502, 14],
    [503, 14],
    [504, 14],
    [undefined, 14],
  ])('of a retry after %p is %i', (status, cost) => {
    expect(awsRetryCost({ status, retryNumber: 1 })).toBe(cost);
  });
});

describe('the cost of a retry', () => {
  it.each([0, 0.5, 7, () => 0, () => 7])('may be %p', (retryCost) => {
    expect(() => createRetryBudget({ retryCost })).not.toThrow();
    const cost = typeof retryCost === 'number' ? retryCost : retryCost();
    expect(costOf(retryCost, failure)).toBe(cost);
  });

  it.each([
    [Number.NaN, RangeError],
    [-1, RangeError],
    [Number.POSITIVE_INFINITY, RangeError],
    ['5', TypeError],
    [null, TypeError],
  ])('must not be %p', (retryCost, ErrorType) => {
    const act = () => createRetryBudget({ retryCost: retryCost as number });
    expect(act).toThrow(ErrorType);
    expect(act).toThrow(
      'createRetryBudget: option "retryCost" takes a finite number, 0 or more, or a function; got ',
    );
  });

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY, '5', undefined])(
    'must not become %p for a failure',
    (cost) => {
      const act = () => costOf(() => cost as number, failure);
      expect(act).toThrow(TypeError);
      expect(act).toThrow(
        'the result of option "retryCost" takes a finite number, 0 or more; got ',
      );
    },
  );
});

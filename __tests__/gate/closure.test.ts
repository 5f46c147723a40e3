import type { GateOutcome, RetryCall } from '../../src/core/extensions.js';
import { closureOf, isAccepted } from '../../src/gate/closure.js';
import { defineStatusTable } from '../../src/policy/define-status-table.js';
import { callOf } from '../support/stub-call.js';

const CLOSES = [429, 503, 529];

const closure = (
  outcome: GateOutcome,
  closes = CLOSES,
  policy: Partial<RetryCall['policy']> = {},
) => {
  const call = callOf();
  return closureOf({ ...call, policy: { ...call.policy, ...policy } }, outcome, closes);
};

describe('an answer closes its key', () => {
  it.each<[GateOutcome, number | undefined]>([
    [{ status: 429, retryAfter: 5000 }, 5000],
    [{ status: 429, retryAfter: 0 }, 0],
    [{ status: 429 }, undefined],
    [{ status: 503, retryAfter: 5000 }, 5000],
    [{ status: 503 }, 8000],
    [{ status: 529 }, 8000],
    [{ status: 502, retryAfter: 5000 }, undefined],
    [{ status: 403, retryAfter: 5000 }, undefined],
    [{ status: 200, retryAfter: 5000 }, undefined],
    [{}, undefined],
  ])('%j for %p ms', (outcome, closedFor) => {
    expect(closure(outcome)).toBe(closedFor);
  });

  it('by the statuses of the option, those other than 503 and 529 only with a time', () => {
    expect(closure({ status: 403, retryAfter: 5000 }, [403])).toBe(5000);
    expect(closure({ status: 403 }, [403])).toBeUndefined();
    expect(closure({ status: 429, retryAfter: 5000 }, [403])).toBeUndefined();
    expect(closure({ status: 503, retryAfter: 5000 }, [])).toBeUndefined();
  });

  it('for the first backoff of its own row, or of the options', () => {
    const table = defineStatusTable([{ code: 529, retry: 'backoff', backoff: () => 77 }]);
    const policy = { backoff: () => 55, table };
    expect(closure({ status: 529 }, CLOSES, policy)).toBe(77);
    expect(closure({ status: 503 }, CLOSES, policy)).toBe(55);
  });

  it('for a first backoff of 0 too, and tells it the status', () => {
    const backoff = jest.fn(() => 0);
    expect(closure({ status: 503 }, CLOSES, { backoff })).toBe(0);
    expect(backoff.mock.calls).toEqual([[1, { status: 503, retryNumber: 1 }]]);
  });

  it.each([
    ['is not a number', () => '500' as never],
    ['is below 0', () => -1],
    ['is infinite', () => Number.POSITIVE_INFINITY],
    ['is NaN', () => Number.NaN],
    [
      'throws',
      () => {
        throw new Error('a bug');
      },
    ],
  ])('not at all if the backoff %s', (_words, backoff) => {
    expect(closure({ status: 503 }, CLOSES, { backoff })).toBeUndefined();
  });
});

describe('a send is accepted', () => {
  it.each([
    [200, true],
    [304, true],
    [404, true],
    [403, true],
    [429, false],
    [500, false],
    [503, false],
    [undefined, false],
  ])('%p: %p', (status, accepted) => {
    expect(isAccepted({ status }, CLOSES)).toBe(accepted);
  });

  it('unless its status closes keys', () => {
    expect(isAccepted({ status: 403 }, [403])).toBe(false);
    expect(isAccepted({ status: 429 }, [])).toBe(false);
  });
});

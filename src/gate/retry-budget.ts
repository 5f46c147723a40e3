// A token bucket over retries, so that a server in trouble gets few more requests than without them.
import type { RetryBudget, RetryCall } from '../core/extensions.js';
import type { OptionRules } from '../util/validate.js';
import { A_FUNCTION, number, readOptions } from '../util/validate.js';
import type { GateOptions } from './options.js';
import type { RetryCost } from './retry-cost.js';
import { awsRetryCost, COST_RULE, costOf, isCost } from './retry-cost.js';
import { TokenBuckets } from './token-buckets.js';

/** Options of `createRetryBudget`, in tokens. The defaults are the rule of the AWS SDKs since 2026. */
export interface RetryBudgetOptions {
  /**
   * How much a bucket holds; it begins full. Above 0.
   *
   * @defaultValue 500
   */
  readonly capacity?: number | undefined;
  /**
   * What a retry takes: a finite number, 0 or more, or a function of the failed attempt that returns
   * one. A success after retries gives back what its last retry took.
   *
   * @defaultValue `awsRetryCost`: 5 after a 429 or 529, otherwise 14
   */
  readonly retryCost?: RetryCost | undefined;
  /**
   * What a success at the first send gives back. 0 or more.
   *
   * @defaultValue 1
   */
  readonly refund?: number | undefined;
  /**
   * Requests with the same key share a bucket.
   *
   * @defaultValue the origin of the request's URL
   */
  readonly key?: GateOptions['key'];
}

const RULES: OptionRules<RetryBudgetOptions> = {
  capacity: number('a number above 0', (value) => value > 0),
  retryCost: COST_RULE,
  refund: number('a finite number, 0 or more', isCost),
  key: A_FUNCTION,
};

const DEFAULTS = { capacity: 500, retryCost: awsRetryCost as RetryCost, refund: 1 };

/**
 * Creates a retry budget for `attachRetry`: each key has a bucket of tokens that pay for its retries. A
 * request whose retry cannot be paid for ends with its outcome and the reason `'budget'`. One whose
 * `retryCost` throws or returns no cost fails with that error, or with a `TypeError`.
 *
 * @param options - All are optional.
 * @throws {TypeError} When an option is unknown or of a wrong kind.
 * @throws {RangeError} When an option is out of range.
 */
export function createRetryBudget(options: RetryBudgetOptions = {}): RetryBudget {
  const { capacity, retryCost, refund, key } = readOptions<
    typeof DEFAULTS & Pick<RetryBudgetOptions, 'key'>
  >('createRetryBudget', options, RULES, DEFAULTS);
  const buckets = new TokenBuckets(capacity, key);
  /** What the last retry of a call took. */
  const taken = new WeakMap<RetryCall, number>();

  return {
    withdraw(call, failure) {
      const name = buckets.keyOf(call);
      const cost = costOf(retryCost, failure);
      const tokens = buckets.get(name);
      const isPaid = tokens >= cost;
      // Also set when it has too little left: it was used just now.
      buckets.set(name, isPaid ? tokens - cost : tokens);
      if (isPaid) taken.set(call, cost);
      return isPaid;
    },
    deposit(call) {
      if (buckets.areFull) return;
      const name = buckets.keyOf(call);
      // A call that a ticket resumed took nothing here, so it counts as a first send.
      buckets.set(name, buckets.get(name) + (taken.get(call) ?? refund));
      taken.delete(call);
    },
  };
}

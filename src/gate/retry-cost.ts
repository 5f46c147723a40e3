// What a retry costs: a number of tokens, or a function of the failure. The default is the rule of the AWS SDKs.
import type { RetryFailure } from '../policy/failure.js';
import type { OptionRule } from '../util/validate.js';
import { invalidResult, isFunction } from '../util/validate.js';

/** Tokens that a retry takes, for all failures or by the failed attempt. A finite number, 0 or more. */
export type RetryCost = number | ((failure: RetryFailure) => number);

/** In tokens. */
const [THROTTLING_COST, TRANSIENT_COST] = [5, 14];

const A_COST = 'a finite number, 0 or more';

/** Whether a value is a finite number, 0 or more. */
export const isCost = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value < Infinity;

export const COST_RULE: OptionRule = [
  `${A_COST}, or a function`,
  (value) => typeof value === 'number' || isFunction(value),
  (value: unknown) => isFunction(value) || isCost(value),
];

/**
 * The cost of a retry in the AWS SDKs, by their rule of 2026.
 *
 * AWS tells throttling by 429 or by a code in the body, which no budget sees. So a 503 is a transient
 * failure here, as it is there without such a code. The platform's 529 says that it is overloaded.
 *
 * @returns 5 tokens for throttling (429, 529), 14 for any other failure.
 * @see https://github.com/aws/aws-sdk-js-v3/issues/8037
 */
export function awsRetryCost({ status }: RetryFailure): number {
  return status === 429 || status === 529 ? THROTTLING_COST : TRANSIENT_COST;
}

/** @throws {TypeError} When the function returns anything but a finite number, 0 or more. */
export function costOf(retryCost: RetryCost, failure: RetryFailure): number {
  if (typeof retryCost === 'number') return retryCost;
  const cost: unknown = retryCost(failure);
  if (isCost(cost)) return cost;
  throw invalidResult('option "retryCost"', A_COST, cost);
}

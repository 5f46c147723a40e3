// gRPC's retry throttling: no retries while too many requests fail.
import type { RetryBudget } from '../core/extensions.js';
import type { OptionRules } from '../util/validate.js';
import { A_FUNCTION, number, readOptions } from '../util/validate.js';
import type { GateOptions } from './options.js';
import { TokenBuckets } from './token-buckets.js';

/** Options of `createRetryThrottle`, in tokens. The defaults are gRPC's example: about 10 % may fail. */
export interface RetryThrottleOptions {
  /**
   * How much a bucket holds; it begins full. Nothing is retried while at most half of it is left. A
   * finite number above 0.
   *
   * @defaultValue 10
   */
  readonly maxTokens?: number | undefined;
  /**
   * What a success gives back; a failure takes 1. A finite number, 0.001 or more, rounded to three
   * decimals.
   *
   * @defaultValue 0.1
   */
  readonly tokenRatio?: number | undefined;
  /**
   * Requests with the same key share a bucket.
   *
   * @defaultValue the origin of the request's URL
   */
  readonly key?: GateOptions['key'];
}

/** Thousandths of a token are counted, as in gRPC, because sums of 0.1 are not exact. */
const UNIT = 1000;

const RULES: OptionRules<RetryThrottleOptions> = {
  maxTokens: number('a finite number above 0', (value) => value > 0 && value < Infinity),
  tokenRatio: number(
    'a finite number, 0.001 or more',
    (value) => value >= 1 / UNIT && value < Infinity,
  ),
  key: A_FUNCTION,
};

const DEFAULTS = { maxTokens: 10, tokenRatio: 0.1 };

/**
 * Creates a retry budget for `attachRetry` by gRPC's rule: each key has a bucket, from which each failed
 * attempt takes 1 and to which each success gives `tokenRatio`. While at most half of it is left, what
 * fails ends with its outcome and the reason `'budget'`.
 *
 * Counts the failures that would be retried. The last one of a request whose retries are used up is not
 * counted, nor is a status that is never retried.
 *
 * @param options - All are optional.
 * @throws {TypeError} When an option is unknown or of a wrong kind.
 * @throws {RangeError} When an option is out of range.
 * @see https://github.com/grpc/proposal/blob/master/A6-client-retries.md#throttling-retry-attempts-and-hedged-rpcs
 */
export function createRetryThrottle(options: RetryThrottleOptions = {}): RetryBudget {
  const { maxTokens, tokenRatio, key } = readOptions<
    typeof DEFAULTS & Pick<RetryThrottleOptions, 'key'>
  >('createRetryThrottle', options, RULES, DEFAULTS);
  const capacity = maxTokens * UNIT;
  const refund = Math.round(tokenRatio * UNIT);
  const buckets = new TokenBuckets(capacity, key);

  return {
    withdraw(call) {
      const name = buckets.keyOf(call);
      const tokens = Math.max(buckets.get(name) - UNIT, 0);
      buckets.set(name, tokens);
      return tokens > capacity / 2;
    },
    deposit(call) {
      if (buckets.areFull) return;
      const name = buckets.keyOf(call);
      buckets.set(name, buckets.get(name) + refund);
    },
  };
}

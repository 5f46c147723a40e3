// A token bucket over retries, so that a server in trouble gets few more requests than without them.
import type { RetryBudget, RetryCall } from '../core/extensions.js';
import type { OptionRules } from '../util/validate.js';
import { A_FUNCTION, number, readOptions } from '../util/validate.js';
import { KeyGenerator } from './key.js';
import type { GateOptions } from './options.js';

/** Options of `createRetryBudget`, in tokens. The defaults are those of the AWS SDKs' standard mode. */
export interface RetryBudgetOptions {
  /**
   * How much a bucket holds; it begins full. Above 0.
   *
   * @defaultValue 500
   */
  readonly capacity?: number | undefined;
  /**
   * What a retry takes. A success after retries gives this back once. 0 or more.
   *
   * @defaultValue 5
   */
  readonly retryCost?: number | undefined;
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

const TOKENS = number('a finite number, 0 or more', (value) => value >= 0 && value < Infinity);

const RULES: OptionRules<RetryBudgetOptions> = {
  capacity: number('a number above 0', (value) => value > 0),
  retryCost: TOKENS,
  refund: TOKENS,
  key: A_FUNCTION,
};

const DEFAULTS = { capacity: 500, retryCost: 5, refund: 1 };

/** Of buckets that are not full. The rest, those used longest ago, count as full again. */
const MAX_BUCKETS = 1000;

/**
 * Creates a retry budget for `attachRetry`: each key has a bucket of tokens that pay for its retries. A
 * request whose retry cannot be paid for ends with its outcome and the reason `'budget'`.
 *
 * @param options - All are optional.
 * @throws {TypeError} When an option is unknown or of a wrong kind.
 * @throws {RangeError} When an option is out of range.
 */
export function createRetryBudget(options: RetryBudgetOptions = {}): RetryBudget {
  const { capacity, retryCost, refund, key } = readOptions<
    typeof DEFAULTS & Pick<RetryBudgetOptions, 'key'>
  >('createRetryBudget', options, RULES, DEFAULTS);
  const keys = new KeyGenerator(key);
  /** The tokens left, by key, of buckets that are not full. The one used longest ago comes first. */
  const left = new Map<string, number>();

  function set(name: string, tokens: number): void {
    left.delete(name);
    if (tokens >= capacity) return;
    left.set(name, tokens);
    if (left.size > MAX_BUCKETS) evictOldest();
  }

  /** Evicts in batches: finding a Map's first entry is slow after many deletions. */
  function evictOldest(): void {
    let surplus = MAX_BUCKETS / 2;
    for (const name of left.keys()) {
      if (surplus-- === 0) break;
      left.delete(name);
    }
  }

  return {
    withdraw(call: RetryCall): boolean {
      const name = keys.of(call);
      const tokens = left.get(name) ?? capacity;
      const isPaid = tokens >= retryCost;
      // Also set when it has too little left: it was used just now.
      set(name, isPaid ? tokens - retryCost : tokens);
      return isPaid;
    },
    deposit(call: RetryCall): void {
      if (left.size === 0) return;
      const name = keys.of(call);
      const tokens = left.get(name);
      if (tokens !== undefined) set(name, tokens + (call.retries > 0 ? retryCost : refund));
    },
  };
}

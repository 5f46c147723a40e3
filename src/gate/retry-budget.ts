import type { RetryBudget, RetryCall } from '../core/extensions.js';
import { invalidArgument, rejectUnknownKeys } from '../util/validate.js';
import { KeyGenerator } from './key.js';
import type { GateOptions } from './options.js';

/** Options of `createRetryBudget`; tokens. The defaults are those of the AWS SDKs' standard mode. */
export interface RetryBudgetOptions {
  /** What a full bucket holds, as each does at first. Above 0. Default: 500. */
  readonly capacity?: number | undefined;
  /** What a retry takes; a success after retries gives it back once. 0 or more. Default: 5. */
  readonly retryCost?: number | undefined;
  /** What a success at the first send gives back. 0 or more. Default: 1. */
  readonly refund?: number | undefined;
  /** Requests with the same key share a bucket. Default: the origin, as of a gate. */
  readonly key?: GateOptions['key'];
}

/** So many buckets that are not full are kept; of more, those used longest ago count as full again. */
const MAX_BUCKETS = 1000;

/**
 * A budget, to give to `attachRetry`: a token bucket over retries for each key, so that a server in
 * trouble gets hardly more requests than it would without retries. A request whose retry cannot be paid
 * for ends with its outcome and the reason `'budget'`.
 *
 * @throws {TypeError} When an option is of a wrong kind or unknown.
 * @throws {RangeError} When an option has a value it does not take.
 */
export function createRetryBudget(options: RetryBudgetOptions = {}): RetryBudget {
  rejectUnknownKeys('createRetryBudget', options, ['capacity', 'retryCost', 'refund', 'key']);
  const { capacity = 500, retryCost = 5, refund = 1, key } = options;
  for (const [name, value] of Object.entries({ capacity, retryCost, refund })) {
    const what = `createRetryBudget: option "${name}"`;
    const takes = name === 'capacity' ? 'a number above 0' : 'a finite number, 0 or more';
    if (typeof value !== 'number') throw invalidArgument(what, takes, value);
    const isTaken = name === 'capacity' ? value > 0 : value >= 0 && value < Infinity;
    if (!isTaken) throw invalidArgument(what, takes, value, RangeError);
  }
  if (key !== undefined && typeof key !== 'function') {
    throw invalidArgument('createRetryBudget: option "key"', 'a function', key);
  }
  const keys = new KeyGenerator(key);
  /** The tokens left, of buckets that are not full; the one used longest ago comes first. */
  const left = new Map<string, number>();

  function set(name: string, tokens: number): void {
    left.delete(name);
    if (tokens >= capacity) return;
    left.set(name, tokens);
    if (left.size <= MAX_BUCKETS) return;
    // Many in one go: a Map passes over all that has left it to find its first.
    let surplus = MAX_BUCKETS / 2;
    for (const old of left.keys()) {
      if (surplus-- === 0) break;
      left.delete(old);
    }
  }

  return {
    withdraw(call: RetryCall): boolean {
      const name = keys.of(call);
      const tokens = left.get(name) ?? capacity;
      // Also one that has too little left is in use.
      if (tokens < retryCost) {
        set(name, tokens);
        return false;
      }
      set(name, tokens - retryCost);
      return true;
    },
    deposit(call: RetryCall): void {
      if (left.size === 0) return;
      const name = keys.of(call);
      const tokens = left.get(name);
      if (tokens !== undefined) set(name, tokens + (call.retries > 0 ? retryCost : refund));
    },
  };
}

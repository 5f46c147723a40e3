// What the options `cost` and `priority` say of a call.
import type { RetryCall } from '../core/extensions.js';
import { invalidResult, isNotNegative } from '../util/validate.js';
import type { GateSettings } from './options.js';

/**
 * What a call takes of the quotas and of `maxRate`.
 *
 * @throws {TypeError} When the option returns anything but a finite number, 0 or more.
 */
export function costOf(call: RetryCall, { cost }: GateSettings): number {
  if (cost === undefined) return 1;
  const result: unknown = cost(call.config());
  if (isNotNegative(result) && result < Infinity) return result;
  throw invalidResult('option "cost"', 'a number, 0 or more', result);
}

/**
 * The place of a call in the queue: higher goes first.
 *
 * @throws {TypeError} When the option returns anything but a number.
 */
export function priorityOf(call: RetryCall, { priority }: GateSettings): number {
  if (priority === undefined) return 0;
  const result: unknown = priority(call.config());
  if (typeof result === 'number' && !Number.isNaN(result)) return result;
  throw invalidResult('option "priority"', 'a number', result);
}

import type { RetryGate } from '../core/extensions.js';
import { AdaptiveRate } from './adaptive-rate.js';
import { LimiterGroup } from './limiter-group.js';
import type { GateOptions } from './options.js';
import { readGateOptions } from './options.js';

/**
 * A gate, to give to `attachRetry`: what one answer says, every request to the same key heeds.
 *
 * 429, 503 and 529 close a key until their Retry-After (RFC 9110 §10.2.3) is over; 503 and 529 without
 * one for `backoff(1)`. Then one request goes first, and the others follow at a rate that adapts. What
 * meets a closed gate waits, uses up no attempt, and is shown in `handle.waits` (`basis: 'gate'`).
 *
 * @param options - Every one has a default.
 * @throws {TypeError} When an option is of a wrong kind or unknown.
 * @throws {RangeError} When an option has a value it does not take.
 */
export function createGate(options: GateOptions = {}): RetryGate {
  return new LimiterGroup(readGateOptions('createGate', options), () => new AdaptiveRate());
}

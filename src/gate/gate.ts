// The entry's main function, `createGate`.
import type { Gate } from './inspect.js';
import { LimiterGroup } from './limiter-group.js';
import { LocalAdmission } from './local-admission.js';
import type { GateOptions } from './options.js';
import { readGateOptions } from './options.js';

/**
 * Creates a gate for `attachRetry`: all requests with the same key heed what one answer says.
 *
 * A 429, 503 or 529 closes the key until its Retry-After (RFC 9110 §10.2.3) is over. Without one, a 503
 * or 529 closes it for `backoff(1)`, and a 429 does not close it. Then one request goes first, and the
 * others follow at a rate that adapts to what the server accepts.
 *
 * Requests that arrive while the gate is closed wait, first attempts and retries alike. Such a wait uses
 * up no attempt; `handle.waits` shows it with `basis: 'gate'`.
 *
 * @param options - All are optional.
 * @throws {TypeError} When an option is unknown or of a wrong kind.
 * @throws {RangeError} When an option is out of range.
 */
export function createGate(options: GateOptions = {}): Gate {
  const settings = readGateOptions('createGate', options);
  return new LimiterGroup(settings, () => new LocalAdmission(settings));
}

/**
 * The entry `axios-status-retry/hints`: readers of the headers that services send beside Retry-After, and of their quotas.
 *
 * @module hints
 */
export type { Hint, HintReader, ServerAnswer } from '../policy/hint.js';
export { anyOf } from './any-of.js';
export type { Quota, QuotaReader } from './quota.js';
export { rateLimitFields } from './rate-limit-fields.js';
export type { ReaderOptions, SecondsOptions } from './readers.js';
export {
  epochMilliseconds,
  epochSeconds,
  goDuration,
  isoDate,
  milliseconds,
  seconds,
  verdict,
} from './readers.js';
export type { RemainingResetOptions } from './remaining-reset.js';
export { remainingReset } from './remaining-reset.js';
export type { TimeFormat } from './time-format.js';

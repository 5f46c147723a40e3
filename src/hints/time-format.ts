// The formats of durations and times in headers.
import type { ServerAnswer } from '../policy/hint.js';
import { parseHttpDate } from '../policy/http-date.js';
import { headerOf } from '../util/headers.js';
import { MILLISECOND_NS, parseDecimal, SECOND_NS } from './decimal.js';
import { parseGoDuration } from './go-duration.js';
import { parseIsoDate } from './iso-date.js';

/**
 * How a header says when: as a duration from the answer (`'seconds'`, `'milliseconds'`, `'go-duration'`,
 * such as `6m0s`), or as a time (`'epoch-seconds'`, `'epoch-milliseconds'`, `'iso-date'`: RFC 3339).
 */
export type TimeFormat =
  | 'seconds'
  | 'milliseconds'
  | 'go-duration'
  | 'epoch-seconds'
  | 'epoch-milliseconds'
  | 'iso-date';

/** Returns milliseconds from the answer, an integer, 0 or more; `undefined` for malformed text. */
export type TimeParser = (
  text: string,
  answer: ServerAnswer,
  decimals: boolean,
) => number | undefined;

export const parseSeconds: TimeParser = (text, _answer, decimals) =>
  parseDecimal(text, SECOND_NS, decimals);

export const parseMilliseconds: TimeParser = (text, _answer, decimals) =>
  parseDecimal(text, MILLISECOND_NS, decimals);

export const parseEpochSeconds: TimeParser = (text, answer, decimals) =>
  untilTime(parseDecimal(text, SECOND_NS, decimals), answer);

export const parseEpochMilliseconds: TimeParser = (text, answer) =>
  untilTime(parseDecimal(text, MILLISECOND_NS, false), answer);

export const parseTimestamp: TimeParser = (text, answer) => untilTime(parseIsoDate(text), answer);

/** By format. A reader of one format names its parser, so that a bundle holds only what it uses. */
export const timeParsers: Readonly<Record<TimeFormat, TimeParser>> = {
  seconds: parseSeconds,
  milliseconds: parseMilliseconds,
  'go-duration': parseGoDuration,
  'epoch-seconds': parseEpochSeconds,
  'epoch-milliseconds': parseEpochMilliseconds,
  'iso-date': parseTimestamp,
};

/** The wait until a time by the server's clock, which `Date` tells, as for a date in Retry-After; 0 if it is past. */
function untilTime(
  epoch: number | undefined,
  { headers, receivedAt }: ServerAnswer,
): number | undefined {
  if (epoch === undefined) return undefined;
  const date = headerOf(headers, 'date');
  // A cached answer has an old `Date`.
  const isFresh = headerOf(headers, 'age') == null && typeof date === 'string';
  const sentAt = isFresh ? parseHttpDate(date.trim(), receivedAt) : undefined;
  const delay = Math.ceil(epoch - (sentAt ?? receivedAt));
  return Number.isFinite(delay) ? Math.min(Math.max(delay, 0), Number.MAX_SAFE_INTEGER) : undefined;
}

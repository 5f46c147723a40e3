// The formats of durations and times in headers.
import type { ServerAnswer } from '../policy/hint.js';
import { parseHttpDate } from '../policy/http-date.js';
import { headerOf } from '../util/headers.js';
import { MILLISECOND_NS, parseDecimal, SECOND_NS } from './decimal.js';
import { parseGoDuration } from './go-duration.js';
import { parseIsoDate } from './iso-date.js';
import { longest } from './numbers.js';

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

/**
 * Returns the longest time of all members of a header, as milliseconds from the answer, an integer, 0 or
 * more; `undefined` if one of them is malformed.
 */
export type TimeParser = (
  members: readonly string[],
  answer: ServerAnswer,
  decimals: boolean,
) => number | undefined;

export const parseSeconds: TimeParser = (members, _answer, decimals) =>
  longest(members.map((text) => parseDecimal(text, SECOND_NS, decimals)));

export const parseMilliseconds: TimeParser = (members, _answer, decimals) =>
  longest(members.map((text) => parseDecimal(text, MILLISECOND_NS, decimals)));

export const parseDuration: TimeParser = (members) => longest(members.map(parseGoDuration));

// The time of the answer is looked for once, because there may be thousands of members and headers.
export const parseEpochSeconds: TimeParser = (members, answer, decimals) =>
  untilTime(parseSeconds(members, answer, decimals), answer);

export const parseEpochMilliseconds: TimeParser = (members, answer) =>
  untilTime(parseMilliseconds(members, answer, false), answer);

export const parseTimestamp: TimeParser = (members, answer) =>
  untilTime(longest(members.map(parseIsoDate)), answer);

/** By format. A reader of one format names its parser, so that a bundle holds only what it uses. */
export const timeParsers: Readonly<Record<TimeFormat, TimeParser>> = {
  seconds: parseSeconds,
  milliseconds: parseMilliseconds,
  'go-duration': parseDuration,
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

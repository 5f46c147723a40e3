// Readers of one header that says how long to wait, or whether to retry.
import type { Hint, HintReader, ServerAnswer } from '../policy/hint.js';
import { A_BOOLEAN, A_FUNCTION, readOptions } from '../util/validate.js';
import { fieldMembers, toFieldName } from './field.js';
import type { TimeParser } from './time-format.js';
import {
  parseDuration,
  parseEpochMilliseconds,
  parseEpochSeconds,
  parseMilliseconds,
  parseSeconds,
  parseTimestamp,
} from './time-format.js';

/** Options of every reader of one header. */
export interface ReaderOptions {
  /**
   * Whether an answer is to be read at all.
   *
   * @defaultValue every answer
   */
  readonly when?: ((answer: ServerAnswer) => boolean) | undefined;
}

/** Options of {@link seconds} and {@link epochSeconds}. */
export interface SecondsOptions extends ReaderOptions {
  /**
   * Whether a decimal fraction is valid too, as in `1.5`.
   *
   * @defaultValue false
   */
  readonly decimals?: boolean | undefined;
}

/**
 * Reads a number of seconds.
 *
 * The readers of this entry have this in common. The name of a header is taken in any letter case. A
 * malformed value is ignored. Of a repeated header the longest delay counts, if all values are valid.
 * Delays are milliseconds, rounded up, at most `Number.MAX_SAFE_INTEGER`.
 *
 * @throws {TypeError} When the name or an option is of a wrong kind, or an option is unknown.
 * @throws {RangeError} When the name cannot be that of a header.
 */
export function seconds(name: string, options: SecondsOptions = {}): HintReader {
  return delayReader('seconds', name, parseSeconds, options, { decimals: A_BOOLEAN }, false);
}

/**
 * Reads a number of milliseconds, which may have decimals: `retry-after-ms: 812.5`.
 *
 * @throws As {@link seconds} does.
 */
export function milliseconds(name: string, options: ReaderOptions = {}): HintReader {
  return delayReader('milliseconds', name, parseMilliseconds, options, {}, true);
}

/**
 * Reads a time in seconds since 1970 (Unix time); 0 if it is past. It is corrected by the answer's
 * `Date`, as Retry-After is.
 *
 * @throws As {@link seconds} does.
 */
export function epochSeconds(name: string, options: SecondsOptions = {}): HintReader {
  return delayReader(
    'epochSeconds',
    name,
    parseEpochSeconds,
    options,
    { decimals: A_BOOLEAN },
    false,
  );
}

/**
 * Reads a time in milliseconds since 1970; 0 if it is past. It is corrected by the answer's `Date`.
 *
 * @throws As {@link seconds} does.
 */
export function epochMilliseconds(name: string, options: ReaderOptions = {}): HintReader {
  return delayReader('epochMilliseconds', name, parseEpochMilliseconds, options, {}, false);
}

/**
 * Reads a date and time of RFC 3339 (`2026-11-30T12:00:00Z`), with or without seconds; 0 if it is past.
 * It is corrected by the answer's `Date`.
 *
 * @throws As {@link seconds} does.
 */
export function isoDate(name: string, options: ReaderOptions = {}): HintReader {
  return delayReader('isoDate', name, parseTimestamp, options, {}, false);
}

/**
 * Reads a duration as Go writes it: `6m0s`, `12ms`, `1h2m3.5s`; a sign is malformed.
 *
 * @throws As {@link seconds} does.
 */
export function goDuration(name: string, options: ReaderOptions = {}): HintReader {
  return delayReader('goDuration', name, parseDuration, options, {}, true);
}

/**
 * Reads whether to send the request again: `true` or `false` and nothing else. Of a repeated header
 * `false` counts.
 *
 * @throws As {@link seconds} does.
 */
export function verdict(name: string, options: ReaderOptions = {}): HintReader {
  return memberReader('verdict', name, options, {}, (members) => {
    const isValid = members.every((text) => text === 'true' || text === 'false');
    return isValid ? { retry: !members.includes('false') } : undefined;
  });
}

/** @param decimals - Unless the options say so. */
function delayReader(
  owner: string,
  name: string,
  parse: TimeParser,
  options: SecondsOptions,
  rules: object,
  decimals: boolean,
): HintReader {
  return memberReader(owner, name, options, rules, (members, answer, given) => {
    const delay = parse(members, answer, given.decimals ?? decimals);
    return delay === undefined ? undefined : { delay };
  });
}

/** @param read - Gets at least one member. */
function memberReader(
  owner: string,
  name: string,
  given: SecondsOptions,
  rules: object,
  read: (members: string[], answer: ServerAnswer, options: SecondsOptions) => Hint | undefined,
): HintReader {
  const field = toFieldName(`${owner}: the name`, name);
  const options = readOptions<SecondsOptions>(owner, given, { ...rules, when: A_FUNCTION });
  const { when = () => true } = options;
  return (answer) => {
    const members = fieldMembers(answer, field);
    return members.length > 0 && when(answer) ? read(members, answer, options) : undefined;
  };
}

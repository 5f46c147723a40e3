// Reads the quota of the headers X-RateLimit-Limit, -Remaining and -Reset, and their like.
import type { OptionRules } from '../util/validate.js';
import { A_STRING, number, readOptions } from '../util/validate.js';
import { isCached } from './cached.js';
import { fieldMembers, fieldText, toFieldName } from './field.js';
import { lowest } from './numbers.js';
import type { QuotaReader } from './quota.js';
import { MAX_NAME_LENGTH } from './quota-limits.js';
import type { TimeFormat } from './time-format.js';
import { timeParsers } from './time-format.js';

/** Options of {@link remainingReset}. */
export interface RemainingResetOptions {
  /** What the header `-reset` says. Seconds, milliseconds and epoch seconds may have decimals. */
  readonly reset: TimeFormat;
  /**
   * What comes after the three names: `'tokens'` for `x-ratelimit-remaining-tokens`.
   *
   * @defaultValue nothing
   */
  readonly suffix?: string | undefined;
  /**
   * A header that tells the quotas of the service apart: `'x-ratelimit-resource'`.
   *
   * @defaultValue none: there is only one
   */
  readonly bucket?: string | undefined;
  /**
   * Length of the window in milliseconds, where it is known: above 0.
   *
   * @defaultValue unknown
   */
  readonly window?: number | undefined;
  /**
   * What is counted.
   *
   * @defaultValue 'requests'
   */
  readonly unit?: string | undefined;
}

const rules: OptionRules<RemainingResetOptions> = {
  reset: [
    "'seconds', 'milliseconds', 'go-duration', 'epoch-seconds', 'epoch-milliseconds' or 'iso-date'",
    () => true,
    (value: string) => Object.hasOwn(timeParsers, value),
  ],
  suffix: A_STRING,
  bucket: A_STRING,
  window: /* @__PURE__ */ number('milliseconds, above 0', (value) => value > 0 && value < Infinity),
  unit: A_STRING,
};

/**
 * Reads the quota of three headers: `<prefix>-limit`, `<prefix>-remaining` and `<prefix>-reset`.
 *
 * A malformed value is ignored, and so is an answer from a cache. Of a repeated header, the lowest limit
 * and remainder and the longest reset count. Times are corrected by the answer's `Date`. The quota's name
 * is the prefix, with the suffix and the bucket if there are any.
 *
 * @param prefix - Such as `'x-ratelimit'`, in any letter case.
 * @param options - The format of the reset, and what else differs.
 * @throws {TypeError} When the prefix or an option is of a wrong kind, or an option is unknown.
 * @throws {RangeError} When a name cannot be that of a header, or a format is unknown.
 */
export function remainingReset(prefix: string, options: RemainingResetOptions): QuotaReader {
  const owner = 'remainingReset';
  const given = readOptions<RemainingResetOptions>(owner, options, rules, {}, ['reset']);
  const { suffix, window, unit } = given;
  const start = toFieldName(`${owner}: the prefix`, prefix);
  const end = suffix === undefined ? '' : `-${toFieldName(`${owner}: option "suffix"`, suffix)}`;
  const bucket =
    given.bucket === undefined ? undefined : toFieldName(`${owner}: option "bucket"`, given.bucket);
  const parse = timeParsers[given.reset];
  return (answer) => {
    const read = (part: string): string[] => fieldMembers(answer, `${start}-${part}${end}`);
    const inBucket = bucket === undefined ? undefined : fieldText(answer, bucket);
    const name = `${start}${end}${inBucket ? `;${inBucket}` : ''}`;
    const limit = lowest(read('limit').map(parseCount));
    const remaining = lowest(read('remaining').map(parseCount));
    const isTold = limit !== undefined || remaining !== undefined;
    if (!isTold || isCached(answer) || name.length > MAX_NAME_LENGTH) return [];
    const reset = parse(read('reset'), answer, true);
    return [{ name, remaining, reset, limit, window, unit }];
  };
}

function parseCount(text: string): number | undefined {
  return /^\d+$/.test(text) ? Math.min(Number(text), Number.MAX_SAFE_INTEGER) : undefined;
}

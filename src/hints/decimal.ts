// Turns a decimal number of some unit into whole milliseconds, exactly.

const NS_PER_MS = 1_000_000n;

/** Decimal places that count: an hour's 18th is less than a nanosecond. */
const PLACES = 18;

/** More digits than this are beyond every limit in any unit. */
const MAX_DIGITS = 30;

export const SECOND_NS = 1_000_000_000n;
export const MILLISECOND_NS = NS_PER_MS;

/**
 * Nanoseconds of `whole.fraction` units. What is less than a nanosecond is left out.
 *
 * @param whole - Digits.
 * @param fraction - Digits.
 */
export function toNanoseconds(whole: string, fraction: string, unitNs: bigint): bigint {
  // Not by a regular expression, which may take the square of the number of zeros.
  let start = 0;
  while (whole[start] === '0') start += 1;
  const digits = whole.length - start > MAX_DIGITS ? '9'.repeat(MAX_DIGITS) : whole.slice(start);
  const places = fraction.slice(0, PLACES).padEnd(PLACES, '0');
  return (BigInt(digits + places) * unitNs) / 10n ** BigInt(PLACES);
}

/** Whole milliseconds, rounded up; at most `Number.MAX_SAFE_INTEGER`. */
export function toMilliseconds(ns: bigint): number {
  const ms = (ns + NS_PER_MS - 1n) / NS_PER_MS;
  return Number(ms < Number.MAX_SAFE_INTEGER ? ms : Number.MAX_SAFE_INTEGER);
}

/** The milliseconds of a decimal number: digits, and with `decimals` a point and more of them. */
export function parseDecimal(text: string, unitNs: bigint, decimals = true): number | undefined {
  const [, whole = '', fraction] = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === '' || (fraction !== undefined && !decimals)) return undefined;
  return toMilliseconds(toNanoseconds(whole, fraction ?? '', unitNs));
}

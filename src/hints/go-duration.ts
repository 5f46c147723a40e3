// Parses a duration as Go writes it: 6m0s, 12ms, 1h2m3.5s.
import { toMilliseconds, toNanoseconds } from './decimal.js';

/** A header's bytes are read as Latin-1, so the two bytes of a µ (UTF-8) arrive as two characters. */
const MICRO = '(?:u|\u00b5|\u03bc|\u00c2\u00b5|\u00ce\u00bc)s';

/** Nanoseconds of the units that are written in ASCII. */
const UNIT_NS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/**
 * Parses a duration as Go's `time.ParseDuration` does, without a sign: decimal numbers, each with a unit
 * (`ns`, `us`, `ms`, `s`, `m`, `h`), or a bare `0`.
 *
 * @returns Milliseconds, rounded up; `undefined` if `text` is anything else.
 */
export function parseGoDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const part = new RegExp(`(\\d*)(?:\\.(\\d*))?(${MICRO}|ns|ms|s|m|h)`, 'y');
  let ns = 0n;
  while (part.lastIndex < text.length) {
    const [, whole = '', fraction = '', unit = ''] = part.exec(text) ?? [];
    if (whole + fraction === '') return undefined;
    ns += toNanoseconds(whole, fraction, UNIT_NS[unit] ?? 1000n);
  }
  return text === '' ? undefined : toMilliseconds(ns);
}

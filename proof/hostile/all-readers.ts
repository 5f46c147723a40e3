// Every reader of a header that the package has, for the parts that try them all.
import {
  epochMilliseconds,
  epochSeconds,
  goDuration,
  isoDate,
  milliseconds,
  seconds,
  verdict,
} from '../../src/hints/index.js';

/** The readers of one value, by name, for a header. */
export function readersOf(header: string) {
  return {
    seconds: seconds(header),
    decimals: seconds(header, { decimals: true }),
    milliseconds: milliseconds(header),
    epochSeconds: epochSeconds(header, { decimals: true }),
    epochMilliseconds: epochMilliseconds(header),
    isoDate: isoDate(header),
    goDuration: goDuration(header),
    verdict: verdict(header),
  };
}

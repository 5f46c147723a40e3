// How much a server can make a client keep.

/** The most quotas of one answer. */
export const MAX_QUOTAS = 16;

/** A quota with a longer name is ignored: its name is kept, and a part of it could be another's. */
export const MAX_NAME_LENGTH = 128;

/** Milliseconds, at most `Number.MAX_SAFE_INTEGER`. */
export function secondsToMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.min(seconds * 1000, Number.MAX_SAFE_INTEGER);
}

// One quota of a key: what is known of it, and how an answer or the end of its window changes that.
import type { Quota } from '../hints/quota.js';

/** A told end of a window within this time of the known one is the same window: servers round to seconds. */
export const ROUNDING_MS = 1000;

/** A quota counted by the request. Of another unit it is only known whether anything is left. */
export const REQUESTS = 'requests';
export const CONCURRENT = 'concurrent-requests';

/** One quota. Times are monotonic milliseconds. */
export interface QuotaEntry {
  readonly name: string;
  readonly unit: string;
  readonly remaining: number;
  readonly limit: number | undefined;
  /** Milliseconds. */
  readonly window: number | undefined;
  readonly resetAt: number | undefined;
  /** When it was last told, or when its window began without an answer. */
  readonly since: number;
  /** False if its window began without an answer, so that `remaining` is a guess. */
  readonly isTold: boolean;
  /** What the last window gave at its start; less than `limit` if others spend, or if tokens drip in. */
  readonly given?: number | undefined;
  /** True if Retry-After has told when it ends. */
  readonly isCertain?: boolean | undefined;
}

/**
 * Combines what was known of a quota with what an answer tells.
 *
 * @param sentAt - When the request was sent.
 * @returns `undefined` if the answer says nothing new.
 */
export function merge(
  known: QuotaEntry | undefined,
  quota: Quota,
  now: number,
  sentAt: number,
): QuotaEntry | undefined {
  const { name, unit = known?.unit ?? REQUESTS, limit = known?.limit } = quota;
  const { reset, window = known?.window } = quota;
  const remaining = quota.remaining ?? known?.remaining ?? limit;
  if (remaining === undefined) return undefined;
  const resetAt = reset === undefined ? (known?.resetAt ?? (window && now + window)) : now + reset;
  const given = known?.given;
  const told = { name, unit, remaining, limit, window, resetAt, since: now, isTold: true, given };
  if (known === undefined) return told;
  const isLaterSend = sentAt >= known.since;
  if (!known.isTold) return isLaterSend ? { ...told, given: remaining + 1 } : told;
  if (known.resetAt === undefined || resetAt === undefined) return told;
  const later = resetAt - known.resetAt;
  if (isLaterSend) {
    // The server gives no units back within a window, so an answer that tells no fewer may be of the next one.
    return later > ROUNDING_MS || remaining >= known.remaining
      ? told
      : { ...told, resetAt: Math.min(known.resetAt, resetAt) };
  }
  // An answer that this process was slow to read tells the end too late, but never by half a window.
  const tolerance = Math.max(ROUNDING_MS, (window ?? 0) / 2);
  if (later > tolerance) return told;
  if (later < -tolerance) return undefined;
  // Answers may overtake each other, even those of two windows, so the worse of both counts.
  return {
    ...told,
    remaining: Math.min(known.remaining, remaining),
    resetAt: Math.max(known.resetAt, resetAt),
  };
}

/**
 * The next window of a quota.
 *
 * @returns `undefined` if nothing is known of it.
 */
export function renew(entry: QuotaEntry, now: number): QuotaEntry | undefined {
  const { limit, window, resetAt = now, isTold, given = limit } = entry;
  if (limit === undefined) return undefined;
  // A guess that no answer has confirmed is not repeated.
  const remaining = isTold ? Math.min(limit, given as number) : limit;
  const windows = window && Math.floor((now - resetAt) / window) + 1;
  const next = windows && resetAt + windows * (window as number);
  const begun = { remaining, resetAt: next, since: now, isTold: false, isCertain: undefined };
  return { ...entry, ...begun };
}

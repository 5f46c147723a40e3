// Keeps account of the quotas that answers have told for one key, and of what is in flight.
import type { Quota } from '../hints/quota.js';
import type { QuotaState } from './admission.js';

/** More quotas than this are not remembered: a hostile server could name a new one in each answer. */
export const MAX_QUOTAS = 16;

/** A told end of a window within this time of the known one is the same window: servers round to seconds. */
export const ROUNDING_MS = 1000;

/** Without an answer for this long, what is in flight counts as lost: Axios does not report each one. */
const STALL_TIMEOUT_MS = 30_000;

/** A quota counted by the request; of another unit it is only known whether anything is left. */
const REQUESTS = 'requests';
const CONCURRENT = 'concurrent-requests';

/** One quota as it was last told. */
interface Entry {
  readonly name: string;
  readonly unit: string;
  readonly remaining: number;
  readonly limit: number | undefined;
  readonly window: number | undefined;
  readonly resetAt: number | undefined;
  /** When the answer arrived; -Infinity if the window began without one, so that any answer counts. */
  readonly toldAt: number;
  /** True if Retry-After has told when it ends. */
  readonly isCertain?: boolean | undefined;
}

/** A quota as it is told to other processes. */
export interface LedgerNews
  extends Pick<Entry, 'name' | 'remaining' | 'limit' | 'window' | 'isCertain'> {
  readonly reset: number;
}

/** What is left is spent, less `reserve`; then nothing is sent until the window ends. Pure: it is told the time. */
export class QuotaLedger {
  readonly #entries = new Map<string, Entry>();
  /** The names of those that an answer has told since `takeNews`. */
  readonly #news = new Set<string>();
  #inFlight = 0;
  #answeredAt = -Infinity;

  /** @param reserve - The share of each limit that is left to others, 0 to 1. */
  constructor(readonly reserve: number) {}

  /** True if an answer has told a quota that still holds. */
  get told(): boolean {
    return this.#entries.size > 0;
  }

  /** True if `takeNews` would return something, most likely. */
  get hasNews(): boolean {
    return this.#news.size > 0;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** When the last window ends. */
  get endsAt(): number {
    const ends = [...this.#entries.values()].map(({ resetAt = -Infinity }) => resetAt);
    return Math.max(...ends);
  }

  /**
   * When a send of this cost may go: `now` or earlier if it may go now, Infinity if the next answer will
   * tell.
   */
  freeAt(now: number, cost: number): number {
    // What never comes back must not hold the others for ever.
    const stalledAt = this.#answeredAt + STALL_TIMEOUT_MS;
    if (now >= stalledAt) this.#inFlight = 0;
    const freeAt = Math.max(...this.#current(now).map((entry) => this.#entryFreeAt(entry, cost)));
    return freeAt < Infinity ? freeAt : stalledAt;
  }

  /** When the longest window ends of which nothing is left; -Infinity if something is left of each. */
  usedUpUntil(now: number): number {
    const used = this.#current(now).filter((entry) => this.#isUsedUp(entry));
    return Math.max(...used.map(({ resetAt = -Infinity }) => resetAt));
  }

  take(now: number, cost: number): void {
    if (this.#inFlight === 0) this.#answeredAt = now;
    this.#inFlight += cost;
  }

  release(now: number, cost: number): void {
    this.#inFlight = Math.max(this.#inFlight - cost, 0);
    this.#answeredAt = now;
  }

  /**
   * Learns what an answer tells. Its own send must have been released.
   *
   * @param sentAt - When the request was sent.
   */
  learn(now: number, sentAt: number, quotas: readonly Quota[]): void {
    for (const quota of quotas) {
      if (this.#merge(now, sentAt, quota)) this.#news.add(quota.name);
    }
  }

  /** Learns what other processes know. That may be older than what this one knows, so it raises nothing. */
  adopt(now: number, quotas: readonly Quota[]): void {
    for (const quota of quotas) this.#merge(now, -Infinity, quota);
  }

  /** The quotas of requests that answers have told since the last call, as far as their end is known. */
  takeNews(now: number): LedgerNews[] {
    const told = this.#current(now).filter(
      ({ name, unit, toldAt }) => this.#news.has(name) && unit === REQUESTS && toldAt > -Infinity,
    );
    this.#news.clear();
    return told.flatMap(({ name, remaining, limit, window, resetAt, isCertain }) =>
      resetAt === undefined
        ? []
        : [{ name, remaining, limit, window, reset: resetAt - now, isCertain }],
    );
  }

  /**
   * An answer refused a send and said how long to wait. If a quota is used up, that explains it.
   *
   * @returns Whether it does. Then that quota's window ends when the wait does: Retry-After wins.
   */
  explains(now: number, closedFor: number): boolean {
    const used = this.#current(now).filter((entry) => this.#isUsedUp(entry));
    for (const entry of used) {
      const resetAt = now + closedFor;
      this.#entries.set(entry.name, { ...entry, resetAt, toldAt: now, isCertain: true });
      this.#news.add(entry.name);
    }
    return used.length > 0;
  }

  /** The quota with the least room for a send. */
  tightest(now: number): QuotaState | undefined {
    const byRoom = this.#current(now).sort((a, b) => this.#room(a, 0) - this.#room(b, 0));
    const [first] = byRoom.filter(({ unit }) => unit === REQUESTS);
    return first && { ...first, remaining: Math.max(first.remaining - this.#inFlight, 0) };
  }

  /** @returns Whether the quota says anything new. */
  #merge(now: number, sentAt: number, quota: Quota): boolean {
    const known = this.#entries.get(quota.name);
    const entry = merge(known, quota, now, sentAt);
    if (this.#entries.size >= MAX_QUOTAS) this.#current(now);
    if (entry === undefined || (!known && this.#entries.size >= MAX_QUOTAS)) return false;
    this.#entries.set(quota.name, entry);
    return true;
  }

  /** The entries, those whose window has ended renewed, or dropped if their limit was never told. */
  #current(now: number): Entry[] {
    const entries: Entry[] = [];
    for (const entry of this.#entries.values()) {
      const { name, limit, window, resetAt } = entry;
      if (resetAt === undefined || now < resetAt) entries.push(entry);
      else if (limit === undefined) this.#entries.delete(name);
      else {
        const next = window
          ? resetAt + window * (Math.floor((now - resetAt) / window) + 1)
          : undefined;
        const renewed = { ...entry, remaining: limit, resetAt: next, toldAt: -Infinity };
        this.#entries.set(name, renewed);
        entries.push(renewed);
      }
    }
    return entries;
  }

  /** Whether the server has told that nothing is left for this process. */
  #isUsedUp(entry: Entry): boolean {
    const { unit, remaining } = entry;
    if (unit === CONCURRENT) return false;
    return unit === REQUESTS ? remaining < this.#needed(entry, 1) : remaining <= 0;
  }

  #entryFreeAt(entry: Entry, cost: number): number {
    const { unit, limit = Infinity, resetAt } = entry;
    if (unit === CONCURRENT) {
      const isFree = this.#inFlight === 0 || this.#inFlight + cost <= limit;
      return isFree ? -Infinity : Infinity;
    }
    const isFree = unit === REQUESTS ? this.#room(entry, cost) >= 0 : !this.#isUsedUp(entry);
    if (isFree) return -Infinity;
    // Without a time, what is in flight will tell; if nothing is, this send has to.
    return resetAt ?? (this.#inFlight > 0 ? Infinity : -Infinity);
  }

  /** What is left after a send of this cost; below 0 if there is too little. */
  #room(entry: Entry, cost: number): number {
    return entry.remaining - this.#inFlight - this.#needed(entry, cost);
  }

  /** What must be left for a send: its cost and the reserve. */
  #needed({ limit = Infinity, remaining }: Entry, cost: number): number {
    const reserved = this.reserve * Math.min(limit, Number.MAX_SAFE_INTEGER);
    // What costs more than a whole window would never go.
    return limit < Infinity ? Math.min(cost + reserved, limit) : cost + this.reserve * remaining;
  }
}

/** What is known of a quota after an answer; `undefined` if that says nothing new. */
function merge(
  known: Entry | undefined,
  quota: Quota,
  now: number,
  sentAt: number,
): Entry | undefined {
  const { name, unit = known?.unit ?? REQUESTS, limit = known?.limit } = quota;
  const { reset, window = known?.window } = quota;
  const remaining = quota.remaining ?? known?.remaining ?? limit;
  if (remaining === undefined) return undefined;
  const told = { name, unit, limit, window, toldAt: now };
  const resetAt = reset === undefined ? (known?.resetAt ?? (window && now + window)) : now + reset;
  const isNew = sentAt >= (known?.toldAt ?? -Infinity);
  const later = (resetAt ?? 0) - (known?.resetAt ?? 0);
  if (known?.resetAt === undefined || known.toldAt === -Infinity || later > ROUNDING_MS) {
    return { ...told, remaining, resetAt };
  }
  if (later < -ROUNDING_MS) return isNew ? { ...told, remaining, resetAt } : undefined;
  // Answers may overtake each other: only one to a later send may raise what is left.
  return {
    ...told,
    remaining: isNew ? remaining : Math.min(known.remaining, remaining),
    resetAt: Math.min(known.resetAt, resetAt as number),
  };
}

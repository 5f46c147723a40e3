// Keeps account of the quotas that answers have told for one key, and of what is in flight.
import type { Quota } from '../hints/quota.js';
import type { QuotaState } from './admission.js';
import type { QuotaEntry } from './quota-entry.js';
import { CONCURRENT, merge, REQUESTS, renew } from './quota-entry.js';

export { ROUNDING_MS } from './quota-entry.js';

/** More quotas than this are not remembered: a hostile server could name a new one in each answer. */
export const MAX_QUOTAS = 16;

/** Without an answer for this long, what is in flight counts as lost: Axios does not report each one. */
const STALL_TIMEOUT_MS = 30_000;

/** A quota without a known end is forgotten after this time, if answers come that do not tell it. */
const UNTIMED_TTL_MS = 60_000;

/** A quota as it is told to other processes. */
export interface LedgerNews
  extends Pick<QuotaEntry, 'name' | 'remaining' | 'limit' | 'window' | 'isCertain'> {
  readonly reset: number;
}

/** What is left is spent, less `reserve`; then nothing is sent until the window ends. Pure: it is told the time. */
export class QuotaLedger {
  /** By name, those told last at the end. */
  readonly #entries = new Map<string, QuotaEntry>();
  /** The names of those that an answer has told since `takeNews`. */
  readonly #news = new Set<string>();
  /** What the sends in flight take, and how many they are. */
  #inFlight = 0;
  #sends = 0;
  /** Nothing is sent before: what Retry-After said with refusals that a used-up quota explains. */
  #closedUntil = -Infinity;
  /** When the last send ended. */
  #answeredAt = -Infinity;
  /** Since when no send in flight has ended. */
  #quietSince = -Infinity;

  /** @param reserve - The share of each limit that is left to others: 0 or more, below 1. */
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
    return Math.max(this.#closedUntil, ...ends);
  }

  /** When a send of this cost may go, unless an answer comes before; `now` or earlier if it may go now. */
  freeAt(now: number, cost: number): number {
    // What never comes back must not hold the others for ever.
    if (now >= this.#quietSince + STALL_TIMEOUT_MS) this.#inFlight = this.#sends = 0;
    const freeAt = this.#current(now).map((entry) => this.#entryFreeAt(entry, cost));
    return Math.max(this.#closedUntil, ...freeAt);
  }

  /**
   * When the last window ends of which too little is left for a send of this cost; in the past if something
   * is left of each.
   */
  usedUpUntil(now: number, cost = 1): number {
    const used = this.#current(now).filter((entry) => this.#isUsedUp(entry, cost));
    return Math.max(this.#closedUntil, ...used.map(({ resetAt = -Infinity }) => resetAt));
  }

  take(now: number, cost: number): void {
    if (this.#sends === 0) this.#quietSince = now;
    this.#sends += 1;
    this.#inFlight += cost;
  }

  release(now: number, cost: number): void {
    this.#sends = Math.max(this.#sends - 1, 0);
    // Fractions do not add up exactly.
    this.#inFlight = this.#sends > 0 ? Math.max(this.#inFlight - cost, 0) : 0;
    this.#answeredAt = this.#quietSince = now;
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
      ({ name, unit, isTold }) => this.#news.has(name) && unit === REQUESTS && isTold,
    );
    this.#news.clear();
    return told.flatMap(({ name, remaining, limit, window, resetAt, isCertain }) =>
      resetAt === undefined
        ? []
        : [{ name, remaining, limit, window, reset: resetAt - now, isCertain }],
    );
  }

  /**
   * An answer refused a send and said how long to wait. A quota that is used up explains that, if its limit
   * is known: otherwise nobody could say how many requests to send then.
   *
   * @returns Whether it does. Then that quota's window ends when the wait does: Retry-After wins.
   */
  explains(now: number, closedFor: number): boolean {
    // Without a wait, a server that refuses everything would be asked again and again.
    if (closedFor === 0) return false;
    const used = this.#current(now).filter(
      (entry) => entry.limit !== undefined && this.#isUsedUp(entry, 1),
    );
    if (used.length > 0) this.closeUntil(now + closedFor);
    for (const entry of used) {
      this.#set({ ...entry, resetAt: this.#closedUntil, since: now, isCertain: true });
      this.#news.add(entry.name);
    }
    return used.length > 0;
  }

  /** Nothing is sent before this time, whatever the quotas say. */
  closeUntil(time: number): void {
    this.#closedUntil = Math.max(this.#closedUntil, time);
  }

  /** The quota with the least room for a send. */
  tightest(now: number): QuotaState | undefined {
    const byRoom = this.#current(now).sort((a, b) => this.#room(a, 0) - this.#room(b, 0));
    const [first] = byRoom.filter(({ unit }) => unit === REQUESTS);
    return first && { ...first, remaining: Math.max(first.remaining - this.#inFlight, 0) };
  }

  /** @returns Whether the quota says anything new. */
  #merge(now: number, sentAt: number, quota: Quota): boolean {
    const entry = merge(this.#entries.get(quota.name), quota, now, sentAt);
    if (entry === undefined) return false;
    this.#set(entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_QUOTAS) this.#forget(oldest as string);
    return true;
  }

  #set(entry: QuotaEntry): void {
    this.#entries.delete(entry.name);
    this.#entries.set(entry.name, entry);
  }

  #forget(name: string): void {
    this.#entries.delete(name);
    this.#news.delete(name);
  }

  /** The entries, those whose window has ended renewed or forgotten. */
  #current(now: number): QuotaEntry[] {
    for (const entry of this.#entries.values()) {
      const { resetAt, since, isTold } = entry;
      if (now < (resetAt ?? since + UNTIMED_TTL_MS)) continue;
      // The server has given it up if it answers without telling it.
      const isOutdated = this.#answeredAt > since && !(isTold && resetAt !== undefined);
      const next = isOutdated ? undefined : renew(entry, now);
      if (next) this.#entries.set(entry.name, next);
      else this.#forget(entry.name);
    }
    return [...this.#entries.values()];
  }

  /** Whether the server has told that too little is left for a send of this cost. */
  #isUsedUp(entry: QuotaEntry, cost: number): boolean {
    const { unit, remaining, isTold } = entry;
    if (unit === CONCURRENT || !isTold) return false;
    return unit === REQUESTS ? remaining < this.#needed(entry, cost) : remaining <= 0;
  }

  #entryFreeAt(entry: QuotaEntry, cost: number): number {
    const { unit, limit = Infinity, resetAt } = entry;
    if (this.#isUsedUp(entry, cost) && resetAt !== undefined) return resetAt;
    const hasRoom =
      unit === CONCURRENT ? this.#sends < limit : unit !== REQUESTS || this.#room(entry, cost) >= 0;
    // What is in flight will tell what is left; if nothing is, this send has to.
    if (hasRoom || this.#sends === 0) return -Infinity;
    return Math.min(resetAt ?? Infinity, this.#quietSince + STALL_TIMEOUT_MS);
  }

  /** What is left after a send of this cost; below 0 if there is too little. */
  #room(entry: QuotaEntry, cost: number): number {
    return entry.remaining - this.#inFlight - this.#needed(entry, cost);
  }

  /** What must be left for a send: its cost and the reserve. */
  #needed({ limit, remaining }: QuotaEntry, cost: number): number {
    // What costs more than a whole window would never go.
    return limit === undefined
      ? cost + this.reserve * remaining
      : Math.min(cost + this.reserve * limit, limit);
  }
}

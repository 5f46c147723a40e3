// The rate limits that the benchmarks and the gate's tests run against.
import type { KnownRate } from './known-rate.js';
import { SlidingWindow } from './sliding-window.js';

/** How a server counts requests; times are milliseconds. */
export interface ServerLimit {
  /** @returns 0 if the request is accepted, otherwise Retry-After in milliseconds. */
  answer(now: number): number;
}

/** Refills at `rate` up to `burst`; each request takes one token. */
export class TokenBucket implements ServerLimit {
  #tokens: number;
  #refilledAt = 0;

  /** @param rate - Tokens per second; may be changed. */
  constructor(
    public rate: number,
    readonly burst: number,
    readonly retryAfterMs = 1000,
  ) {
    this.#tokens = burst;
  }

  answer(now: number): number {
    const refill = ((now - this.#refilledAt) / 1000) * this.rate;
    this.#tokens = Math.min(this.burst, this.#tokens + refill);
    this.#refilledAt = now;
    if (this.#tokens < 1) return this.retryAfterMs;
    this.#tokens -= 1;
    return 0;
  }
}

/** Accepts `limit` requests per window; the first window begins with the first request. */
export class FixedWindow implements ServerLimit {
  #begun = Number.NEGATIVE_INFINITY;
  #count = 0;

  constructor(
    readonly limit: number,
    readonly lengthMs: number,
  ) {}

  answer(now: number): number {
    if (this.#begun === Number.NEGATIVE_INFINITY) this.#begun = now;
    const windows = Math.floor((now - this.#begun) / this.lengthMs);
    if (windows > 0) {
      this.#begun += windows * this.lengthMs;
      this.#count = 0;
    }
    if (this.#count >= this.limit) {
      // Retry-After has whole seconds.
      return Math.ceil((this.#begun + this.lengthMs - now) / 1000) * 1000;
    }
    this.#count += 1;
    return 0;
  }
}

export type LimitName =
  | 'burst-10'
  | 'burst-100'
  | 'sliding-100-per-s'
  | 'fixed'
  | 'sliding-1000-per-min'
  | 'quota-1000-per-min'
  | 'quota-1000-per-min-draft-6';

/** The form of the headers in which express-rate-limit tells its quota. */
export type HeaderDraft = 'draft-6' | 'draft-8';

export interface Limit {
  /** In words. */
  readonly label: string;
  /** What a client can be told in advance. */
  readonly known: KnownRate;
  /** By how much a client's window should be longer. A bucket refills all the time, and needs none. */
  readonly marginMs: number;
  /** Served by express-rate-limit with such headers; otherwise the server tells no quota. */
  readonly quotaHeaders?: HeaderDraft;
  /** One row takes minutes, so it is measured only on demand. */
  readonly isLong: boolean;
  create(): ServerLimit;
  /** The shortest time in which this many requests can succeed, in seconds. */
  idealSeconds(successes: number): number;
  /** At most this many sends per success and this multiple of the ideal time. */
  readonly target: { readonly sendsPerSuccess: number; readonly timeOverIdeal: number };
}

const RATE = 100;
const [WINDOW_LIMIT, WINDOW_MS] = [1000, 60_000];

function bucket(burst: number, timeOverIdeal: number): Limit {
  return {
    label: `token bucket, ${RATE}/s, burst ${burst}`,
    known: { requests: burst, per: (burst / RATE) * 1000 },
    marginMs: 0,
    isLong: false,
    create: () => new TokenBucket(RATE, burst),
    idealSeconds: (successes) => Math.max(successes - burst, 0) / RATE,
    target: { sendsPerSuccess: 1.1, timeOverIdeal },
  };
}

function window(
  label: string,
  Window: typeof FixedWindow | typeof SlidingWindow,
  sendsPerSuccess: number,
  [limit, lengthMs] = [WINDOW_LIMIT, WINDOW_MS],
): Limit {
  return {
    label,
    known: { requests: limit, per: lengthMs },
    marginMs: lengthMs < WINDOW_MS ? 50 : 1000,
    isLong: lengthMs >= WINDOW_MS,
    create: () => new Window(limit, lengthMs),
    // Until the last window that is needed begins. A sliding one can be filled as early.
    idealSeconds: (successes) => (Math.floor(Math.max(successes - 1, 0) / limit) * lengthMs) / 1000,
    target: { sendsPerSuccess, timeOverIdeal: 1.1 },
  };
}

/** A fixed window that begins with the first request after the last one. */
function quota(quotaHeaders: HeaderDraft): Limit {
  const label = `express-rate-limit with ${quotaHeaders} headers, 1,000 per minute`;
  return { ...window(label, FixedWindow, 1.1), quotaHeaders };
}

export const limits: Readonly<Record<LimitName, Limit>> = {
  'burst-10': bucket(10, 1.25),
  'burst-100': bucket(100, 1.1),
  'sliding-100-per-s': window('sliding window, 100 per second', SlidingWindow, 1.25, [RATE, 1000]),
  fixed: window('fixed window, 1,000 per minute', FixedWindow, 1.25),
  'sliding-1000-per-min': window('sliding window, 1,000 per minute', SlidingWindow, 1.25),
  'quota-1000-per-min': quota('draft-8'),
  'quota-1000-per-min-draft-6': quota('draft-6'),
};

/** The title of a table of figures at this limit. */
export function titleOf({ label, target }: Limit): string {
  const { sendsPerSuccess, timeOverIdeal } = target;
  return `${label} (our target: at most ${sendsPerSuccess} sends per success, ${timeOverIdeal} × the ideal time)`;
}

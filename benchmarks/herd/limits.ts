// The rate limits that the benchmarks and the gate's tests run against.

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

export type LimitName = 'burst-10' | 'burst-100' | 'fixed';

export interface Limit {
  /** In words. */
  readonly label: string;
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
    create: () => new TokenBucket(RATE, burst),
    idealSeconds: (successes) => Math.max(successes - burst, 0) / RATE,
    target: { sendsPerSuccess: 1.1, timeOverIdeal },
  };
}

export const limits: Readonly<Record<LimitName, Limit>> = {
  'burst-10': bucket(10, 1.25),
  'burst-100': bucket(100, 1.1),
  fixed: {
    label: 'fixed window, 1,000 per minute',
    create: () => new FixedWindow(WINDOW_LIMIT, WINDOW_MS),
    // Until the last window that is needed begins.
    idealSeconds: (successes) =>
      (Math.floor(Math.max(successes - 1, 0) / WINDOW_LIMIT) * WINDOW_MS) / 1000,
    target: { sendsPerSuccess: 1.25, timeOverIdeal: 1.1 },
  },
};

/** The title of a table of figures at this limit. */
export function titleOf({ label, target }: Limit): string {
  const { sendsPerSuccess, timeOverIdeal } = target;
  return `${label} (our target: at most ${sendsPerSuccess} sends per success, ${timeOverIdeal} × the ideal time)`;
}

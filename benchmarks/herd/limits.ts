/** What a server counts requests with; its times are milliseconds. */
export interface Limiter {
  /** @returns 0 where the request is taken, else the milliseconds of Retry-After. */
  answer(now: number): number;
}

/** Refills by the rate, up to the burst; each request takes one token. */
export class TokenBucket implements Limiter {
  #tokens: number;
  #at = 0;

  /** @param rate - Tokens per second; may be changed. */
  constructor(
    public rate: number,
    readonly burst: number,
    readonly retryAfter = 1000,
  ) {
    this.#tokens = burst;
  }

  answer(now: number): number {
    this.#tokens = Math.min(this.burst, this.#tokens + ((now - this.#at) / 1000) * this.rate);
    this.#at = now;
    if (this.#tokens < 1) return this.retryAfter;
    this.#tokens -= 1;
    return 0;
  }
}

/** So many in each window, the first of which begins with the first request. */
export class FixedWindow implements Limiter {
  #begun = Number.NEGATIVE_INFINITY;
  #count = 0;

  constructor(
    readonly limit: number,
    readonly window: number,
  ) {}

  answer(now: number): number {
    if (this.#begun === Number.NEGATIVE_INFINITY) this.#begun = now;
    const over = Math.floor((now - this.#begun) / this.window);
    if (over > 0) {
      this.#begun += over * this.window;
      this.#count = 0;
    }
    if (this.#count >= this.limit) {
      // Retry-After has whole seconds.
      return Math.ceil((this.#begun + this.window - now) / 1000) * 1000;
    }
    this.#count += 1;
    return 0;
  }
}

/** One of the servers that the rules and the plugins are put before. */
export interface Limit {
  readonly name: LimitName;
  readonly label: string;
  make(): Limiter;
  /** Seconds in which so many could succeed at the soonest. */
  ideal(successes: number): number;
  /** At most, of sends per success and of time over ideal. */
  readonly bars: { readonly sends: number; readonly time: number };
}

export type LimitName = 'burst-10' | 'burst-100' | 'fixed';

const RATE = 100;
const WINDOW = { limit: 1000, length: 60_000 } as const;

function bucket(name: LimitName, burst: number, time: number): Limit {
  return {
    name,
    label: `token bucket, ${RATE}/s, burst ${burst}`,
    make: () => new TokenBucket(RATE, burst),
    ideal: (successes) => Math.max(successes - burst, 0) / RATE,
    bars: { sends: 1.1, time },
  };
}

export const limits: readonly Limit[] = [
  bucket('burst-10', 10, 1.25),
  bucket('burst-100', 100, 1.1),
  {
    name: 'fixed',
    label: 'fixed window, 1,000 per minute',
    make: () => new FixedWindow(WINDOW.limit, WINDOW.length),
    ideal: (successes) =>
      (Math.floor(Math.max(successes - 1, 0) / WINDOW.limit) * WINDOW.length) / 1000,
    bars: { sends: 1.25, time: 1.1 },
  },
];

/** @throws {Error} When there is none of that name. */
export function limitOf(name: string): Limit {
  const found = limits.find((limit) => limit.name === name);
  if (found === undefined) throw new Error(`no limit is called ${name}`);
  return found;
}

import type { AttachedInstance, RetryCall, RetryGate, RetryPermit } from '../core/extensions.js';
import { MonotonicTimers } from '../wait/monotonic-timers.js';
import type { WaitResult } from '../wait/wait-list.js';
import { KeyGenerator } from './key.js';
import { Limiter } from './limiter.js';
import type { GateSettings } from './options.js';
import type { RateLimiter } from './rate-limiter.js';

/** So many keys are kept before those without requests are looked for and forgotten. */
const MAX_IDLE_KEYS = 256;

/**
 * What paces a key that has been refused.
 *
 * @param changed - To be called when it has learned from elsewhere that something may be sent.
 */
export type CreateRateLimiter = (
  name: string,
  alarms: MonotonicTimers,
  changed: () => void,
) => RateLimiter;

/** A gate at each key: made when a request comes, forgotten when it is idle. */
export class LimiterGroup implements RetryGate {
  readonly #settings: GateSettings;
  readonly #createRateLimiter: CreateRateLimiter;
  readonly #keyGenerator: KeyGenerator;
  readonly #limiters = new Map<string, Limiter>();
  #timers: MonotonicTimers | undefined;
  #evictAbove = MAX_IDLE_KEYS;

  constructor(settings: GateSettings, makePacer: CreateRateLimiter) {
    this.#settings = settings;
    this.#createRateLimiter = makePacer;
    this.#keyGenerator = new KeyGenerator(settings.key);
  }

  attach({ clock }: AttachedInstance): void {
    this.#timers ??= new MonotonicTimers(clock, () => {
      for (const key of this.#limiters.values()) key.updateWaits();
    });
  }

  tryAcquire(call: RetryCall): RetryPermit | undefined {
    return this.#limiterFor(call).tryAcquire(call);
  }

  async acquire(call: RetryCall, host: AttachedInstance): Promise<RetryPermit | WaitResult> {
    return this.#limiterFor(call).enqueue(call, host);
  }

  #limiterFor(call: RetryCall): Limiter {
    const name = this.#keyGenerator.of(call);
    const known = this.#limiters.get(name);
    if (known && !known.stale) return known;
    if (!known && this.#limiters.size >= this.#evictAbove) this.#evictIdle();
    const key = this.#createLimiter(name);
    this.#limiters.set(name, key);
    return key;
  }

  #createLimiter(name: string): Limiter {
    const timers = this.#timers as MonotonicTimers;
    const { initialConcurrency, maxQueued } = this.#settings;
    const createRateLimiter = (changed: () => void): RateLimiter =>
      this.#createRateLimiter(name, timers, changed);
    return new Limiter({ timers, initialConcurrency, maxQueued, createRateLimiter });
  }

  /** Costs each new key a constant time on average, whatever there is. */
  #evictIdle(): void {
    for (const [name, key] of this.#limiters) if (key.idle) this.#limiters.delete(name);
    this.#evictAbove = Math.max(MAX_IDLE_KEYS, 2 * this.#limiters.size);
  }
}

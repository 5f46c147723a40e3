// A gate: a limiter for each key, created when a request comes and forgotten when it is idle.
import type { AttachedInstance, RetryCall, RetryGate, RetryPermit } from '../core/extensions.js';
import { MonotonicTimers } from '../wait/monotonic-timers.js';
import type { WaitResult } from '../wait/wait-list.js';
import { KeyGenerator } from './key.js';
import { Limiter } from './limiter.js';
import type { GateSettings } from './options.js';
import type { RateLimiter } from './rate-limiter.js';

/** Idle keys are forgotten once there are more than this many keys. */
const MAX_IDLE_KEYS = 256;

/**
 * Creates what limits a key from its first throttle on.
 *
 * @param onChange - To be called when the rate limiter has learned from elsewhere, not from this key's
 *   sends, that the key has closed or opened.
 */
export type CreateRateLimiter = (
  key: string,
  timers: MonotonicTimers,
  onChange: () => void,
) => RateLimiter;

export class LimiterGroup implements RetryGate {
  readonly #settings: GateSettings;
  readonly #createRateLimiter: CreateRateLimiter;
  readonly #keyGenerator: KeyGenerator;
  readonly #limiters = new Map<string, Limiter>();
  #timers: MonotonicTimers | undefined;
  #evictAbove = MAX_IDLE_KEYS;

  constructor(settings: GateSettings, createRateLimiter: CreateRateLimiter) {
    this.#settings = settings;
    this.#createRateLimiter = createRateLimiter;
    this.#keyGenerator = new KeyGenerator(settings.key);
  }

  attach({ clock }: AttachedInstance): void {
    this.#timers ??= new MonotonicTimers(clock, () => {
      for (const limiter of this.#limiters.values()) limiter.updateWaits();
    });
  }

  tryAcquire(call: RetryCall): RetryPermit | undefined {
    return this.#limiterFor(call).tryAcquire(call);
  }

  async acquire(call: RetryCall, instance: AttachedInstance): Promise<RetryPermit | WaitResult> {
    return this.#limiterFor(call).enqueue(call, instance);
  }

  #limiterFor(call: RetryCall): Limiter {
    const key = this.#keyGenerator.of(call);
    const known = this.#limiters.get(key);
    if (known && !known.stale) return known;
    if (!known && this.#limiters.size >= this.#evictAbove) this.#evictIdle();
    const limiter = this.#createLimiter(key);
    this.#limiters.set(key, limiter);
    return limiter;
  }

  #createLimiter(key: string): Limiter {
    const timers = this.#timers as MonotonicTimers;
    const { initialConcurrency, maxQueued } = this.#settings;
    const createRateLimiter = (onChange: () => void): RateLimiter =>
      this.#createRateLimiter(key, timers, onChange);
    return new Limiter({ timers, initialConcurrency, maxQueued, createRateLimiter });
  }

  /** Goes through all keys, but so rarely that each new key costs constant time on average. */
  #evictIdle(): void {
    for (const [key, limiter] of this.#limiters) if (limiter.idle) this.#limiters.delete(key);
    this.#evictAbove = Math.max(MAX_IDLE_KEYS, 2 * this.#limiters.size);
  }
}

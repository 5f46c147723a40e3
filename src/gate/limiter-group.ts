// A gate: a limiter for each key, created when a request comes and forgotten when it is idle.
import type { AttachedInstance, RetryCall, RetryPermit } from '../core/extensions.js';
import { MonotonicTimers } from '../wait/monotonic-timers.js';
import type { WaitResult } from '../wait/wait-list.js';
import type { Admission } from './admission.js';
import type { Gate, GateKeyState } from './inspect.js';
import { KeyGenerator } from './key.js';
import { Limiter } from './limiter.js';
import type { GateSettings } from './options.js';

/** Idle keys are forgotten once there are more than this many keys. */
const MAX_IDLE_KEYS = 256;

/**
 * Creates what limits a key.
 *
 * @param onChange - To be called when more may be sent, or less, than it last said.
 */
export type CreateAdmission<A extends Admission> = (
  key: string,
  timers: MonotonicTimers,
  onChange: () => void,
) => A;

/** @typeParam A - What limits a key. */
export class LimiterGroup<A extends Admission> implements Gate {
  readonly #settings: GateSettings;
  readonly #createAdmission: CreateAdmission<A>;
  readonly #keyGenerator: KeyGenerator;
  readonly #limiters = new Map<string, Limiter<A>>();
  #timers: MonotonicTimers | undefined;
  #evictAbove = MAX_IDLE_KEYS;

  constructor(settings: GateSettings, createAdmission: CreateAdmission<A>) {
    this.#settings = settings;
    this.#createAdmission = createAdmission;
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

  inspect(): GateKeyState[] {
    return [...this.#limiters].map(([key, limiter]) => limiter.inspect(key));
  }

  /** What limits a key, if it is known. */
  admissionOf(key: string): A | undefined {
    return this.#limiters.get(key)?.admission;
  }

  /** What limits the keys that are known. */
  get admissions(): A[] {
    return [...this.#limiters.values()].map(({ admission }) => admission);
  }

  #limiterFor(call: RetryCall): Limiter<A> {
    const key = this.#keyGenerator.of(call);
    const known = this.#limiters.get(key);
    if (known && !known.stale) return known;
    if (!known && this.#limiters.size >= this.#evictAbove) this.#evictIdle();
    const timers = this.#timers as MonotonicTimers;
    const limiter = new Limiter(this.#settings, timers, (onChange) =>
      this.#createAdmission(key, timers, onChange),
    );
    this.#limiters.set(key, limiter);
    return limiter;
  }

  /** Goes through all keys, but so rarely that each new key costs constant time on average. */
  #evictIdle(): void {
    for (const [key, limiter] of this.#limiters) if (limiter.idle) this.#limiters.delete(key);
    this.#evictAbove = Math.max(MAX_IDLE_KEYS, 2 * this.#limiters.size);
  }
}

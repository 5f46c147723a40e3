// Limits one key within one process: requests in flight until the first throttle, then a rate, and
// the quotas that answers tell.
import type { Quota } from '../hints/quota.js';
import { AdaptiveRate } from './adaptive-rate.js';
import type { Admission, Admitted, QuotaState } from './admission.js';
import { ConcurrencyWindow } from './concurrency-window.js';
import type { GateSettings } from './options.js';
import { QuotaLedger } from './quota-ledger.js';
import type { RateLimiter } from './rate-limiter.js';

export class LocalAdmission implements Admission {
  readonly #window: ConcurrencyWindow;
  /** Undefined if no quotas are read. */
  readonly #ledger: QuotaLedger | undefined;
  #rate: AdaptiveRate | undefined;

  constructor({ initialConcurrency, quotas, reserve }: GateSettings) {
    this.#window = new ConcurrencyWindow(initialConcurrency);
    this.#ledger = quotas && new QuotaLedger(reserve);
  }

  get #limiter(): RateLimiter {
    return this.#rate ?? this.#window;
  }

  get epoch(): number {
    return this.#limiter.epoch;
  }

  get closed(): boolean {
    return this.#limiter.closed;
  }

  get throttled(): boolean {
    return this.#rate !== undefined;
  }

  get forgettable(): boolean {
    return !this.throttled && !this.#ledger?.told;
  }

  get holdsUntil(): number {
    return Math.max(this.#limiter.closedUntil, this.#ledger?.endsAt ?? -Infinity);
  }

  closedUntil(now: number, cost?: number): number {
    return Math.max(this.#limiter.closedUntil, this.#ledger?.usedUpUntil(now, cost) ?? -Infinity);
  }

  tryAdmit(): boolean {
    return !this.#ledger && !this.#rate && this.#window.tryAcquire();
  }

  admit(now: number, cost: number): number {
    const freeAt = this.#ledger?.freeAt(now, cost) ?? now;
    if (freeAt > now) return freeAt;
    const { sends, at } = this.#limiter.acquire(now, 1);
    if (sends === 0) return at;
    this.#ledger?.take(now, cost);
    return 0;
  }

  onBypass(now: number, cost: number): void {
    this.#limiter.onBypass?.();
    this.#ledger?.take(now, cost);
  }

  onQuotas(now: number, sent: Admitted, quotas: readonly Quota[]): void {
    this.#ledger?.release(now, sent.cost);
    this.#ledger?.learn(now, sent.at, quotas);
  }

  onSuccess(now: number, { epoch }: Admitted): void {
    this.#limiter.onSuccess(now, epoch);
  }

  onIgnored(now: number, { epoch }: Admitted): void {
    this.#limiter.onIgnored(now, epoch);
  }

  onThrottled(now: number, sent: Admitted, closedFor: number, isOverload?: boolean): void {
    // A quota that is used up says nothing of the rate, and its end needs no probe.
    if (!isOverload && this.#ledger?.explains(now, closedFor)) {
      this.onIgnored(now, sent);
      return;
    }
    const burst = this.#rate ? {} : this.#window.burst(now);
    this.#rate ??= new AdaptiveRate();
    this.#rate.onThrottled(now, { epoch: sent.epoch, closedFor, ...burst });
  }

  rateAt(now: number): number | undefined {
    return this.#rate?.rateAt(now);
  }

  quotaAt(now: number): QuotaState | undefined {
    return this.#ledger?.tightest(now);
  }
}

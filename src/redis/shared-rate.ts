// Limits a key by a state in Redis that all processes share, and by its own while Redis is unavailable.
import { AdaptiveRate, RATE } from '../gate/adaptive-rate.js';
import type { Grant, RateLimiter, Throttle } from '../gate/rate-limiter.js';
import type { MonotonicTimers } from '../wait/monotonic-timers.js';
import type { RedisConnection } from './connection.js';
import { RateMeter } from './rate-meter.js';
import type { ScriptResult } from './script.js';
import { encodeArgs } from './script.js';

/**
 * Its epochs are this process's own: they increase when Redis reports another epoch, when a send of this
 * process is throttled, and when it changes between the shared and the local state.
 */
export class SharedRate implements RateLimiter {
  epoch = 0;
  closedUntil = -Infinity;
  closed = true;
  /** The script's number of the present epoch; -1 if unknown. */
  #sharedEpoch = 0;
  #rate: number = RATE.INITIAL_RATE;
  /** Results of this process that are not reported to Redis yet. */
  #successes = 0;
  #initialSuccesses = 0;
  #ignored = false;
  /** Redis has no grant before this time. */
  #askAgainAt = -Infinity;
  /** Counts throttles of this process. A result from before the last one is out of date. */
  #throttles = 0;
  readonly #meter = new RateMeter();
  /** Set while Redis is unavailable. Its epoch 0 is the epoch `#localFrom` here. */
  #local: AdaptiveRate | undefined;
  #localFrom = 0;

  /** @param onChange - Called when more may be sent, or less, than the last grant said. */
  constructor(
    readonly key: string,
    readonly connection: RedisConnection,
    readonly timers: MonotonicTimers,
    readonly onChange: () => void,
  ) {}

  acquire(now: number, wanted: number): Grant | Promise<Grant> {
    if (this.connection.mode === 'local') {
      void this.#checkRecovery();
      return this.#acquireLocal(now);
    }
    if (this.#local) this.#useShared(now);
    if (this.#askAgainAt <= now) return this.#acquireShared(wanted);
    return { sends: 0, at: this.#askAgainAt, interval: 0, epoch: this.epoch };
  }

  onSuccess(now: number, epoch: number): void {
    this.#meter.add(now);
    if (this.#local) {
      this.#updateLocal((local) => local.onSuccess(now, epoch - this.#localFrom));
    } else if (epoch === this.epoch) {
      this.#successes += 1;
      // A probe is reported at once, anything else with the next command.
      if (this.closed) void this.#report();
    } else if (epoch === 0) this.#initialSuccesses += 1;
  }

  onIgnored(now: number, epoch: number): void {
    if (this.#local) {
      this.#updateLocal((local) => local.onIgnored(now, epoch - this.#localFrom));
    } else if (epoch === this.epoch && this.closed) {
      this.#ignored = true;
      void this.#report();
    }
  }

  onThrottled(now: number, throttle: Throttle): void {
    this.closedUntil = Math.max(this.closedUntil, now + throttle.closedFor);
    if (this.#local) {
      const epoch = throttle.epoch - this.#localFrom;
      this.#updateLocal((local) => local.onThrottled(now, { ...throttle, epoch }));
      return;
    }
    const epoch = throttle.epoch === this.epoch ? this.#sharedEpoch : -1;
    this.#throttles += 1;
    this.epoch += 1;
    this.closed = true;
    void this.#report({ ...throttle, epoch });
  }

  async #acquireShared(wanted: number): Promise<Grant> {
    const throttlesBefore = this.#throttles;
    const result = await this.#run(wanted);
    const now = this.timers.now();
    if (result === undefined) return this.#acquireLocal(now);
    const { epoch, closedUntil } = this;
    if (this.#throttles !== throttlesBefore)
      return { sends: 0, at: closedUntil, interval: 0, epoch };
    const { sends, delay, interval } = result;
    const at = Math.max(now + delay, closedUntil);
    if (sends === 0) this.#askAgainAt = at;
    return { sends, at, interval, epoch };
  }

  #acquireLocal(now: number): Grant {
    this.#local ??= this.#useLocal(now);
    return { ...this.#local.acquire(now), epoch: this.epoch };
  }

  /** Continues alone, at the rate that was accepted from this process. */
  #useLocal(now: number): AdaptiveRate {
    const local = new AdaptiveRate();
    const rate = this.#meter.at(now);
    local.resume(now, { rate, closed: this.closed, until: this.closedUntil });
    this.#localFrom = this.epoch + 1 - local.epoch;
    this.epoch += 1;
    return local;
  }

  #useShared(now: number): void {
    const closedFor = this.closedUntil - now;
    this.#local = undefined;
    this.#sharedEpoch = -1;
    this.#successes = this.#initialSuccesses = 0;
    this.#ignored = false;
    // Redis may not know of a throttle while it was unavailable.
    if (closedFor > 0) this.onThrottled(now, { epoch: -1, closedFor });
  }

  #updateLocal(update: (local: AdaptiveRate) => void): void {
    const local = this.#local as AdaptiveRate;
    update(local);
    this.epoch = this.#localFrom + local.epoch;
    this.closedUntil = local.closedUntil;
    this.closed = local.closed;
  }

  /** Tells Redis the results; more may be sent then. */
  async #report(throttle?: Throttle): Promise<void> {
    await this.#run(0, throttle);
    if (!throttle) this.#askAgainAt = -Infinity;
    this.onChange();
  }

  /** Tries whether Redis is available again; then queued calls may ask it. */
  async #checkRecovery(): Promise<void> {
    const result = await this.connection.run(this.key, this.#args(0), this.timers);
    if (result) this.onChange();
  }

  /** Runs the script and takes over the state that it reports; undefined if Redis is unavailable. */
  async #run(wanted: number, throttle?: Throttle): Promise<ScriptResult | undefined> {
    const throttlesBefore = this.#throttles;
    const args = this.#args(wanted, throttle);
    this.#successes = this.#initialSuccesses = 0;
    this.#ignored = false;
    const result = await this.connection.run(this.key, args, this.timers);
    if (result === undefined || this.#local) return undefined;
    if (result.epoch !== this.#sharedEpoch) {
      this.#sharedEpoch = result.epoch;
      this.#successes = 0;
      this.epoch += 1;
    }
    this.#rate = result.rate;
    if (this.#throttles === throttlesBefore) this.closed = result.closed;
    if (result.closedFor > 0) {
      this.closedUntil = Math.max(this.closedUntil, this.timers.now() + result.closedFor);
    }
    return result;
  }

  #args(wanted: number, throttle?: Throttle): string[] {
    return encodeArgs({
      epoch: this.#sharedEpoch,
      successes: this.#successes,
      initialSuccesses: this.#initialSuccesses,
      ignored: this.#ignored,
      throttle,
      wanted,
      rate: this.#rate,
      closedFor: Math.max(this.closedUntil - this.timers.now(), 0),
    });
  }
}

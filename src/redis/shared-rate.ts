import { AdaptiveRate, RATE } from '../gate/adaptive-rate.js';
import type { Grant, RateLimiter, Throttle } from '../gate/rate-limiter.js';
import type { MonotonicTimers } from '../wait/monotonic-timers.js';
import type { RedisConnection } from './connection.js';
import { RateMeter } from './rate-meter.js';
import type { ScriptResult } from './script.js';
import { encodeArgs } from './script.js';

/**
 * Paces a key by a state in Redis that all processes share; by one of its own while Redis is away.
 *
 * Its epochs are its own: they go up when Redis tells of another one, when something is refused here,
 * and when it changes between the two.
 */
export class SharedRate implements RateLimiter {
  epoch = 0;
  closedUntil = Number.NEGATIVE_INFINITY;
  closed = true;
  /** Redis's epoch that ours stands for. */
  #shared = 0;
  #rate: number = RATE.slowStart;
  /** What has happened here and Redis does not know yet. */
  #successes = 0;
  #initialSuccesses = 0;
  #ignored = false;
  /** Redis gives no leave before. */
  #askAt = Number.NEGATIVE_INFINITY;
  /** How often something was refused here; what Redis said before is out of date then. */
  #throttles = 0;
  readonly #meter = new RateMeter();
  /** Only while Redis is away. Its epoch 0 is our `#localFrom`. */
  #local: AdaptiveRate | undefined;
  #localFrom = 0;

  constructor(
    readonly key: string,
    readonly connection: RedisConnection,
    readonly timers: MonotonicTimers,
    /** To be called when something may be sent that could not be. */
    readonly changed: () => void,
  ) {}

  acquire(now: number, wanted: number): Grant | Promise<Grant> {
    if (this.connection.mode === 'shared') {
      if (this.#local) this.#useShared(now);
      const { epoch } = this;
      if (this.#askAt > now) return { sends: 0, at: this.#askAt, interval: 0, epoch };
      return this.#acquireShared(wanted);
    }
    void this.#checkRecovery();
    return this.#acquireLocally(now);
  }

  onSuccess(now: number, epoch: number): void {
    this.#meter.add(now);
    if (this.#local) this.#locally((local) => local.onSuccess(now, epoch - this.#localFrom));
    else if (epoch !== this.epoch) this.#initialSuccesses += epoch === 0 ? 1 : 0;
    else {
      this.#successes += 1;
      // The probe is back; what else passed is told with the next question.
      if (this.closed) void this.#report();
    }
  }

  onIgnored(now: number, epoch: number): void {
    if (this.#local) this.#locally((local) => local.onIgnored(now, epoch - this.#localFrom));
    else if (epoch === this.epoch && this.closed) {
      this.#ignored = true;
      void this.#report();
    }
  }

  onThrottled(now: number, throttle: Throttle): void {
    this.closedUntil = Math.max(this.closedUntil, now + throttle.closedFor);
    if (this.#local) {
      const epoch = throttle.epoch - this.#localFrom;
      this.#locally((local) => local.onThrottled(now, { ...throttle, epoch }));
      return;
    }
    const epoch = throttle.epoch === this.epoch ? this.#shared : -1;
    this.#throttles += 1;
    this.epoch += 1;
    this.closed = true;
    void this.#report({ ...throttle, epoch });
  }

  async #acquireShared(wanted: number): Promise<Grant> {
    const before = this.#throttles;
    const reply = await this.#run(wanted);
    const now = this.timers.now();
    if (reply === undefined) return this.#acquireLocally(now);
    const { epoch, closedUntil } = this;
    if (before !== this.#throttles) return { sends: 0, at: closedUntil, interval: 0, epoch };
    const { sends, delay, interval } = reply;
    const at = Math.max(now + delay, closedUntil);
    if (sends === 0) this.#askAt = at;
    return { sends, at, interval, epoch };
  }

  #acquireLocally(now: number): Grant {
    this.#local ??= this.#useLocal(now);
    const grant = this.#local.acquire(now);
    return { ...grant, epoch: this.epoch };
  }

  /** Goes on as if alone, with no more than what was accepted of this process's own. */
  #useLocal(now: number): AdaptiveRate {
    const local = new AdaptiveRate();
    local.resume(now, {
      rate: this.#meter.at(now),
      closed: this.closed,
      until: this.closedUntil,
    });
    this.#localFrom = this.epoch + 1 - local.epoch;
    this.epoch += 1;
    return local;
  }

  #useShared(now: number): void {
    const closedFor = this.closedUntil - now;
    this.#local = undefined;
    this.#shared = -1;
    this.#successes = this.#initialSuccesses = 0;
    this.#ignored = false;
    // Redis may not know of what was refused in the meantime.
    if (closedFor > 0) this.onThrottled(now, { epoch: -1, closedFor });
  }

  #locally(act: (local: AdaptiveRate) => void): void {
    const local = this.#local as AdaptiveRate;
    act(local);
    this.epoch = this.#localFrom + local.epoch;
    this.closedUntil = local.closedUntil;
    this.closed = local.closed;
  }

  /** Tells Redis what has happened; that may let more be sent. */
  async #report(throttle?: Throttle): Promise<void> {
    await this.#run(0, throttle);
    if (!throttle) this.#askAt = Number.NEGATIVE_INFINITY;
    this.changed();
  }

  /** Redis was away; when it is back, what waits is let ask it. */
  async #checkRecovery(): Promise<void> {
    const answer = await this.connection.run(this.key, this.#args(0), this.timers);
    if (answer) this.changed();
  }

  async #run(wanted: number, throttle?: Throttle): Promise<ScriptResult | undefined> {
    const before = this.#throttles;
    const args = this.#args(wanted, throttle);
    this.#successes = this.#initialSuccesses = 0;
    this.#ignored = false;
    const reply = await this.connection.run(this.key, args, this.timers);
    if (reply === undefined || this.#local) return undefined;
    if (reply.epoch !== this.#shared) {
      this.#shared = reply.epoch;
      this.#successes = 0;
      this.epoch += 1;
    }
    this.#rate = reply.rate;
    if (before === this.#throttles) this.closed = reply.closed;
    if (reply.closedFor > 0) {
      this.closedUntil = Math.max(this.closedUntil, this.timers.now() + reply.closedFor);
    }
    return reply;
  }

  #args(wanted: number, throttle?: Throttle): string[] {
    return encodeArgs({
      epoch: this.#shared,
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

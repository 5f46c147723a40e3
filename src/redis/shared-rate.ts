// Limits a key by a state in Redis that all processes share, and by its own while Redis is unavailable.
import { AdaptiveRate, RATE } from '../gate/adaptive-rate.js';
import type { Grant, RateLimiter, Throttle } from '../gate/rate-limiter.js';
import type { MonotonicTimers } from '../wait/monotonic-timers.js';
import type { RedisKey } from './connection.js';
import { RateMeter } from './rate-meter.js';
import type { ScriptResult } from './script.js';
import { encodeArgs } from './script.js';

/**
 * Its epochs are this process's own: they increase when Redis reports another epoch, when a send of this
 * process is throttled, and when it changes between the shared and the local state while it is open. A
 * change while it is closed keeps the epoch, so that the answer to a probe still counts.
 */
export class SharedRate implements RateLimiter {
  epoch = 0;
  closedUntil = -Infinity;
  closed = true;
  /** When it closed after it had been open. */
  #closedAt = 0;
  /** It was opened by a probe of this process, and Redis has not said so yet. */
  #openedAlone = false;
  /** A probe of this process is out: it sends no other before this time. */
  #probeUntil = -Infinity;
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
  /** Limits the key while `#isLocal`. */
  #local = new AdaptiveRate();
  #isLocal = false;
  /** True while `#local` has had every result: until the key opens by Redis. */
  #localIsCurrent = true;

  /** @param onChange - Called when more may be sent, or less, than the last grant said. */
  constructor(
    readonly key: RedisKey,
    readonly timers: MonotonicTimers,
    readonly onChange: () => void,
  ) {}

  acquire(now: number, wanted: number): Grant | Promise<Grant> {
    const { away } = this.key;
    if (away) void this.#checkRecovery();
    else if (this.#isLocal) this.#useShared(now);
    if (this.#probeUntil > now) return this.#noneUntil(this.#probeUntil);
    if (away) return this.#acquireLocal(now);
    if (this.#askAgainAt > now) return this.#noneUntil(this.#askAgainAt);
    return this.#acquireShared(wanted);
  }

  onSuccess(now: number, epoch: number): void {
    // Sends from before the first throttle were not limited to a rate.
    if (epoch > 0) this.#meter.add(now);
    this.#update(now, epoch, (local, its) => local.onSuccess(now, its));
    if (this.#isLocal) return;
    if (epoch === this.epoch) {
      this.#successes += 1;
      if (!this.closed) return;
      // A probe is reported at once, anything else with the next command.
      this.#setClosed(now, now < this.closedUntil);
      void this.#report();
    } else if (epoch === 0) this.#initialSuccesses += 1;
  }

  onIgnored(now: number, epoch: number): void {
    this.#update(now, epoch, (local, its) => local.onIgnored(now, its));
    if (this.#isLocal || epoch !== this.epoch || !this.closed) return;
    this.#ignored = true;
    void this.#report();
  }

  onThrottled(now: number, throttle: Throttle): void {
    const { closedFor } = throttle;
    this.#update(now, throttle.epoch, (local, epoch) =>
      local.onThrottled(now, { ...throttle, epoch }),
    );
    if (this.#isLocal) return;
    const epoch = throttle.epoch === this.epoch ? this.#sharedEpoch : -1;
    this.closedUntil = Math.max(this.closedUntil, now + closedFor);
    this.#throttles += 1;
    this.#setClosed(now, true);
    this.#nextEpoch();
    void this.#report({ ...throttle, epoch });
  }

  #noneUntil(at: number): Grant {
    return { sends: 0, at, interval: 0, epoch: this.epoch };
  }

  async #acquireShared(wanted: number): Promise<Grant> {
    const throttlesBefore = this.#throttles;
    const result = await this.#run(wanted);
    const now = this.timers.now();
    if (result === undefined) return this.#acquireLocal(now);
    if (this.#throttles !== throttlesBefore) return this.#noneUntil(this.closedUntil);
    const { sends, delay, interval } = result;
    const at = Math.max(now + delay, this.closedUntil);
    if (sends === 0) this.#askAgainAt = at;
    return this.#granted({ sends, at, interval, epoch: this.epoch });
  }

  #acquireLocal(now: number): Grant {
    this.#useLocal(now);
    return this.#granted({ ...this.#local.acquire(now), epoch: this.epoch });
  }

  #granted(grant: Grant): Grant {
    if (grant.sends > 0 && this.closed) this.#probeUntil = grant.at + RATE.PROBE_LEASE_MS;
    return grant;
  }

  /** Passes a result to the local state, if that is used or would be. */
  #update(now: number, epoch: number, update: (local: AdaptiveRate, epoch: number) => void): void {
    const isPresent = epoch === this.epoch;
    if (isPresent) this.#probeUntil = -Infinity;
    if (!this.#localIsCurrent) return;
    const local = this.#local;
    const before = local.epoch;
    // The local state has epochs of its own: 0 is before the first throttle in both, below 0 is an earlier one.
    update(local, isPresent ? before : Math.min(-epoch, 0));
    if (!this.#isLocal) return;
    if (local.epoch !== before) this.#nextEpoch(-1);
    this.closedUntil = local.closedUntil;
    this.#setClosed(now, local.closed);
  }

  #setClosed(now: number, closed: boolean): void {
    if (closed === this.closed) return;
    if (closed) this.#closedAt = now;
    this.#openedAlone = !closed;
    this.closed = closed;
  }

  #nextEpoch(sharedEpoch = this.#sharedEpoch): void {
    this.epoch += 1;
    this.#sharedEpoch = sharedEpoch;
    this.#probeUntil = -Infinity;
  }

  /** Sends per second that were accepted from this process, lately or before it closed. */
  #acceptedRate(now: number): number {
    return this.#meter.at(this.closed ? this.#closedAt : now);
  }

  /** Continues alone, at the rate that was accepted from this process. */
  #useLocal(now: number): void {
    if (this.#isLocal) return;
    const { closed, closedUntil } = this;
    this.#isLocal = true;
    if (this.#localIsCurrent && this.#local.closed === closed)
      this.#local.closedUntil = closedUntil;
    else {
      this.#local = new AdaptiveRate();
      this.#local.resume(now, { rate: this.#acceptedRate(now), closed, until: closedUntil });
      this.#localIsCurrent = true;
    }
    if (!closed) this.#nextEpoch(this.#openedAlone ? undefined : -1);
  }

  #useShared(now: number): void {
    const closedFor = this.closedUntil - now;
    this.#isLocal = false;
    this.#initialSuccesses = 0;
    this.#ignored = false;
    this.#askAgainAt = -Infinity;
    // Redis may wait for a probe that this process has had an answer to.
    this.#successes = this.#openedAlone ? 1 : 0;
    if (this.#openedAlone) this.#nextEpoch();
    // Redis may not know of a throttle while it was unavailable.
    if (closedFor > 0) this.onThrottled(now, { epoch: -1, closedFor });
  }

  /** Tells Redis the results; more may be sent then. */
  async #report(throttle?: Throttle): Promise<void> {
    await this.#run(0, throttle);
    if (!throttle) this.#askAgainAt = -Infinity;
    this.onChange();
  }

  /** Tries whether Redis is available again; then queued calls may ask it. */
  async #checkRecovery(): Promise<void> {
    const result = await this.key.run(this.#args(0));
    if (result) this.onChange();
  }

  /** Runs the script and takes over the state that it reports; undefined if Redis is unavailable. */
  async #run(wanted: number, throttle?: Throttle): Promise<ScriptResult | undefined> {
    const throttlesBefore = this.#throttles;
    const args = this.#args(wanted, throttle);
    this.#successes = this.#initialSuccesses = 0;
    this.#ignored = false;
    const result = await this.key.run(args);
    const now = this.timers.now();
    if (result === undefined) this.#useLocal(now);
    if (result === undefined || this.#isLocal) return undefined;
    if (result.epoch !== this.#sharedEpoch) {
      this.#successes = 0;
      this.#nextEpoch(result.epoch);
    }
    this.#rate = result.rate;
    if (this.#throttles === throttlesBefore) {
      this.#setClosed(now, result.closed);
      this.#openedAlone = false;
      if (!result.closed) this.#localIsCurrent = false;
    }
    if (result.closedFor > 0) this.closedUntil = Math.max(this.closedUntil, now + result.closedFor);
    return result;
  }

  #args(wanted: number, throttle?: Throttle): string[] {
    const now = this.timers.now();
    return encodeArgs({
      epoch: this.#sharedEpoch,
      successes: this.#successes,
      initialSuccesses: this.#initialSuccesses,
      ignored: this.#ignored,
      throttle,
      wanted,
      rate: Math.max(this.#rate, this.#acceptedRate(now)),
      closedFor: this.closed ? Math.max(this.closedUntil - now, 0) : -1,
    });
  }
}

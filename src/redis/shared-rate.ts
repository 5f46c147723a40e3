// Limits a throttled key by a rate in Redis that all processes share, and by its own while Redis is
// unavailable.
import { AdaptiveRate, RATE } from '../gate/adaptive-rate.js';
import type { Grant, Throttle } from '../gate/rate-limiter.js';
import type { MonotonicTimers } from '../wait/monotonic-timers.js';
import { RateMeter } from './rate-meter.js';
import type { RateRequest, ScriptResult } from './script.js';

/** A grant is dropped when its next send is this late. */
const GRANT_TTL_MS = 1000;

/** The key in Redis, as its rate uses it. */
export interface SharedKey {
  /** True while Redis is unavailable for this key. */
  readonly away: boolean;
  /** Milliseconds that Redis takes to answer. */
  readonly latency: number;
  /** @returns Undefined if Redis is unavailable; never rejects. */
  run(request: RateRequest): Promise<ScriptResult | undefined>;
}

/**
 * Its epochs are this process's own: they increase when Redis reports another epoch, when a send of this
 * process is throttled, and when it changes between the shared and the local state while it is open. A
 * change while it is closed keeps the epoch, so that the answer to a probe still counts.
 */
export class SharedRate {
  epoch = 0;
  /** True once any process was throttled. */
  throttled = false;
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
  /** What Redis has granted: the rest of one grant, and the next one, fetched ahead. */
  #grants: Grant[] = [];
  #asking = false;
  /** How many calls waited after the last one that was let go. */
  #waiting = 0;
  #rate: number = RATE.INITIAL_RATE;
  /** Results of this process that are not reported to Redis yet. */
  #successes = 0;
  #initialSuccesses = 0;
  #ignored = false;
  /** Redis has no grant before this time. */
  #askAgainAt = -Infinity;
  /** Counts throttles of this process. A result from before the last one is out of date. */
  #throttles = 0;
  /** How many of them are being reported. */
  #reporting = 0;
  readonly #meter = new RateMeter();
  /** Limits the key while `#isLocal`. */
  #local = new AdaptiveRate();
  #isLocal = false;
  /** True while `#local` has had every result: until the key opens by Redis. */
  #localIsCurrent = true;

  /** @param onChange - Called when more may be sent, or less, than the last grant said. */
  constructor(
    readonly key: SharedKey,
    readonly timers: MonotonicTimers,
    readonly onChange: () => void,
  ) {}

  /**
   * Acquires one send.
   *
   * @param wanted - How many calls wait, this one included.
   * @returns 0 if it may go, otherwise when to ask again; Infinity if it reports a change then.
   */
  acquire(now: number, wanted: number): number {
    const { away } = this.key;
    if (away) void this.#checkRecovery();
    else if (this.#isLocal) this.#switchToShared(now);
    if (this.#probeUntil > now) return this.#probeUntil;
    if (away) return this.#acquireLocal(now);
    this.#waiting = wanted;
    const at = this.#acquireGranted(now, wanted);
    if (at !== undefined) return at;
    // The probe is asked for before the key opens, by the time that Redis takes.
    const opensAt = this.closed ? this.closedUntil - this.key.latency : -Infinity;
    const askAt = Math.max(this.#askAgainAt, opensAt);
    if (askAt > now) return askAt;
    void this.#ask(wanted);
    return Infinity;
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
      void this.#reportProbe();
    } else if (epoch === 0) this.#initialSuccesses += 1;
  }

  onIgnored(now: number, epoch: number): void {
    this.#update(now, epoch, (local, its) => local.onIgnored(now, its));
    if (this.#isLocal || epoch !== this.epoch || !this.closed) return;
    this.#ignored = true;
    void this.#reportProbe();
  }

  onThrottled(now: number, throttle: Throttle): void {
    const { closedFor } = throttle;
    this.throttled = true;
    this.#grants = [];
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

  /** Takes over what another process has made of the state. */
  onNews(news: ScriptResult): void {
    if (this.#isLocal) return;
    this.#askAgainAt = -Infinity;
    // A throttle of this process that Redis may not know of yet stands.
    this.#takeOver(this.timers.now(), news, !this.#reporting);
  }

  /** Another process was throttled first: reports what was accepted from this one before. */
  reportBurst(accepted: number): void {
    this.#initialSuccesses += accepted;
    void this.#run(0);
  }

  /** Reports what is not reported yet, and hears of the state. */
  async refresh(): Promise<void> {
    await this.#run(0);
  }

  /** @returns 0 or when to ask again; undefined without a grant that still holds. */
  #acquireGranted(now: number, wanted: number): number | undefined {
    const grant = this.#grants.find(
      ({ at, epoch }) => epoch === this.epoch && at >= now - GRANT_TTL_MS,
    );
    if (grant === undefined) return undefined;
    const { sends, at, interval, epoch } = grant;
    const next = this.#grants[this.#grants.indexOf(grant) + 1];
    const lasts = at - now + sends * interval;
    if (!next && wanted > sends && lasts < 2 * this.key.latency && !this.closed)
      void this.#ask(wanted - sends);
    this.#grants = next ? [grant, next] : [grant];
    if (at > now) return at;
    this.#waiting = wanted - 1;
    const rest = { sends: sends - 1, at: at + interval, interval, epoch };
    this.#grants.splice(0, 1, ...(sends > 1 ? [rest] : []));
    if (this.closed) this.#probeUntil = now + RATE.PROBE_LEASE_MS;
    return 0;
  }

  async #ask(wanted: number): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const throttlesBefore = this.#throttles;
    const result = await this.#run(wanted);
    this.#asking = false;
    // An answer from before a closing that this process knows of grants nothing.
    if (result?.epoch === this.#sharedEpoch && this.#throttles === throttlesBefore) {
      const { sends, delay, interval } = result;
      const at = Math.max(this.timers.now() + delay, this.closedUntil);
      if (sends > 0) this.#grants.push({ sends, at, interval, epoch: this.epoch });
      else this.#askAgainAt = at;
    }
    this.onChange();
  }

  #acquireLocal(now: number): number {
    this.#switchToLocal(now);
    const { sends, at } = this.#local.acquire(now);
    if (sends === 0) return at;
    if (this.closed) this.#probeUntil = now + RATE.PROBE_LEASE_MS;
    return 0;
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
  #switchToLocal(now: number): void {
    if (this.#isLocal) return;
    const { closed, closedUntil } = this;
    this.#isLocal = true;
    this.#grants = [];
    if (this.#localIsCurrent && this.#local.closed === closed)
      this.#local.closedUntil = closedUntil;
    else {
      this.#local = new AdaptiveRate();
      this.#local.resume(now, { rate: this.#acceptedRate(now), closed, until: closedUntil });
      this.#localIsCurrent = true;
    }
    if (!closed) this.#nextEpoch(this.#openedAlone ? undefined : -1);
  }

  #switchToShared(now: number): void {
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

  /** Tells Redis how a probe ended, and asks for what may be sent then. */
  async #reportProbe(): Promise<void> {
    this.#askAgainAt = -Infinity;
    if (this.#waiting > 0 && !this.#asking) return this.#ask(this.#waiting);
    await this.#run(0);
    this.onChange();
  }

  async #report(throttle: Throttle): Promise<void> {
    this.#reporting += 1;
    await this.#run(0, throttle);
    this.#reporting -= 1;
    this.onChange();
  }

  /** Tries whether Redis is available again; then queued calls may ask it. */
  async #checkRecovery(): Promise<void> {
    const result = await this.key.run(this.#request(0));
    if (result) this.onChange();
  }

  /** Runs the script and takes over the state that it reports; undefined if Redis is unavailable. */
  async #run(wanted: number, throttle?: Throttle): Promise<ScriptResult | undefined> {
    const throttlesBefore = this.#throttles;
    const request = this.#request(wanted, throttle);
    this.#successes = this.#initialSuccesses = 0;
    this.#ignored = false;
    const result = await this.key.run(request);
    const now = this.timers.now();
    if (result === undefined && this.throttled) this.#switchToLocal(now);
    if (result === undefined || this.#isLocal) return undefined;
    this.#takeOver(now, result, this.#throttles === throttlesBefore);
    return result;
  }

  /** @param isCurrent - Nothing has happened since that the state does not know of. */
  #takeOver(now: number, result: ScriptResult, isCurrent: boolean): void {
    if (result.stale) return;
    if (result.epoch !== this.#sharedEpoch) {
      this.#successes = 0;
      this.#nextEpoch(result.epoch);
    }
    if (result.epoch > 0) this.throttled = true;
    this.#rate = result.rate;
    if (isCurrent) {
      this.#setClosed(now, result.closed);
      this.#openedAlone = false;
      if (!result.closed) this.#localIsCurrent = false;
    }
    if (result.closedFor > 0) this.closedUntil = Math.max(this.closedUntil, now + result.closedFor);
  }

  #request(wanted: number, throttle?: Throttle): RateRequest {
    const now = this.timers.now();
    const closedFor = this.closed ? Math.max(this.closedUntil - now, 0) : -1;
    return {
      epoch: this.#sharedEpoch,
      successes: this.#successes,
      initialSuccesses: this.#initialSuccesses,
      ignored: this.#ignored,
      throttle,
      wanted,
      rate: Math.max(this.#rate, this.#acceptedRate(now)),
      closedFor: this.throttled ? closedFor : -2,
    };
  }

  /** Sends per second of all processes, as Redis last said, or of this one alone. */
  rateAt(now: number): number {
    return this.#isLocal ? this.#local.rateAt(now) : this.#rate;
  }
}

// Limits one key as all processes together: their start window, their quotas and their rate are in Redis.
import type { Admission, Admitted, QuotaState } from '../gate/admission.js';
import { ConcurrencyWindow } from '../gate/concurrency-window.js';
import type { GateSettings } from '../gate/options.js';
import { QuotaLedger } from '../gate/quota-ledger.js';
import type { Quota } from '../hints/quota.js';
import type { MonotonicTimers } from '../wait/monotonic-timers.js';
import type { RedisKey } from './connection.js';
import type { FleetRequest, RateRequest, ScriptResult, ToldQuota } from './script.js';
import { encodeArgs, UNITS_LEASE_MS } from './script.js';
import { SharedRate } from './shared-rate.js';

/** When Redis had no more to give, it is asked again after this time, and then after twice as long, up to the maximum. */
const MIN_PAUSE_MS = 20;
const MAX_PAUSE_MS = 2000;

/** The same where units of a quota are missing that other processes may give back. */
const MAX_UNITS_PAUSE_MS = 250;

/** This share of a quota is used before Redis has answered how much others use. */
const FIRST_SHARE = 1 / 8;

/** What a process may take of the quotas without asking. */
interface Units {
  /** What is left of them; Infinity if no process knows of a quota. */
  left: number;
  granted: number;
  askedAt: number;
}

/**
 * The first request of a process asks Redis for a lot of the start window. From then on no request waits for
 * Redis while there is some of that and of the quotas: more is asked for ahead of need.
 */
export class SharedAdmission implements Admission {
  readonly #rate: SharedRate;
  readonly #window: ConcurrencyWindow;
  /** Undefined if no quotas are read. */
  readonly #ledger: QuotaLedger | undefined;
  #units: Units = { left: Infinity, granted: Infinity, askedAt: 0 };
  /** Redis has answered, or is away. */
  #started = false;
  #syncing = false;
  /** The answer that is under way may be too old. */
  #syncAgain = false;
  #syncedAt = -Infinity;
  /** No more is asked for until this time has passed since. */
  #pause = 0;
  /** The size of the window when it was last reported. */
  #reportedSize = 0;
  /** What Redis has given of it. */
  #lot = 0;
  /** What was in flight then. */
  #reportedInFlight = 0;
  #inFlight = 0;
  #queued = 0;
  #nextCost = 1;
  /** What all sends so far have taken of the quotas. */
  #spent = 0;
  /** The last state seen. */
  #createdAt = 0;
  #version = 0;

  /** @param onChange - Called when more may be sent, or less, than the last answer said. */
  constructor(
    readonly key: RedisKey,
    readonly timers: MonotonicTimers,
    readonly settings: GateSettings,
    readonly onChange: () => void,
  ) {
    const { initialConcurrency, quotas, reserve } = settings;
    this.#window = new ConcurrencyWindow(initialConcurrency);
    this.#ledger = quotas && new QuotaLedger(reserve);
    const shared = {
      run: (request: RateRequest) => this.#run(request),
      get away() {
        return key.away;
      },
      get latency() {
        return key.connection.latency;
      },
    };
    this.#rate = new SharedRate(shared, timers, onChange);
  }

  get epoch(): number {
    return this.#rate.epoch;
  }

  get throttled(): boolean {
    return this.#rate.throttled;
  }

  get closed(): boolean {
    return this.throttled && this.#rate.closed;
  }

  get forgettable(): boolean {
    return !this.throttled && !this.#ledger?.told;
  }

  get holdsUntil(): number {
    return Math.max(this.#rate.closedUntil, this.#ledger?.endsAt ?? -Infinity);
  }

  closedUntil(now: number, cost?: number): number {
    const usedUpUntil = this.#ledger?.usedUpUntil(now, cost) ?? -Infinity;
    return Math.max(this.#rate.closedUntil, usedUpUntil);
  }

  tryAdmit(): boolean {
    const isEasy = this.#started && !this.throttled && !this.#ledger && !this.#window.busy;
    if (!isEasy || !this.#window.tryAcquire()) return false;
    this.#inFlight += 1;
    return true;
  }

  admit(now: number, cost: number, queued: number): number {
    this.#queued = queued;
    this.#nextCost = cost;
    const at = this.#freeAt(now, cost, queued);
    if (at > now) return at;
    this.#queued = Math.max(queued - 1, 0);
    this.#take(now, cost);
    if (this.#isSyncDue(now)) void this.#sync();
    return 0;
  }

  onBypass(now: number, cost: number): void {
    if (!this.throttled) this.#window.onBypass();
    this.#take(now, cost);
  }

  onQuotas(now: number, { at, cost }: Admitted, quotas: readonly Quota[]): void {
    this.#inFlight = Math.max(this.#inFlight - 1, 0);
    this.#ledger?.release(now, cost);
    this.#ledger?.learn(now, at, quotas);
    if (!this.#ledger?.hasNews) return;
    const isFirst = this.#units.left === Infinity;
    if (isFirst) this.#takeFirstUnits(now);
    if (isFirst || quotas.some(({ remaining }) => remaining === 0)) this.refresh();
  }

  onSuccess(now: number, { epoch }: Admitted): void {
    if (this.throttled) this.#rate.onSuccess(now, epoch);
    else this.#window.onSuccess(now);
  }

  onIgnored(now: number, { epoch }: Admitted): void {
    if (this.throttled) this.#rate.onIgnored(now, epoch);
    else this.#window.onIgnored();
  }

  onThrottled(now: number, sent: Admitted, closedFor: number, isOverload?: boolean): void {
    // A quota that is used up says nothing of the rate, and its end needs no probe.
    if (!isOverload && this.#ledger?.explains(now, closedFor)) {
      this.onIgnored(now, sent);
      this.refresh();
      return;
    }
    const burst = this.throttled ? {} : this.#window.burst(now);
    this.#rate.onThrottled(now, { epoch: sent.epoch, closedFor, ...burst });
  }

  /** Another process has changed the state. */
  onNews(news: ScriptResult): void {
    const { createdAt, version, epoch, units } = news;
    // Redis has lost the state, or this is of another database: all of them have the same channels.
    if (createdAt !== this.#createdAt) this.refresh();
    if (createdAt !== this.#createdAt || version < this.#version) return;
    const wasThrottled = this.throttled;
    this.#version = version;
    this.#adopt(news);
    if (epoch > 0) this.#rate.onNews(news);
    if (this.throttled && !wasThrottled) this.#reportBurst();
    // Calls that wait say so again.
    this.#queued = 0;
    this.onChange();
    if (units === 0 && this.#holdsUnits) void this.#sync();
  }

  /** Reports to Redis and takes over the state: news may have been missed. */
  refresh(): void {
    this.#syncAgain = this.#syncing;
    if (this.#started) void this.#sync();
  }

  rateAt(now: number): number | undefined {
    return this.throttled ? this.#rate.rateAt(now) : undefined;
  }

  quotaAt(now: number): QuotaState | undefined {
    return this.#ledger?.tightest(now);
  }

  #take(now: number, cost: number): void {
    this.#inFlight += 1;
    this.#spent += cost;
    this.#units.left -= cost;
    this.#ledger?.take(now, cost);
  }

  /** When a send may go; `now` or earlier if it was admitted. */
  #freeAt(now: number, cost: number, queued: number): number {
    const toldAt = this.#ledger?.freeAt(now, cost) ?? now;
    if (toldAt > now) return toldAt;
    if (!this.#started) {
      void this.#sync();
      return Infinity;
    }
    const unitsAt = this.#unitsFreeAt(now, cost);
    if (unitsAt > now) return unitsAt;
    if (this.throttled) return this.#rate.acquire(now, Math.max(queued, 1));
    const { sends, at } = this.#window.acquire(now);
    return sends > 0 ? now : Math.min(at, this.#askForMore(now, MAX_PAUSE_MS));
  }

  /** Until Redis knows of a quota, this process uses a part of it. */
  #takeFirstUnits(now: number): void {
    const { remaining = Infinity } = this.#ledger?.tightest(now) ?? {};
    const left = Math.floor(remaining * FIRST_SHARE);
    this.#units = { left, granted: left, askedAt: now };
  }

  /** When there are units for a send, as far as Redis must be asked for them. */
  #unitsFreeAt(now: number, cost: number): number {
    const { left, askedAt } = this.#units;
    if (left === Infinity || this.key.away) return now;
    // A lone send of an idle process does not wait; it asks for more at once.
    const isOld = now - askedAt > UNITS_LEASE_MS;
    if (isOld && left > cost) this.#units.left = cost;
    return this.#units.left >= cost ? now : this.#askForMore(now, MAX_UNITS_PAUSE_MS);
  }

  /** Whether Redis keeps units for this process that others may need more. */
  get #holdsUnits(): boolean {
    const { inFlight = 0 } = this.#ledger ?? {};
    return this.#units.granted > 0 || inFlight < this.#reportedInFlight;
  }

  /** @returns When to look again; Infinity means after an answer. */
  #askForMore(now: number, maxPause: number): number {
    const at = this.#syncedAt + Math.min(this.#pause, maxPause);
    if (!this.#syncing && at > now) return at;
    void this.#sync();
    return Infinity;
  }

  /** Whether to ask for more before it is needed. */
  #isSyncDue(now: number): boolean {
    const { left, granted } = this.#units;
    if (left < granted / 2) return true;
    return !this.throttled && this.#window.busy && now >= this.#syncedAt + this.#pause;
  }

  /** Reports to Redis and takes over what it answers, one at a time. */
  async #sync(): Promise<void> {
    if (this.#syncing) return;
    this.#syncing = true;
    do {
      this.#syncAgain = false;
      // So that it speaks for all the requests that come at once.
      await Promise.resolve();
      this.#syncedAt = this.timers.now();
      await this.#rate.refresh();
    } while (this.#syncAgain);
    this.#syncing = false;
    this.onChange();
  }

  async #run(request: RateRequest): Promise<ScriptResult | undefined> {
    const askedAt = this.timers.now();
    const spentBefore = this.#spent;
    const versionBefore = this.#version;
    const fleet = this.#fleetRequest();
    const result = await this.key.run(encodeArgs(request, fleet));
    this.#started = true;
    if (result === undefined) {
      this.#setPause(false);
      return undefined;
    }
    const { createdAt, version } = result;
    // News has overtaken it. An older version than before the question is not old: Redis has lost the later ones.
    const isStale =
      createdAt === this.#createdAt && version < this.#version && version > versionBefore;
    if (isStale) return { ...result, stale: true };
    this.#createdAt = createdAt;
    this.#version = version;
    this.#takeShare(result, askedAt, this.#spent - spentBefore);
    return result;
  }

  #fleetRequest(): FleetRequest {
    const now = this.timers.now();
    const { initialConcurrency, reserve } = this.settings;
    const { size } = this.#window;
    const grown = this.#started ? size - this.#reportedSize : 0;
    this.#reportedSize = size;
    this.#reportedInFlight = this.#ledger?.inFlight ?? 0;
    const { latency, listener } = this.key.connection;
    return {
      lead: Math.ceil(latency),
      listening: listener.listening,
      demand: this.#inFlight + this.#queued,
      sending: this.throttled ? 0 : this.#window.inFlight,
      size: this.#started ? size : 0,
      grown: Math.max(grown, 0),
      initialConcurrency,
      inFlight: this.#reportedInFlight,
      cost: this.#nextCost,
      reserve,
      quotas: this.#ledger?.takeNews(now).map(toTold) ?? [],
      channel: listener.channel,
      process: listener.process,
    };
  }

  /** @param spentSince - What sends have taken of the quotas since the request. */
  #takeShare(result: ScriptResult, askedAt: number, spentSince: number): void {
    const { lot, share, units } = result;
    const left = units - spentSince;
    const isMore = left >= this.#nextCost && (this.throttled || lot > this.#lot);
    this.#lot = lot;
    this.#setPause(isMore);
    // Both may be infinite.
    const grownSince = Math.max(this.#window.size - this.#reportedSize, 0) || 0;
    this.#window.resize(lot + grownSince, share);
    this.#reportedSize = lot;
    this.#units = { left, granted: units, askedAt };
    this.#adopt(result);
  }

  #adopt({ quotas, quotaClosedFor }: ScriptResult): void {
    const now = this.timers.now();
    this.#ledger?.adopt(now, quotas.map(fromTold));
    if (quotaClosedFor > 0) this.#ledger?.closeUntil(now + quotaClosedFor);
  }

  #setPause(isMore: boolean): void {
    this.#pause = isMore ? 0 : Math.min(Math.max(2 * this.#pause, MIN_PAUSE_MS), MAX_PAUSE_MS);
  }

  #reportBurst(): void {
    this.#rate.reportBurst(this.#window.burst(this.timers.now()).burst ?? 0);
  }
}

function toTold({
  limit = -1,
  window = 0,
  ...rest
}: ReturnType<QuotaLedger['takeNews']>[number]): ToldQuota {
  return { ...rest, limit, window, isCertain: rest.isCertain ?? false };
}

function fromTold({ name, remaining, reset, limit, window }: ToldQuota): Quota {
  return {
    name,
    remaining,
    reset,
    ...(limit >= 0 && { limit }),
    ...(window > 0 && { window }),
  };
}

// Limits one key as all processes together: their start window, their quotas and their rate are in Redis.
import type { Admission, Admitted, QuotaState } from '../gate/admission.js';
import { ConcurrencyWindow } from '../gate/concurrency-window.js';
import type { GateSettings } from '../gate/options.js';
import { QuotaLedger } from '../gate/quota-ledger.js';
import type { Quota } from '../hints/quota.js';
import type { MonotonicTimers } from '../wait/monotonic-timers.js';
import type { RedisKey } from './connection.js';
import type { FleetRequest, RateRequest, ScriptResult, ToldQuota } from './script.js';
import { encodeArgs } from './script.js';
import { SharedRate } from './shared-rate.js';

/** Redis is asked for more of the window or of the quotas at most this often, in milliseconds. */
const MIN_SYNC_INTERVAL_MS = 20;

/** A busy process reports at least this often, so that it counts among the others. */
const MAX_SYNC_INTERVAL_MS = 2000;

/** Units that were not used after this time are given back. Redis keeps them for longer. */
const UNITS_TTL_MS = 4000;

/** A window that has grown by this factor is reported. */
const REPORTED_GROWTH = 1.5;

/** What a process may take of the quotas without asking. */
interface Units {
  /** What is left of them; Infinity if no process knows of a quota. */
  left: number;
  granted: number;
  grantedAt: number;
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
  #units: Units = { left: Infinity, granted: Infinity, grantedAt: 0 };
  /** Redis has answered, or is away. */
  #started = false;
  #syncing = false;
  #syncedAt = -Infinity;
  /** The size of the window when it was last reported. */
  #reportedSize = 0;
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

  closedUntil(now: number): number {
    return Math.max(this.#rate.closedUntil, this.#ledger?.usedUpUntil(now) ?? -Infinity);
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
    const isFirst =
      this.#units.left === Infinity || quotas.some(({ remaining }) => remaining === 0);
    if (this.#ledger?.hasNews && isFirst) void this.#sync();
  }

  onSuccess(now: number, { epoch }: Admitted): void {
    if (this.throttled) this.#rate.onSuccess(now, epoch);
    else this.#window.onSuccess(now);
  }

  onIgnored(now: number, { epoch }: Admitted): void {
    if (this.throttled) this.#rate.onIgnored(now, epoch);
    else this.#window.onIgnored();
  }

  onThrottled(now: number, sent: Admitted, closedFor: number): void {
    // A quota that is used up says nothing of the rate, and its end needs no probe.
    if (this.#ledger?.explains(now, closedFor)) {
      this.onIgnored(now, sent);
      void this.#sync();
      return;
    }
    const burst = this.throttled ? {} : this.#window.burst(now);
    this.#rate.onThrottled(now, { epoch: sent.epoch, closedFor, ...burst });
  }

  /** Another process has changed the state. */
  onNews(news: ScriptResult): void {
    const wasThrottled = this.throttled;
    const result = this.#dated(news);
    if (result.stale) return;
    this.#ledger?.adopt(this.timers.now(), result.quotas.map(fromTold));
    if (result.epoch > 0) this.#rate.onNews(result);
    if (this.throttled && !wasThrottled) this.#reportBurst();
    this.onChange();
  }

  /** Asks Redis for the state: news may have been missed. */
  refresh(): void {
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
    if (sends === 0 && now - this.#syncedAt >= this.#syncInterval) void this.#sync();
    return sends > 0 ? now : at;
  }

  /** When there are units for a send, as far as Redis must be asked for them. */
  #unitsFreeAt(now: number, cost: number): number {
    const { left, grantedAt } = this.#units;
    if (this.key.away) return now;
    // A lone send of an idle process does not wait; it asks for more at once.
    const isOld = now - grantedAt > UNITS_TTL_MS;
    if (isOld && left > cost) this.#units.left = cost;
    if (this.#units.left >= cost) return now;
    const askAt = this.#syncedAt + this.#syncInterval;
    if (askAt > now) return askAt;
    void this.#sync();
    return Infinity;
  }

  get #syncInterval(): number {
    return Math.max(MIN_SYNC_INTERVAL_MS, 2 * this.key.connection.latency);
  }

  /** Whether to ask for more before it is needed, or to report. */
  #isSyncDue(now: number): boolean {
    const { left, granted } = this.#units;
    if (left < granted / 2) return true;
    if (this.throttled || !this.#window.busy) return false;
    const hasGrown = this.#window.size >= this.#reportedSize * REPORTED_GROWTH;
    return hasGrown || now - this.#syncedAt > MAX_SYNC_INTERVAL_MS;
  }

  /** Reports to Redis and takes over what it answers, one at a time. */
  async #sync(): Promise<void> {
    if (this.#syncing) return;
    this.#syncing = true;
    this.#syncedAt = this.timers.now();
    await this.#rate.refresh();
    this.#syncing = false;
  }

  async #run(request: RateRequest): Promise<ScriptResult | undefined> {
    const spentBefore = this.#spent;
    const fleet = this.#fleetRequest();
    const result = await this.key.run(encodeArgs(request, fleet));
    this.#started = true;
    if (result === undefined) return undefined;
    const dated = this.#dated(result);
    if (!dated.stale) this.#takeShare(dated, this.#spent - spentBefore);
    return dated;
  }

  #fleetRequest(): FleetRequest {
    const now = this.timers.now();
    const { initialConcurrency, reserve } = this.settings;
    const { size } = this.#window;
    const grown = this.#started ? size - this.#reportedSize : 0;
    this.#reportedSize = size;
    const { latency, listener } = this.key.connection;
    return {
      lead: Math.ceil(latency),
      listening: listener.listening,
      demand: this.#inFlight + this.#queued,
      size: this.#started ? size : 0,
      grown: Math.max(grown, 0),
      initialConcurrency,
      inFlight: this.#ledger?.inFlight ?? 0,
      cost: this.#nextCost,
      reserve,
      quotas: this.#ledger?.takeNews(now).map(toTold) ?? [],
      channel: listener.channel,
      process: listener.process,
    };
  }

  /** @param spentSince - What sends have taken of the quotas since the request. */
  #takeShare({ lot, share, units, quotas }: ScriptResult, spentSince: number): void {
    const now = this.timers.now();
    const grownSince = this.#window.size - this.#reportedSize;
    this.#window.resize(lot + Math.max(grownSince, 0), share);
    this.#reportedSize = lot;
    this.#units = { left: units - spentSince, granted: units, grantedAt: now };
    this.#ledger?.adopt(now, quotas.map(fromTold));
  }

  /** Marks a result that was written before another one that has been seen. */
  #dated(result: ScriptResult): ScriptResult {
    const { createdAt, version } = result;
    if (createdAt === this.#createdAt && version < this.#version) return { ...result, stale: true };
    this.#createdAt = createdAt;
    this.#version = version;
    return result;
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

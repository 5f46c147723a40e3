import type { AxiosError, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { canceledError, isCanceled } from '../axios/errors.js';
import { toConfig } from '../axios/outcome-summary.js';
import type { GiveUpReason } from '../policy/decision.js';
import type { Outcome } from '../request/outcome.js';
import { isAxiosFailure, isFailedStatus } from '../request/outcome.js';
import type { RequestSnapshot } from '../request/snapshot.js';
import { restoreBody } from '../request/snapshot.js';
import { configOf, stateOn } from '../request/state.js';
import type { Abortable } from '../wait/abort.js';
import type { RetryWait } from '../wait/wait-list.js';
import type { RetryProgress } from './extensions.js';
import { History } from './history.js';
import type { Policy } from './options.js';
import { CallPermit } from './permit.js';
import type { RetryReport, RetryState } from './report.js';
import type { CallHost, Subject } from './retry-loop.js';
import { RetryLoop, reasonOf } from './retry-loop.js';

type Config = InternalAxiosRequestConfig;

/**
 * One call of one caller. It lies on the request's config from its first send on, tells whose an
 * outcome is, and makes a {@link RetryLoop} when the first attempt fails.
 */
export class Call implements RetryState, Subject {
  // All of it is private, so that nobody who writes a config out writes a secret.
  readonly #host: CallHost;
  readonly #policy: Policy;
  readonly #snapshot: RequestSnapshot;
  readonly #place: CallPermit | undefined;
  readonly #history: History;
  #rerun: RetryLoop | undefined;
  /** What can abort it while it stands at the gate before its first send. */
  #entering: Abortable | undefined;
  /** Undefined while it is under way. */
  #succeeded: boolean | undefined;
  /** Whether another call is under way in its stead, until that call's outcome comes by here. */
  #lent = false;

  constructor(host: CallHost, policy: Policy, snapshot: RequestSnapshot) {
    this.#host = host;
    this.#policy = policy;
    this.#snapshot = snapshot;
    this.#history = new History(host.clock.now());
    this.#place = host.gate && new CallPermit(host.gate, this, host);
    host.clock.inFlight?.(1);
  }

  /** The call that a config carries. A copy of one is none: it has lost what is private. */
  static from(config: unknown): Call | undefined {
    const state = stateOn(config);
    return typeof state === 'object' && state !== null && #history in state ? state : undefined;
  }

  get retries(): number {
    return #history in this ? this.#history.retries : 0;
  }

  get firstSentAt(): number {
    return #history in this ? this.#history.firstSentAt : Number.NaN;
  }

  get resumedFrom(): unknown {
    return #history in this ? this.#history.resumedFrom : undefined;
  }

  get policy(): Policy {
    return this.#policy;
  }

  get abortable(): Abortable {
    return this.#rerun?.abortable ?? this.#entering ?? this.config();
  }

  get history(): History {
    return this.#history;
  }

  get place(): CallPermit | undefined {
    return this.#place;
  }

  config(): Config {
    return toConfig(this.#snapshot, undefined);
  }

  nextConfig(): Config {
    return toConfig(this.#snapshot, this);
  }

  get(name: string): unknown {
    return this.#snapshot.get(name);
  }

  /** Goes on where an earlier call of the same request stands, unless that one succeeded. */
  continue(prior: RetryProgress): void {
    const own = prior instanceof Call ? prior : undefined;
    if (own?.ended) {
      if (own.#succeeded) return;
    } else if (own) own.#lend();
    this.#history.continue(prior, own?.history);
  }

  /** Somebody sends its config again: puts the caller's own body back. */
  restore(config: Config, host: CallHost): void {
    const sentBody = this.#rerun?.sentBody;
    // Through another instance it may be an adapter that sends, whose body is its own.
    if (host === this.#host || sentBody !== undefined) {
      restoreBody(config, this.#snapshot, sentBody);
    }
  }

  /** Whether the first send needs no waiting. */
  mayEnter(): boolean {
    return this.#place?.tryAcquire() ?? true;
  }

  /** Waits at the gate before the first send. */
  async enter(config: Config): Promise<Config> {
    this.#entering = { signal: config.signal, cancelToken: config.cancelToken };
    const end = await this.#place?.acquire();
    if (end?.type === 'failed') throw end.error;
    if (end !== undefined) throw this.abortError();
    this.#history.sentAt = this.#host.clock.now();
    if (this.retries === 0) this.#history.firstSentAt = this.#history.sentAt;
    return config;
  }

  /** The first attempt's response, or what an interceptor before the plugin made of it. */
  fulfilled(value: AxiosResponse): AxiosResponse | Promise<AxiosResponse> {
    return this.accept(value) ? value : this.#rerunOf({ ok: true, value });
  }

  /** The first attempt's error. */
  rejected(error: unknown): Promise<AxiosResponse> {
    if (this.isOwn(error)) return this.#rerunOf({ ok: false, value: error });
    this.end(false, reasonOf(error));
    return Promise.reject(error);
  }

  /** The table holds whatever `validateStatus` says. */
  accept(value: AxiosResponse): boolean {
    this.#back();
    // What an interceptor made of it may have a status that means something else.
    const status = Call.from(configOf(value)) === this ? value.status : undefined;
    if (status !== undefined && isFailedStatus(status, this.#policy)) return false;
    this.#history.recordSuccess(status);
    try {
      this.#place?.release({ status: status ?? 200 });
      this.#host.budget?.deposit(this);
    } finally {
      this.end(true);
    }
    return true;
  }

  isOwn(error: unknown): error is AxiosError {
    this.#back();
    return Call.from(configOf(error)) === this && isAxiosFailure(error) && !isCanceled(error);
  }

  isSettled(error: unknown): boolean {
    return Call.from(configOf(error)) !== undefined;
  }

  end(succeeded: boolean, reason?: GiveUpReason): void {
    this.#succeeded = succeeded;
    this.#history.gaveUp = reason;
    try {
      this.#place?.release({});
    } finally {
      this.#host.clock.inFlight?.(-1);
    }
  }

  get ended(): boolean {
    return this.#succeeded !== undefined;
  }

  summary(): Pick<RetryWait, 'method' | 'url' | 'status' | 'retryNumber' | 'maxRetries'> {
    const url = String(this.get('url') ?? '').replace(/[\t\n\r]/g, '');
    return {
      method: String(this.get('method')).toUpperCase(),
      // User info, also where a URL parser is more lenient than it looks.
      url: url.trim().replace(/^([a-z][\w+.-]*:[\\/]*|[\\/]{2,})[^\\/?#]*@/i, '$1'),
      status: this.#rerun?.lastStatus,
      retryNumber: this.#rerun ? this.retries + 1 : this.retries,
      maxRetries: this.#policy.maxRetries,
    };
  }

  /** What an aborted request fails with. */
  abortError(): unknown {
    return canceledError(this.abortable, this.nextConfig());
  }

  /** The report; also what a logged config shows of the call. */
  toJSON(): RetryReport {
    return #history in this ? this.#history.report() : { attempts: [] };
  }

  [Symbol.for('nodejs.util.inspect.custom')](): RetryReport {
    return this.toJSON();
  }

  #rerunOf(outcome: Outcome): Promise<AxiosResponse> {
    this.#snapshot.captureRest(this.#host.names);
    this.#rerun = new RetryLoop(this, this.#host);
    return this.#rerun.begin(outcome);
  }

  /** From here to its own outcome it is not under way, and needs no place at the gate. */
  #lend(): void {
    this.#place?.release({});
    if (!this.#lent) this.#host.clock.inFlight?.(-1);
    this.#lent = true;
  }

  #back(): void {
    if (this.#lent) this.#host.clock.inFlight?.(1);
    this.#lent = false;
  }
}

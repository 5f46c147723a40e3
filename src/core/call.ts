// The record of one request: what the caller asked for, what was tried, and what came of it.
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { canceledError, isCanceled } from '../axios/canceled-error.js';
import { toConfig } from '../axios/config.js';
import type { DefaultHeaders } from '../axios/default-headers.js';
import { FailedAttempt } from '../axios/failed-attempt.js';
import { timeoutError } from '../axios/timeout-error.js';
import { isNetworkError, retryAfterOf, withHint } from '../policy/decision.js';
import type { HintedFailure } from '../policy/failure.js';
import { rowOf } from '../policy/platform-status-table.js';
import { isSingleUseBody } from '../request/body.js';
import type { Outcome } from '../request/outcome.js';
import { isAxiosFailure, isFailedStatus, statusOf, toFailure } from '../request/outcome.js';
import type { Interner, RequestSnapshot } from '../request/snapshot.js';
import { restoreBody } from '../request/snapshot.js';
import { configOf, stateOn } from '../request/state.js';
import { withoutUserInfo } from '../request/url.js';
import type { PlainObject } from '../util/clone.js';
import { headerOf } from '../util/headers.js';
import type { Abortable, AbortWatcher } from '../wait/abort.js';
import { isAborted, signalsOf } from '../wait/abort.js';
import type { TimerQueue } from '../wait/timer-queue.js';
import type { RetryWait } from '../wait/wait-list.js';
import { Deadline } from './deadline.js';
import type { Ending } from './ending.js';
import type { AttachedInstance, RetryCall, RetryProgress } from './extensions.js';
import { History } from './history.js';
import type { AttachOptions, Policy } from './options.js';
import { CallPermit } from './permit.js';
import type { RetryReport, RetryState } from './report.js';

type Config = InternalAxiosRequestConfig;

/** The attached instance, as its calls see it. */
export interface CallOwner extends AttachOptions, AttachedInstance {
  readonly keys: Interner<string>;
  readonly deadlines: TimerQueue;
  readonly defaultHeaders: DefaultHeaders;
  /** @param interceptors - The request interceptors that take part, unless they were ejected. */
  send(config: Config, interceptors: readonly unknown[]): Promise<Outcome>;
}

/**
 * What an outcome is to a call.
 *
 * - `'success'`: the call has succeeded, also if an interceptor made the value into something else.
 * - `'failed-attempt'`: the outcome of its own attempt; the policy decides what follows.
 * - `'reported'`: aborted, or already handled by another call: passed on as it is.
 * - `'foreign'`: an error of unknown origin, from an interceptor, say.
 */
export type OutcomeKind = 'success' | 'failed-attempt' | 'reported' | 'foreign';

/**
 * State of one request. It is stored on the request's Axios config from the first send on, so that
 * outcomes can be matched to the request and interceptors can read its report.
 */
export class Call implements RetryState, RetryCall {
  // All private, so that whoever logs a config logs no secret.
  readonly #owner: CallOwner;
  readonly #policy: Policy;
  readonly #snapshot: RequestSnapshot;
  readonly #permit: CallPermit | undefined;
  readonly #history: History;
  /** The request interceptors registered when the call began; `undefined` if nothing can change a config. */
  readonly #interceptors: readonly unknown[] | undefined;
  /** `undefined` while the call is under way. */
  #succeeded: boolean | undefined;
  /** The config of the attempt under way or of the last one, if interceptors may have changed it. */
  #sentConfig: Config | undefined;
  /** Body of the last attempt, after transforms. A config sent again with it gets the caller's body. */
  #sentBody: unknown;
  /** Names of the headers that come from the instance's defaults. Each retry reads them again. */
  #defaultNames: readonly string[] | undefined;
  /** How the last attempt failed; kept until the next one has failed. */
  #lastFailure: FailedAttempt | undefined;
  #deadline: Deadline | undefined;
  /** Watches for an abort while a hook has not answered. */
  #hookWatcher: AbortWatcher | undefined;
  #state: Record<string, unknown> | undefined;
  /** True while a call that continues this request (sent again by a 401 refresher, say) is under way. */
  #superseded = false;

  constructor(
    owner: CallOwner,
    policy: Policy,
    snapshot: RequestSnapshot,
    interceptors: readonly unknown[] | undefined,
  ) {
    this.#owner = owner;
    this.#policy = policy;
    this.#snapshot = snapshot;
    this.#interceptors = interceptors;
    this.#history = new History(owner.clock.now());
    this.#permit = owner.gate && new CallPermit(owner.gate, this, owner);
    owner.clock.inFlight?.(1);
  }

  /** The call stored on a config. A structural copy lacks the private fields and does not count. */
  static from(config: unknown): Call | undefined {
    const state = stateOn(config);
    return typeof state === 'object' && state !== null && #history in state ? state : undefined;
  }

  // A copy of a config may hold a copy of a call, of which these two are read without private fields.
  get retries(): number {
    return #history in this ? this.#history.retries : 0;
  }

  get firstSentAt(): number {
    return #history in this ? this.#history.firstSentAt : NaN;
  }

  get attempts(): RetryReport['attempts'] {
    return this.#history.attempts;
  }

  get resumedFrom(): unknown {
    return this.#history.resumedFrom;
  }

  get owner(): CallOwner {
    return this.#owner;
  }

  get policy(): Policy {
    return this.#policy;
  }

  get history(): History {
    return this.#history;
  }

  get permit(): CallPermit | undefined {
    return this.#permit;
  }

  get ended(): boolean {
    return this.#succeeded !== undefined;
  }

  get abortable(): Abortable {
    return {
      signal: this.get('signal') as Abortable['signal'],
      cancelToken: this.get('cancelToken') as Abortable['cancelToken'],
      attempt: this.#sentConfig && signalsOf(this.#sentConfig),
      deadline: this.#deadline?.signal,
    };
  }

  get lastFailure(): FailedAttempt | undefined {
    return this.#lastFailure;
  }

  /** True when `totalTimeout` is over. */
  get timedOut(): boolean {
    return this.#deadline?.signal.aborted === true;
  }

  /** For the hooks, which share it. */
  get state(): Record<string, unknown> {
    this.#state ??= {};
    return this.#state;
  }

  /** The caller's value of a config key; not a copy. */
  get(name: string): unknown {
    return name === 'headers' ? this.#headers : this.#snapshot.get(name);
  }

  config(): Config {
    return toConfig(this.#snapshot, undefined, this.#headers);
  }

  nextConfig(): Config {
    return toConfig(this.#snapshot, this, this.#headers);
  }

  lastConfig(): Config {
    return this.#sentConfig ?? this.nextConfig();
  }

  /** The caller's headers and the instance's. */
  get #headers(): PlainObject {
    const headers = this.#snapshot.get('headers') as PlainObject;
    const names = this.#defaultNames;
    return names ? this.#owner.defaultHeaders.renew(headers, names, this.#method) : headers;
  }

  get #method(): string {
    return String(this.get('method'));
  }

  /** Continues an earlier call of the same request, unless that one has succeeded. */
  continue(prior: RetryProgress): void {
    const earlier = prior instanceof Call ? prior : undefined;
    if (earlier) {
      // Otherwise a person who sends it again would get the same error at once.
      if (earlier.#succeeded || earlier.history.gaveUp === 'total-timeout') return;
      this.#state = earlier.state;
      if (!earlier.ended) earlier.#supersede();
    }
    this.#history.continue(prior, earlier?.history);
  }

  /** Someone sends the config again: restores its signal. */
  release(config: Config): void {
    this.#deadline?.release(config);
  }

  /** Someone sends the config again: restores the caller's own body. */
  restore(config: Config, owner: CallOwner): void {
    // Another instance may be an adapter's, with a body of its own.
    if (owner === this.#owner || this.#sentBody !== undefined) {
      restoreBody(config, this.#snapshot, this.#sentBody);
    }
  }

  /**
   * Begins the call: its first attempt is sent next, unless it has to wait at the gate, or another
   * interceptor may hold it until the gate has closed.
   *
   * @returns Whether `acquireFirstPermit` is to be called.
   */
  begin(config: Config): boolean {
    if (this.#permit) {
      const hasOthers = (this.#interceptors?.length ?? 0) > 1;
      if (!this.#permit.tryAcquire() || hasOthers) return true;
    }
    this.#startDeadline(config);
    return false;
  }

  /** Waits at the gate before the first send. */
  async acquireFirstPermit(config: Config): Promise<Config> {
    this.#keepSent(config);
    if (this.#permit?.expired) this.#permit.release({});
    const result = await this.#permit?.acquire();
    if (result?.type === 'failed') throw result.error;
    if (result !== undefined) throw this.abortError();
    this.recordSend();
    if (this.retries + this.attempts.length === 0) this.#history.firstSentAt = this.#history.sentAt;
    this.#startDeadline(config);
    return config;
  }

  #startDeadline(config: Config): void {
    const { totalTimeout } = this.#policy;
    if (totalTimeout === Infinity) return;
    this.#deadline = new Deadline(this.firstSentAt + totalTimeout, this.#owner);
    this.#deadline.guard(config);
  }

  /** Sends a retry. */
  send(config: Config): Promise<Outcome> {
    this.recordSend();
    this.#deadline?.guard(config);
    return this.#owner.send(config, this.#interceptors ?? []);
  }

  /**
   * Restores the config of an outcome. If `totalTimeout` has aborted the attempt, the outcome becomes
   * Axios's error of a time-out.
   */
  receive(outcome: Outcome): Outcome {
    if (this.#deadline === undefined) return outcome;
    this.#deadline.receive(outcome);
    if (outcome.ok || !this.timedOut || !isCanceled(outcome.value)) return outcome;
    // The caller's abort may have come first, and an interceptor have held its error.
    if (isAborted({ ...this.abortable, deadline: undefined })) return outcome;
    return { ok: false, value: timeoutError(this.#policy.totalTimeout, outcome.value) };
  }

  /** What an outcome is to this call. */
  classify({ ok, value }: Outcome): OutcomeKind {
    if (this.#superseded) this.#reclaim();
    const call = Call.from(configOf(value));
    if (ok) {
      // The table holds whatever `validateStatus` says. A value without this call is not a response
      // of its own, and a `status` in it may mean something else.
      return call === this && isFailedStatus(value.status, this.#policy)
        ? 'failed-attempt'
        : 'success';
    }
    if (isCanceled(value)) return 'reported';
    if (call === this && isAxiosFailure(value)) return 'failed-attempt';
    return call ? 'reported' : 'foreign';
  }

  recordSend(): void {
    this.#history.sentAt = this.#owner.clock.now();
    this.#sentBody = undefined;
  }

  /** Records a failed attempt and releases its permit. Returns what the decision needs to know. */
  recordFailure(outcome: Outcome, now: number): HintedFailure {
    const snapshot = this.#snapshot;
    // By which the outcome was found to be this call's.
    const config = outcome.value.config as Config;
    snapshot.captureRest(this.#owner.keys);
    const headers = snapshot.get('headers') as PlainObject;
    this.#defaultNames ??= this.#owner.defaultHeaders.namesIn(headers, this.#method);
    this.#lastFailure = new FailedAttempt(outcome);
    this.#sentBody = config.data;
    this.#keepSent(config);
    const told = toFailure(outcome, {
      retryNumber: this.retries + 1,
      previousDelay: this.#history.lastDelay,
      elapsed: now - this.firstSentAt,
      receivedAt: now,
      keyed: Boolean(headerOf(headers, 'idempotency-key')),
      oneShotBody: isSingleUseBody(this.get('data')),
    });
    const { status, code } = told;
    this.#history.recordFailure(status, isNetworkError(told) ? code : undefined);
    // A response that Axios resolves is not hinted at.
    const failure = outcome.ok ? told : withHint(told, this.#policy);
    this.#permit?.release({ status, retryAfter: retryAfterOf(failure) }, failure.headers);
    return failure;
  }

  /** Keeps a config that interceptors may have changed, for the error of this call and for its signals. */
  #keepSent(config: Config): void {
    // A copy, because Axios's configs are dictionaries, which take 1 kB.
    if (this.#interceptors) this.#sentConfig = { ...config };
  }

  /** Ends the call well. */
  succeed(value: AxiosResponse): void {
    const isOwn = Call.from(configOf(value)) === this;
    this.#history.recordSuccess(isOwn ? statusOf(value) : undefined);
    this.accept(isOwn ? value : undefined);
  }

  /** Ends the call well, by a response that is recorded already. */
  accept(response?: AxiosResponse): void {
    try {
      this.#permit?.release({ status: statusOf(response) ?? 200 }, response?.headers);
      this.#owner.budget?.deposit(this);
    } finally {
      this.#end(true);
    }
  }

  /** Ends the call badly. */
  fail(ending: Ending = {}): void {
    this.#history.end(ending);
    this.#end(false);
  }

  summary(): Pick<RetryWait, 'method' | 'url' | 'status' | 'retryNumber' | 'maxRetries'> {
    const { table, maxRetries } = this.#policy;
    const status = this.#lastFailure?.status;
    return {
      method: this.#method.toUpperCase(),
      url: withoutUserInfo(this.get('url')),
      status,
      retryNumber: this.#lastFailure ? this.retries + 1 : this.retries,
      maxRetries: rowOf(status ?? 0, table)?.maxRetries ?? maxRetries,
    };
  }

  /** The error of the aborted request. */
  abortError(): unknown {
    return canceledError(this.abortable, this.lastConfig());
  }

  /** The report; a logged config shows it in place of the call. */
  toJSON(): RetryReport {
    return #history in this ? this.#history.report() : { attempts: [] };
  }

  [Symbol.for('nodejs.util.inspect.custom')](): RetryReport {
    return this.toJSON();
  }

  /** Watches for an abort while a hook is asked: the last one, and at most until the call ends. */
  watchHook(watcher: AbortWatcher): void {
    this.unwatchHook();
    this.#hookWatcher = watcher;
    this.#owner.waits.aborts.watch(watcher);
  }

  unwatchHook(watcher = this.#hookWatcher): void {
    if (watcher === undefined || watcher !== this.#hookWatcher) return;
    this.#hookWatcher = undefined;
    this.#owner.waits.aborts.unwatch(watcher);
  }

  #end(succeeded: boolean): void {
    this.#succeeded = succeeded;
    this.#lastFailure = this.#sentConfig = undefined;
    this.#deadline?.stop();
    this.unwatchHook();
    try {
      this.#permit?.release({});
    } finally {
      this.#owner.clock.inFlight?.(-1);
    }
  }

  /** Until its own outcome arrives, this call is not under way and holds no permit. */
  #supersede(): void {
    this.#permit?.release({});
    if (!this.#superseded) this.#owner.clock.inFlight?.(-1);
    this.#superseded = true;
  }

  #reclaim(): void {
    this.#owner.clock.inFlight?.(1);
    this.#superseded = false;
  }
}

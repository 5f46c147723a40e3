// The record of one request: what the caller asked for, what was tried, and what came of it.
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { canceledError, isCanceled } from '../axios/canceled-error.js';
import { toConfig } from '../axios/config.js';
import { OutcomeSummary } from '../axios/outcome-summary.js';
import type { GiveUpReason, RetryFailure } from '../policy/decision.js';
import { retryAfterOf } from '../policy/decision.js';
import { isSingleUseBody } from '../request/body.js';
import type { Outcome } from '../request/outcome.js';
import {
  isAxiosFailure,
  isFailedStatus,
  networkCode,
  statusOf,
  toFailure,
} from '../request/outcome.js';
import type { KeyInterner, RequestSnapshot } from '../request/snapshot.js';
import { restoreBody } from '../request/snapshot.js';
import { configOf, stateOn } from '../request/state.js';
import { withoutUserInfo } from '../request/url.js';
import { headerOf } from '../util/headers.js';
import type { Abortable } from '../wait/abort.js';
import type { RetryWait } from '../wait/wait-list.js';
import type { AttachedInstance, RetryCall, RetryProgress } from './extensions.js';
import { History } from './history.js';
import type { AttachOptions, Policy } from './options.js';
import { CallPermit } from './permit.js';
import type { RetryReport, RetryState } from './report.js';

type Config = InternalAxiosRequestConfig;

/** The attached instance, as its calls see it. */
export interface CallOwner extends AttachOptions, AttachedInstance {
  readonly keys: KeyInterner;
  send(config: Config): Promise<Outcome>;
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
  /** `undefined` while the call is under way. */
  #succeeded: boolean | undefined;
  /** The signals of the attempt under way or, through a wait, of the last one. */
  #abortable: Abortable | undefined;
  /** Body of the last attempt, after transforms. A config sent again with it gets the caller's body. */
  #sentBody: unknown;
  /** How the last attempt failed; kept from the wait on, until the next outcome. */
  #lastFailure: OutcomeSummary | undefined;
  /** True from the first failed attempt on. */
  #isRetrying = false;
  /** True while a call that continues this request (sent again by a 401 refresher, say) is under way. */
  #superseded = false;

  constructor(owner: CallOwner, policy: Policy, snapshot: RequestSnapshot) {
    this.#owner = owner;
    this.#policy = policy;
    this.#snapshot = snapshot;
    this.#history = new History(owner.clock.now());
    this.#permit = owner.gate && new CallPermit(owner.gate, this, owner);
    owner.clock.inFlight?.(1);
  }

  /** The call stored on a config. A structural copy lacks the private fields and does not count. */
  static from(config: unknown): Call | undefined {
    const state = stateOn(config);
    return typeof state === 'object' && state !== null && #history in state ? state : undefined;
  }

  // A copy of a config may hold a copy of a call, whose getters run without private fields.
  get retries(): number {
    return #history in this ? this.#history.retries : 0;
  }

  get firstSentAt(): number {
    return #history in this ? this.#history.firstSentAt : NaN;
  }

  get attempts(): RetryReport['attempts'] {
    return #history in this ? this.#history.attempts : [];
  }

  get resumedFrom(): unknown {
    return #history in this ? this.#history.resumedFrom : undefined;
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
    return this.#abortable ?? this.config();
  }

  get lastFailure(): OutcomeSummary | undefined {
    return this.#lastFailure;
  }

  /** The caller's value of a config key; not a copy. */
  get(name: string): unknown {
    return this.#snapshot.get(name);
  }

  config(): Config {
    return toConfig(this.#snapshot, undefined);
  }

  nextConfig(): Config {
    return toConfig(this.#snapshot, this);
  }

  /** Continues an earlier call of the same request, unless that one has succeeded. */
  continue(prior: RetryProgress): void {
    const earlier = prior instanceof Call ? prior : undefined;
    if (earlier) {
      if (earlier.#succeeded) return;
      if (!earlier.ended) earlier.#supersede();
    }
    this.#history.continue(prior, earlier?.history);
  }

  /** Someone sends the config again: restores the caller's own body. */
  restore(config: Config, owner: CallOwner): void {
    // Another instance may be an adapter's, with a body of its own.
    if (owner === this.#owner || this.#sentBody !== undefined) {
      restoreBody(config, this.#snapshot, this.#sentBody);
    }
  }

  /** Waits at the gate before the first send. */
  async acquireFirstPermit(config: Config): Promise<Config> {
    this.#abortable = signalsOf(config);
    const result = await this.#permit?.acquire();
    if (result?.type === 'failed') throw result.error;
    if (result !== undefined) throw this.abortError();
    this.recordSend();
    if (this.retries + this.attempts.length === 0) this.#history.firstSentAt = this.#history.sentAt;
    return config;
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
  recordFailure(outcome: Outcome, now: number): RetryFailure {
    this.#snapshot.captureRest(this.#owner.keys);
    this.#isRetrying = true;
    this.#lastFailure = undefined;
    const { config } = outcome.value;
    this.#abortable = signalsOf(config ?? {});
    this.#sentBody = config?.data;
    const failure = toFailure(outcome, {
      retryNumber: this.retries + 1,
      elapsed: now - this.firstSentAt,
      receivedAt: now,
      keyed: Boolean(headerOf(this.get('headers'), 'idempotency-key')),
      oneShotBody: isSingleUseBody(this.get('data')),
    });
    const { status } = failure;
    this.#history.recordFailure(status, networkCode(outcome));
    this.#permit?.release({ status, retryAfter: retryAfterOf(failure) });
    return failure;
  }

  /** Records the wait decided after a failed attempt, and keeps its status and headers. */
  recordWait(outcome: Outcome, delay: number): void {
    this.#history.recordDelay(delay);
    this.#lastFailure = new OutcomeSummary(outcome);
  }

  /** Ends the call well. */
  succeed(value: AxiosResponse): void {
    const status = Call.from(configOf(value)) === this ? statusOf(value) : undefined;
    this.#history.recordSuccess(status);
    try {
      this.#permit?.release({ status: status ?? 200 });
      this.#owner.budget?.deposit(this);
    } finally {
      this.#end(true);
    }
  }

  /** Ends the call badly. */
  fail(reason: GiveUpReason | undefined): void {
    this.#history.gaveUp = reason;
    this.#end(false);
  }

  summary(): Pick<RetryWait, 'method' | 'url' | 'status' | 'retryNumber' | 'maxRetries'> {
    return {
      method: String(this.get('method')).toUpperCase(),
      url: withoutUserInfo(this.get('url')),
      status: this.#lastFailure?.status,
      retryNumber: this.#isRetrying ? this.retries + 1 : this.retries,
      maxRetries: this.#policy.maxRetries,
    };
  }

  /** The error of the aborted request. */
  abortError(): unknown {
    return canceledError(this.abortable, this.nextConfig());
  }

  /** The report; a logged config shows it in place of the call. */
  toJSON(): RetryReport {
    return #history in this ? this.#history.report() : { attempts: [] };
  }

  [Symbol.for('nodejs.util.inspect.custom')](): RetryReport {
    return this.toJSON();
  }

  #end(succeeded: boolean): void {
    this.#succeeded = succeeded;
    this.#lastFailure = undefined;
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

/** Without the rest of the config, which would live as long as the call. */
function signalsOf({ signal, cancelToken }: Abortable): Abortable {
  return { signal, cancelToken };
}

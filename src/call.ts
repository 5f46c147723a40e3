import type { AxiosError, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Abortable } from './abort.js';
import { isAborted } from './abort.js';
import type { Attempt } from './attempts.js';
import { addAttempt, attemptOf } from './attempts.js';
import { decideRetry, headerOf, retryAfterOf } from './decision.js';
import type { Outcome } from './failure.js';
import {
  failureOf,
  isAttemptError,
  isFailedStatus,
  isRetriable,
  networkCode,
  responseOf,
} from './failure.js';
import { obey, withJitter } from './judgment.js';
import type { Attached, Policy } from './options.js';
import type { GateOutcome, RetryCall, RetryHost } from './ports.js';
import type { Snapshot } from './replay.js';
import { isOneShot, restoreBody } from './replay.js';
import { canceledError, configOf, discardBody, isCancel, LastOutcome } from './sending.js';
import type { RetryState } from './state.js';
import { configIn, stateOf } from './state.js';
import type { GiveUpReason, RetryContext, RetryReport, RetryWait } from './types.js';
import type { WaitEnd, Waiter } from './wait.js';

type Config = InternalAxiosRequestConfig;

/** What a call uses of the instance it belongs to. */
export interface CallHost extends Attached, RetryHost {
  /** True after `handle.detach()`: nothing is retried any more. */
  readonly detached: boolean;
  send(config: Config): Promise<AxiosResponse>;
}

/**
 * One call, from its first send to what it settles with: judge an outcome, wait, send again. It lies
 * on the request's config, and through a wait it is all that is kept of the request.
 */
export class Call implements RetryState, RetryCall, Waiter {
  // All but the count is private, so that nobody who writes a config out writes a secret.
  retries = 0;
  #firstSentAt: number;
  #sentAt: number;
  #abortable: Abortable = {};
  /** The body as the last attempt sent it: whoever sends that again means the caller's own. */
  #sentBody: unknown;
  /** Whether another call is under way in its stead, until that call's outcome comes by here. */
  #lent = false;
  /** Whether it has a place at the gate. */
  #placed = false;
  /** Of the first attempt, where there was no other. */
  #status: number | undefined;
  #attempts: Attempt[] | undefined;
  #gaveUp: GiveUpReason | undefined;
  /** Undefined while it is under way. */
  #succeeded: boolean | undefined;
  #last: LastOutcome | undefined;
  /** What has still to happen before the next send: the wait, and the hook `onRetry`. */
  #holds = 0;
  #resolve: ((value: AxiosResponse) => void) | undefined;
  #reject: ((reason: unknown) => void) | undefined;
  readonly #host: CallHost;
  readonly #policy: Policy;
  readonly #snapshot: Snapshot;

  constructor(host: CallHost, policy: Policy, snapshot: Snapshot, now: number) {
    this.#host = host;
    this.#policy = policy;
    this.#snapshot = snapshot;
    this.#firstSentAt = now;
    this.#sentAt = now;
    host.clock.inFlight?.(1);
  }

  /** The call that a config carries. A copy of one is none: it has lost what is private. */
  static on(config: unknown): Call | undefined {
    const state = stateOf(config);
    return typeof state === 'object' && state !== null && #holds in state ? state : undefined;
  }

  get firstSentAt(): number {
    return this.#firstSentAt;
  }

  get limits(): Policy {
    return this.#policy;
  }

  get abortable(): Abortable {
    return this.#abortable;
  }

  config(): Config {
    return configOf(this.#snapshot, undefined);
  }

  /** Another call goes on with the same request: it counts on from here, unless this one succeeded. */
  handTo(next: Call): void {
    if (this.#succeeded) return;
    if (this.#succeeded === undefined && !this.#lent) this.#lend(true);
    next.retries = this.retries;
    next.#firstSentAt = this.#firstSentAt;
    next.#attempts = this.#attempts?.slice();
  }

  /** Somebody sends its config again: puts the caller's own body back. */
  restore(config: Config): void {
    restoreBody(config, this.#snapshot, this.#sentBody);
  }

  /** Whether the first send needs no waiting. */
  mayEnter(): boolean {
    this.#placed = this.#host.gate?.ready(this) ?? true;
    return this.#placed;
  }

  /** Waits at the gate before the first send. */
  async enter(config: Config): Promise<Config> {
    this.#abortable = { signal: config.signal, cancelToken: config.cancelToken };
    try {
      const end = await this.#passGate();
      if (end instanceof Error) throw end;
      if (end !== undefined) throw this.canceled();
    } catch (error) {
      this.#end(false, reasonOf(error));
      throw error;
    }
    this.#firstSentAt = this.#sentAt = this.#host.clock.now();
    return config;
  }

  /** The first attempt's response, or what an interceptor before the plugin made of it. */
  fulfilled(value: AxiosResponse): AxiosResponse | Promise<AxiosResponse> {
    if (this.#isFailed(value)) return this.#begin({ ok: true, value });
    this.#succeed(value);
    return value;
  }

  /** The first attempt's error. */
  rejected(error: unknown): Promise<AxiosResponse> {
    if (this.#isOwn(error)) return this.#begin({ ok: false, value: error });
    this.#end(false, reasonOf(error));
    return Promise.reject(error);
  }

  waited(end: WaitEnd): void {
    if (this.#succeeded !== undefined) return;
    if (end === 'due' || end === 'hurried') this.#release();
    else void this.#cutShort(end);
  }

  describe(): Pick<RetryWait, 'method' | 'url' | 'status' | 'retryNumber' | 'maxRetries'> {
    const snapshot = this.#snapshot;
    return {
      method: String(snapshot.get('method')).toUpperCase(),
      url: String(snapshot.get('url') ?? '').replace(/^([a-z][\w+.-]*:)?\/\/[^/?#]*@/i, '$1//'),
      status: this.#last?.status,
      retryNumber: this.#last ? this.retries + 1 : this.retries,
      maxRetries: this.#policy.maxRetries,
    };
  }

  /** The report; also what a logged config shows of the call. */
  toJSON(): RetryReport {
    if (!(#holds in this)) return { attempts: [] };
    const attempts = (this.#attempts ?? [attemptOf(this.#sentAt, this.#status)]).map((one) => ({
      ...one,
    }));
    return this.#gaveUp === undefined ? { attempts } : { attempts, gaveUp: this.#gaveUp };
  }

  [Symbol.for('nodejs.util.inspect.custom')](): RetryReport {
    return this.toJSON();
  }

  /** What an aborted request fails with. */
  canceled(): unknown {
    return canceledError(this.#abortable, configOf(this.#snapshot, this));
  }

  /** Whether a response is this call's own and a failed attempt: the table holds, always. */
  #isFailed(value: AxiosResponse): boolean {
    if (this.#lent) this.#lend(false);
    return Call.on(configIn(value)) === this && isFailedStatus(value.status, this.#policy);
  }

  /** Whether an error is of this call's own attempt, and can be judged. */
  #isOwn(error: unknown): error is AxiosError {
    if (this.#lent) this.#lend(false);
    return Call.on(configIn(error)) === this && isAttemptError(error) && !isCancel(error);
  }

  #begin(outcome: Outcome): Promise<AxiosResponse> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      void this.#judge(outcome);
    });
  }

  /** After each failed attempt: give up, hand over, or wait. Never rejects. */
  async #judge(outcome: Outcome): Promise<void> {
    const host = this.#host;
    const policy = this.#policy;
    const snapshot = this.#snapshot;
    const { clock, deferral, budget, random } = host;
    const now = clock.now();
    const retryNumber = this.retries + 1;
    try {
      const { config } = outcome.value;
      this.#abortable = { signal: config?.signal, cancelToken: config?.cancelToken };
      this.#sentBody = config?.data;
      const failure = failureOf(outcome, {
        retryNumber,
        elapsed: now - this.#firstSentAt,
        receivedAt: now,
        keyed: Boolean(headerOf(snapshot.get('headers'), 'idempotency-key')),
        oneShotBody: isOneShot(snapshot.get('data')),
      });
      const { status } = failure;
      this.#note(status, networkCode(outcome));
      this.#leaveGate({ status, retryAfter: host.gate && retryAfterOf(failure) });

      // With a deferral a long wait is decided on as any other, and then handed over.
      const limits = deferral ? { ...policy, maxDelay: Infinity } : policy;
      let decision = withJitter(decideRetry(failure, limits), failure, policy, random);
      if (policy.decide) {
        const answer = await this.#hook(
          policy.decide(decision, this.#context(outcome, retryNumber)),
        );
        decision = obey(answer, decision, failure, limits);
      }
      if (!decision.retry) return await this.#giveUp(outcome, decision.reason);
      if (host.detached) return await this.#giveUp(outcome, 'canceled');
      const dueAt = now + decision.delay;
      if (deferral && decision.delay > policy.maxDelay) {
        const cause = outcome.ok ? undefined : outcome.value;
        const error = await this.#hook(deferral.defer(this, { notBefore: dueAt, status, cause }));
        if (error === undefined) return await this.#giveUp(outcome, 'body');
        return await this.#giveUp({ ok: false, value: error as never }, 'deferred');
      }
      if (budget?.withdraw(this) === false) return await this.#giveUp(outcome, 'budget');
      await this.#wait(outcome, decision.delay, dueAt, decision.basis);
    } catch (error) {
      this.#fail(error, outcome);
    }
  }

  /** Waits, holding nothing of the outcome but its status and headers. */
  async #wait(
    outcome: Outcome,
    delay: number,
    dueAt: number,
    basis: RetryWait['basis'],
  ): Promise<void> {
    const { onRetry } = this.#policy;
    const context = onRetry && this.#context(outcome, this.retries + 1);
    const attempt = this.#attempts?.at(-1);
    if (attempt) attempt.delay = delay;
    this.#last = new LastOutcome(outcome);
    discardBody(responseOf(outcome));
    this.#holds = onRetry ? 2 : 1;
    const wait = this.#host.waits.begin(this, dueAt, delay, basis);
    if (!onRetry || !context || wait.over) return;
    try {
      await this.#hook(onRetry(this.#host.waits.show(wait), context));
      this.#release();
    } catch (error) {
      this.#fail(error, outcome);
      wait.end('canceled');
    }
  }

  #release(): void {
    this.#holds -= 1;
    if (this.#holds === 0 && this.#succeeded === undefined) void this.#send();
  }

  async #send(): Promise<void> {
    const host = this.#host;
    const policy = this.#policy;
    try {
      const end = await this.#passGate();
      if (end !== undefined) return await this.#cutShort(end);
      this.retries += 1;
      const config = configOf(this.#snapshot, this);
      if (policy.beforeRetry) {
        const context = this.#context(this.#lastOutcome(config), this.retries);
        await this.#hook(policy.beforeRetry(config, context));
      }
      if (host.detached) return await this.#cutShort('canceled');
      this.#sentAt = host.clock.now();
      this.#sentBody = undefined;
      const sending = host.send(config);
      this.#last = undefined;
      sending.then(
        (value) => this.#answered(value),
        (error: unknown) => this.#refused(error),
      );
    } catch (error) {
      this.#fail(error, this.#lastOutcome());
    }
  }

  #answered(value: AxiosResponse): void {
    if (this.#isFailed(value)) {
      void this.#judge({ ok: true, value });
    } else {
      this.#succeed(value);
      this.#settle(true, value);
    }
  }

  #refused(error: unknown): void {
    if (this.#isOwn(error)) {
      void this.#judge({ ok: false, value: error });
    } else if (isCancel(error) || Call.on(configIn(error))) {
      // Aborted; or judged and reported already by the call of somebody who sent it again.
      this.#end(false, reasonOf(error));
      this.#settle(false, error);
    } else {
      void this.#giveUp({ ok: false, value: error as AxiosError }, undefined);
    }
  }

  /** A place at the gate, at once or after standing in line; how the wait ended where there is none. */
  async #passGate(): Promise<WaitEnd | undefined> {
    const { gate } = this.#host;
    if (gate && !this.#placed && !gate.ready(this)) {
      const end = await gate.wait(this, this.#host);
      if (end !== 'due' && end !== 'hurried') return end;
    }
    this.#placed = gate !== undefined;
    return undefined;
  }

  #leaveGate(outcome: GateOutcome): void {
    if (!this.#placed) return;
    this.#placed = false;
    this.#host.gate?.leave(this, outcome);
  }

  /** A wait that does not end in a send. */
  async #cutShort(end: WaitEnd): Promise<void> {
    if (end === 'aborted') this.#fail(this.canceled());
    else if (typeof end === 'object') this.#fail(end, this.#lastOutcome());
    else await this.#giveUp(this.#lastOutcome(), end as GiveUpReason);
  }

  /** A hook's answer. An abort does not wait for it, also not one that the hook itself has made. */
  #hook<T>(answer: T | PromiseLike<T>): Promise<T> {
    const { aborts } = this.#host.waits;
    return new Promise<T>((resolve, reject) => {
      const abortable = this.#abortable;
      const watcher = { abortable, aborted: () => reject(this.canceled()) };
      aborts.watch(watcher);
      if (isAborted(abortable)) watcher.aborted();
      Promise.resolve(answer)
        .finally(() => aborts.unwatch(watcher))
        .then(resolve, reject);
    });
  }

  #context(outcome: Outcome, retryNumber: number): RetryContext {
    const response = responseOf(outcome);
    return {
      config: (configIn(outcome.value) as Config | undefined) ?? configOf(this.#snapshot, this),
      ...(response && { response }),
      ...(!outcome.ok && { error: outcome.value }),
      retryNumber,
      elapsed: this.#host.clock.now() - this.#firstSentAt,
    };
  }

  /** What the request last ended with, made anew from what was kept. */
  #lastOutcome(config = configOf(this.#snapshot, this)): Outcome {
    return (this.#last as LastOutcome).outcome(config);
  }

  #lend(lent: boolean): void {
    this.#lent = lent;
    this.#host.clock.inFlight?.(lent ? -1 : 1);
  }

  #note(status: number | undefined, code?: string): void {
    this.#attempts ??= [];
    addAttempt(this.#attempts, attemptOf(this.#sentAt, status, code));
  }

  /** Ends badly. Never rejects. */
  async #giveUp(outcome: Outcome, reason: GiveUpReason | undefined): Promise<void> {
    const { onGiveUp } = this.#policy;
    this.#gaveUp = reason;
    try {
      if (onGiveUp && (this.retries > 0 || this.#last || isRetriable(outcome, this.#policy))) {
        await this.#hook(onGiveUp(this.toJSON(), this.#context(outcome, this.retries + 1)));
      }
      this.#end(false, reason);
      this.#settle(outcome.ok, outcome.value);
    } catch (error) {
      this.#fail(error, outcome);
    }
  }

  /** Aborted, or a hook, an option or a port threw: that is what the request fails with. */
  #fail(error: unknown, outcome?: Outcome): void {
    if (this.#succeeded !== undefined) return;
    this.#end(false, reasonOf(error));
    if (outcome && !isCancel(error)) addCause(error, outcome);
    this.#settle(false, error);
  }

  #settle(ok: boolean, value: unknown): void {
    if (ok) this.#resolve?.(value as AxiosResponse);
    else this.#reject?.(value);
    this.#resolve = this.#reject = this.#last = undefined;
  }

  #succeed(response: AxiosResponse): void {
    this.#status = (response as Partial<AxiosResponse> | undefined)?.status;
    if (this.#attempts) this.#note(this.#status);
    this.#leaveGate({ status: this.#status });
    this.#host.budget?.deposit(this);
    this.#end(true, undefined);
  }

  #end(succeeded: boolean, reason: GiveUpReason | undefined): void {
    this.#succeeded = succeeded;
    this.#gaveUp = reason;
    this.#leaveGate({});
    this.#host.clock.inFlight?.(-1);
  }
}

/** Why a request failed that did not end by a decision: aborted, or an extra's own error. */
function reasonOf(error: unknown): GiveUpReason | undefined {
  if (isCancel(error)) return 'canceled';
  const { reason } = (error ?? {}) as { reason?: unknown };
  return reason === 'gate' || reason === 'deferred' ? reason : undefined;
}

/** Gives an error the HTTP error as its cause, where it has none of its own. */
function addCause(error: unknown, { ok, value }: Outcome): void {
  if (error instanceof Error && !ok && !('cause' in error) && Object.isExtensible(error)) {
    Object.defineProperty(error, 'cause', { value, configurable: true, writable: true });
  }
}

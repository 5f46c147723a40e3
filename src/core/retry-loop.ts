import type { AxiosError, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { isCanceled } from '../axios/errors.js';
import { OutcomeSummary } from '../axios/outcome-summary.js';
import type { GiveUpReason, RetryDecision, RetryFailure } from '../policy/decision.js';
import { decideRetry, retryAfterOf } from '../policy/decision.js';
import { addJitter } from '../policy/jitter.js';
import { applyOverride } from '../policy/override.js';
import { discardResponseBody, isSingleUseBody } from '../request/body.js';
import type { Outcome } from '../request/outcome.js';
import { addCause, isRetriable, networkCode, responseOf, toFailure } from '../request/outcome.js';
import type { KeyInterner } from '../request/snapshot.js';
import { configOf } from '../request/state.js';
import { headerOf } from '../util/headers.js';
import type { Abortable } from '../wait/abort.js';
import { isAborted } from '../wait/abort.js';
import type { Waiter, WaitResult } from '../wait/wait-list.js';
import type { AttachedInstance, RetryCall } from './extensions.js';
import type { History } from './history.js';
import type { Attached, Policy, RetryContext } from './options.js';
import type { CallPermit } from './permit.js';

type Config = InternalAxiosRequestConfig;
type Retry = Extract<RetryDecision, { retry: true }>;

/**
 * A call from its first failed attempt to what it settles with: judge, wait, send, and again. Through
 * a wait this is all that is kept of the request.
 */
export class RetryLoop implements Waiter {
  abortable: Abortable = {};
  /** The body as the last attempt sent it: whoever sends that again means the caller's own. */
  sentBody: unknown;
  #last: OutcomeSummary | undefined;
  /** What has still to happen before the next send: the wait, and the hook `onRetry`. */
  #holds = 0;
  #endWait: ((end: WaitResult) => void) | undefined;
  #resolve: ((value: AxiosResponse) => void) | undefined;
  #reject: ((reason: unknown) => void) | undefined;

  constructor(
    readonly call: Subject,
    readonly host: CallHost,
  ) {}

  get lastStatus(): number | undefined {
    return this.#last?.status;
  }

  /** What the caller gets in the end. */
  begin(outcome: Outcome): Promise<AxiosResponse> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      void this.#judge(outcome);
    });
  }

  summary(): ReturnType<RetryCall['summary']> {
    return this.call.summary();
  }

  onEnd(end: WaitResult): void {
    this.#endWait?.(end);
  }

  /** After each failed attempt: give up, hand over, or wait. Never rejects. */
  async #judge(outcome: Outcome): Promise<void> {
    const { call, host } = this;
    const now = host.clock.now();
    try {
      const failure = this.#note(outcome, now);
      const decision = await this.#decide(failure, outcome);
      if (!decision.retry) return await this.#giveUp(outcome, decision.reason);
      if (host.detached) return await this.#giveUp(outcome, 'canceled');
      const dueAt = now + decision.delay;
      if (decision.delay > call.policy.maxDelay) return await this.#defer(outcome, decision, dueAt);
      if (host.budget?.withdraw(call) === false) return await this.#giveUp(outcome, 'budget');
      await this.#wait(outcome, decision, dueAt);
    } catch (error) {
      this.#fail(error, outcome);
    }
  }

  /** Writes down what came of an attempt, and what the decision has to know of it. */
  #note(outcome: Outcome, now: number): RetryFailure {
    const { history, place } = this.call;
    const { config } = outcome.value;
    this.abortable = { signal: config?.signal, cancelToken: config?.cancelToken };
    this.sentBody = config?.data;
    const failure = toFailure(outcome, {
      retryNumber: history.retries + 1,
      elapsed: now - history.firstSentAt,
      receivedAt: now,
      keyed: Boolean(headerOf(this.call.get('headers'), 'idempotency-key')),
      oneShotBody: isSingleUseBody(this.call.get('data')),
    });
    const { status } = failure;
    history.recordFailure(status, networkCode(outcome));
    place?.release({ status, retryAfter: retryAfterOf(failure) });
    return failure;
  }

  async #decide(failure: RetryFailure, outcome: Outcome): Promise<RetryDecision> {
    const { deferral, random } = this.host;
    const { policy } = this.call;
    // With a deferral a long wait is decided on as any other, and then handed over.
    const limits = deferral ? { ...policy, maxDelay: Number.POSITIVE_INFINITY } : policy;
    const decision = addJitter(decideRetry(failure, limits), failure, policy, random);
    if (policy.decide === undefined) return decision;
    const context = this.#context(outcome, failure.retryNumber);
    return applyOverride(
      await this.#hook(policy.decide(decision, context)),
      decision,
      failure,
      limits,
    );
  }

  async #defer(outcome: Outcome, { delay }: Retry, notBefore: number): Promise<void> {
    this.call.history.recordDelay(delay);
    const status = responseOf(outcome)?.status;
    const deferment = { notBefore, status, cause: outcome.ok ? undefined : outcome.value };
    const error = await this.#hook(this.host.deferral?.defer(this.call, deferment));
    if (error) discardResponseBody(responseOf(outcome));
    await this.#giveUp(outcome, error ? 'deferred' : 'body', error);
  }

  /** Waits, holding nothing of the outcome but its status and headers. */
  async #wait(outcome: Outcome, { delay, basis }: Retry, dueAt: number): Promise<void> {
    const { waits } = this.host;
    const { onRetry } = this.call.policy;
    const context = onRetry && this.#context(outcome, this.call.retries + 1);
    this.call.history.recordDelay(delay);
    this.#last = new OutcomeSummary(outcome);
    discardResponseBody(responseOf(outcome));
    this.#holds = onRetry ? 2 : 1;
    // By a promise, as what ends a wait (a timer of many, a click) runs in another request's async
    // context, and interceptors may look up there whose token to send.
    void new Promise<WaitResult>((resolve) => {
      this.#endWait = resolve;
    }).then((end) => this.#goOn(end));
    const wait = waits.begin(this, dueAt, delay, basis);
    if (!onRetry || !context || wait.canceled) return;
    try {
      await this.#hook(onRetry(waits.show(wait), context));
      this.#release();
    } catch (error) {
      this.#fail(error, outcome);
      wait.cancel();
    }
  }

  #goOn(end: WaitResult): void {
    this.#endWait = undefined;
    if (this.call.ended) return;
    if (end.type === 'elapsed' || end.type === 'skipped') this.#release();
    else void this.#cutShort(end);
  }

  #release(): void {
    this.#holds -= 1;
    if (this.#holds === 0 && !this.call.ended) void this.#send();
  }

  async #send(): Promise<void> {
    const { call, host } = this;
    const { beforeRetry } = call.policy;
    try {
      const end = await call.place?.acquire();
      if (end !== undefined) return await this.#cutShort(end);
      call.history.retries += 1;
      const config = call.nextConfig();
      if (beforeRetry) {
        const context = this.#context(this.#lastOutcome(config), call.retries);
        await this.#hook(beforeRetry(config, context));
      }
      if (host.detached) return await this.#cutShort({ type: 'gave-up', reason: 'canceled' });
      call.history.sentAt = host.clock.now();
      this.sentBody = undefined;
      const sending = host.send(config);
      this.#last = undefined;
      sending
        .then(
          ({ ok, value }) => (ok ? this.#answered(value) : this.#refused(value)),
          (error: unknown) => this.#refused(error),
        )
        .catch((error: unknown) => this.#fail(error));
    } catch (error) {
      this.#fail(error, this.#lastOutcome());
    }
  }

  #answered(value: AxiosResponse): void {
    try {
      if (this.call.accept(value)) this.#settle(true, value);
      else void this.#judge({ ok: true, value });
    } catch (error) {
      this.#settle(false, error);
    }
  }

  #refused(error: unknown): void {
    if (this.call.isOwn(error)) void this.#judge({ ok: false, value: error });
    else if (isCanceled(error) || this.call.isSettled(error)) this.#fail(error);
    else void this.#giveUp({ ok: false, value: error as AxiosError }, undefined);
  }

  /** A wait that does not end in a send. */
  async #cutShort(end: WaitResult): Promise<void> {
    const outcome = this.#lastOutcome();
    if (end.type === 'failed') await this.#giveUp(outcome, reasonOf(end.error), end.error);
    else if (end.type === 'gave-up') await this.#giveUp(outcome, end.reason);
    else this.#fail(this.call.abortError());
  }

  /** A hook's answer. An abort does not wait for it, also not one that the hook itself has made. */
  #hook<T>(answer: T | PromiseLike<T>): Promise<T> {
    const { abortable, call } = this;
    const { aborts } = this.host.waits;
    return new Promise<T>((resolve, reject) => {
      const watcher = { abortable, aborted: () => reject(call.abortError()) };
      aborts.watch(watcher);
      if (isAborted(abortable)) watcher.aborted();
      Promise.resolve(answer)
        .finally(() => aborts.unwatch(watcher))
        .then(resolve, reject);
    });
  }

  #context(outcome: Outcome, retryNumber: number): RetryContext {
    const { value } = outcome;
    const response = responseOf(outcome);
    return {
      config: (configOf(value) as Config | undefined) ?? this.call.nextConfig(),
      ...(response && { response }),
      ...(!outcome.ok && { error: value }),
      retryNumber,
      elapsed: this.host.clock.now() - this.call.firstSentAt,
    };
  }

  /** What the request last ended with, made anew from what was kept. */
  #lastOutcome(config = this.call.nextConfig()): Outcome {
    return (this.#last as OutcomeSummary).outcome(config);
  }

  /**
   * Ends badly by a decision. Never rejects.
   *
   * @param error - What the request fails with instead of its outcome.
   */
  async #giveUp(outcome: Outcome, reason: GiveUpReason | undefined, error?: Error): Promise<void> {
    const { call } = this;
    const { onGiveUp } = call.policy;
    if (error) addCause(error, outcome);
    const ending = error ? { ok: false as const, value: error as AxiosError } : outcome;
    call.history.gaveUp = reason;
    try {
      if (onGiveUp && (call.retries > 0 || this.#last || isRetriable(outcome, call.policy))) {
        const context = this.#context(ending, call.retries + 1);
        await this.#hook(onGiveUp(call.history.report(), context));
      }
    } catch (thrown) {
      // An abort comes too late to change how it ended; it only ends the waiting for the hook.
      if (!(isCanceled(thrown) && isAborted(this.abortable))) this.#fail(thrown, outcome);
    }
    if (call.ended) return;
    this.#end(reason, ending.ok, ending.value);
  }

  /** Aborted, or a hook, an option or a port threw: that is what the request fails with. */
  #fail(error: unknown, outcome?: Outcome): void {
    if (this.call.ended) return;
    if (outcome && !isCanceled(error)) addCause(error, outcome);
    this.#end(reasonOf(error), false, error);
  }

  /** Ends badly; where a port throws at it, with what it throws. */
  #end(reason: GiveUpReason | undefined, ok: boolean, value: unknown): void {
    try {
      this.call.end(false, reason);
    } catch (thrown) {
      this.#settle(false, thrown);
    }
    this.#settle(ok, value);
  }

  #settle(ok: boolean, value: unknown): void {
    if (ok) this.#resolve?.(value as AxiosResponse);
    else this.#reject?.(value);
    this.#resolve = this.#reject = this.#last = undefined;
  }
}

/** Why a request failed that did not end by a decision: aborted, or an extra's own error. */
export function reasonOf(error: unknown): GiveUpReason | undefined {
  try {
    const { reason } = (error ?? {}) as { reason?: unknown };
    if (reason === 'gate' || reason === 'deferred' || reason === 'body') return reason;
    return isCanceled(error) ? 'canceled' : undefined;
  } catch {
    return undefined;
  }
}

/** What a call uses of the instance it belongs to. */
export interface CallHost extends Attached, AttachedInstance {
  readonly names: KeyInterner;
  send(config: Config): Promise<Outcome>;
}

/** The call that is sent again. */
export interface Subject extends RetryCall {
  readonly history: History;
  readonly place: CallPermit | undefined;
  readonly policy: Policy;
  readonly ended: boolean;
  /** What the caller gave under a name of the config. */
  get(name: string): unknown;
  /** A fresh config, with the call on it. */
  nextConfig(): Config;
  /** Ends the call well, unless a response is its own and of a failed attempt: then it says no. */
  accept(value: AxiosResponse): boolean;
  /** Whether an error is of the call's own attempt, and can be judged. */
  isOwn(error: unknown): error is AxiosError;
  /** Whether another call has judged and reported it already. */
  isSettled(error: unknown): boolean;
  abortError(): unknown;
  end(succeeded: boolean, reason?: GiveUpReason): void;
}

// Retries one call: decide, wait, send, and again.
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { isCanceled } from '../axios/canceled-error.js';
import type { Evaluation, GiveUpReason, RetryDecision, RetryPolicy } from '../policy/decision.js';
import { evaluate } from '../policy/decision.js';
import type { RetryFailure } from '../policy/failure.js';
import { addJitter } from '../policy/jitter.js';
import { applyOverride } from '../policy/override.js';
import { discardResponseBody } from '../request/body.js';
import type { Outcome } from '../request/outcome.js';
import { addCause, responseOf } from '../request/outcome.js';
import { configOf } from '../request/state.js';
import type { Abortable } from '../wait/abort.js';
import { isAborted } from '../wait/abort.js';
import type { Wait, Waiter, WaitResult } from '../wait/wait-list.js';
import type { Call } from './call.js';
import { endingOf, toOutcome } from './ending.js';
import type { RetryCall } from './extensions.js';
import { addCauseTo, askHook } from './hook.js';
import type { RetryContext } from './options.js';

type Config = InternalAxiosRequestConfig;
type Retry = Extract<RetryDecision, { retry: true }>;

/** `detach()` was called. */
const CANCELED: WaitResult = { type: 'gave-up', reason: 'canceled' };

/** Takes the outcome of a call's first attempt: settles with it, or begins to retry. */
export function settleOrRetry(
  call: Call,
  received: Outcome,
): AxiosResponse | Promise<AxiosResponse> {
  try {
    const outcome = call.receive(received);
    const kind = call.classify(outcome);
    if (kind === 'failed-attempt') return new RetryLoop(call).run(outcome);
    return settle(call, outcome);
  } catch (error) {
    // Not ended yet if the outcome has getters that throw.
    if (!call.ended) call.fail();
    throw error;
  }
}

/** Ends the call with an outcome as it is. */
function settle(call: Call, { ok, value }: Outcome): AxiosResponse {
  if (!ok) {
    call.fail(endingOf(value));
    throw value;
  }
  call.succeed(value);
  return value;
}

/** The behavior of one call from its first failed attempt on. */
class RetryLoop implements Waiter {
  /** The last outcome. A field, which is cleared, because a suspended `#run` keeps its variables. */
  #outcome: Outcome | undefined;
  /** The same as the decision saw it, for the budget. Cleared too. */
  #failure: RetryFailure | undefined;
  /** True once a bad end is to be told to `onGiveUp`: a retry was possible, or was wanted by `decide`. */
  #tellsEnd = false;
  #endWait: ((result: WaitResult) => void) | undefined;

  constructor(readonly call: Call) {}

  get abortable(): Abortable {
    return this.call.abortable;
  }

  summary(): ReturnType<RetryCall['summary']> {
    return this.call.summary();
  }

  onEnd(result: WaitResult): void {
    this.#endWait?.(result);
  }

  /** Settles as the caller's request does. */
  run(failed: Outcome): Promise<AxiosResponse> {
    this.#outcome = failed;
    return this.#run();
  }

  async #run(): Promise<AxiosResponse> {
    const { call } = this;
    const { owner } = call;
    try {
      for (;;) {
        const { decision, wanted } = await this.#decideNext();
        if (wanted === false && this.#outcome?.ok) return this.#accept(this.#outcome.value);
        if (!decision.retry) return await this.#giveUp(decision.reason);
        if (owner.detached) return await this.#giveUp('canceled');
        if (decision.delay > call.policy.maxDelay) return await this.#defer(decision);
        const isPaid = owner.budget?.withdraw(call, this.#failure as RetryFailure);
        if (isPaid === false) return await this.#giveUp('budget');

        // Awaited here, as another async function would cost memory for each request that waits.
        const waited = await this.#wait(decision);
        const unsent = isOver(waited) ? await this.#send() : waited;
        if (unsent) return await this.#endWithoutSending(unsent);

        const kind = call.classify(this.#lastOutcome());
        if (kind === 'success') return settle(call, this.#lastOutcome());
        if (kind === 'failed-attempt') continue;
        call.history.recordFailure(undefined, undefined);
        if (kind === 'reported') return settle(call, this.#lastOutcome());
        return await this.#giveUp('decided');
      }
    } catch (error) {
      const isTooLate = call.timedOut && !call.ended && isCanceled(error);
      return isTooLate ? this.#giveUp('total-timeout') : this.#fail(error);
    }
  }

  /** Ends the call with an error: a hook, an option or an extension threw, or the request was aborted. */
  #fail(error: unknown): never {
    const { call } = this;
    if (!call.ended) {
      const last = this.#lastOutcome();
      addCauseTo(error, last);
      call.fail(endingOf(error));
      // Last, because a getter of the outcome may throw. Nobody will read this body.
      if (error !== last.value) discardResponseBody(responseOf(last));
    }
    throw error;
  }

  /** Records the failed attempt and decides what follows it. */
  async #decideNext(): Promise<Evaluation> {
    const { call } = this;
    const { owner } = call;
    const { policy } = call;
    const outcome = this.#lastOutcome();
    const failedAt = owner.clock.now();
    const failure = call.recordFailure(outcome, failedAt);
    this.#failure = failure;
    // A deferral takes over the waits that are too long, so they are no reason to give up.
    const limits = owner.deferral ? { ...policy, maxDelay: Infinity } : policy;
    let evaluation = addJitter(evaluate(failure, limits), failure, policy, owner.random);
    this.#tellsEnd ||= isRetriable(evaluation.decision, policy);
    if (call.timedOut) return { decision: { retry: false, reason: 'total-timeout' } };
    const { decision } = evaluation;
    // An interceptor may have held the outcome until after an abort: nothing is asked or handed over then.
    if ((decision.retry || policy.decide) && isAborted(call.abortable)) throw call.abortError();
    if (policy.decide) {
      const context = this.#context(outcome, failure.retryNumber);
      const answer = await askHook(call, () => policy.decide?.(decision, context), outcome);
      evaluation = applyOverride(answer, evaluation, failure, limits);
    }
    const { delay, wanted } = evaluation;
    if (wanted) this.#tellsEnd = true;
    call.history.retryAt = delay === undefined ? undefined : failedAt + delay;
    return evaluation;
  }

  /** Ends the call with a response that Axios resolves and `decide` lets pass. */
  #accept(value: AxiosResponse): AxiosResponse {
    this.call.history.retryAt = undefined;
    this.call.accept(value);
    return value;
  }

  /** Hands a wait over that is longer than `maxDelay`. */
  async #defer({ delay }: Retry): Promise<AxiosResponse> {
    const { call } = this;
    const { owner } = call;
    const outcome = this.#lastOutcome();
    call.history.recordDelay(delay);
    const request = {
      notBefore: call.history.retryAt as number,
      status: responseOf(outcome)?.status,
      cause: outcome.ok ? undefined : outcome.value,
    };
    const error = await askHook(call, () => owner.deferral?.defer(call, request), outcome);
    return this.#giveUp(error ? 'deferred' : 'body', error);
  }

  /** Waits, and keeps only status and headers of the outcome. */
  #wait({ delay, basis }: Retry): Promise<WaitResult> {
    const { call } = this;
    const { owner } = call;
    const { onRetry } = call.policy;
    const outcome = this.#lastOutcome();
    const context = onRetry && this.#context(outcome, call.retries + 1);
    // Not later, because the clock may have been set back while `decide` was asked.
    const dueAt = Math.min(call.history.retryAt as number, owner.clock.now() + delay);
    call.history.recordDelay(delay);
    call.history.retryAt = undefined;
    discardResponseBody(responseOf(outcome));
    this.#outcome = this.#failure = undefined;
    this.#tellsEnd = true;
    const ended = new Promise<WaitResult>((resolve) => {
      this.#endWait = resolve;
    });
    const wait = owner.waits.begin(this, dueAt, delay, basis);
    if (!onRetry || !context || wait.canceled) return ended;
    const told = askHook(call, () => onRetry(owner.waits.show(wait), context), outcome);
    return this.#awaitBoth(told, ended, wait);
  }

  /** Awaits the hook `onRetry` beside the wait. A wait that does not end in a send ignores the hook. */
  async #awaitBoth(
    told: Promise<unknown>,
    ended: Promise<WaitResult>,
    wait: Wait,
  ): Promise<WaitResult> {
    try {
      // In this order, so that a hook that ends its wait and throws has thrown.
      await Promise.race([told, ended]);
      const result = await ended;
      if (isOver(result)) await told;
      return result;
    } catch (error) {
      wait.cancel();
      throw error;
    }
  }

  /**
   * Sends the next attempt and keeps its outcome.
   *
   * @returns Why it was not sent, if it was not.
   */
  async #send(): Promise<WaitResult | undefined> {
    const { call } = this;
    const { beforeRetry } = call.policy;
    this.#endWait = undefined;
    const refused = await this.#acquirePermit();
    if (refused) return refused;
    call.history.retries += 1;
    const config = call.nextConfig();
    if (beforeRetry) {
      const last = this.#lastOutcome(config);
      const context = this.#context(last, call.retries);
      // The hook may end the call, or the gate close while it runs.
      await askHook(call, () => beforeRetry(config, context), last).finally(() => {
        call.history.retries -= 1;
      });
      if (call.permit?.expired) call.permit.release({});
      const refusedNow = await this.#acquirePermit();
      if (refusedNow) return refusedNow;
      call.history.retries += 1;
    }
    this.#outcome = call.receive(await call.send(config).catch(toOutcome));
    return undefined;
  }

  /** Acquires a permit, unless one is held. A hook may have taken long enough for `detach()`. */
  async #acquirePermit(): Promise<WaitResult | undefined> {
    const { permit, owner } = this.call;
    return owner.detached ? CANCELED : permit?.acquire();
  }

  #endWithoutSending(result: WaitResult): Promise<AxiosResponse> {
    const { call } = this;
    if (result.type === 'failed') return this.#giveUp(undefined, result.error);
    if (result.type === 'gave-up') return this.#giveUp(result.reason);
    throw call.abortError();
  }

  /**
   * Ends the call badly, by a decision.
   *
   * @param reason - If there is no `error`, or it says none.
   * @param error - What the request fails with instead of its last outcome.
   */
  async #giveUp(reason: GiveUpReason | undefined, error?: Error): Promise<AxiosResponse> {
    const { call } = this;
    const { onGiveUp } = call.policy;
    const last = this.#lastOutcome();
    if (error) {
      addCause(error, last);
      discardResponseBody(responseOf(last));
    }
    const ending: Outcome = error ? toOutcome(error) : last;
    call.history.end({ reason, ...endingOf(error) });
    if (onGiveUp && (call.retries > 0 || this.#tellsEnd)) {
      const context = this.#context(ending, call.retries + 1);
      const report = call.history.report() as Parameters<typeof onGiveUp>[0];
      try {
        await askHook(call, () => onGiveUp(report, context), last);
      } catch (thrown) {
        // An abort comes too late to change the outcome; it only ends the waiting for the hook.
        if (!(isCanceled(thrown) && isAborted(call.abortable))) this.#fail(thrown);
      }
    }
    call.fail();
    if (ending.ok) return ending.value;
    throw ending.value;
  }

  #context(outcome: Outcome, retryNumber: number): RetryContext {
    const { ok, value } = outcome;
    const response = responseOf(outcome);
    return {
      config: (configOf(value) as Config | undefined) ?? this.call.lastConfig(),
      ...(response && { response }),
      ...(!ok && { error: value }),
      retryNumber,
      elapsed: this.call.owner.clock.now() - this.call.firstSentAt,
      state: this.call.state,
    };
  }

  /** The last outcome; after a wait it is made anew from its status and headers. */
  #lastOutcome(config?: Config): Outcome {
    const { call } = this;
    if (this.#outcome || !call.lastFailure) return this.#outcome as Outcome;
    return call.lastFailure.outcome(config ?? call.lastConfig());
  }
}

/** Whether the policy retries this kind of failure, limits aside. */
function isRetriable(decision: RetryDecision, { networkErrors }: RetryPolicy): boolean {
  // A retry has none.
  const { reason } = decision as { reason?: GiveUpReason };
  return reason === 'network' ? networkErrors === true : reason !== 'status';
}

function isOver({ type }: WaitResult): boolean {
  return type === 'elapsed' || type === 'skipped';
}

import type { AttachedInstance, RetryCall, RetryPermit } from '../core/extensions.js';
import type { Abortable } from '../wait/abort.js';
import type { Wait, Waiter, WaitResult } from '../wait/wait-list.js';
import { RetryGateError } from './error.js';

/** What somebody who stands in line needs of the gate. */
export interface QueueOwner {
  readonly canSkip: boolean;
  /** A place out of turn. */
  acquireNow(call: RetryCall): RetryPermit;
  /** One has left the line without its turn. */
  dequeued(): void;
}

/** A call that stands in line at a gate. */
export class QueuedCall implements Waiter {
  /** Whether it stands there no more, be it that it still waits to be handed over. */
  removed = false;
  #wait: Wait | undefined;
  #permit: RetryPermit | undefined;

  constructor(
    readonly call: RetryCall,
    readonly host: AttachedInstance,
    readonly gate: QueueOwner,
    readonly settle: (result: RetryPermit | WaitResult) => void,
  ) {}

  get abortable(): Abortable {
    return this.call.abortable;
  }

  summary(): ReturnType<RetryCall['summary']> {
    return this.call.summary();
  }

  canSkip(): boolean {
    return !this.removed && this.gate.canSkip;
  }

  /** @param dueAt - Epoch milliseconds, the earliest possible time; `delay` until then. */
  begin(dueAt: number, delay: number): void {
    this.#wait = this.host.waits.begin(this, dueAt, delay, 'gate');
  }

  admit(place: RetryPermit): void {
    this.removed = true;
    this.#permit = place;
    this.#wait?.end({ type: 'elapsed' });
  }

  onEnd(result: WaitResult): void {
    if (result.type === 'skipped') this.#permit = this.gate.acquireNow(this.call);
    this.#remove();
    this.settle(this.#permit ?? result);
  }

  /**
   * The gate is closed: waits until `notBefore`, if it may wait that long.
   *
   * @param closedFor - Milliseconds from now.
   */
  gateClosed(notBefore: number, closedFor: number): void {
    const { maxDelay, maxElapsed } = this.call.policy;
    if (closedFor > maxDelay) {
      this.#remove();
      void this.#defer(notBefore, closedFor);
    } else if (this.#elapsed() + closedFor > maxElapsed) {
      this.#fail(this.#closedError(notBefore, closedFor, `maxElapsed (${maxElapsed} ms)`));
    } else if (this.#wait && this.#wait.dueAt !== notBefore) this.#wait.move(notBefore);
  }

  /** Milliseconds since the first send, if there was one. */
  #elapsed(): number {
    const { policy, firstSentAt } = this.call;
    const counts = policy.maxElapsed < Infinity && this.summary().retryNumber > 0;
    return counts ? this.host.clock.now() - firstSentAt : 0;
  }

  async #defer(notBefore: number, closedFor: number): Promise<void> {
    const { call, host } = this;
    try {
      const { status } = this.summary();
      const error = await host.deferral?.defer(call, { notBefore, status, cause: undefined });
      const limit = `maxDelay (${call.policy.maxDelay} ms)`;
      this.#fail(error ?? this.#closedError(notBefore, closedFor, limit));
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #fail(error: Error): void {
    this.#wait?.end({ type: 'failed', error });
  }

  #closedError(notBefore: number, closedFor: number, limit: string): RetryGateError {
    const message = `the gate is closed for another ${Math.ceil(closedFor)} ms, longer than ${limit}`;
    return new RetryGateError('ERR_GATE_CLOSED', message, this.call.nextConfig(), notBefore);
  }

  #remove(): void {
    if (this.removed) return;
    this.removed = true;
    this.gate.dequeued();
  }
}

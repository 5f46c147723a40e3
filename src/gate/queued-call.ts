// A call that waits in a gate's queue: shown as a wait, and refused or deferred if that takes too long.
import type { AttachedInstance, RetryCall, RetryPermit } from '../core/extensions.js';
import type { Abortable } from '../wait/abort.js';
import type { Wait, Waiter, WaitResult } from '../wait/wait-list.js';
import type { RetryGateError } from './error.js';
import { closedError } from './error.js';
import type { Prioritized } from './priority-queue.js';

/** What a queued call needs of its limiter. */
export interface QueueOwner {
  /** Whether a person may send a queued call out of turn. */
  readonly canSkip: boolean;
  /** A permit out of turn. */
  acquireNow(queued: QueuedCall): RetryPermit;
  /** A call has left the queue without its turn. */
  dequeued(): void;
}

export class QueuedCall implements Waiter, Prioritized {
  /** True once it has left the queue, even if it still waits for the deferral. */
  removed = false;
  /** What it takes of the quotas and of `maxRate`. */
  readonly cost: number;
  readonly priority: number;
  /** Monotonic milliseconds. */
  readonly queuedAt: number;
  #wait: Wait | undefined;
  #permit: RetryPermit | undefined;

  constructor(
    readonly call: RetryCall,
    readonly instance: AttachedInstance,
    readonly owner: QueueOwner,
    readonly settle: (result: RetryPermit | WaitResult) => void,
    place: { readonly cost: number; readonly priority: number; readonly queuedAt: number },
  ) {
    this.cost = place.cost;
    this.priority = place.priority;
    this.queuedAt = place.queuedAt;
  }

  get abortable(): Abortable {
    return this.call.abortable;
  }

  summary(): ReturnType<RetryCall['summary']> {
    return this.call.summary();
  }

  canSkip(): boolean {
    return !this.removed && this.owner.canSkip;
  }

  /**
   * Begins the wait.
   *
   * @param dueAt - Epoch milliseconds: the earliest possible time.
   * @param delay - Milliseconds until then.
   * @throws Whatever a signal of the caller's throws.
   */
  begin(dueAt: number, delay: number): void {
    try {
      this.#wait = this.instance.waits.begin(this, dueAt, delay, 'gate');
    } catch (error) {
      this.#remove();
      throw error;
    }
  }

  /** Its turn has come. */
  admit(permit: RetryPermit): void {
    this.removed = true;
    this.#permit = permit;
    this.#wait?.end({ type: 'elapsed' });
  }

  onEnd(result: WaitResult): void {
    if (result.type === 'skipped') this.#permit = this.owner.acquireNow(this);
    this.#remove();
    this.settle(this.#permit ?? result);
  }

  /**
   * The gate is closed: the call waits until it opens, if `maxDelay` and `maxElapsed` allow that.
   *
   * @param opensAt - Epoch milliseconds.
   * @param closedFor - Milliseconds until then.
   */
  gateClosed(opensAt: number, closedFor: number): void {
    const { maxDelay, maxElapsed, totalTimeout } = this.call.policy;
    const [name, longest] =
      maxElapsed < totalTimeout ? ['maxElapsed', maxElapsed] : ['totalTimeout', totalTimeout];
    if (closedFor > maxDelay) {
      this.#remove();
      void this.#defer(opensAt, closedFor);
    } else if (longest < Infinity && this.#elapsed() + closedFor > longest) {
      this.#fail(this.#closedError(opensAt, closedFor, `${name} (${longest} ms)`));
    } else if (this.#wait && this.#wait.dueAt !== opensAt) this.#wait.move(opensAt);
  }

  /** Milliseconds since the first send; 0 before it. */
  #elapsed(): number {
    return this.summary().retryNumber > 0 ? this.instance.clock.now() - this.call.firstSentAt : 0;
  }

  /** Hands the call over to the deferral; without one it fails. */
  async #defer(notBefore: number, closedFor: number): Promise<void> {
    const { call, instance } = this;
    try {
      const { status } = this.summary();
      const error = await instance.deferral?.defer(call, { notBefore, status, cause: undefined });
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
    return closedError(closedFor, limit, this.call.lastConfig(), notBefore);
  }

  #remove(): void {
    if (this.removed) return;
    this.removed = true;
    this.owner.dequeued();
  }
}

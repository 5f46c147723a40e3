// The requests that wait: to show, to end early, and to end in time.
import type { DelayBasis, GiveUpReason } from '../policy/decision.js';
import type { Abortable, AbortWatcher } from './abort.js';
import { AbortWatchers, isAborted } from './abort.js';
import type { Clock } from './clock.js';
import type { TimerEntry } from './timer-queue.js';
import { TimerQueue } from './timer-queue.js';

/** A waiting request, as `handle.waits` and `onRetry` show it. Frozen; a change makes a new object. */
export interface RetryWait {
  /** Unique within its handle; later waits have higher ids. */
  readonly id: number;
  /** In capitals. */
  readonly method: string;
  /** As the caller gave it, without user info. */
  readonly url: string;
  /** Status of the failed attempt; `undefined` after a network error and for a first send at a gate. */
  readonly status: number | undefined;
  /** The retry that follows, 1 for the first; 0 for a first send at a gate. */
  readonly retryNumber: number;
  /** The option of this name. */
  readonly maxRetries: number;
  /** Milliseconds from when the failed attempt ended. */
  readonly delay: number;
  /** Epoch milliseconds. */
  readonly dueAt: number;
  /** What decided the delay. */
  readonly basis: DelayBasis | 'gate';
  /** Sends now, sooner than the server asked for; not through a closed gate. */
  retryNow(): void;
  /** Ends the wait. The request settles with its last outcome, without its body. */
  cancel(): void;
}

/** How a wait ended. */
export type WaitResult =
  /** Its time came, a person skipped it (`retryNow()`), or its request was aborted. */
  | { readonly type: 'elapsed' | 'skipped' | 'aborted' }
  /** The request is not sent again. The reason is `'canceled'` after `cancel()` and `detach()`. */
  | { readonly type: 'gave-up'; readonly reason: GiveUpReason }
  /** The request fails with this error. */
  | { readonly type: 'failed'; readonly error: Error };

/** A request that can wait. */
export interface Waiter {
  readonly abortable: Abortable;
  /** The `RetryCall` that waits, if there is one. */
  readonly call?: unknown;
  /** The part of a `RetryWait` that the request knows. */
  summary(): Pick<RetryWait, 'method' | 'url' | 'status' | 'retryNumber' | 'maxRetries'>;
  /** Whether `retryNow()` may end the wait; always, if this is missing. */
  canSkip?(): boolean;
  /** Called once, when the wait is over. */
  onEnd(result: WaitResult): void;
}

/** One wait. It drops its waiter when it is over, so that a late reference holds no request. */
export class Wait implements TimerEntry, AbortWatcher {
  view: RetryWait | undefined;

  constructor(
    readonly list: WaitList,
    readonly id: number,
    public waiter: Waiter | undefined,
    public dueAt: number,
    readonly delay: number,
    readonly basis: RetryWait['basis'],
  ) {}

  get canceled(): boolean {
    return this.waiter === undefined;
  }

  get abortable(): Abortable {
    return this.waiter?.abortable ?? {};
  }

  fire(): void {
    this.end({ type: 'elapsed' });
  }

  aborted(): void {
    this.end({ type: 'aborted' });
  }

  cancel(): void {
    this.end({ type: 'gave-up', reason: 'canceled' });
  }

  /** Ends the wait, unless it is over. */
  end(result: WaitResult): void {
    this.list.end(this, result);
  }

  /** Shows another time. Only for a wait at a gate, which the gate ends. */
  move(dueAt: number): void {
    this.dueAt = dueAt;
    this.list.changed(this);
  }
}

/** All waits of one attached instance. */
export class WaitList {
  /** Every wait under way, the oldest first. */
  readonly all = new Set<Wait>();
  readonly aborts = new AbortWatchers();
  readonly #clock: Clock;
  readonly #timers: TimerQueue;
  readonly #listeners = new Set<() => void>();
  #lastId = 0;
  #list: readonly RetryWait[] | undefined;
  #notifying = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#timers = new TimerQueue(clock, () => {
      for (const wait of this.all) this.changed(wait);
    });
  }

  /**
   * Begins a wait. If the request is already aborted, the wait ends at once.
   *
   * @param dueAt - Epoch milliseconds. At a gate (`basis: 'gate'`) it is only shown: the gate ends the
   *   wait.
   */
  begin(waiter: Waiter, dueAt: number, delay: number, basis: RetryWait['basis']): Wait {
    this.#lastId += 1;
    const wait = new Wait(this, this.#lastId, waiter, dueAt, delay, basis);
    // First, because a custom signal may throw.
    this.aborts.watch(wait);
    this.all.add(wait);
    this.#clock.inFlight?.(-1);
    if (basis !== 'gate') this.#timers.add(wait);
    this.changed(wait);
    if (isAborted(waiter.abortable)) wait.aborted();
    return wait;
  }

  end(wait: Wait, result: WaitResult): void {
    const { waiter } = wait;
    if (waiter === undefined) return;
    this.aborts.unwatch(wait);
    wait.waiter = undefined;
    this.all.delete(wait);
    this.#clock.inFlight?.(1);
    if (result.type !== 'elapsed' && wait.basis !== 'gate') this.#timers.entryCanceled();
    this.changed(wait);
    waiter.onEnd(result);
  }

  /** The view of every wait, in an array that stays the same until something changes. */
  list(): readonly RetryWait[] {
    this.#list ??= Object.freeze([...this.all].map((wait) => this.show(wait)));
    return this.#list;
  }

  /** The public view of a wait. Made on first use and kept until the wait changes. */
  show(wait: Wait): RetryWait {
    const { id, waiter, delay, dueAt, basis } = wait;
    wait.view ??= Object.freeze({
      id,
      ...(waiter as Waiter).summary(),
      delay,
      dueAt,
      basis,
      retryNow: () => {
        if (wait.waiter?.canSkip?.() !== false) wait.end({ type: 'skipped' });
      },
      cancel: () => wait.cancel(),
    });
    return wait.view;
  }

  subscribe(listener: () => void): () => void {
    // Each subscription counts, also of the same function twice. Unsubscribed listeners are not called.
    const own = (): void => {
      if (this.#listeners.has(own)) listener();
    };
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  changed(wait: Wait): void {
    wait.view = undefined;
    this.#list = undefined;
    if (this.#notifying || this.#listeners.size === 0) return;
    this.#notifying = true;
    queueMicrotask(() => {
      this.#notifying = false;
      // In microtasks of their own, so that a listener that throws does not stop the others.
      for (const listener of this.#listeners) queueMicrotask(listener);
    });
  }
}

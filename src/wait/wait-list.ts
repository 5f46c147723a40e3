import type { DelayBasis, GiveUpReason } from '../policy/decision.js';
import type { Abortable, AbortWatcher } from './abort.js';
import { AbortWatchers, isAborted } from './abort.js';
import type { Clock } from './clock.js';
import type { TimerEntry } from './timer-queue.js';
import { TimerQueue } from './timer-queue.js';

/** How a wait ended. */
export type WaitResult =
  /** Its time came, a person skipped it (`retryNow()`), or its request was aborted. */
  | { readonly type: 'elapsed' | 'skipped' | 'aborted' }
  /** The request is not sent again. `'canceled'`: by `cancel()` or `detach()`. */
  | { readonly type: 'gave-up'; readonly reason: GiveUpReason }
  /** The request fails with this error. */
  | { readonly type: 'failed'; readonly error: Error };

/** A request that waits. */
export interface Waiter {
  readonly abortable: Abortable;
  /** The `RetryCall` whose wait it is, where it is one of a call. */
  readonly call?: unknown;
  /** What `handle.waits` shows beside the wait's own fields. */
  summary(): Pick<RetryWait, 'method' | 'url' | 'status' | 'retryNumber' | 'maxRetries'>;
  /** Whether a person may end the wait early; yes where it is absent. */
  canSkip?(): boolean;
  /** The wait is over. Called once. */
  onEnd(result: WaitResult): void;
}

/** One wait under way. Once it is over it has no waiter, so that a late reference holds no request. */
export class Wait implements TimerEntry, AbortWatcher {
  view: RetryWait | undefined;

  constructor(
    readonly waits: WaitList,
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

  /** Ends the wait; does nothing if it is over. */
  end(result: WaitResult): void {
    this.waits.end(this, result);
  }

  cancel(): void {
    this.end({ type: 'gave-up', reason: 'canceled' });
  }

  /** Shows another time; only for a wait at a gate, which ends when the gate says so. */
  move(dueAt: number): void {
    this.dueAt = dueAt;
    this.waits.changed(this);
  }
}

/** All waits of one attached instance. Knows nothing of Axios but what can abort a request. */
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
   * Begins a wait. A request aborted already is told so at once.
   *
   * @param dueAt - Epoch milliseconds. At a gate (`basis: 'gate'`) it is for show: the gate ends it.
   */
  begin(waiter: Waiter, dueAt: number, delay: number, basis: RetryWait['basis']): Wait {
    this.#lastId += 1;
    const wait = new Wait(this, this.#lastId, waiter, dueAt, delay, basis);
    this.all.add(wait);
    this.#clock.inFlight?.(-1);
    if (basis !== 'gate') this.#timers.add(wait);
    this.aborts.watch(wait);
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

  /** Every wait as it is shown, in an array that stays the same until something changes. */
  list(): readonly RetryWait[] {
    this.#list ??= Object.freeze([...this.all].map((wait) => this.show(wait)));
    return this.#list;
  }

  /** The public face of a wait. Made when somebody looks, and then kept. */
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
    // Each subscription counts, also of the same function twice; none is told after it has left.
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
      for (const listener of this.#listeners) {
        // In a task of its own, so that one that throws does not keep it from the others.
        queueMicrotask(listener);
      }
    });
  }
}

/** A request that waits, as `handle.waits` and `onRetry` show it. Frozen; a change makes a new one. */
export interface RetryWait {
  /** Unique within its handle; later waits have higher ids. */
  readonly id: number;
  /** In capitals. */
  readonly method: string;
  /** As the caller gave it, without user info. */
  readonly url: string;
  /** Of the attempt that failed; absent after a network error and for a first send at a gate. */
  readonly status: number | undefined;
  /** The retry that follows, from 1; 0 for a first send at a gate. */
  readonly retryNumber: number;
  readonly maxRetries: number;
  /** Milliseconds, from when the failed attempt ended. */
  readonly delay: number;
  /** Epoch milliseconds. */
  readonly dueAt: number;
  readonly basis: DelayBasis | 'gate';
  /** Sends now, sooner than the server asked for; not through a closed gate. */
  retryNow(): void;
  /** Ends the wait; the request settles with its last outcome, without its body. */
  cancel(): void;
}

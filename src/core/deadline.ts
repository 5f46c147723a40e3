// Ends a call when its `totalTimeout` is over.
import type { AxiosRequestTransformer, InternalAxiosRequestConfig } from 'axios';
import { isUnread } from '../request/body.js';
import type { Outcome } from '../request/outcome.js';
import { responseOf } from '../request/outcome.js';
import { configOf } from '../request/state.js';
import type { Abortable, AbortWatcher } from '../wait/abort.js';
import type { TimerEntry, TimerQueue } from '../wait/timer-queue.js';
import type { WaitList } from '../wait/wait-list.js';

type Config = InternalAxiosRequestConfig;

/** The parts of a stream that tell its end. */
interface MaybeStream {
  readonly closed?: unknown;
  once?(event: 'close', listener: () => void): void;
}

interface DeadlineOwner {
  readonly deadlines: TimerQueue;
  readonly waits: WaitList;
}

/** Aborts waits, hooks and the attempt under way when the time is over. */
export class Deadline implements TimerEntry, AbortWatcher {
  readonly id = 0;
  canceled = false;
  /** The signal that the attempt would have without the deadline. Its abort is passed on. */
  abortable: Abortable = {};
  readonly #owner: DeadlineOwner;
  readonly #controller = new AbortController();
  /** Aborts the attempt under way, whose config has this controller's signal. */
  #attempt = new AbortController();
  /** True if the attempt ended with a stream that its caller may still be reading. */
  #isUnread: boolean | undefined;
  /** Stops watching, as the body of the attempt has been read or discarded. */
  #leave = (): void => undefined;
  /** The last attempt of which nothing can be aborted any more. */
  #left: AbortController | undefined;
  readonly #exchangeSignal: AxiosRequestTransformer;

  /** @param dueAt - Epoch milliseconds. */
  constructor(
    public dueAt: number,
    owner: DeadlineOwner,
  ) {
    const deadline = this;
    this.#owner = owner;
    this.#exchangeSignal = function exchangeSignal(data: unknown): unknown {
      deadline.#exchange(this);
      return data;
    };
    owner.deadlines.add(this);
  }

  /** For waits and hooks: aborted when the time is over. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  fire(): void {
    this.#controller.abort();
    this.#attempt.abort();
  }

  /** The attempt's original signal was aborted. */
  aborted(): void {
    this.#attempt.abort((this.abortable.signal as AbortSignal | undefined)?.reason);
  }

  /**
   * Puts the deadline's signal on an attempt. An interceptor may replace it, so a transform, which runs
   * after every request interceptor, puts it there once more.
   */
  guard(config: Config): void {
    const attempt = new AbortController();
    const { signal } = attempt;
    this.#attempt = attempt;
    this.#isUnread = false;
    if (this.signal.aborted) attempt.abort();
    const leave = (): void => {
      this.#left = attempt;
      if (this.#isUnread && attempt === this.#attempt) this.#unwatch();
    };
    this.#leave = leave;
    // A Node stream tells when it is over. With a web stream Axios only stops listening then.
    const { removeEventListener } = signal;
    signal.removeEventListener = (...listener: unknown[]) => {
      removeEventListener.apply(signal, listener as Parameters<typeof removeEventListener>);
      leave();
    };
    this.#exchange(config);
    config.transformRequest = [...transformsOf(config), this.#exchangeSignal];
  }

  /** The attempt is over, or sent again by someone else: restores its config. */
  release(config: Config | undefined): void {
    const { signal } = this.abortable;
    if (config === undefined) return;
    if (config.signal === this.#attempt.signal) Object.assign(config, { signal });
    config.transformRequest = transformsOf(config).filter((one) => one !== this.#exchangeSignal);
  }

  /** Takes the outcome of the attempt in. */
  receive(outcome: Outcome): void {
    this.release(configOf(outcome.value) as Config | undefined);
    // It may be anything, so `isUnread` comes first.
    const body = responseOf(outcome)?.data as MaybeStream;
    this.#isUnread = isUnread(body) && !body.closed && this.#left !== this.#attempt;
    if (this.#isUnread) body.once?.('close', this.#leave);
    else this.#unwatch();
  }

  /** The call is over. Its caller can still abort a stream that it is reading. */
  stop(): void {
    if (!this.#isUnread) this.#unwatch();
    // If it has fired, this only makes the queue sweep sooner.
    this.canceled = true;
    this.#owner.deadlines.entryCanceled();
  }

  #exchange(config: Config): void {
    const { signal } = config;
    if (signal === this.#attempt.signal) return;
    this.#unwatch();
    this.abortable = { signal };
    this.#owner.waits.aborts.watch(this);
    if (signal?.aborted) this.aborted();
    config.signal = this.#attempt.signal;
  }

  #unwatch(): void {
    this.#owner.waits.aborts.unwatch(this);
    this.abortable = {};
  }
}

function transformsOf({ transformRequest = [] }: Config): AxiosRequestTransformer[] {
  return [transformRequest].flat();
}

// Ends a call when its `totalTimeout` is over.
import type { AxiosRequestTransformer, InternalAxiosRequestConfig } from 'axios';
import type { Abortable, AbortWatcher } from '../wait/abort.js';
import type { TimerEntry, TimerQueue } from '../wait/timer-queue.js';
import type { WaitList } from '../wait/wait-list.js';

type Config = InternalAxiosRequestConfig;

interface DeadlineOwner {
  readonly deadlines: TimerQueue;
  readonly waits: WaitList;
}

/** Aborts its signal when the time is over. An attempt under way has it in place of its own signal. */
export class Deadline implements TimerEntry, AbortWatcher {
  readonly id = 0;
  canceled = false;
  expired = false;
  /** The own signal of the attempt under way, which is watched for it. */
  abortable: Abortable = {};
  readonly #owner: DeadlineOwner;
  readonly #controller = new AbortController();
  readonly #exchangeSignal: AxiosRequestTransformer;

  /** @param dueAt - Epoch milliseconds. */
  constructor(
    public dueAt: number,
    owner: DeadlineOwner,
  ) {
    const deadline = this;
    this.#owner = owner;
    this.#exchangeSignal = function exchangeSignal(data: unknown): unknown {
      deadline.#watch(this);
      return data;
    };
    owner.deadlines.add(this);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  fire(): void {
    this.canceled = this.expired = true;
    this.#controller.abort();
  }

  /** The own signal of the attempt was aborted. */
  aborted(): void {
    this.#controller.abort((this.abortable.signal as AbortSignal | undefined)?.reason);
  }

  /**
   * Prepares an attempt. Its signal is exchanged by a transform, which runs after every request
   * interceptor, because any of these may set a signal.
   */
  guard(config: Config): void {
    config.transformRequest = [...transformsOf(config), this.#exchangeSignal];
  }

  /** The attempt is over: restores its config. */
  release(config: Config | undefined): void {
    const { signal } = this.abortable;
    this.#owner.waits.aborts.unwatch(this);
    this.abortable = {};
    if (config === undefined) return;
    if (config.signal === this.signal) Object.assign(config, { signal });
    config.transformRequest = transformsOf(config).filter((one) => one !== this.#exchangeSignal);
  }

  /** The call is over. */
  stop(): void {
    this.release(undefined);
    if (this.canceled) return;
    this.canceled = true;
    this.#owner.deadlines.entryCanceled();
  }

  #watch(config: Config): void {
    const { signal } = config;
    this.abortable = { signal };
    this.#owner.waits.aborts.watch(this);
    if (signal?.aborted) this.aborted();
    config.signal = this.signal;
  }
}

function transformsOf({ transformRequest = [] }: Config): AxiosRequestTransformer[] {
  return [transformRequest].flat();
}

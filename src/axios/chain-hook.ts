// Connects each request to the outcome of its own interceptor chain.
import type { AxiosResponse } from 'axios';
import type { Handler } from './interceptors.js';

type Settled = AxiosResponse | Promise<AxiosResponse>;

/** What to do with the outcome of a call's chain. */
export interface ChainListener<Call> {
  onFulfilled(call: Call, value: AxiosResponse): Settled;
  onRejected(call: Call, error: unknown): Settled;
  /** Axios did not build the chain: another interceptor's `runWhen` threw. */
  onAbandoned(call: Call): void;
}

/**
 * Gives each call response functions of its own on one shared interceptor. An outcome then belongs to
 * the call whose chain it came through, even an error without a config, or a value that another
 * interceptor has made.
 *
 * Axios builds a chain synchronously: it calls every `runWhen`, then reads `fulfilled` and `rejected`
 * of every response handler. The plugin's `runWhen` calls `open` and `claim`; the two getters that
 * `install` defines return the functions of the call whose chain is being built.
 */
export class ChainHook<Call> {
  readonly #listener: ChainListener<Call>;
  /** A stack, because a request can begin inside a `runWhen`. */
  readonly #calls: (Call | undefined)[] = [];

  constructor(listener: ChainListener<Call>) {
    this.#listener = listener;
  }

  /** Makes a handler of the instance's response interceptors read from this hook. */
  install(handler: Handler): void {
    Object.defineProperties(handler, {
      fulfilled: {
        get: () => {
          const call = this.#calls.at(-1);
          return call && ((value: AxiosResponse) => this.#listener.onFulfilled(call, value));
        },
      },
      rejected: {
        get: () => {
          const call = this.#calls.pop();
          return call && ((error: unknown) => this.#listener.onRejected(call, error));
        },
      },
    });
  }

  /**
   * Begins a chain, for now without a call.
   *
   * @param mustNotLeak - The call may acquire a permit, so it must end even if its chain is not built.
   */
  open(mustNotLeak: boolean): void {
    // Not for every request, because a microtask costs time.
    if (mustNotLeak || this.#calls.length > 0) queueMicrotask(() => this.#abandonRest());
    this.#calls.push(undefined);
  }

  /** Connects `call` to the chain that was begun last. */
  claim(call: Call): void {
    this.#calls[this.#calls.length - 1] = call;
  }

  /** The calls of finished chains have left the stack; the chains of the others were not built. */
  #abandonRest(): void {
    for (const call of this.#calls.splice(0)) if (call) this.#listener.onAbandoned(call);
  }
}

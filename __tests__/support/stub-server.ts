// An Axios adapter in place of a server, for tests of many requests on a test clock: no sockets, no real time.
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import axios, { AxiosError } from 'axios';
import type { Clock } from '../../src/index.js';
import { retryCount } from '../../src/index.js';
import type { TestClock } from '../../src/testing/index.js';
import { createTestClock } from '../../src/testing/index.js';

/** One request as it arrives. */
export interface Sent {
  /** Milliseconds since the test began. */
  readonly at: number;
  readonly url: string;
  readonly retryNumber: number;
  /** The number of requests before it. */
  readonly index: number;
}

/** A status, optionally with Retry-After and a delay; or a reset connection. */
export interface Reply {
  readonly status?: number;
  readonly retryAfter?: string;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds until the response; Infinity is never. Default: at once, without a turn of the clock. */
  readonly after?: number;
  readonly reset?: boolean;
}

export type Answer = number | Reply;

/** A 429 or another status with Retry-After, in seconds. */
export const busy = (seconds: number | string, status = 429): Reply => ({
  status,
  retryAfter: String(seconds),
});

/** Like Axios's adapters, it rejects when the request is aborted. */
export class StubServer {
  readonly sent: Sent[] = [];
  /** Requests in flight, and their maximum. */
  open = 0;
  peak = 0;
  /** Called when a response is sent. */
  onAnswer: ((sent: Sent, reply: Reply) => void) | undefined;
  readonly #clock: Clock;
  readonly #start: number;

  constructor(
    clock: Clock,
    /** May be replaced during a test. */
    public answer: (sent: Sent) => Answer,
  ) {
    this.#clock = clock;
    this.#start = clock.now();
  }

  /** The times of all requests, in milliseconds since the test began. */
  get times(): number[] {
    return this.sent.map(({ at }) => at);
  }

  get urls(): string[] {
    return this.sent.map(({ url }) => url);
  }

  readonly adapter: AxiosAdapter = (config) => {
    const { length: index } = this.sent;
    const at = this.#clock.now() - this.#start;
    const sent = { at, url: String(config.url), retryNumber: retryCount(config), index };
    this.sent.push(sent);
    const answer = this.answer(sent);
    const reply: Reply = typeof answer === 'number' ? { status: answer } : answer;
    this.open += 1;
    this.peak = Math.max(this.peak, this.open);
    return this.#reply(config, sent, reply).finally(() => {
      this.open -= 1;
    });
  };

  async #reply(
    config: InternalAxiosRequestConfig,
    sent: Sent,
    reply: Reply,
  ): Promise<AxiosResponse> {
    const { status = 200, retryAfter, headers, after, reset } = reply;
    if (after !== undefined) await this.#later(config, after);
    this.onAnswer?.(sent, reply);
    if (reset) throw new AxiosError('socket hang up', 'ECONNRESET', config);
    const response = {
      status,
      statusText: '',
      headers: { ...headers, ...(retryAfter !== undefined && { 'retry-after': retryAfter }) },
      data: undefined,
      config,
    };
    if (config.validateStatus?.(status) !== false) return response;
    const message = `Request failed with status code ${status}`;
    throw new AxiosError(message, 'ERR_BAD_RESPONSE', config, undefined, response);
  }

  #later({ signal, cancelToken }: InternalAxiosRequestConfig, ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (ms < Infinity) this.#clock.setTimeout(resolve, ms);
      const abort = (): void => reject(cancelToken?.reason ?? new axios.CanceledError());
      signal?.addEventListener?.('abort', abort);
      void cancelToken?.promise.then(abort);
    });
  }
}

/**
 * A test clock that does not wait in real time for requests in flight, because a stub server answers
 * by the same clock. `timers` are those that have neither run nor been cleared.
 */
export function stubClock(start: number): TestClock & { readonly timers: ReadonlySet<unknown> } {
  const clock = createTestClock(start);
  const timers = new Set<unknown>();
  return {
    timers,
    now: clock.now,
    advance: clock.advance,
    runAll: clock.runAll,
    setTimeout(run, ms) {
      const id = clock.setTimeout(() => {
        timers.delete(id);
        run();
      }, ms);
      timers.add(id);
      return id;
    },
    clearTimeout(id) {
      timers.delete(id);
      clock.clearTimeout(id);
    },
  };
}

export interface Ending {
  readonly url: string;
  readonly value: unknown;
  readonly error: Error | undefined;
  /** The status of the response, or of the error's response. */
  readonly status: number | undefined;
}

/** Resolves with the outcome of a request; never rejects. */
export function endingOf(url: string, request: Promise<AxiosResponse>): Promise<Ending> {
  return request.then(
    (value) => ({ url, value, error: undefined, status: value?.status }),
    (error: Error) => ({
      url,
      value: error,
      error,
      status: (error as Partial<AxiosError>).response?.status,
    }),
  );
}

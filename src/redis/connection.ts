// Runs the script on Redis within a time limit, and knows whether Redis is available.
import type { MonotonicTimer, MonotonicTimers } from '../wait/monotonic-timers.js';
import type { RunScript } from './client.js';
import type { ScriptResult } from './script.js';
import { decodeResult } from './script.js';

/** While Redis is unavailable, it is tried again this often. */
const RETRY_INTERVAL_MS = 1000;

/** One for all keys of a gate. */
export class RedisConnection {
  /** `'local'` from a failure until Redis has answered again. */
  mode: 'shared' | 'local' = 'shared';
  #retryAt = 0;
  #retrying = false;

  /** @param timeout - Milliseconds that Redis may take to answer. */
  constructor(
    readonly runScript: RunScript,
    readonly timeout: number,
    readonly onError: (error: unknown) => void,
  ) {}

  /**
   * Runs the script on one key.
   *
   * @returns Its result; undefined if Redis is unavailable. Never rejects, and never takes longer than
   *   the time limit.
   */
  async run(
    key: string,
    args: readonly string[],
    timers: MonotonicTimers,
  ): Promise<ScriptResult | undefined> {
    const isRetry = this.mode === 'local';
    // One caller at a time retries, and not while an earlier retry is under way.
    if (isRetry && (this.#retrying || timers.now() < this.#retryAt)) return undefined;
    if (isRetry) this.#retrying = true;
    const { clock } = timers;
    clock.inFlight?.(1);
    const running = this.#runAndDecode(key, args).finally(() => {
      if (isRetry) this.#retrying = false;
      clock.inFlight?.(-1);
    });
    try {
      const result = await withTimeout(running, this.timeout, timers);
      this.mode = 'shared';
      return result;
    } catch (error) {
      this.#unavailable(error, timers);
      return undefined;
    }
  }

  async #runAndDecode(key: string, args: readonly string[]): Promise<ScriptResult> {
    return decodeResult(await this.runScript(key, args));
  }

  #unavailable(error: unknown, timers: MonotonicTimers): void {
    this.#retryAt = timers.now() + RETRY_INTERVAL_MS;
    if (this.mode === 'local') return;
    this.mode = 'local';
    // In a task of its own, so that an error thrown by the hook does not fail the request.
    queueMicrotask(() => this.onError(error));
  }
}

function withTimeout<T>(running: Promise<T>, timeout: number, timers: MonotonicTimers): Promise<T> {
  return new Promise((resolve, reject) => {
    const error = new Error(`axios-status-retry: Redis did not answer within ${timeout} ms`);
    let timer: MonotonicTimer = timers.set(timers.now() + timeout, () => {
      // One more turn, to read an answer that arrived while this process was busy.
      timer = timers.set(timers.now(), () => reject(error));
    });
    running.finally(() => timers.clear(timer)).then(resolve, reject);
  });
}

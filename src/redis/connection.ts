import type { MonotonicTimers } from '../wait/monotonic-timers.js';
import type { RunScript } from './client.js';
import type { ScriptResult } from './script.js';
import { decodeResult } from './script.js';

/** While Redis is away it is tried again so often (ms). */
const RETRY_INTERVAL_MS = 1000;

/** Whether Redis answers, for all keys of a gate: `shared` while it does, `local` while it does not. */
export class RedisConnection {
  mode: 'shared' | 'local' = 'shared';
  #retryAt = 0;
  #retrying = false;

  constructor(
    readonly runScript: RunScript,
    /** How long Redis may take to answer. */
    readonly timeout: number,
    readonly onError: (error: unknown) => void,
  ) {}

  /**
   * Asks Redis. Where it does not answer in time, or with an error, it is away.
   *
   * @returns Its answer; undefined when it is away. Never rejects, never takes longer than the time-out.
   */
  async run(
    key: string,
    args: readonly string[],
    alarms: MonotonicTimers,
  ): Promise<ScriptResult | undefined> {
    const tries = this.mode === 'local';
    // Not to be asked by many at once, nor while an earlier try is still under way.
    if (tries && (this.#retrying || alarms.now() < this.#retryAt)) return undefined;
    if (tries) this.#retrying = true;
    const { clock } = alarms;
    clock.inFlight?.(1);
    const asked = this.#runAndDecode(key, args).finally(() => {
      if (tries) this.#retrying = false;
      clock.inFlight?.(-1);
    });
    try {
      const reply = await withTimeout(asked, this.timeout, alarms);
      this.mode = 'shared';
      return reply;
    } catch (error) {
      this.#unavailable(error, alarms);
      return undefined;
    }
  }

  async #runAndDecode(key: string, args: readonly string[]): Promise<ScriptResult> {
    return decodeResult(await this.runScript(key, args));
  }

  #unavailable(error: unknown, alarms: MonotonicTimers): void {
    this.#retryAt = alarms.now() + RETRY_INTERVAL_MS;
    if (this.mode === 'local') return;
    this.mode = 'local';
    // In a task of its own: what it throws is no business of the request's.
    queueMicrotask(() => this.onError(error));
  }
}

function withTimeout<T>(asked: Promise<T>, timeout: number, alarms: MonotonicTimers): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = new Error(`axios-status-retry: Redis has not answered within ${timeout} ms`);
    let alarm = alarms.set(alarms.now() + timeout, () => {
      // An answer that came while this process was busy is still to be read.
      alarm = alarms.set(alarms.now(), () => reject(late));
    });
    asked.finally(() => alarms.clear(alarm)).then(resolve, reject);
  });
}

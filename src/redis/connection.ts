// Runs the script on Redis within a time limit, and knows for which keys Redis is available.
import type { MonotonicTimer, MonotonicTimers } from '../wait/monotonic-timers.js';
import type { RunScript } from './client.js';
import { isRefusal } from './client.js';
import type { Listener } from './listener.js';
import type { ScriptResult } from './script.js';
import { decodeResult } from './script.js';

/** While a key is unavailable, it is tried again this often. */
const RETRY_INTERVAL_MS = 1000;

/** A failure is reported only if there was none for this long, so that a Redis that comes and goes is reported once. */
const QUIET_MS = 10_000;

/** How much the last answer counts for the latency. */
const LATENCY_WEIGHT = 0.2;

/** Whether something is available, and whether its next failure is news. */
class Availability {
  away = false;
  #failedAt = -Infinity;

  /** @returns True if the failure is to be reported. */
  fail(now: number): boolean {
    const isNews = !this.away && now - this.#failedAt > QUIET_MS;
    this.away = true;
    this.#failedAt = now;
    return isNews;
  }
}

/** What the keys of a gate share. */
export class RedisConnection {
  /** `'local'` from a failure until Redis has answered for any key. */
  mode: 'shared' | 'local' = 'shared';
  /** Away from a run without an answer until Redis answers, if only with an error. */
  readonly availability = new Availability();
  /** How long Redis takes to answer, in milliseconds, over the last few answers. */
  latency = 0;

  /** @param timeout - Milliseconds that Redis may take to answer. */
  constructor(
    readonly runScript: RunScript,
    readonly timeout: number,
    readonly onError: (error: unknown) => void,
    readonly listener: Listener,
  ) {}

  /** An answer has come. */
  onAnswer(took: number): void {
    const isFirst = this.latency === 0;
    this.mode = 'shared';
    this.availability.away = false;
    this.latency = isFirst ? took : this.latency + (took - this.latency) * LATENCY_WEIGHT;
    this.listener.begin();
  }
}

/** One key in Redis. */
export class RedisKey {
  /** Away from a failed run on this key until one has succeeded. */
  readonly #availability = new Availability();
  #retryAt = -Infinity;
  #retrying = false;

  constructor(
    readonly name: string,
    readonly connection: RedisConnection,
    readonly timers: MonotonicTimers,
  ) {}

  /** True while Redis is unavailable for this key, or for all. */
  get away(): boolean {
    return this.#availability.away || this.connection.availability.away;
  }

  /**
   * Runs the script.
   *
   * @returns Its result; undefined if Redis is unavailable. Never rejects, and never takes longer than
   *   the time limit.
   */
  async run(args: readonly string[]): Promise<ScriptResult | undefined> {
    const { timers } = this;
    const isRetry = this.away;
    // One caller at a time retries, and not while an earlier retry is under way.
    if (isRetry && (this.#retrying || timers.now() < this.#retryAt)) return undefined;
    if (isRetry) this.#retrying = true;
    const { clock } = timers;
    const askedAt = timers.now();
    clock.inFlight?.(1);
    const running = this.#runAndDecode(args).finally(() => {
      if (isRetry) this.#retrying = false;
      clock.inFlight?.(-1);
    });
    try {
      const result = await withTimeout(running, this.connection.timeout, timers);
      this.#availability.away = false;
      this.connection.onAnswer(timers.now() - askedAt);
      return result;
    } catch (error) {
      this.#failed(error, timers.now());
      return undefined;
    }
  }

  async #runAndDecode(args: readonly string[]): Promise<ScriptResult> {
    return decodeResult(await this.connection.runScript(this.name, args));
  }

  #failed(error: unknown, now: number): void {
    const { availability, onError } = this.connection;
    const wasAway = this.#availability.away;
    let isNews = this.#availability.fail(now);
    if (isRefusal(error)) availability.away = false;
    // A key that Redis does not answer, such as one of a lost node, says nothing of the others.
    else isNews = (!wasAway || availability.away) && availability.fail(now);
    if (!wasAway) this.connection.mode = 'local';
    this.#retryAt = now + RETRY_INTERVAL_MS;
    // In a task of its own, so that an error thrown by the hook does not fail the request.
    if (isNews) queueMicrotask(() => onError(error));
  }
}

function withTimeout<T>(running: Promise<T>, timeout: number, timers: MonotonicTimers): Promise<T> {
  return new Promise((resolve, reject) => {
    const error = new Error(
      `axios-status-retry: Redis did not answer within ${timeout} ms; see axios-status-retry/errors.md#redis-unavailable`,
    );
    let timer: MonotonicTimer = timers.set(timers.now() + timeout, () => {
      // One more turn, to read an answer that arrived while this process was busy.
      timer = timers.set(timers.now(), () => reject(error));
    });
    running.finally(() => timers.clear(timer)).then(resolve, reject);
  });
}

import type { Alarms } from '../wait/monotonic-timers.js';
import type { RunScript } from './client.js';
import type { Reply } from './script.js';
import { readReply } from './script.js';

/** While Redis is away it is tried again so often (ms). */
const AGAIN = 1000;

/** Whether Redis answers, for all keys of a gate: `shared` while it does, `local` while it does not. */
export class RedisLink {
  mode: 'shared' | 'local' = 'shared';
  #tryAt = 0;
  #trying = false;

  constructor(
    readonly run: RunScript,
    /** How long Redis may take to answer. */
    readonly timeout: number,
    readonly onError: (error: unknown) => void,
  ) {}

  /**
   * Asks Redis. Where it does not answer in time, or with an error, it is away.
   *
   * @returns Its answer; undefined when it is away. Never rejects, never takes longer than the time-out.
   */
  async ask(key: string, args: readonly string[], alarms: Alarms): Promise<Reply | undefined> {
    const tries = this.mode === 'local';
    // Not to be asked by many at once, nor while an earlier try is still under way.
    if (tries && (this.#trying || alarms.now() < this.#tryAt)) return undefined;
    if (tries) this.#trying = true;
    const { clock } = alarms;
    clock.inFlight?.(1);
    const asked = this.#answer(key, args).finally(() => {
      if (tries) this.#trying = false;
      clock.inFlight?.(-1);
    });
    try {
      const reply = await within(asked, this.timeout, alarms);
      this.mode = 'shared';
      return reply;
    } catch (error) {
      this.#away(error, alarms);
      return undefined;
    }
  }

  async #answer(key: string, args: readonly string[]): Promise<Reply> {
    return readReply(await this.run(key, args));
  }

  #away(error: unknown, alarms: Alarms): void {
    this.#tryAt = alarms.now() + AGAIN;
    if (this.mode === 'local') return;
    this.mode = 'local';
    // In a task of its own: what it throws is no business of the request's.
    queueMicrotask(() => this.onError(error));
  }
}

function within<T>(asked: Promise<T>, timeout: number, alarms: Alarms): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = new Error(`axios-status-retry: Redis has not answered within ${timeout} ms`);
    let alarm = alarms.set(alarms.now() + timeout, () => {
      // An answer that came while this process was busy is still to be read.
      alarm = alarms.set(alarms.now(), () => reject(late));
    });
    asked.finally(() => alarms.clear(alarm)).then(resolve, reject);
  });
}

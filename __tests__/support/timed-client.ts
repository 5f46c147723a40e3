import type { Redis } from 'ioredis';
import type { IoredisClient } from '../../src/redis/client.js';
import type { TestClock } from '../../src/testing/index.js';
import { timeArgs, timed } from './redis-time.js';

/** A client of a real Redis on a test's time; the test clock waits for its calls. */
export class TimedClient implements IoredisClient {
  /** The number of calls. */
  asked = 0;
  /** Simulates a Redis that is down: every call fails with this error. */
  failure: Error | undefined;
  #script = '';

  constructor(
    readonly redis: Redis,
    readonly clock: TestClock,
  ) {}

  async eval(script: string, _keyCount: number, key: string, ...args: string[]): Promise<unknown> {
    this.#script = timed(script);
    return this.#run(key, args);
  }

  /** Runs the modified script, whose SHA-1 is not the given one. */
  async evalsha(_sha: string, _count: number, key: string, ...args: string[]): Promise<unknown> {
    return this.#run(key, args);
  }

  async #run(key: string, args: readonly string[]): Promise<unknown> {
    this.asked += 1;
    this.clock.inFlight?.(1);
    try {
      if (this.failure) throw this.failure;
      return await this.redis.eval(this.#script, 1, key, ...args, ...timeArgs(this.clock.now()));
    } finally {
      this.clock.inFlight?.(-1);
    }
  }
}

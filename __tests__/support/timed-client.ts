import type { Redis } from 'ioredis';
import type { IoredisClient } from '../../src/redis/client.js';
import type { TestClock } from '../../src/testing/index.js';
import { timeArgs, timed } from './redis-time.js';

/** A client of a real Redis whose time is a test's; the clock stands still while it is asked. */
export class TimedClient implements IoredisClient {
  /** How often it was asked. */
  asked = 0;
  /** Set for a Redis that is away: what it is asked fails with this. */
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

  /** The text that is run is not the one that was sent, and has another SHA-1. */
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

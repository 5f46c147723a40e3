import type { Redis } from 'ioredis';
import type { IoredisClient } from '../../src/redis/client.js';
import type { TestClock } from '../../src/testing/index.js';
import { timeArgs, timed } from './redis-time.js';

type Listener = (channel: string, text: string) => void;

/** Who listens, by the clock that the processes of a test share. */
const listeners = new WeakMap<TestClock, Set<Listener>>();

/** A client of a real Redis on a test's time; the test clock waits for its calls. */
export class TimedClient implements IoredisClient {
  /** The number of calls. */
  asked = 0;
  /** The number of messages that this client has published. */
  published = 0;
  /** Simulates a Redis that is down: every call fails with this error. */
  failure: Error | undefined;
  /** Milliseconds from a call to its answer, and from a message to its arrival. */
  latency = 0;
  /** How far Redis's clock is ahead of the test's, in milliseconds. */
  ahead = 0;
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

  /** A connection that listens: it gets what any client of the same Redis publishes. */
  duplicate(): unknown {
    const { clock } = this;
    let onMessage: Listener = () => undefined;
    const listener: Listener = (channel, text) => {
      if (this.latency === 0) onMessage(channel, text);
      else clock.setTimeout(() => onMessage(channel, text), this.latency / 2);
    };
    return {
      on: (event: string, run: Listener) => {
        if (event === 'message') onMessage = run;
      },
      subscribe: async () => {
        const all = listeners.get(clock) ?? new Set();
        listeners.set(clock, all.add(listener));
      },
      disconnect: () => listeners.get(clock)?.delete(listener),
    };
  }

  async #run(key: string, args: readonly string[]): Promise<unknown> {
    this.asked += 1;
    await this.#pass(this.latency / 2);
    const reply = await this.#evaluate(key, args);
    await this.#pass(this.latency / 2);
    return reply;
  }

  async #evaluate(key: string, args: readonly string[]): Promise<unknown> {
    const { redis, clock } = this;
    clock.inFlight?.(1);
    try {
      if (this.failure) throw this.failure;
      const time = timeArgs(clock.now() + this.ahead);
      const result = await redis.eval(this.#script, 1, key, ...args, ...time);
      const [reply, message] = result as [unknown, string | null];
      if (message !== null) this.#publish(message);
      return reply;
    } finally {
      clock.inFlight?.(-1);
    }
  }

  #publish(message: string): void {
    this.published += 1;
    for (const listener of listeners.get(this.clock) ?? []) listener('', message);
  }

  async #pass(time: number): Promise<void> {
    if (time > 0) await new Promise<void>((resolve) => this.clock.setTimeout(resolve, time));
  }
}

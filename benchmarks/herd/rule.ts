// Interfaces between a simulation, its clients and the rules.
import type { Grant, RateLimiter } from '../../src/gate/rate-limiter.js';
import type { Random, VirtualTime } from './virtual-time.js';

/** A request that is sent until it is accepted. */
export interface SimulatedRequest {
  /** @param onAnswer - Called with Retry-After in milliseconds, or 0 if the request was accepted. */
  send(onAnswer: (retryAfterMs: number) => void): void;
  /** Takes one of the retries; false if none is left, and the request has failed. */
  takeRetry(): boolean;
}

/** Decides when requests are sent. */
export interface SimulatedClient {
  add(request: SimulatedRequest): void;
}

/** A way to decide when a request is sent. */
export interface Rule {
  readonly name: string;
  readonly maxRetries: number;
  /** Whether it searches for the rate that the server accepts. */
  readonly adapts: boolean;
  createClient(time: VirtualTime, random: Random): SimulatedClient;
}

/** A rate limiter within one process, which grants at once. */
export interface LocalRateLimiter extends RateLimiter {
  acquire(now: number, wanted: number): Grant;
}

// A race, and what it measures.
import type { LimitName } from './limits.js';
import type { PeerName } from './peer-names.js';

export interface Race {
  readonly limit: LimitName;
  readonly contender: PeerName;
  /** Client processes. */
  readonly processes: number;
  /** Of all processes together. */
  readonly requests: number;
}

export interface Figures {
  /** Requests that reached the server, divided by successes. */
  readonly sendsPerSuccess: number;
  readonly failed: number;
  /** Requests that reached the server before the end of a Retry-After that their process had been told. */
  readonly early: number;
  /** Time until the last success, divided by the shortest time for that many. */
  readonly timeOverIdeal: number;
  /** Latency of the successes, from the call to its answer. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

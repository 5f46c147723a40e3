// What the client process records of each call, and what it measures of itself.
import type { RetryReport } from '../../src/index.js';
import type { Transport } from './plan.js';
import type { Ports } from './server-log.js';

export interface ClientJob {
  readonly seed: number;
  readonly transport: Transport;
  readonly concurrency: number;
  readonly ports: Ports;
  /** Refuses connections. */
  readonly closedPort: number;
}

/** A part of the calls: those from `first`, `count` of them. */
export interface Batch {
  readonly first: number;
  readonly count: number;
}

/** One send of a call, seen below the plugin. Times are the process's own, in milliseconds. */
export interface Send {
  /** `retryCount` of its config. */
  readonly attempt: number;
  readonly startedAt: number;
  endedAt?: number;
  key?: string | undefined;
}

/** How a call settled. */
export type Settled =
  | { readonly as: 'response'; readonly status: number }
  | {
      readonly as: 'error';
      readonly name: string;
      readonly code?: string;
      readonly status?: number;
    }
  | { readonly as: 'canceled' }
  /** It has not, for longer than anything in its plan takes. */
  | { readonly as: 'hung' };

export interface CallRecord {
  readonly id: number;
  readonly startedAt: number;
  readonly sends: Send[];
  settled?: Settled;
  settledAt?: number;
  abortedAt?: number;
  report?: RetryReport | undefined;
  /** Outcomes that an interceptor after the plugin saw; those that one before it saw. */
  outcomes: number;
  attemptOutcomes: number;
  /** Calls of `onGiveUp`. */
  gaveUp: number;
  /** What its caller read: the response's id and attempt; or why that was not possible. */
  read?: readonly [id: number, attempt: number] | 'nothing' | 'abandoned' | 'cut off';
  readAt?: number;
  /** Length and hash of the request's body, if its bytes are known. */
  body?: string;
}

/** What is open or allocated in the client process while no call is under way. */
export interface Footprint {
  readonly heapBytes: number;
  /** By type, as `process.getActiveResourcesInfo` has them. */
  readonly resources: Readonly<Record<string, number>>;
  readonly sharedSignalListeners: number;
  readonly waits: number;
}

export interface BatchReport {
  readonly records: readonly CallRecord[];
  readonly tookMs: number;
}

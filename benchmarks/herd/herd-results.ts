import type { Machine } from '../results.js';
import type { LimitName } from './limits.js';
import type { PeerName } from './peer-names.js';

export interface Race {
  readonly contestant: PeerName;
  readonly limit: LimitName;
  readonly processes: number;
  /** Of all processes. */
  readonly requests: number;
}

export interface RaceDone extends Race {
  /** What the server counted in each second. */
  readonly sends: readonly number[];
  readonly successes: readonly number[];
  /** Milliseconds, of each that succeeded. */
  readonly latencies: readonly number[];
  /** By status or code. */
  readonly failures: Readonly<Record<string, number>>;
  /** From the start until the last success. */
  readonly seconds: number;
}

/** A race without a result, and why. */
interface RaceMissing extends Race {
  readonly note: string;
}

export type RaceResult = RaceDone | RaceMissing;

/** What a gate adds to a request of a key that was never refused. */
export interface Overhead {
  readonly work: string;
  /** Nanoseconds per request; medians over rounds. */
  readonly without: number;
  readonly with: number;
  /** The difference, and the ratio, made within each round. */
  readonly added: number;
  readonly ratio: number;
}

/** All of a run; tables, document and chart are made from this alone. */
export interface HerdResults {
  readonly date: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly races: readonly RaceResult[];
  readonly overhead: readonly Overhead[];
}

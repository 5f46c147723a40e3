/** One contestant in one comparison; medians over the rounds. */
export interface Measured {
  readonly contestant: string;
  /** Microseconds per request. */
  readonly total: number;
  /** Microseconds per request over bare Axios in the same round. */
  readonly added: number;
  /** `added` divided by what axios-retry added in the same round. */
  readonly ratio: number;
}

/** All contestants doing the same work, in the same rounds. */
export interface Comparison {
  readonly work: string;
  readonly rows: readonly Measured[];
}

/** How many retries before the success, and how many requests at a time. */
export interface RetryComparison extends Comparison {
  readonly failures: number;
  readonly atOnce: number;
}

export type SignalUse = 'none' | 'shared' | 'own';

/** Requests that wait, and what it takes to cancel them; medians over processes. */
export interface Waiting {
  readonly contestant: string;
  readonly count: number;
  readonly signals: SignalUse;
  /** Bytes of heap per request. */
  readonly heap: number;
  /** Bytes outside the heap per request: `external` and, as a part of it, `arrayBuffers`. */
  readonly external: number;
  readonly arrayBuffers: number;
  /** Timers that live in the process. */
  readonly timers: number;
  /** Milliseconds from the first abort until the last promise has settled. */
  readonly cancel?: number | undefined;
  /** Requests that the abort did not settle; then there is no `cancel`. */
  readonly unsettled: number;
  /** Bytes of heap left per request after all is over. */
  readonly leftover?: number | undefined;
}

/** A process that was ended because it took too long. */
export interface Capped extends Pick<Waiting, 'contestant' | 'count' | 'signals'> {
  /** Seconds it was given. */
  readonly cap: number;
}

export interface Import {
  readonly contestant: string;
  /** Milliseconds. */
  readonly took: number;
}

export interface Size {
  readonly contestant: string;
  /** Bytes. */
  readonly minified: number;
  readonly gzipped: number;
}

/** Our own waits by themselves; nanoseconds for each. */
export interface EngineCost {
  readonly count: number;
  readonly begin: number;
  readonly due: number;
  readonly cancel: number;
}

/** Our own requests that fail once, wait, and succeed; microseconds for each. */
export interface RequestCost {
  readonly count: number;
  /** Sent, failed, and put to wait. */
  readonly fail: number;
  /** Due, sent again, and settled. */
  readonly succeed: number;
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  readonly os: string;
}

/** Everything a run measured; tables, documents and the chart are made from this alone. */
export interface Results {
  readonly scale: 'quick' | 'full';
  /** The day, as 2030-01-31. */
  readonly date: string;
  /** Seconds the run took. */
  readonly seconds: number;
  readonly machine: Machine;
  /** By package name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly happy: readonly Comparison[];
  readonly retry: readonly RetryComparison[];
  readonly waiting: readonly (Waiting | Capped)[];
  readonly imports: readonly Import[];
  readonly sizes: readonly Size[];
  readonly engine: readonly EngineCost[];
  readonly requests: readonly RequestCost[];
}

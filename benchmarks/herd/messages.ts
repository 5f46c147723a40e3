/** What the processes of a race tell each other. */

/** To a server: its limit, by name. */
export interface ServerJob {
  readonly limit: string;
}
export interface ServerReady {
  readonly kind: 'listening';
  readonly port: number;
}

/** What a server has counted in each second since its first request. */
export interface ServerReport {
  readonly kind: 'served';
  readonly sends: readonly number[];
  readonly successes: readonly number[];
}

/** To a client. */
export interface ClientJob {
  readonly contestant: string;
  readonly url: string;
  readonly requests: number;
  readonly redisPort: number | undefined;
}
export interface ClientReady {
  readonly kind: 'ready';
}

export interface ClientReport {
  readonly kind: 'done';
  /** Milliseconds from the call to its answer, of each that succeeded. */
  readonly latencies: readonly number[];
  /** By what they failed with. */
  readonly failures: Readonly<Record<string, number>>;
  /** Milliseconds from the start until the last success. */
  readonly took: number;
}

/** What a process may be told after its job: to begin, or to say what it has counted. */
export type Order = 'go' | 'report';

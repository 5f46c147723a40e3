// The contenders by name, and what a race has to know of them before it starts one.

export type PeerName =
  | 'gate'
  | 'gate+quotas'
  | 'gate+maxRate'
  | 'redis-gate'
  | 'redis-gate+quotas'
  | 'redis-gate+maxRate'
  | 'no-gate'
  | 'no-gate-unlimited'
  | 'axios-retry'
  | 'axios-retry-exponential'
  | 'retry-axios'
  | 'bottleneck'
  | 'bottleneck-redis'
  | 'axios-rate-limit'
  | 'p-queue';

export interface Traits {
  /** Its processes share a Redis; one process has nothing to share. */
  readonly usesRedis?: boolean;
  /** It reads the quota that a server tells, and is tested only where there is one. */
  readonly readsQuota?: boolean;
}

/** In the order of the tables. */
export const traits: Readonly<Record<PeerName, Traits>> = {
  gate: {},
  'gate+quotas': { readsQuota: true },
  'gate+maxRate': {},
  'redis-gate': { usesRedis: true },
  'redis-gate+quotas': { usesRedis: true, readsQuota: true },
  'redis-gate+maxRate': { usesRedis: true },
  'no-gate': {},
  'no-gate-unlimited': {},
  'axios-retry': {},
  'axios-retry-exponential': {},
  'retry-axios': {},
  bottleneck: {},
  'bottleneck-redis': { usesRedis: true },
  'axios-rate-limit': {},
  'p-queue': {},
};

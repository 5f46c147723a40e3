// To be removed after the merge of quotas and hints: import these from built.ts, with their own types.
import * as built from '../built.js';
import type { KnownRate } from './known-rate.js';

interface UpcomingOptions {
  readonly quotas?: readonly unknown[];
  readonly maxRate?: KnownRate;
}
type Gate = ReturnType<typeof built.createGate>;
type RedisClient = Parameters<typeof built.createRedisGate>[0];

export const createGate = built.createGate as (options?: UpcomingOptions) => Gate;
export const createRedisGate = built.createRedisGate as (
  client: RedisClient,
  options?: UpcomingOptions,
) => Gate;

/** `rateLimitFields()` of `axios-status-retry/hints`. */
export async function rateLimitFields(): Promise<unknown> {
  const hints = await import(new URL('../../dist/esm/hints/index.js', import.meta.url).href);
  return hints.rateLimitFields();
}

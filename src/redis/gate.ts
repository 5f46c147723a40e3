// The gate of `createGate`, shared by processes over one Redis.
import type { RetryGate } from '../core/extensions.js';
import { LimiterGroup } from '../gate/limiter-group.js';
import type { IoredisClient, NodeRedisClient } from './client.js';
import { bindScript } from './client.js';
import { RedisConnection, RedisKey } from './connection.js';
import type { RedisGateOptions } from './options.js';
import { readRedisGateOptions } from './options.js';
import { SCRIPT } from './script.js';
import { SharedRate } from './shared-rate.js';

/** A gate that processes share. */
export interface RedisGate extends RetryGate {
  /**
   * `'local'` while Redis is unavailable and each process limits its own requests: from the first failure of
   * a key until Redis has worked for any key.
   */
  readonly mode: 'shared' | 'local';
}

/**
 * Creates the gate of `createGate`, shared by every process that uses the same Redis and `prefix`: when a
 * key is closed, who probes it, and its rate. A key that was never throttled costs no command.
 *
 * While Redis is unavailable, for one key or for all, each process goes on by itself; no request fails for that.
 *
 * @param client - Of ioredis (5 or later) or node-redis (4 or later), also for a cluster. You connect and
 *   close it.
 * @param options - All are optional.
 * @throws {TypeError} When the client is of another kind, or an option is unknown or of a wrong kind.
 * @throws {RangeError} When an option is out of range.
 */
export function createRedisGate(
  client: IoredisClient | NodeRedisClient,
  options: RedisGateOptions = {},
): RedisGate {
  const runScript = bindScript(client, SCRIPT);
  const settings = readRedisGateOptions(options);
  const { prefix, commandTimeout, onError } = settings;
  const connection = new RedisConnection(runScript, commandTimeout, onError);
  const gate = new LimiterGroup(settings, (key, timers, onChange) => {
    // In a cluster, the braces keep everything that the script touches on one node.
    const redisKey = new RedisKey(`${prefix}:{${key}}`, connection, timers);
    return new SharedRate(redisKey, timers, onChange);
  });
  return Object.defineProperty(gate, 'mode', { get: () => connection.mode }) as LimiterGroup &
    RedisGate;
}

// The gate of `createGate`, shared by processes over one Redis.
import type { RetryGate } from '../core/extensions.js';
import { LimiterGroup } from '../gate/limiter-group.js';
import type { GateOptions } from '../gate/options.js';
import { readGateOptions } from '../gate/options.js';
import { A_FUNCTION, A_STRING, number } from '../util/validate.js';
import type { IoredisClient, NodeRedisClient } from './client.js';
import { bindScript } from './client.js';
import { RedisConnection } from './connection.js';
import { SCRIPT } from './script.js';
import { SharedRate } from './shared-rate.js';

/** Options of `createRedisGate`, beside those of `createGate`. */
export interface RedisGateOptions extends GateOptions {
  /**
   * What the gate's keys in Redis begin with.
   *
   * @defaultValue 'axios-status-retry:gate'
   */
  readonly prefix?: string | undefined;
  /**
   * If Redis takes longer than this to answer, in milliseconds, it counts as unavailable.
   *
   * @defaultValue 500
   */
  readonly commandTimeout?: number | undefined;
  /**
   * Called with the error once each time that Redis becomes unavailable.
   *
   * @defaultValue none
   */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A gate that processes share. */
export interface RedisGate extends RetryGate {
  /** `'local'` while Redis is unavailable and each process limits its own requests. */
  readonly mode: 'shared' | 'local';
}

const RULES = {
  prefix: A_STRING,
  commandTimeout: number('milliseconds, above 0', (value) => value > 0),
  onError: A_FUNCTION,
};

const DEFAULTS = {
  prefix: 'axios-status-retry:gate',
  commandTimeout: 500,
  onError: (_error: unknown): void => {},
};

/**
 * Creates the gate of `createGate`, shared by every process that uses the same Redis and `prefix`: when a
 * key is closed, who probes it, and its rate. A key that was never throttled costs no command.
 *
 * While Redis is unavailable, each process goes on by itself; no request fails for that.
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
  const settings = readGateOptions('createRedisGate', options, RULES, DEFAULTS);
  const { prefix, commandTimeout, onError } = settings;
  const connection = new RedisConnection(runScript, commandTimeout, onError);
  const gate = new LimiterGroup(settings, (key, timers, onChange) => {
    // In a cluster, the braces keep everything that the script touches on one node.
    return new SharedRate(`${prefix}:{${key}}`, connection, timers, onChange);
  });
  return Object.defineProperty(gate, 'mode', { get: () => connection.mode }) as LimiterGroup &
    RedisGate;
}

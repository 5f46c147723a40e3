import type { RetryGate } from '../core/extensions.js';
import { LimiterGroup } from '../gate/limiter-group.js';
import type { GateOptions } from '../gate/options.js';
import { readGateOptions } from '../gate/options.js';
import { invalidArgument } from '../util/validate.js';
import type { IoredisClient, NodeRedisClient } from './client.js';
import { bindScript } from './client.js';
import { RedisConnection } from './connection.js';
import { SCRIPT } from './script.js';
import { SharedRate } from './shared-rate.js';

/** Options of `createRedisGate`, beside those of `createGate`. */
export interface RedisGateOptions extends GateOptions {
  /** What its keys in Redis begin with. Default: `'axios-status-retry:gate'`. */
  readonly prefix?: string | undefined;
  /** Milliseconds that Redis may take to answer before it counts as away. Default: 500. */
  readonly commandTimeout?: number | undefined;
  /** Told once each time Redis goes away, with what was wrong. Default: nobody is told. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A gate that processes share. */
export interface RedisGate extends RetryGate {
  /** `'local'` while Redis is away and each process goes on by itself. */
  readonly mode: 'shared' | 'local';
}

/**
 * The gate of `createGate`, shared by every process that uses the same Redis and `prefix`: when a key
 * is closed, who probes it, and how fast it is sent to. A key that was never refused asks Redis nothing.
 *
 * While Redis does not answer, each process goes on with a gate of its own; no request fails for it.
 *
 * @param client - Of ioredis (5 or later) or node-redis (4 or later), a cluster too; connecting and
 *   closing it is yours.
 * @throws {TypeError} When the client is none of these, or an option is of a wrong kind or unknown.
 * @throws {RangeError} When an option has a value it does not take.
 */
export function createRedisGate(
  client: IoredisClient | NodeRedisClient,
  options: RedisGateOptions = {},
): RedisGate {
  const owner = 'createRedisGate';
  const run = bindScript(client, SCRIPT);
  const settings = readGateOptions(owner, options, ['prefix', 'commandTimeout', 'onError']);
  const { prefix = 'axios-status-retry:gate', commandTimeout = 500, onError = () => {} } = options;
  if (typeof prefix !== 'string')
    throw invalidArgument(`${owner}: option "prefix"`, 'a string', prefix);
  if (typeof onError !== 'function')
    throw invalidArgument(`${owner}: option "onError"`, 'a function', onError);
  const what = `${owner}: option "commandTimeout"`;
  const takes = 'milliseconds, above 0';
  if (typeof commandTimeout !== 'number') throw invalidArgument(what, takes, commandTimeout);
  if (!(commandTimeout > 0)) throw invalidArgument(what, takes, commandTimeout, RangeError);

  const link = new RedisConnection(run, commandTimeout, onError);
  const gate = new LimiterGroup(settings, (name, alarms, changed) => {
    // The braces make a cluster keep all that a script touches on one node.
    return new SharedRate(`${prefix}:{${name}}`, link, alarms, changed);
  });
  return Object.defineProperty(gate, 'mode', { get: () => link.mode }) as LimiterGroup & RedisGate;
}

// The gate of `createGate`, shared by processes over one Redis.
import type { Gate } from '../gate/inspect.js';
import { LimiterGroup } from '../gate/limiter-group.js';
import type { IoredisClient, NodeRedisClient } from './client.js';
import { bindScript } from './client.js';
import { RedisConnection, RedisKey } from './connection.js';
import { Listener } from './listener.js';
import type { RedisGateOptions } from './options.js';
import { readRedisGateOptions } from './options.js';
import { SCRIPT } from './script.js';
import { SharedAdmission } from './shared-admission.js';

/** A gate that processes share. */
export interface RedisGate extends Gate {
  /**
   * `'local'` while Redis is unavailable and each process limits its own requests: from the first failure of
   * a key until Redis has worked for any key.
   */
  readonly mode: 'shared' | 'local';
  /**
   * Ends the connection that listens to the other processes. The gate works on, but hears what they learn
   * only when it asks.
   */
  close(): Promise<void>;
}

/**
 * Creates the gate of `createGate`, shared by every process that uses the same Redis and `prefix`: when a
 * key is closed, who probes it, its rate, its quotas and its start window. What one process learns the others
 * hear at once, over a connection that the gate makes with `client.duplicate()`.
 *
 * The first request of a process to a key asks Redis; later ones wait for no answer while the key is open and
 * was never throttled. While Redis is unavailable, for one key or for all, each process goes on by itself; no
 * request fails for that.
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
  const listener = new Listener(client, `${prefix}:news`, {
    onNews(redisKey, news) {
      // ioredis may put a prefix of its own before the name.
      const name = redisKey.slice(redisKey.indexOf(`${prefix}:{`));
      group.admissionOf(name.slice(prefix.length + 2, -1))?.onNews(news);
    },
    onListening() {
      for (const admission of group.admissions) admission.refresh();
    },
    onRefused: onError,
  });
  const connection = new RedisConnection(runScript, commandTimeout, onError, listener);
  const group = new LimiterGroup(settings, (key, timers, onChange) => {
    // In a cluster, the braces keep everything that the script touches on one node.
    const redisKey = new RedisKey(`${prefix}:{${key}}`, connection, timers);
    return new SharedAdmission(redisKey, timers, settings, onChange);
  });
  return Object.defineProperties(group, {
    mode: { get: () => connection.mode },
    close: { value: () => listener.close() },
  }) as LimiterGroup<SharedAdmission> & RedisGate;
}

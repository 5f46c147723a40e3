/**
 * The entry `axios-status-retry/redis`: one gate for many processes, over Redis.
 *
 * @module redis
 */
export type { IoredisClient, NodeRedisClient } from './client.js';
export type { RedisGate } from './gate.js';
export { createRedisGate } from './gate.js';
export type { RedisGateOptions } from './options.js';

// A user's strict code, with every name of the entry; the clients are stand-ins with the shape of theirs.
import axios from 'axios';
import { attachRetry } from 'axios-status-retry';
import type {
  IoredisClient,
  NodeRedisClient,
  RedisGate,
  RedisGateOptions,
} from 'axios-status-retry/redis';
import { createRedisGate } from 'axios-status-retry/redis';

declare const ioredis: IoredisClient;
declare const nodeRedis: NodeRedisClient;

const options: RedisGateOptions = {
  initialConcurrency: 8,
  prefix: 'my-app:gate',
  commandTimeout: 200,
  onError: (error) => console.error(error),
};
const gate: RedisGate = createRedisGate(ioredis, options);
attachRetry(axios, { gate });
export const gates: readonly RedisGate[] = [gate, createRedisGate(nodeRedis)];
export const mode: 'shared' | 'local' = gate.mode;
export const ended: Promise<void> = gate.close();
export const keys: readonly string[] = gate.inspect().map(({ key }) => key);
// @ts-expect-error it is no client
createRedisGate('redis://localhost');

// How do the processes of a fleet keep within one rate limit, also while Redis is away?
// Run: npx tsx examples/redis-fleet.ts (with a redis-server installed, or with REDIS_URL)
import cluster from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';
import { Redis } from 'ioredis';
// In your project: from 'axios-status-retry' and 'axios-status-retry/redis'.
import { attachRetry } from '../src/index.js';
import { createRedisGate } from '../src/redis/index.js';
import { readArguments } from './demo/arguments.js';
import { Fleet, tell, told } from './demo/fleet.js';
import { Progress } from './demo/progress.js';
import { OwnRedis } from './demo/redis.js';
import { startService, tokenBucket } from './demo/service.js';
import { paint } from './demo/terminal.js';

const usage = 'Usage: npx tsx examples/redis-fleet.ts [--requests 800]';
const { requests } = readArguments(usage, 800);

const WORKERS = 4;
// The service takes 100 requests a second, 10 of them at once; all others get 429, Retry-After: 1.
const RATE = 100;
const BURST = 10;
/** Redis is killed when so much of the work is done, and is away for so long (ms). */
const KILLED_AT = 0.4;
const AWAY = 2500;

if (cluster.isPrimary) await lead();
else await work();

/** A process of the fleet: sends its share of the requests, all at once. */
async function work(): Promise<void> {
  const { REDIS_URL = '', SERVICE_URL = '', REQUESTS } = process.env;

  // This is all there is to it: each process has a gate, and the gates have a Redis.
  const redis = new Redis(REDIS_URL);
  redis.on('error', () => {}); // The gate tells when it matters.
  const gate = createRedisGate(redis, {
    onError: (error) => tell((error as Error).message),
    initialConcurrency: 32 / WORKERS, // What each sends at once as long as nothing was refused.
  });
  const api = axios.create({ baseURL: SERVICE_URL, timeout: 5000, proxy: false });
  attachRetry(api, { gate });

  let done = 0;
  let failed = 0;
  const send = async (id: number): Promise<void> => {
    try {
      await api.get(`/items/${id}`);
      done += 1;
    } catch {
      failed += 1;
    }
  };
  const report = (): void => tell({ done, failed, mode: gate.mode });

  report();
  await told();
  const timer = setInterval(report, 100);
  await Promise.all(Array.from({ length: Number(REQUESTS) }, (_, id) => send(id)));
  clearInterval(timer);
  report();
  redis.disconnect();
  process.disconnect();
}

/** The process that starts the others, and shows how they do. */
async function lead(): Promise<void> {
  // What ends this process ends the others and Redis too.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
  const { REDIS_URL } = process.env;
  const orSet = 'Or set REDIS_URL to that of a running one.';
  const redis = REDIS_URL ? undefined : await OwnRedis.startOrExit(orSet);
  const service = await startService(tokenBucket(RATE, BURST));
  const shares = Array.from({ length: WORKERS }, (_, i) => Math.floor((requests + i) / WORKERS));
  const fleet = await Fleet.start(
    shares.map((share) => ({
      REDIS_URL: redis?.url ?? REDIS_URL,
      SERVICE_URL: service.url,
      REQUESTS: `${share}`,
    })),
  );

  const title = `${requests} requests at once by processes #1 to #${WORKERS}, ${RATE} a second are taken`;
  console.log(paint('bold', title));
  const columns = [...shares.map((_, i) => `  #${i + 1}`), 'sends', 'refused', '   gate'];
  const row = () => [
    ...fleet.reports.map(({ done }) => done),
    service.sends,
    service.refused,
    fleet.mode,
  ];
  const progress = new Progress(columns, row, service);
  fleet.onTrouble = (trouble, i) => progress.note(`#${i}, onError: ${trouble}`);
  if (redis) void interrupt(redis, fleet, progress);
  await fleet.run();
  progress.end(fleet.done, requests, (requests - BURST) / RATE);
  await redis?.kill();
  process.exit(fleet.done === requests ? 0 : 1);
}

/** Kills Redis midway, and starts it again. */
async function interrupt(redis: OwnRedis, fleet: Fleet, progress: Progress): Promise<void> {
  while (fleet.done < requests * KILLED_AT) await sleep(20);
  progress.note('Redis is killed; each process goes on from the pace that it had');
  await redis.kill();
  await sleep(AWAY);
  await redis.start();
  progress.note('Redis is started again, empty');
}

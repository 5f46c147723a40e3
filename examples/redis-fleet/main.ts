// How do several processes share one rate limit, even while Redis is away? See worker.ts for the code to copy.
// Run: npx tsx examples/redis-fleet/main.ts (needs redis-server, or a running Redis at REDIS_URL)
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startServer } from '../../__tests__/support/scripted-server.js';
import { readArguments } from '../support/arguments.js';
import { Progress } from '../support/progress.js';
import { rateLimit } from '../support/rate-limit.js';
import { startRedis } from '../support/redis.js';
import { paint } from '../support/terminal.js';
import type { Report } from './worker.js';

const usage = 'Usage: npx tsx examples/redis-fleet/main.ts [--requests 800]';
const { number: requests } = readArguments(usage, ['requests', 800]);

const FLEET_SIZE = 4;
// The service accepts 100 requests a second, 10 of them at once. The others get 429, Retry-After: 1.
const RATE = 100;
const BURST = 10;
/** Redis is killed when this share of the work is done, and stays away for so long. */
const KILLED_AT = 0.4;
const AWAY_MS = 2500;

// The exit handlers kill Redis and the workers.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

const given = process.env.REDIS_URL;
const redis = given ? undefined : await startRedis('Or set REDIS_URL to a running Redis.');
const { answer, counts } = rateLimit(RATE, BURST);
const service = await startServer(answer);

const reports: Report[] = [];
let onError = (_message: string): void => {};
const workers = Array.from({ length: FLEET_SIZE }, (_, i) => {
  const worker = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), {
    env: {
      ...process.env,
      REDIS_URL: redis?.url ?? given,
      SERVICE_URL: service.url,
      REQUESTS: `${Math.floor((requests + i) / FLEET_SIZE)}`,
      FLEET_SIZE: `${FLEET_SIZE}`,
    },
  });
  process.once('exit', () => worker.kill('SIGKILL'));
  worker.once('exit', (code) => code !== 0 && process.exit(1));
  worker.on('message', (message: Report | string) => {
    if (typeof message === 'string') onError(`#${i + 1}, onError: ${message}`);
    else reports[i] = message;
  });
  return worker;
});
const ended = Promise.all(workers.map((worker) => once(worker, 'exit')));
await Promise.all(workers.map((worker) => once(worker, 'message')));

const done = (): number => reports.reduce((sum, report) => sum + report.done, 0);
const mode = (): string => {
  const local = reports.filter((report) => report.mode === 'local').length;
  if (local === 0) return 'shared';
  return local === FLEET_SIZE ? 'local' : `${local} local`;
};

const fleet = `${FLEET_SIZE} processes`;
console.log(
  paint(
    'bold',
    `${requests} requests at once from ${fleet} to a service that accepts ${RATE} a second`,
  ),
);
const columns = [...workers.map((_, i) => `  #${i + 1}`), 'sends', 'refused', '   gate'];
const row = () => [...reports.map(({ done }) => done), counts.sends, counts.refused, mode()];
const progress = new Progress(columns, row, counts);
onError = (message) => progress.note(message);
for (const worker of workers) worker.send('start');

if (redis) void killAndRestart(redis);
await ended;
progress.end(done(), requests, (requests - BURST) / RATE);
await redis?.kill();
process.exit(done() === requests ? 0 : 1);

async function killAndRestart(redis: { kill(): Promise<void>; start(): Promise<void> }) {
  while (done() < requests * KILLED_AT) await sleep(20);
  progress.note('Redis is killed. Each process goes on at the rate it had.');
  await redis.kill();
  await sleep(AWAY_MS);
  await redis.start();
  progress.note('Redis is back, without its data.');
}

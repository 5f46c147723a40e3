// How does a backend stop within a second and lose no request, though some wait for hours?
// Run: npx tsx examples/graceful-shutdown.ts (with a redis-server installed)
// The backend, to be copied, is examples/demo/backend.ts. This starts it, stops it and starts it again.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Queue } from 'bullmq';
// In your project: from 'axios-status-retry/deferral'.
import type { RetryTicket } from '../src/deferral/index.js';
import type { Reply, Send } from './demo/orders.js';
import { startOrders } from './demo/orders.js';
import { OwnRedis } from './demo/redis.js';
import { paint } from './demo/terminal.js';
import { duration, pad } from './demo/timeline.js';

const BACKEND = fileURLToPath(new URL('./demo/backend.ts', import.meta.url));
/** The backend's first backoff (ms). */
const BACKOFF = 2000;
/** Nothing here takes longer (ms): better a clear end than a program that hangs. */
const PATIENCE = 60_000;

// What ends this process ends the backend and Redis too.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
setTimeout(() => {
  console.error(`Not over after ${PATIENCE / 1000} s: something is wrong.`);
  process.exit(1);
}, PATIENCE).unref();

let stopping = (): void => {};
const stopped = new Promise<void>((resolve) => {
  stopping = resolve;
});
/** What the service says to each order, send by send; 200 after that. */
const replies: Readonly<Record<string, readonly Reply[]>> = {
  tea: [{ status: 503 }],
  milk: [
    { status: 429, retryAfter: 5 },
    { status: 429, retryAfter: 1 },
  ],
  salt: [{ status: 529, retryAfter: 3 * 3600 }],
  // In flight when the backend is stopped: answered in time, refused in time, not answered.
  rice: [{ status: 200, after: stopped.then(() => sleep(150)) }],
  fish: [{ status: 503, retryAfter: 4, after: stopped.then(() => sleep(250)) }],
  corn: [{ status: 200, after: new Promise(() => {}) }],
};
const orders = Object.keys(replies);
const problems: string[] = [];

const redis = await OwnRedis.startOrExit();
const service = await startOrders(replies);
const queue = new Queue<RetryTicket>('retries', { connection: { url: redis.url } });

const startedAt = Date.now();
const first = start('backend 1', orders);
await until(() => orders.every((order) => sendsOf(order).length > 0));
await until(async () => (await queue.getDelayedCount()) > 0);
await sleep(300);
stopping();
await stop(first);
await sleep(100);

const second = start('backend 2', []);
await until(() => orders.every((order) => order === 'salt' || sendsOf(order).some(isAnswer)));
await sleep(100);
await stop(second);

const left = await queue.getDelayed();
await queue.close();
await redis.kill();
service.close();

console.log(`\n${paint('bold', 'order  sends  keys  answered  what the service saw of it')}`);
for (const order of orders) {
  const sends = sendsOf(order);
  const keys = new Set(sends.map(({ key }) => key)).size;
  const answers = sends.filter(isAnswer).length;
  const isLeft = left.some(({ data }) => data.url.endsWith(`/${order}`));
  const counts = `${sends.length}`.padStart(5) + `${keys}`.padStart(6) + `${answers}`.padStart(10);
  console.log(`${pad(order, 5)}  ${counts}  ${timeline(order)}${isLeft ? ', on the queue' : ''}`);
  if (keys !== 1) problems.push(`${order} has ${keys} keys`);
  if (answers !== (isLeft ? 0 : 1)) problems.push(`${order} was answered ${answers} times`);
}
const isRight = problems.length === 0;
const verdict = isRight
  ? paint('green', 'None was lost, sent before its time, or answered twice; each kept its key.')
  : paint('red', `${problems.join('; ')}.`);
console.log(`\n${verdict}`);
process.exit(isRight ? 0 : 1);

function say(who: string, text: string): void {
  const time = ((Date.now() - startedAt) / 1000).toFixed(1).padStart(4);
  console.log(`${time} s  ${pad(who, 9)}  ${text}`);
}

/** Starts a backend that makes these orders. What it logs is shown. */
function start(name: string, made: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [...process.execArgv, BACKEND, ...made], {
    env: { ...process.env, API_URL: service.url, REDIS_URL: redis.url },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  createInterface(child.stdout as NodeJS.ReadableStream).on('line', (line) => {
    say(name, line.replace('/orders/', ''));
  });
  say(name, paint('bold', made.length > 0 ? `starts, with ${made.length} orders` : 'starts'));
  return child;
}

/** Stops a backend as a platform does, and shows what is on the queue then. */
async function stop(backend: ChildProcess): Promise<void> {
  say('', paint('bold', 'SIGTERM'));
  const at = Date.now();
  const closed = once(backend, 'close');
  backend.kill('SIGTERM');
  const [code] = await once(backend, 'exit');
  const took = Date.now() - at;
  await closed;
  say('', paint('bold', `exit code ${code} after ${(took / 1000).toFixed(2)} s; on the queue are`));
  if (code !== 0) problems.push(`the backend’s exit code was ${code}`);
  const tickets = (await queue.getDelayed()).map(({ data }) => data);
  for (const { url, retries, notBefore } of tickets.sort((a, b) => a.notBefore - b.notBefore)) {
    const order = pad(url.slice(url.lastIndexOf('/') + 1), 4);
    say('', `  ${order}  retry ${retries + 1} in ${inSeconds(notBefore - at - took)}`);
  }
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(20);
}

function sendsOf(order: string): readonly Send[] {
  return service.sends.get(order) ?? [];
}

function isAnswer({ status }: Send): boolean {
  return status === 200;
}

/** What was said to each send, and the time between them: `429 ─4.0 s─ 200`. */
function timeline(order: string): string {
  const pieces = sendsOf(order).map(({ at, status, isKnown }, i, sends) => {
    const style = status === 200 ? 'green' : 'red';
    const said = paint(style, `${status}${isKnown ? ' (known by its key)' : ''}`);
    const next = sends[i + 1];
    const { retryAfter = 0 } = replies[order]?.[i] ?? {};
    const least = Math.max(retryAfter * 1000, status === 429 || status === 529 ? 0 : BACKOFF);
    if (next && next.at - at < least) problems.push(`${order} was sent before its time`);
    return next ? `${said} ${paint('yellow', `─${inSeconds(next.at - at)}─`)} ` : said;
  });
  return pieces.join('');
}

function inSeconds(ms: number): string {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : duration(ms);
}

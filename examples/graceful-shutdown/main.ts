// How does a backend stop within a second and lose no request, though some wait for hours?
// Run: npx tsx examples/graceful-shutdown/main.ts (needs redis-server). It starts backend.ts, which is the code
// to copy, stops it and starts it again.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Queue } from 'bullmq';
// In your project, import this from 'axios-status-retry/deferral'.
import type { RetryTicket } from '../../src/deferral/index.js';
import type { OrderReply, Send } from '../support/orders.js';
import { startOrders } from '../support/orders.js';
import { startRedis } from '../support/redis.js';
import { duration, pad, paint } from '../support/terminal.js';

const BACKEND = fileURLToPath(new URL('./backend.ts', import.meta.url));
/** The backend's first backoff. */
const BACKOFF_MS = 2000;
/** The example takes about ten seconds, and fails after this time. */
const TIMEOUT_MS = 60_000;

// The exit handlers kill the backend and Redis.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
setTimeout(() => {
  console.error(`Not finished after ${TIMEOUT_MS / 1000} s.`);
  process.exit(1);
}, TIMEOUT_MS).unref();

const stopping = new AbortController();
const stopped = once(stopping.signal, 'abort');
/** The service's answers to each order, one per send; 200 after that. */
const replies: Readonly<Record<string, readonly OrderReply[]>> = {
  tea: [{ status: 503 }],
  milk: [
    { status: 429, retryAfter: 5 },
    { status: 429, retryAfter: 1 },
  ],
  salt: [{ status: 529, retryAfter: 3 * 3600 }],
  // In flight when the backend is stopped: accepted in time, refused in time, not answered.
  rice: [{ status: 200, after: stopped.then(() => sleep(150)) }],
  fish: [{ status: 503, retryAfter: 4, after: stopped.then(() => sleep(250)) }],
  corn: [{ status: 200, after: new Promise(() => {}) }],
};
const orders = Object.keys(replies);
const problems: string[] = [];

const redis = await startRedis();
const service = await startOrders(replies);
const queue = new Queue<RetryTicket>('retries', { connection: { url: redis.url } });
const startedAt = Date.now();

const first = start('backend 1', orders);
await until(() => orders.every((order) => service.sendsOf(order).length > 0));
await until(async () => (await queue.getDelayedCount()) > 0);
await sleep(300);
stopping.abort();
await stop(first);

const second = start('backend 2', []);
const isAccepted = (order: string) => service.sendsOf(order).some(({ status }) => status === 200);
await until(() => orders.every((order) => order === 'salt' || isAccepted(order)));
await sleep(100);
await stop(second);

const left = await queue.getDelayed();
await queue.close();
await redis.kill();
await service.close();

console.log(`\n${paint('bold', 'order  sends  keys  accepted  seen by the service')}`);
for (const order of orders) {
  const sends = service.sendsOf(order);
  const keys = new Set(sends.map(({ key }) => key)).size;
  const accepted = sends.filter(({ status }) => status === 200).length;
  const isQueued = left.some(({ data }) => data.url.endsWith(`/${order}`));
  const counts = `${sends.length}`.padStart(5) + `${keys}`.padStart(6) + `${accepted}`.padStart(10);
  console.log(
    `${pad(order, 5)}  ${counts}  ${timeline(order, sends)}${isQueued ? ', queued' : ''}`,
  );
  if (keys !== 1) problems.push(`${order} has ${keys} keys`);
  if (accepted !== (isQueued ? 0 : 1)) problems.push(`${order} was accepted ${accepted} times`);
}
const verdict =
  problems.length === 0
    ? paint('green', 'No order was lost, sent too early or accepted twice, and each kept its key.')
    : paint('red', `${problems.join('; ')}.`);
console.log(`\n${verdict}`);
process.exit(problems.length === 0 ? 0 : 1);

function print(who: string, text: string): void {
  const time = ((Date.now() - startedAt) / 1000).toFixed(1).padStart(4);
  console.log(`${time} s  ${pad(who, 9)}  ${text}`);
}

/** Starts a backend that sends these orders, and shows what it logs. */
function start(name: string, orders: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [...process.execArgv, BACKEND, ...orders], {
    env: { ...process.env, API_URL: service.url, REDIS_URL: redis.url },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  createInterface(child.stdout as NodeJS.ReadableStream).on('line', (line) => {
    print(name, line.replace('/orders/', ''));
  });
  print(name, paint('bold', orders.length > 0 ? `starts with ${orders.length} orders` : 'starts'));
  return child;
}

/** Stops a backend as a platform does, and shows the queue. */
async function stop(backend: ChildProcess): Promise<void> {
  print('', paint('bold', 'SIGTERM'));
  const at = Date.now();
  const closed = once(backend, 'close');
  backend.kill('SIGTERM');
  const [code] = await once(backend, 'exit');
  const took = Date.now() - at;
  await closed;
  print('', paint('bold', `exit code ${code} after ${(took / 1000).toFixed(2)} s; queued:`));
  if (code !== 0) problems.push(`the backend’s exit code was ${code}`);
  const tickets = (await queue.getDelayed()).map(({ data }) => data);
  for (const { url, retries, notBefore } of tickets.sort((a, b) => a.notBefore - b.notBefore)) {
    const order = pad(url.slice(url.lastIndexOf('/') + 1), 4);
    print('', `  ${order}  retry ${retries + 1} in ${inSeconds(notBefore - at - took)}`);
  }
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await sleep(20);
}

/** The answers to an order and the time between its sends: `429 ─4.0 s─ 200`. */
function timeline(order: string, sends: readonly Send[]): string {
  const pieces = sends.map(({ at, status, isKnown }, i) => {
    const style = status === 200 ? 'green' : 'red';
    const answer = paint(style, `${status}${isKnown ? ' (recognised by its key)' : ''}`);
    const next = sends[i + 1];
    if (next === undefined) return answer;
    const { retryAfter = 0 } = replies[order]?.[i] ?? {};
    const backoff = status === 429 || status === 529 ? 0 : BACKOFF_MS;
    const wait = next.at - at;
    if (wait < Math.max(retryAfter * 1000, backoff)) problems.push(`${order} was sent too early`);
    return `${answer} ${paint('yellow', `─${inSeconds(wait)}─`)} `;
  });
  return pieces.join('');
}

function inSeconds(ms: number): string {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : duration(ms);
}

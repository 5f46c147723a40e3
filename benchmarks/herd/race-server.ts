// The server process of a race: rate-limited, and counts the requests it receives.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LimitName } from './limits.js';
import { limits } from './limits.js';

export interface ServerReport {
  /** Requests received, and accepted, in each second since the first. */
  readonly sends: readonly number[];
  readonly successes: readonly number[];
}

/** Keeps sockets open during every Retry-After. */
const KEEP_ALIVE_MS = 300_000;
/** A herd opens all its connections at once. */
const BACKLOG = 4096;

const limit = limits[process.argv[2] as LimitName].create();
const sends: number[] = [];
const successes: number[] = [];
let firstAt: number | undefined;

const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (_, response) => {
  const now = performance.now();
  firstAt ??= now;
  const second = Math.floor((now - firstAt) / 1000);
  const retryAfterMs = limit.answer(now);
  sends[second] = (sends[second] ?? 0) + 1;
  if (retryAfterMs === 0) {
    successes[second] = (successes[second] ?? 0) + 1;
    response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
  } else response.writeHead(429, { 'retry-after': String(retryAfterMs / 1000) }).end();
});

process.once('disconnect', () => process.exit());
process.once('message', () => {
  const everySecond = (counts: number[]) => Array.from(sends, (_, i) => counts[i] ?? 0);
  const report: ServerReport = { sends: everySecond(sends), successes: everySecond(successes) };
  process.send?.(report);
});
server.listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG }, () => {
  process.send?.((server.address() as AddressInfo).port);
});

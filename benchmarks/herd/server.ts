// A process of its own: a rate-limited server that counts what it is sent.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { childPort } from './child-port.js';
import { limitOf } from './limits.js';
import type { ServerJob, ServerReady, ServerReport } from './messages.js';

/** Sockets live on through every Retry-After (ms). */
const KEEP_ALIVE = 300_000;
/** A herd opens all its connections at once. */
const BACKLOG = 4096;

const parent = childPort<ServerJob, ServerReady | ServerReport>();
const { limit } = await parent.job;
const limiter = limitOf(limit).make();
const sends: number[] = [];
const successes: number[] = [];
let begun: number | undefined;

function count(counts: number[], now: number): void {
  const second = Math.floor((now - (begun ?? now)) / 1000);
  counts[second] = (counts[second] ?? 0) + 1;
}

const server = createServer({ keepAliveTimeout: KEEP_ALIVE }, (_, response) => {
  const now = performance.now();
  begun ??= now;
  const retryAfter = limiter.answer(now);
  count(sends, now);
  if (retryAfter === 0) {
    count(successes, now);
    response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
  } else response.writeHead(429, { 'retry-after': String(retryAfter / 1000) }).end();
});

parent.on('report', () => {
  const every = (counts: number[]) =>
    Array.from({ length: sends.length }, (_, i) => counts[i] ?? 0);
  parent.send({ kind: 'served', sends: every(sends), successes: every(successes) });
});
server.listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG }, () => {
  parent.send({ kind: 'listening', port: (server.address() as AddressInfo).port });
});

// The server process of a race: rate-limited, and counts the requests it receives.
import type { RequestListener } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closingHeader, isEarly } from './early-sends.js';
import type { LimitName, ServerLimit } from './limits.js';
import { limits } from './limits.js';
import { quotaServer } from './quota-server.js';

export interface ServerReport {
  /** Requests received, and accepted, in each second since the first. */
  readonly sends: readonly number[];
  readonly successes: readonly number[];
  /** Requests received before the end of a Retry-After that their process had been told. */
  readonly early: number;
}

/** Keeps sockets open during every Retry-After. */
const KEEP_ALIVE_MS = 300_000;
/** A herd opens all its connections at once. */
const BACKLOG = 4096;

const { known, quotaHeaders, create } = limits[process.argv[2] as LimitName];
const respond = quotaHeaders ? quotaServer(known, quotaHeaders) : plainServer(create());
const sends: number[] = [];
const successes: number[] = [];
let early = 0;
let firstAt: number | undefined;

function plainServer(limit: ServerLimit): RequestListener {
  return (_, response) => {
    const retryAfterMs = limit.answer(performance.now());
    if (retryAfterMs === 0) response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
    else {
      const retryAfter = { 'retry-after': String(retryAfterMs / 1000) };
      response.writeHead(429, { ...retryAfter, ...closingHeader(retryAfterMs) }).end();
    }
  };
}

function increment(counts: number[], second: number): void {
  counts[second] = (counts[second] ?? 0) + 1;
}

const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
  const now = performance.now();
  firstAt ??= now;
  const second = Math.floor((now - firstAt) / 1000);
  increment(sends, second);
  if (isEarly(request.headers)) early += 1;
  response.once('finish', () => {
    if (response.statusCode === 200) increment(successes, second);
  });
  respond(request, response);
});

process.once('disconnect', () => process.exit());
process.once('message', () => {
  const everySecond = (counts: number[]) => Array.from(sends, (_, i) => counts[i] ?? 0);
  const report: ServerReport = {
    sends: everySecond(sends),
    successes: everySecond(successes),
    early,
  };
  process.send?.(report);
});
server.listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG }, () => {
  process.send?.((server.address() as AddressInfo).port);
});

// A server with a rate limit, and faults besides: in a process of its own, for the soak over Redis.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closingHeader, isEarly } from '../../benchmarks/herd/early-sends.js';
import { TokenBucket } from '../../benchmarks/herd/limits.js';
import { draw, pick } from './random.js';

export interface FleetServerJob {
  readonly seed: number;
  /** Requests per second. */
  readonly rate: number;
}

/** One request, as the server received it. */
export interface FleetReceived {
  readonly call: string;
  readonly attempt: number;
  readonly key: string | undefined;
  readonly answer: FleetAnswer;
  /** Whether it came before the end of a Retry-After that its process had been told. */
  readonly isEarly: boolean;
}

export type FleetAnswer = 'whole' | 'slow' | '429' | '502' | '503' | 'reset' | 'truncated';

const RETRY_AFTER_MS = 1000;
const BURST = 20;

const { seed, rate }: FleetServerJob = JSON.parse(process.argv[2] ?? '');
const bucket = new TokenBucket(rate, BURST, RETRY_AFTER_MS);
const received: FleetReceived[] = [];

/** Of a request that the limit admits. */
function answerTo(call: string, attempt: number): FleetAnswer {
  return pick(draw(seed, call, attempt), [
    ['whole', 80],
    ['slow', 6],
    ['502', 4],
    ['503', 0.3],
    ['reset', 5],
    ['truncated', 4],
  ] as const);
}

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const call = String(request.headers['x-call']);
  const attempt = Number(request.headers['x-attempt']);
  const key = request.headers['idempotency-key'] as string | undefined;
  const isAdmitted = bucket.answer(performance.now()) === 0;
  const answer = isAdmitted ? answerTo(call, attempt) : '429';
  received.push({ call, attempt, key, answer, isEarly: isEarly(request.headers) });
  request.resume();
  const whole = (): unknown => response.end(JSON.stringify({ call, attempt }));
  if (answer === 'whole') whole();
  else if (answer === 'slow') setTimeout(whole, 50);
  else if (answer === 'reset') request.socket.resetAndDestroy();
  else if (answer === 'truncated') {
    response.writeHead(200, { 'content-length': 1000 });
    response.write('{', () => setTimeout(() => request.socket.destroy(), 2));
  } else if (answer === '429') {
    const headers = {
      'retry-after': String(RETRY_AFTER_MS / 1000),
      ...closingHeader(RETRY_AFTER_MS),
    };
    response.writeHead(429, headers).end();
  } else response.writeHead(Number(answer)).end();
});

process.once('disconnect', () => process.exit());
process.on('message', () => process.send?.(received.splice(0)));
await once(server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }), 'listening');
process.send?.((server.address() as AddressInfo).port);

// The faulty server, in a process of its own. Its argument is a ServerJob, and it answers messages.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { answer, track } from './answers.js';
import { planCall, planFault } from './plan.js';
import type { Ports, Received, Request, Response, ServerJob, ServerReport } from './server-log.js';

/** How long requests may take to end, and connections then (ms). */
const PATIENCE_MS = 5000;

const { seed, transport }: ServerJob = JSON.parse(process.argv[2] ?? '');
let received: Received[] = [];
const open = new Set<Received>();

async function digest(request: Request): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const text = bytes.toString('latin1');
  // Each attempt of a form has a boundary of its own. Axios 1.21 tells a wrong type of it with fetch.
  const boundary = /^--(.+)\r\n/.exec(text)?.[1];
  const body = boundary === undefined ? bytes : text.replaceAll(boundary, 'boundary');
  return `${bytes.length}:${createHash('sha1').update(body).digest('hex')}`;
}

function onRequest(request: Request, response: Response): void {
  const { headers } = request;
  const id = Number(headers['x-call']);
  const attempt = Number(headers['x-attempt']);
  const key = headers['idempotency-key'] as string | undefined;
  const entry: Received = { id, attempt, key, arrivedAt: performance.now() };
  received.push(entry);
  open.add(entry);
  const done = digest(request)
    .then((body) => {
      entry.body = body;
    })
    .catch(() => undefined);
  track({ request, response, entry });
  response.on('error', () => undefined);
  response.once('close', () => {
    open.delete(entry);
  });
  const fault = planFault(seed, transport, planCall(seed, id), attempt);
  // After the body, as a server that answers before reads less of it.
  void done.then(() => {
    entry.answeredAt = performance.now();
    answer(fault, { request, response, entry });
  });
}

async function listen(server: Server): Promise<number> {
  await once(server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }), 'listening');
  return (server.address() as AddressInfo).port;
}

function start(): Server {
  if (transport === 'http2') {
    const server = createHttp2Server({ maxSendHeaderBlockLength: 1_000_000 }, onRequest);
    return server.on('sessionError', () => undefined);
  }
  const server = createServer({ keepAliveTimeout: 60_000 }, onRequest);
  return server.on('clientError', (_error: Error, socket: Socket) => socket.destroy());
}

const server = start();
const sockets = new Set<Socket>();
server.on('connection', (socket: Socket) => {
  sockets.add(socket);
  socket.on('error', () => undefined);
  socket.once('close', () => sockets.delete(socket));
});

const resetting = createTcpServer((socket) => {
  socket.on('error', () => undefined);
  socket.resetAndDestroy();
});

async function waitFor(isOver: () => boolean): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  while (!isOver() && performance.now() < until) await sleep(20);
}

/** The log, once no request is open. */
async function report(): Promise<ServerReport> {
  await waitFor(() => open.size === 0);
  const log = received;
  received = [];
  return { received: log, open: [...open].map(({ id, attempt }) => [id, attempt]) };
}

/** Connections that are open, once none is, or for too long. */
async function countSockets(): Promise<number> {
  await waitFor(() => sockets.size === 0);
  return sockets.size;
}

process.once('disconnect', () => process.exit());
process.on('message', async (question: 'report' | 'sockets') => {
  process.send?.(question === 'report' ? await report() : await countSockets());
});
const ports: Ports = { server: await listen(server), resetting: await listen(resetting) };
process.send?.(ports);

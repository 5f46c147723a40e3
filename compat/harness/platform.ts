import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Answer, Received } from '../suite/environment.js';

interface Script {
  readonly answers: readonly Answer[];
  readonly received: (Received & { left: boolean })[];
}

export interface Platform {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  close(): Promise<void>;
}

/** Whoever asks from a page of another origin may read everything. */
function allow(req: IncomingMessage, res: ServerResponse): void {
  res.setHeader('Access-Control-Allow-Origin', '*');
  res.setHeader('Access-Control-Expose-Headers', '*');
  res.setHeader('Access-Control-Allow-Methods', 'GET, HEAD, POST, PUT, PATCH, DELETE');
  res.setHeader(
    'Access-Control-Allow-Headers',
    req.headers['access-control-request-headers'] ?? '*',
  );
  res.setHeader('Access-Control-Max-Age', '600');
}

function give(answer: Answer, req: IncomingMessage, res: ServerResponse): void {
  const {
    status = 200,
    headers = {},
    body = '',
    fault,
  } = typeof answer === 'number' ? { status: answer } : answer;
  if (fault === 'silent') return;
  if (fault === 'reset') {
    req.socket.destroy();
    return;
  }
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  if (fault === 'truncated') {
    res.writeHead(status, { 'Content-Length': 1000 });
    res.write('the beginning', () => req.socket.destroy());
  } else if (fault === 'endless') {
    res.writeHead(status);
    res.write('.'.repeat(100_000));
  } else res.writeHead(status).end(body);
}

async function answer(
  script: Script,
  url: string,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const body = await text(req);
  const { answers, received } = script;
  const next = answers[Math.min(received.length, answers.length - 1)] ?? 200;
  const entry = { method: req.method ?? '', url, headers: req.headers, body, left: false };
  received.push(entry);
  res.once('close', () => {
    entry.left = !res.writableFinished;
  });
  give(next, req, res);
}

/**
 * A real server on loopback whose answers are scripts: `POST /scripts` with a list of answers gives
 * an id, `/<id>/…` answers with them in turn, `GET /scripts/<id>` tells what was received.
 */
export async function startPlatform(): Promise<Platform> {
  const scripts = new Map<string, Script>();
  const server = createServer((req, res) => {
    allow(req, res);
    const [, first = '', rest = ''] = /^\/([^/?]*)(.*)$/.exec(req.url ?? '') ?? [];
    const script = scripts.get(first === 'scripts' ? rest.slice(1) : first);
    if (req.method === 'OPTIONS') res.writeHead(204).end();
    else if (first === 'scripts' && req.method === 'POST') {
      void text(req).then((json) => {
        const id = String(scripts.size + 1);
        scripts.set(id, { answers: JSON.parse(json) as Answer[], received: [] });
        res.end(id);
      });
    } else if (script === undefined) res.writeHead(404).end('no such script');
    else if (first === 'scripts') res.end(JSON.stringify(script.received));
    else answer(script, rest, req, res).catch(() => res.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

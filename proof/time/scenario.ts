// Runs the child against a server whose clock is not changed, and says when each request arrived.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';

/** A moment by the clock that only runs on, and by the wall clock, both of this process. In milliseconds. */
export interface Moment {
  readonly real: number;
  readonly wall: number;
}

/** The answers that a path got before a request to it, and when that came. */
export interface Arrival {
  readonly path: string;
  /** When the last answer to this path was sent; if there was none, when `/ready` arrived, before the child began. */
  readonly after: Moment;
  readonly at: Moment;
  /** 0 for the first to its path. */
  readonly index: number;
}

export interface Scenario {
  readonly name: string;
  /** Retry-After of each first answer, in seconds. */
  readonly wait: number;
  /** What is done to the child, and how many milliseconds after it is ready. */
  readonly steps: readonly (readonly [atMs: number, step: (child: ChildProcess) => void])[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Run {
  readonly ready: Moment;
  readonly arrivals: readonly Arrival[];
  /** What the child told, and when. */
  readonly told: ReadonlyMap<string, Moment>;
}

/** The longest run: the wait, what a clock that was set back may add, and a busy machine. */
const LIMIT_MS = 60_000;
/** How long the server takes to answer `/slow`. */
const SLOW_MS = 2000;

const now = (): Moment => ({ real: performance.now(), wall: Date.now() });

export async function runScenario(script: string, { wait, steps, env }: Scenario): Promise<Run> {
  const arrivals: Arrival[] = [];
  const told = new Map<string, Moment>();
  const answered = new Map<string, Moment>();
  const counts = new Map<string, number>();
  const busy = (response: ServerResponse, path: string): void => {
    const sentAt = Math.floor(Date.now() / 1000) * 1000;
    const isDate = path === '/date';
    if (isDate) response.setHeader('Date', new Date(sentAt).toUTCString());
    const text = isDate ? new Date(sentAt + wait * 1000).toUTCString() : String(wait);
    answered.set(path, now());
    response.writeHead(429, { 'Retry-After': text }).end();
  };
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const at = now();
    const index = counts.get(path) ?? 0;
    counts.set(path, index + 1);
    const after =
      answered.get(path) ??
      answered.get(path === '/behind' ? '/gate' : '') ??
      arrivals[0]?.at ??
      at;
    arrivals.push({ path, after, at, index });
    if (path === '/never') return;
    const isRefused = index === 0 && ['/wait', '/date', '/gate', '/slow'].includes(path);
    if (!isRefused) response.end();
    else if (path === '/slow') setTimeout(() => busy(response, path), SLOW_MS);
    else busy(response, path);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const child = spawn(process.execPath, [script, `http://127.0.0.1:${port}`, String(wait)], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const timers: NodeJS.Timeout[] = [];
  timers.push(setTimeout(() => child.kill('SIGKILL'), LIMIT_MS));
  createInterface({ input: child.stdout }).on('line', (line) => {
    told.set(line, now());
    if (line !== 'ready') return;
    for (const [at, step] of steps) timers.push(setTimeout(() => step(child), at));
  });
  await once(child, 'close');
  for (const timer of timers) clearTimeout(timer);
  server.closeAllConnections();
  server.close();
  return { ready: told.get('ready') ?? now(), arrivals, told };
}

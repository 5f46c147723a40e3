// Runs one contender against one rate-limited server, in new processes.
import type { ChildProcess } from 'node:child_process';
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { percentile } from '../statistics.js';
import type { Figures, Race } from './figures.js';
import type { LimitName } from './limits.js';
import { limits } from './limits.js';
import { traits } from './peer-names.js';
import type { ClientJob, ClientReport } from './race-client.js';
import type { ServerReport } from './race-server.js';

const CAP_SECONDS = 400;

export type RaceResult =
  | { readonly figures: Figures; readonly timeline: ServerReport }
  /** Why there is no result. */
  | { readonly note: string };

/** Runs a race; all its processes end with it. */
export async function runRace(race: Race): Promise<RaceResult> {
  const processes = new Processes();
  const timer = setTimeout(
    () => processes.fail(`took more than ${CAP_SECONDS} s`),
    CAP_SECONDS * 1000,
  );
  try {
    return await Promise.race([measure(race, processes), processes.failed]);
  } catch (error) {
    // The other races go on.
    return { note: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
    processes.end();
  }
}

async function measure(race: Race, processes: Processes): Promise<RaceResult> {
  const { contender, limit } = race;
  const redisPort = traits[contender].usesRedis ? await processes.startRedis() : 0;
  const server = processes.fork('race-server.ts', limit);
  const url = `http://127.0.0.1:${await next<number>(server)}`;
  const requests = race.requests / race.processes;
  const job: ClientJob = {
    contender,
    limit,
    url,
    requests,
    processes: race.processes,
    redisPort,
  };
  const clients = Array.from({ length: race.processes }, () =>
    processes.fork('race-client.ts', JSON.stringify(job)),
  );
  await Promise.all(clients.map(next));
  const done = clients.map(next<ClientReport>);
  for (const client of clients) client.send('go');
  const reports = await Promise.all(done);
  const served = next<ServerReport>(server);
  server.send('report');
  const timeline = await served;
  return { figures: figuresOf(limit, reports, timeline), timeline };
}

function figuresOf(
  limit: LimitName,
  reports: readonly ClientReport[],
  { sends, early }: ServerReport,
): Figures {
  const latencies = reports.flatMap((report) => report.latencies);
  const seconds = Math.max(...reports.map(({ tookMs }) => tookMs)) / 1000;
  return {
    sendsPerSuccess: sum(sends) / latencies.length,
    failed: sum(reports.map(({ failed }) => failed)),
    early,
    timeOverIdeal: seconds / limits[limit].idealSeconds(latencies.length),
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The next message of a child. */
async function next<Message>(child: ChildProcess): Promise<Message> {
  const [message] = await once(child, 'message');
  return message;
}

/** The child processes of a race. */
class Processes {
  readonly #over = new AbortController();
  readonly #options = { signal: this.#over.signal, killSignal: 'SIGKILL' } as const;
  #reject!: (error: Error) => void;
  /** Rejects when one of them ends early. */
  readonly failed = new Promise<never>((_, reject) => {
    this.#reject = reject;
  });

  /** @param script - A TypeScript file beside this one. */
  fork(script: string, arg: string): ChildProcess {
    const path = fileURLToPath(new URL(script, import.meta.url));
    const execArgv = ['--no-warnings', '--import', 'tsx'];
    return this.#watch(fork(path, [arg], { ...this.#options, execArgv }), script);
  }

  /** Starts an empty Redis that keeps nothing, and returns its port. */
  async startRedis(): Promise<number> {
    const port = await freePort();
    const args = ['--port', String(port), '--save', '', '--bind', '127.0.0.1'];
    const redis = spawn('redis-server', args, { ...this.#options, stdio: 'ignore' });
    this.#watch(redis, 'redis-server');
    return port;
  }

  fail(reason: string): void {
    this.#reject(new Error(reason));
  }

  end(): void {
    this.#over.abort();
  }

  #watch(child: ChildProcess, name: string): ChildProcess {
    child.on('error', (error) => this.#reject(error));
    child.once('exit', (code, signal) => this.fail(`${name} ended with ${code ?? signal}`));
    return child;
  }
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { Children } from './children.js';
import type { Race, RaceResult } from './herd-results.js';
import type { ClientReady, ClientReport, ServerReady, ServerReport } from './messages.js';
import { startRedis } from './redis.js';

/** A race that takes longer than this is ended (s). */
const CAP = 400;

/** One contestant against one server: all processes are new, and are ended with it. */
export async function run(race: Race): Promise<RaceResult> {
  const children = new Children();
  const over = new AbortController();
  try {
    const late = sleep(CAP * 1000, undefined, { signal: over.signal });
    const result = await Promise.race([
      measure(race, children),
      children.ended,
      late.catch(() => undefined),
    ]);
    return result ?? { ...race, note: `ended after ${CAP} s` };
  } catch (error) {
    // One race less: the others go on.
    return { ...race, note: error instanceof Error ? error.message : String(error) };
  } finally {
    over.abort();
    children.end();
  }
}

async function measure(race: Race, children: Children): Promise<RaceResult> {
  const { contestant, limit, processes, requests } = race;
  const redisPort = contestant === 'redis-gate' ? await startRedis(children) : undefined;
  const server = children.fork<ServerReady | ServerReport>('server.ts', { limit });
  const { port } = await server.next('listening');
  const job = { contestant, url: `http://127.0.0.1:${port}`, redisPort };
  const clients = Array.from({ length: processes }, () =>
    children.fork<ClientReady | ClientReport>('client.ts', {
      ...job,
      requests: requests / processes,
    }),
  );
  await Promise.all(clients.map((client) => client.next('ready')));
  const done = clients.map((client) => client.next('done'));
  for (const client of clients) client.send('go');
  const reports = await Promise.all(done);
  const served = server.next('served');
  server.send('report');
  const { sends, successes } = await served;
  return {
    ...race,
    sends,
    successes,
    latencies: reports.flatMap(({ latencies }) => latencies),
    failures: added(reports.map(({ failures }) => failures)),
    seconds: Math.max(...reports.map(({ took }) => took)) / 1000,
  };
}

function added(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const one of all) {
    for (const [kind, count] of Object.entries(one)) sums[kind] = (sums[kind] ?? 0) + count;
  }
  return sums;
}

// The soak of one transport: one server, one client, and batches of calls with a measurement after each.
import type { ProofResult } from '../report/part.js';
import { Account } from './account.js';
import type { Transport } from './plan.js';
import { Child, closedPort } from './processes.js';
import type { BatchReport, ClientJob, Footprint } from './record.js';
import type { Ports, ServerJob, ServerReport } from './server-log.js';

const CONCURRENCY = 100;

/** How many calls are made. */
export interface Size {
  /** Calls before the first measurement. */
  readonly warmUp: number;
  /** Calls between two measurements. */
  readonly batch: number;
  readonly batches: number;
}

/**
 * How much the heap may grow from the end of the warm-up to the end. A call that leaves one closure, timer
 * or listener behind leaves 60 bytes at least, its config and headers some kilobytes; so 20 bytes a call are
 * a third of the least that a leak can be. Compiled code and caches grow by up to a megabyte in all.
 */
const HEAP_BYTES = 2_000_000;
const HEAP_BYTES_PER_CALL = 20;

/** What is done to the client's process while it makes its calls. */
export interface Disturbance {
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds from one step to the next. */
  readonly every: number;
  step(client: Child): void;
}

export async function soakTransport(
  transport: Transport,
  seed: number,
  size: Size,
  disturbance?: Disturbance,
): Promise<ProofResult> {
  const job: ServerJob = { seed, transport };
  const server = new Child('server.ts', job);
  const children = [server];
  let disturb: NodeJS.Timeout | undefined;
  try {
    const ports = await server.next<Ports>();
    const clientJob: ClientJob = {
      ...job,
      ports,
      concurrency: CONCURRENCY,
      closedPort: await closedPort(),
    };
    const client = new Child('client.ts', clientJob, disturbance?.env);
    children.push(client);
    await client.next();
    disturb = disturbance && setInterval(() => disturbance.step(client), disturbance.every);
    return await soakBatches(transport, seed, size, { server, client });
  } finally {
    clearInterval(disturb);
    for (const child of children) child.end();
  }
}

interface Pair {
  readonly server: Child;
  readonly client: Child;
}

async function soakBatches(
  transport: Transport,
  seed: number,
  { warmUp, batch, batches }: Size,
  { server, client }: Pair,
): Promise<ProofResult> {
  const account = new Account(seed, transport);
  const footprints: Footprint[] = [];
  let callsMs = 0;
  let first = 0;
  for (let i = 0; i <= batches; i += 1) {
    const count = i === 0 ? warmUp : batch;
    const { records, tookMs } = await client.ask<BatchReport>({ first, count });
    const { received, open } = await server.ask<ServerReport>('report');
    first += count;
    callsMs += tookMs;
    account.add(records, received);
    if (records.length !== count) account.failures.push(`${records.length} of ${count} calls`);
    for (const [id, attempt] of open) account.addOpen(id, attempt);
    await client.ask('close');
    const sockets = await server.ask<number>('sockets');
    if (sockets > 0)
      account.failures.push(`${transport}: ${sockets} sockets are open at the server`);
    footprints.push(await client.ask<Footprint>('measure'));
  }
  const [base, last] = [footprints[0] as Footprint, footprints.at(-1) as Footprint];
  const grown = last.heapBytes - base.heapBytes;
  const allowed = HEAP_BYTES + HEAP_BYTES_PER_CALL * batch * batches;
  account.failures.push(...leaksIn(account, base, last));
  if (grown > allowed) account.failures.push(`${transport}: the heap grew by ${grown} bytes`);
  return { figures: figuresOf(account, callsMs, grown), failures: account.failures };
}

/** A call listens to its signal, and so does Axios for it. */
const LISTENERS_PER_CALL = 2;

function leaksIn(account: Account, base: Footprint, last: Footprint): string[] {
  const { transport, leftListening } = account;
  const leaks: string[] = [];
  for (const [type, count] of Object.entries(last.resources)) {
    const before = base.resources[type] ?? 0;
    if (count > before) leaks.push(`${transport}: ${count} of ${type}, after ${before}`);
  }
  if (last.resources.Timeout) leaks.push(`${transport}: ${last.resources.Timeout} timers`);
  if (last.sharedSignalListeners > LISTENERS_PER_CALL * leftListening) {
    leaks.push(`${transport}: ${last.sharedSignalListeners} listeners on the shared signal`);
  }
  if (last.waits > 0) leaks.push(`${transport}: ${last.waits} waits`);
  return leaks;
}

function figuresOf(account: Account, callsMs: number, grown: number): [string, string][] {
  const { transport, calls, attempts, received, resends, faults, deviations, endings } = account;
  const list = (counts: ReadonlyMap<string, number>): string =>
    [...counts]
      .sort(([, a], [, b]) => b - a)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ');
  const rate = Math.round(calls / (callsMs / 1000));
  return [
    [
      `${transport}: calls`,
      `${calls}, ${rate} a second, with ${attempts} attempts, ${received} of them in the server's log, ${resends} resent`,
    ],
    [`${transport}: attempts by fault`, list(faults)],
    [`${transport}: ends`, list(endings)],
    [`${transport}: allowed differences from the plan`, list(deviations) || 'none'],
    [
      `${transport}: heap`,
      `${(grown / 1e6).toFixed(2)} MB more after the last call than after the warm-up`,
    ],
  ];
}

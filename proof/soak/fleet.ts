// The soak over Redis: one process and four share a gate, and Redis is killed, restarted and stopped for a while.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProofOptions, ProofResult } from '../report/part.js';
import type { FleetCall, FleetClientJob, FleetClientReport } from './fleet-client.js';
import type { FleetReceived, FleetServerJob } from './fleet-server.js';
import { Child } from './processes.js';
import { Redis } from './redis.js';

/** Calls of all processes together, and the server's limit in requests per second. */
const SIZES = { quick: { calls: 600, rate: 150 }, full: { calls: 12_000, rate: 300 } } as const;
const CONCURRENCY = 100;
/** How long a process may take to end once its calls have settled (ms). */
const ENDING_MS = 10_000;
/** A fleet without a gate sends several times as much; ours is to send this much at most. */
const SENDS_PER_SUCCESS = 2;

export async function soakFleets({ quick, seed }: ProofOptions): Promise<ProofResult> {
  const size = SIZES[quick ? 'quick' : 'full'];
  const figures: (readonly [string, string])[] = [];
  const failures: string[] = [];
  for (const processes of [1, 4]) {
    const result = await soakFleet(processes, seed, size);
    figures.push(...result.figures);
    failures.push(...result.failures);
  }
  return { figures, failures };
}

async function soakFleet(
  processes: number,
  seed: number,
  { calls, rate }: { readonly calls: number; readonly rate: number },
): Promise<ProofResult> {
  const name = `${processes} ${processes === 1 ? 'process' : 'processes'} over Redis`;
  const redis = await Redis.start();
  if (redis === undefined) return { figures: [[name, 'not run: no redis-server']], failures: [] };
  const serverJob: FleetServerJob = { seed, rate };
  const server = new Child('fleet-server.ts', serverJob);
  const children = [server];
  try {
    const url = `http://127.0.0.1:${await server.next<number>()}`;
    const clients = Array.from({ length: processes }, (_, i) => {
      const job: FleetClientJob = {
        name: String.fromCharCode(97 + i),
        url,
        redisPort: redis.port,
        calls: calls / processes,
        concurrency: CONCURRENCY / processes,
      };
      return new Child('fleet-client.ts', job);
    });
    children.push(...clients);
    await Promise.all(clients.map((client) => client.next()));
    const begun = performance.now();
    const asked = Promise.all(clients.map((client) => client.ask<FleetClientReport>('go')));
    const over = asked.then(
      () => true,
      () => true,
    );
    await disturb(redis, (calls / rate) * 1000, over);
    const reports = await asked;
    const seconds = (performance.now() - begun) / 1000;
    const received = await server.ask<FleetReceived[]>('report');
    const ended = await Promise.all(clients.map((client) => client.leave(ENDING_MS)));
    return accountFor(name, { reports, received, ended, seconds, rate });
  } finally {
    redis.continue();
    await redis.kill();
    for (const child of children) child.end();
  }
}

/** Kills Redis, starts it again and stops it for a while, at tenths of the shortest time that the calls take. */
async function disturb(redis: Redis, ms: number, over: Promise<unknown>): Promise<void> {
  const wait = (tenths: number) => Promise.race([sleep((ms / 10) * tenths), over]);
  await wait(2);
  await redis.kill();
  await wait(2);
  await redis.start();
  await wait(2);
  redis.pause();
  await wait(2);
  redis.continue();
}

interface Course {
  readonly reports: readonly FleetClientReport[];
  readonly received: readonly FleetReceived[];
  readonly ended: readonly boolean[];
  readonly seconds: number;
  readonly rate: number;
}

function accountFor(name: string, course: Course): ProofResult {
  const { reports, received, ended, seconds, rate } = course;
  const failures: string[] = [];
  const byCall = new Map<string, FleetReceived[]>();
  for (const one of received) byCall.set(one.call, [...(byCall.get(one.call) ?? []), one]);
  const keys = new Set<string>();
  const calls = reports.flatMap((report) => report.calls);
  for (const call of calls) {
    failures.push(
      ...faultsOf(call, byCall.get(call.call) ?? [], keys).map(
        (what) => `${name}, call ${call.call}: ${what}`,
      ),
    );
    byCall.delete(call.call);
  }
  if (byCall.size > 0) failures.push(`${name}: ${byCall.size} calls that nobody made`);
  const early = received.filter(({ isEarly }) => isEarly).length;
  if (early > 0)
    failures.push(
      `${name}: ${early} requests before the end of a Retry-After that their process knew`,
    );
  const sends = received.length / calls.length;
  if (sends > SENDS_PER_SUCCESS) failures.push(`${name}: ${sends.toFixed(2)} requests per call`);
  if (ended.includes(false)) failures.push(`${name}: a process did not end`);
  if (reports.some(({ waits }) => waits > 0)) failures.push(`${name}: waits are left`);
  if (!reports.some(({ errors }) => errors.length > 0))
    failures.push(`${name}: nobody missed Redis`);
  const refused = received.filter(({ answer }) => answer === '429').length;
  const modes = [...new Set(reports.flatMap((report) => report.modes))].join(' and ');
  return {
    figures: [
      [
        name,
        `${calls.length} calls in ${seconds.toFixed(1)} s at ${rate} a second; ${received.length} requests, ${refused} of them refused, ${early} early; mode ${modes}`,
      ],
    ],
    failures,
  };
}

function faultsOf(
  { sends, settled, report, isOwn }: FleetCall,
  received: readonly FleetReceived[],
  keys: Set<string>,
): string[] {
  const faults: string[] = [];
  if (settled !== 'response') faults.push(`settled with ${settled}, ${JSON.stringify(report)}`);
  else if (!isOwn) faults.push('another response');
  if (report?.attempts.length !== sends)
    faults.push(`${sends} sends, ${report?.attempts.length} reported`);
  const attempts = new Set(received.map(({ attempt }) => attempt));
  if (attempts.size !== received.length) faults.push('an attempt came twice');
  if (received.length > sends) faults.push(`${received.length} requests of ${sends} sends`);
  for (const [i, { code }] of (report?.attempts ?? []).entries()) {
    // A connection may end before the server has read the request.
    if (!attempts.has(i) && code === undefined) faults.push(`attempt ${i} never came`);
  }
  const own = new Set(received.map(({ key }) => key));
  const [key] = own;
  if (own.size > 1) faults.push('more than one key');
  if (key !== undefined && keys.size === keys.add(key).size) faults.push('the key of another call');
  return faults;
}

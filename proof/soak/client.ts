// The client process of a soak. Its argument is a ClientJob, and each message a Batch of calls.
import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Caller } from './caller.js';
import type { Batch, BatchReport, CallRecord, ClientJob, Footprint } from './record.js';

/** How long sessions and connections take to close (ms): longer than the time-out of an HTTP/2 session. */
const CLOSING_MS = 400;

const job: ClientJob = JSON.parse(process.argv[2] ?? '');
const caller = new Caller(job);

async function run({ first, count }: Batch): Promise<{ records: CallRecord[]; tookMs: number }> {
  const begun = performance.now();
  const records: CallRecord[] = [];
  let next = first;
  const worker = async (): Promise<void> => {
    while (next < first + count) {
      next += 1;
      records.push(await caller.call(next - 1));
    }
  };
  await Promise.all(Array.from({ length: job.concurrency }, worker));
  const tookMs = performance.now() - begun;
  return { records, tookMs };
}

/** Node's own dispatcher of fetch, which has no other name. */
const DISPATCHER = Symbol.for('undici.globalDispatcher.1');

interface Dispatcher {
  destroy(): Promise<void>;
}

/** Closes every connection that is kept, and gives fetch a new dispatcher. */
async function close(): Promise<'closed'> {
  caller.agent.destroy();
  const globals = globalThis as { [DISPATCHER]?: Dispatcher };
  const dispatcher = globals[DISPATCHER];
  if (dispatcher) {
    globals[DISPATCHER] = new (dispatcher.constructor as new () => Dispatcher)();
    await dispatcher.destroy();
  }
  return 'closed';
}

/** What is left when no call is under way and all connections are closed. */
async function measure(): Promise<Footprint> {
  await sleep(CLOSING_MS);
  for (let i = 0; i < 4; i += 1) {
    global.gc?.();
    await sleep(20);
  }
  const resources: Record<string, number> = {};
  for (const type of process.getActiveResourcesInfo()) {
    resources[type] = (resources[type] ?? 0) + 1;
  }
  return {
    heapBytes: process.memoryUsage().heapUsed,
    resources,
    sharedSignalListeners: getEventListeners(caller.signal, 'abort').length,
    waits: caller.handles.flatMap(({ waits }) => waits).length,
  };
}

process.once('disconnect', () => process.exit());
process.on('message', async (message: Batch | 'close' | 'measure') => {
  if (message === 'close') process.send?.(await close());
  else if (message === 'measure') process.send?.(await measure());
  else {
    const report: BatchReport = await run(message);
    process.send?.(report);
  }
});
process.send?.('ready');

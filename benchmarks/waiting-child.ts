// The child process of waiting.ts: lets requests fail and wait for an hour, measures their heap, and cancels them.
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { failing, failingFirst, silent } from './adapter.js';
import { BARE, instanceWith } from './contenders.js';
import type { SignalUse, Waiting } from './waiting.js';

const HOUR_MS = 3_600_000;
/** Requests that start before the event loop takes its next turn. */
const CHUNK = 500;
/** When no promise settles for this long, the rest count as not cancelled. */
const STALL_TIMEOUT_MS = 500;
/** Event loop turns in which the last requests fail and begin to wait. */
const TURNS = 20;

const [contender = '', signals, total] = process.argv.slice(2) as [string, SignalUse, string];
const requests = Number(total);

/** Runs everything once, so that code is compiled and tables have grown. */
async function warmUp(): Promise<void> {
  const retrying = instanceWith(contender, failingFirst(1, CHUNK));
  const send = (_: unknown, i: number) => retrying.get(`/${i}`).catch(() => {});
  for (let i = 0; i < 4; i += 1) await Promise.all(Array.from({ length: CHUNK }, send));
  for (const controller of await start(CHUNK, () => {})) controller.abort();
  await sleep(100);
}

async function memoryAfterGc(): Promise<NodeJS.MemoryUsage> {
  for (let i = 0; i < 6; i += 1) {
    globalThis.gc?.();
    await sleep(10);
  }
  return process.memoryUsage();
}

/** What sockets would keep alive for bare Axios. */
const held: unknown[] = [];
let settled = 0;
let lastSettledAt = 0;
function onSettle(): void {
  settled += 1;
  if (settled === requests) lastSettledAt = performance.now();
}

/** @returns The controllers that abort the requests: none, one, or one per request. */
async function start(count: number, whenSettled: () => void): Promise<AbortController[]> {
  const adapter = contender === BARE ? silent(held) : failing;
  const instance = instanceWith(contender, adapter, HOUR_MS);
  const shared = new AbortController();
  const own: AbortController[] = [];
  for (let i = 0; i < count; i += 1) {
    if (signals === 'own') own.push(new AbortController());
    const controller = signals === 'own' ? own[i] : shared;
    const config = signals === 'none' || !controller ? {} : { signal: controller.signal };
    instance.get(`/items/${i}`, config).then(whenSettled, whenSettled);
    if (i % CHUNK === 0) await turn();
  }
  for (let i = 0; i < TURNS; i += 1) await turn();
  return { none: [], shared: [shared], own }[signals];
}

const liveTimers = () =>
  process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

/** @returns Milliseconds, or undefined if some requests wait on. */
async function cancel(controllers: AbortController[]): Promise<number | undefined> {
  const begun = performance.now();
  for (const controller of controllers) controller.abort();
  for (let before = -1; settled < requests && settled > before; ) {
    before = settled;
    const end = performance.now() + STALL_TIMEOUT_MS;
    while (settled < requests && performance.now() < end) await sleep(5);
  }
  return settled === requests ? lastSettledAt - begun : undefined;
}

await warmUp();
const timersBefore = liveTimers();
const before = await memoryAfterGc();
const controllers = await start(requests, onSettle);
const after = await memoryAfterGc();
const timers = liveTimers() - timersBefore;
const cancelMs = signals === 'none' || contender === BARE ? undefined : await cancel(controllers);
controllers.length = 0;
const left = cancelMs === undefined ? undefined : (await memoryAfterGc()).heapUsed;

const waiting: Waiting = {
  contender,
  requests,
  signals,
  heapBytes: (after.heapUsed - before.heapUsed) / requests,
  externalBytes: (after.external - before.external) / requests,
  timers,
  cancelMs,
  stillWaiting: signals === 'none' ? 0 : requests - settled,
  leftoverBytes: left === undefined ? undefined : (left - before.heapUsed) / requests,
};
console.log(JSON.stringify(waiting));
process.exit();

// A process of its own: lets requests fail and wait for an hour, weighs them, and cancels them all.
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { failing, failingFirst, silent } from './adapter.js';
import { contestant, instanceWith } from './contestants.js';
import { BARE } from './names.js';
import type { SignalUse, Waiting } from './results.js';

const HOUR = 3_600_000;
/** Requests that are begun before the event loop has its turn. */
const CHUNK = 500;
/** Milliseconds without a promise settling after which those left count as not cancelled. */
const STILL = 500;
/** Turns of the event loop in which the last requests fail and begin to wait. */
const TURNS = 20;

const [name = '', signals, total] = process.argv.slice(2) as [string, SignalUse, string];
const count = Number(total);
const one = contestant(name);

/** Runs all that is measured once on other requests, so that code and tables are there already. */
async function warmUp(): Promise<void> {
  const retrying = instanceWith(one, failingFirst(1, CHUNK));
  const send = (_: unknown, i: number) => retrying.get(`/${i}`).catch(() => {});
  for (let i = 0; i < 4; i += 1) await Promise.all(Array.from({ length: CHUNK }, send));
  const controllers = await fill(CHUNK, () => {});
  for (const controller of controllers) controller.abort();
  await sleep(100);
}

async function collected(): Promise<NodeJS.MemoryUsage> {
  for (let i = 0; i < 6; i += 1) {
    globalThis.gc?.();
    await sleep(10);
  }
  return process.memoryUsage();
}

/** What the floor's sockets would hold. */
const held: unknown[] = [];
let settled = 0;
let lastSettled = 0;
function settle(): void {
  settled += 1;
  if (settled === count) lastSettled = performance.now();
}

/** @returns What aborts the requests: one controller, or as many as there are requests. */
async function fill(requests: number, whenSettled: () => void): Promise<AbortController[]> {
  const adapter = name === BARE ? silent(held) : failing;
  const instance = instanceWith(one, adapter, HOUR);
  const shared = new AbortController();
  const own: AbortController[] = [];
  for (let i = 0; i < requests; i += 1) {
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

/** @returns Milliseconds, or undefined where not all were cancelled. */
async function cancel(controllers: AbortController[]): Promise<number | undefined> {
  const begun = performance.now();
  for (const controller of controllers) controller.abort();
  for (let before = -1; settled < count && settled > before; ) {
    before = settled;
    for (const end = performance.now() + STILL; settled < count && performance.now() < end; ) {
      await sleep(5);
    }
  }
  return settled === count ? lastSettled - begun : undefined;
}

await warmUp();
const timersBefore = liveTimers();
const before = await collected();
const controllers = await fill(count, settle);
const after = await collected();
const timers = liveTimers() - timersBefore;
const cancelled = signals === 'none' || name === BARE ? undefined : await cancel(controllers);
controllers.length = 0;
const left = cancelled === undefined ? undefined : (await collected()).heapUsed;

const each = (kind: 'heapUsed' | 'external' | 'arrayBuffers') =>
  (after[kind] - before[kind]) / count;
const waiting: Waiting = {
  contestant: name,
  count,
  signals,
  heap: each('heapUsed'),
  external: each('external'),
  arrayBuffers: each('arrayBuffers'),
  timers,
  cancel: cancelled,
  unsettled: signals === 'none' ? 0 : count - settled,
  leftover: left === undefined ? undefined : (left - before.heapUsed) / count,
};
console.log(JSON.stringify(waiting));
process.exit();

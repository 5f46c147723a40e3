// Runs one plan and lists what the contract forbids.
import type { Plan } from './plan.js';
import type { SharedFigures } from './shared.js';
import { checkShared } from './shared.js';
import type { Tools } from './tools.js';
import type { Walked } from './walk.js';
import { Broken, walk } from './walk.js';
import { World } from './world.js';

export class Figures implements SharedFigures {
  sequences = 0;
  calls = 0;
  attempts = 0;
  waits = 0;
  exactWaits = 0;
  gateWaits = 0;
  aborts = 0;
  hooks = 0;
  tickets = 0;
  resumed = 0;
  clockChanges = 0;
  informedSends = 0;
  closings = 0;
  rates = 0;
  budgets = 0;
}

export async function judge(plan: Plan, tools: Tools, figures: Figures): Promise<string[]> {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  const world = new World(plan, tools);
  try {
    await world.run();
  } finally {
    process.off('unhandledRejection', note);
  }
  const problems = [...world.problems];
  for (const reason of unhandled) problems.push(`a rejection is unhandled: ${reason}`);
  const walked = new Map<CallRecordOf, Walked>();
  for (const call of world.calls) {
    if (!call.isSettled) continue;
    if (!call.isConfigSame) problems.push(`call ${call.id}: the config of the caller is changed`);
    try {
      walked.set(call, walk(call));
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      problems.push(error.message);
    }
  }
  problems.push(...checkShared(world, walked, figures));
  count(world, walked, figures);
  return problems;
}

type CallRecordOf = World['calls'][number];

function count(world: World, walked: ReadonlyMap<CallRecordOf, Walked>, figures: Figures): void {
  figures.sequences += 1;
  figures.calls += world.calls.length;
  figures.tickets += world.counts.tickets;
  figures.resumed += world.counts.resumed;
  figures.clockChanges += world.clock.changes;
  figures.informedSends += world.server?.informed ?? 0;
  for (const { waits, exactWaits } of walked.values()) {
    figures.waits += waits;
    figures.exactWaits += exactWaits;
  }
  for (const { entries } of world.calls)
    for (const entry of entries) {
      if (entry.what === 'send') figures.attempts += 1;
      if (entry.what === 'abort') figures.aborts += 1;
      if (entry.what === 'hook') figures.hooks += 1;
      if (entry.what === 'wait' && entry.wait.basis === 'gate') figures.gateWaits += 1;
    }
}

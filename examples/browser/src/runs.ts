import { isAxiosError } from 'axios';
import type { RetryWait } from 'axios-status-retry';
import { retryReport } from 'axios-status-retry';
import { useSyncExternalStore } from 'react';
import { api, clock } from './api.js';
import { duration } from './duration.js';
import type { Scenario } from './scenario.js';
import { requestOf } from './scenario.js';
import type { Tried } from './track.js';
import { inWords, summary } from './words.js';

/** One request, from its first send to its outcome. */
export interface Run extends Tried {
  readonly id: number;
  readonly waits: readonly RetryWait[];
}

/** One or many requests that were sent together. */
export interface Batch {
  readonly id: number;
  readonly scenario: Scenario;
  readonly runs: readonly Run[];
}

export interface Runs {
  /** The newest first. */
  readonly batches: readonly Batch[];
  /** What was last worth saying aloud. */
  readonly news: string;
}

/** Many at once are spread, as a hundred retries in one moment are what overloads a server. */
export const JITTER = 0.25;
/** Batches that stay on the page. */
const KEPT = 6;

let state: Runs = { batches: [], news: '' };
let lastId = 0;
const listeners = new Set<() => void>();

function set(change: Partial<Runs>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useRuns = (): Runs => useSyncExternalStore(subscribe, () => state);

/** Forgets what is over. */
export function clear(): void {
  set({ batches: state.batches.filter(({ runs }) => runs.some(({ outcome }) => !outcome)) });
}

export function send(scenario: Scenario, count: number): void {
  const runs = Array.from({ length: count }, (): Run => {
    lastId += 1;
    return { id: lastId, report: { attempts: [{ sentAt: clock.now() }] }, waits: [] };
  });
  const batch = { id: lastId, scenario, runs };
  set({
    batches: [batch, ...state.batches].slice(0, KEPT),
    ...(count > 1 && { news: `${count} requests sent` }),
  });
  for (const { id } of runs) void follow(batch, id);
}

/** Sends one request and keeps its run as the plugin tells of it. */
async function follow({ id: batchId, scenario, runs }: Batch, id: number): Promise<void> {
  const alone = runs.length === 1;
  const outcome: unknown = await api
    .get(`${crypto.randomUUID()}`, {
      ...requestOf(scenario),
      retry: {
        jitter: alone ? 0 : JITTER,
        onRetry(wait, { error }) {
          const { status, retryNumber, maxRetries, delay } = wait;
          const report = retryReport(error);
          edit(batchId, id, (run) => ({
            ...run,
            ...(report && { report }),
            waits: [...run.waits, wait],
          }));
          const next = `${status}, retry ${retryNumber} of ${maxRetries} in ${duration(delay)}`;
          if (alone) set({ news: `Request ${id}: ${next}` });
        },
      },
    })
    .catch((error: unknown) => error);
  const report = retryReport(outcome);
  if (report === undefined) throw outcome;
  const header: unknown = isAxiosError(outcome) && outcome.response?.headers['retry-after'];
  const retryAfter = typeof header === 'string' ? header : undefined;
  const words = inWords(report, retryAfter, scenario.origin === 'hidden');
  const ended = { report, outcome: words, endedAt: clock.now() };
  const batch = edit(batchId, id, (run) => ({ ...run, ...ended }));
  const outcomes = batch?.runs.flatMap((run) => run.outcome ?? []) ?? [];
  if (alone) set({ news: `Request ${id}: ${words.words}` });
  else if (outcomes.length === runs.length) set({ news: summary(outcomes) });
}

function edit(batchId: number, id: number, change: (run: Run) => Run): Batch | undefined {
  const batches = state.batches.map((batch) =>
    batch.id === batchId
      ? { ...batch, runs: batch.runs.map((run) => (run.id === id ? change(run) : run)) }
      : batch,
  );
  set({ batches });
  return batches.find((batch) => batch.id === batchId);
}

// The requests that were sent, as a store for React.
import { isAxiosError } from 'axios';
import type { RetryWait } from 'axios-status-retry';
import { retryReport } from 'axios-status-retry';
import { useSyncExternalStore } from 'react';
import type { Tried } from '../shared/Track.js';
import { duration, inWords, summary } from '../shared/words.js';
import { api, clock } from './api.js';
import type { Scenario } from './scenario.js';
import { requestOf } from './scenario.js';

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
  /** The latest news, for screen readers too. */
  readonly news: string;
}

/** Spreads the retries of a hundred requests, which would overload a server if they came together. */
export const JITTER = 0.25;
const MAX_BATCHES = 6;

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

/** Removes the batches that are over. */
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
    batches: [batch, ...state.batches].slice(0, MAX_BATCHES),
    ...(count > 1 && { news: `${count} requests sent` }),
  });
  for (const { id } of runs) void follow(batch, id);
}

/** Sends one request, and updates its run with each report of the plugin. */
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

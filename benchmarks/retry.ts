import type { AxiosInstance } from 'axios';
import { failingFirst } from './adapter.js';
import { contestants, instanceWith } from './contestants.js';
import { BARE } from './names.js';
import type { RetryComparison } from './results.js';
import type { Pace } from './rounds.js';
import { interleave } from './rounds.js';
import { compare } from './statistics.js';

/** Requests of a batch that are under way together. */
export const BATCH = 500;
/** Requests of a run where each waits for the one before. */
const IN_LINE = 5;

export interface RetryWork {
  readonly failures: number;
  /** 1 for one after the other. */
  readonly atOnce: number;
  readonly pace: Pace;
}

/** What a request costs that fails so many times with 503 and then succeeds, with no delay. */
export async function measureRetry(works: readonly RetryWork[]): Promise<RetryComparison[]> {
  const done: RetryComparison[] = [];
  for (const { failures, atOnce, pace } of works) {
    const requests = Math.max(atOnce, IN_LINE);
    const tasks = contestants.map((contestant) => {
      const instance = instanceWith(contestant, failingFirst(failures, requests));
      const send = contestant.name === BARE ? byHand(instance, failures) : plainly(instance);
      return { name: contestant.name, run: atOnce > 1 ? together(send, requests) : inLine(send) };
    });
    const rows = compare(await interleave(tasks, pace, requests));
    const work = `${failures} × 503, then 200; ${atOnce > 1 ? `${atOnce} at once` : 'one at a time'}`;
    done.push({ work, failures, atOnce, rows });
  }
  return done;
}

type Send = (path: string) => Promise<unknown>;

function plainly(instance: AxiosInstance): Send {
  return (path) => instance.get(path);
}

/**
 * The floor: as many requests as the retries send, and nothing else. Failures are caught in an
 * interceptor, as in every plugin: one that leaves `request` has its stack rewritten, a large cost.
 */
function byHand(instance: AxiosInstance, failures: number): Send {
  instance.interceptors.response.use(undefined, () => undefined);
  return async (path) => {
    for (let i = 0; i < failures; i += 1) await instance.get(path);
    return instance.get(path);
  };
}

function inLine(send: Send): () => Promise<void> {
  return async () => {
    for (let i = 0; i < IN_LINE; i += 1) await send(`/${i}`);
  };
}

function together(send: Send, requests: number): () => Promise<void> {
  return async () => {
    await Promise.all(Array.from({ length: requests }, (_, i) => send(`/${i}`)));
  };
}

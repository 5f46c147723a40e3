// What does a request cost that fails with 503 a few times and then succeeds, without a delay?
import type { AxiosInstance } from 'axios';
import { failingFirst } from './adapter.js';
import { AXIOS_RETRY, BARE, contenderNames, instanceWith } from './contenders.js';
import type { Effort } from './rounds.js';
import { interleave } from './rounds.js';
import type { Compared } from './statistics.js';
import { compare } from './statistics.js';

/** Requests that run concurrently. */
export const BATCH = 500;
/** Requests per run when each waits for the one before. */
const SEQUENTIAL = 5;

export interface RetryPath extends Compared {
  /** 503s before the 200. */
  readonly failures: number;
  readonly atOnce: number;
}

/** @param atOnce - `BATCH`, or 1 for one after the other. */
export async function measureRetryPath(
  failureCounts: readonly number[],
  atOnce: number,
  effort: Effort,
): Promise<RetryPath[]> {
  const requests = Math.max(atOnce, SEQUENTIAL);
  const paths = Array.from({ length: requests }, (_, i) => `/${i}`);
  const rows: RetryPath[] = [];
  for (const failures of failureCounts) {
    const tasks = contenderNames.map((name) => {
      const instance = instanceWith(name, failingFirst(failures, requests));
      const send = name === BARE ? resendByHand(instance, failures) : instance.get;
      const run = async () => {
        if (atOnce > 1) await Promise.all(paths.map((path) => send(path)));
        else for (const path of paths) await send(path);
      };
      return { name, run };
    });
    const compared = compare(await interleave(tasks, effort, requests), BARE, AXIOS_RETRY);
    rows.push(...compared.map((one) => ({ failures, atOnce, ...one })));
  }
  return rows;
}

/**
 * The baseline: as many requests as with retries, and nothing else. An interceptor catches each failure, as
 * in every plugin, because Axios rewrites the stack of an error that leaves `request`, which is slow.
 */
function resendByHand(instance: AxiosInstance, failures: number) {
  instance.interceptors.response.use(undefined, () => undefined);
  return async (path: string): Promise<unknown> => {
    for (let i = 0; i < failures; i += 1) await instance.get(path);
    return instance.get(path);
  };
}

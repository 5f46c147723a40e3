// What the tests of this folder call in a page.
import type { AxiosInstance } from 'axios';
import axios from 'axios';
import type { RetryOptions } from 'axios-status-retry';
import { attachRetry, retryReport } from 'axios-status-retry';

/** What a request came to, as plain JSON. */
export interface Course {
  readonly status: number | undefined;
  readonly code: string | undefined;
  /** By the report: what was waited after each attempt. */
  readonly delays: readonly number[];
  readonly gaveUp: string | undefined;
}

async function courseOf(request: Promise<unknown>): Promise<Course> {
  const outcome = (await request.catch((error: unknown) => error)) as {
    status?: number;
    code?: string;
    response?: { status: number };
  };
  const report = retryReport(outcome);
  return {
    status: outcome.response?.status ?? outcome.status,
    code: outcome.code,
    delays: report?.attempts.flatMap(({ delay }) => delay ?? []) ?? [],
    gaveUp: report?.gaveUp,
  };
}

/** Begins a GET; resolves when it waits for the first time. */
function begin(api: AxiosInstance, options: RetryOptions): Promise<void> {
  return new Promise((resolve) => {
    attachRetry(api, { ...options, onRetry: () => resolve() });
    begun = courseOf(api.get('/x'));
  });
}

let begun: Promise<Course> | undefined;

const kit = {
  /** What a GET comes to whose waits are all cut short, as by a person. */
  course(baseURL: string, adapter: string): Promise<Course> {
    const api = axios.create({ baseURL, adapter });
    attachRetry(api, { maxRetries: 2, onRetry: (wait) => wait.retryNow() });
    return courseOf(api.get('/x'));
  },

  /**
   * Begins a GET that waits.
   *
   * @param stopped - Timers stand still, as those of a sleeping machine do.
   */
  wait(baseURL: string, stopped: boolean): Promise<void> {
    const clock = {
      now: () => Date.now(),
      setTimeout: (run: () => void, ms: number) => (stopped ? undefined : setTimeout(run, ms)),
      clearTimeout: (id: unknown) => clearTimeout(id as number),
    };
    return begin(axios.create({ baseURL }), { clock, backoff: () => 0 });
  },

  /** Begins a GET that is tried five times a second until the network carries it. */
  insist(baseURL: string): Promise<void> {
    const options = { networkErrors: true, backoff: () => 200, maxRetries: 100 };
    return begin(axios.create({ baseURL }), options);
  },

  /** What came of what was begun. */
  outcome(): Promise<Course> | undefined {
    return begun;
  },
};

declare global {
  var retryKit: typeof kit;
}
globalThis.retryKit = kit;

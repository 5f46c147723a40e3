// The functions that the tests of this folder call in a page.
import type { AxiosInstance } from 'axios';
import axios from 'axios';
import type { RetryOptions } from 'axios-status-retry';
import { attachRetry, retryReport } from 'axios-status-retry';

/** The outcome of a request, as plain JSON. */
export interface Outcome {
  readonly status: number | undefined;
  readonly code: string | undefined;
  /** The wait after each attempt, from the report. */
  readonly delays: readonly number[];
  readonly gaveUp: string | undefined;
}

async function outcomeOf(request: Promise<unknown>): Promise<Outcome> {
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

/** Sends a GET; resolves when it waits for the first time. */
function begin(api: AxiosInstance, options: RetryOptions): Promise<void> {
  return new Promise((resolve) => {
    attachRetry(api, { ...options, onRetry: () => resolve() });
    begun = outcomeOf(api.get('/x'));
  });
}

let begun: Promise<Outcome> | undefined;

const kit = {
  /** The outcome of a GET whose waits are all skipped. */
  get(baseURL: string, adapter: string): Promise<Outcome> {
    const api = axios.create({ baseURL, adapter });
    attachRetry(api, { maxRetries: 2, onRetry: (wait) => wait.retryNow() });
    return outcomeOf(api.get('/x'));
  },

  /**
   * Sends a GET that waits.
   *
   * @param stopped - Timers do not run, as on a sleeping machine.
   */
  wait(baseURL: string, stopped: boolean): Promise<void> {
    const clock = {
      now: () => Date.now(),
      setTimeout: (run: () => void, ms: number) => (stopped ? undefined : setTimeout(run, ms)),
      clearTimeout: (id: unknown) => clearTimeout(id as number),
    };
    return begin(axios.create({ baseURL }), { clock, backoff: () => 0 });
  },

  /** Sends a GET five times a second until it gets through. */
  insist(baseURL: string): Promise<void> {
    const options = { networkErrors: true, backoff: () => 200, maxRetries: 100 };
    return begin(axios.create({ baseURL }), options);
  },

  /** The outcome of the last `wait` or `insist`. */
  outcome(): Promise<Outcome> | undefined {
    return begun;
  },
};

declare global {
  var retryKit: typeof kit;
}
globalThis.retryKit = kit;
